/** The terms that a new rule of each kind begins with; the server says what is allowed. */
import type { Schemas } from '#lib/api/client.ts';

export type What = Schemas['Rule']['what'];
export type Terms = Record<string, unknown>;

/** What a rule counts for: a thing, all or one kind at a place, or all or one kind of an organisation. */
export interface Scope {
	resource?: number;
	place?: number;
	organisation?: number;
}

export const BEGIN: Record<What, Terms> = {
	quota: { per: 'member', period: 'week', count: 2 },
	length: { min_minutes: 30, max_minutes: 1440, step_minutes: 30 },
	lead: { lead_minutes: 60 },
	ahead: { ahead_days: 90 },
	buffers: { buffer_before_minutes: 0, buffer_after_minutes: 30 },
	notice: { cancel_notice_minutes: 1440 },
	release: { release_minutes: 30 },
	who: {},
	induction: {},
	approval: { risk: '', when: 'first_booking' },
	cost: { per: 'booking', cents: 500 },
	deposit: { cents: 5000 }
};
export const KINDS = Object.keys(BEGIN) as What[];

const NAMES: Record<string, string[]> = {
	quota: ['per', 'period', 'count', 'hours'],
	who: ['roles', 'countries', 'collectives', 'organisations'],
	approval: ['risk', 'when', 'minutes', 'cents']
};

/** What is sent: without empty fields, and without those of another choice. */
export function toSend(what: What, terms: Terms): Terms {
	const names = NAMES[what] ?? Object.keys(terms);
	const filled = names.filter((name) => {
		const value = terms[name];
		if (what === 'approval' && name === 'minutes') return terms['when'] === 'longer_than';
		if (what === 'approval' && name === 'cents') return terms['when'] === 'value_above';
		return value != null && value !== '' && !(Array.isArray(value) && !value.length);
	});
	return Object.fromEntries(filled.map((name) => [name, terms[name]]));
}
