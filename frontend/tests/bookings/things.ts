/** A room, what is held of it, and the English sentences, for the tests of booking. */
import '@testing-library/jest-dom/vitest';
import { use, type Catalogue } from '#lib/i18n/index.ts';
import { nothing, type Busy, type Resource, type Told } from '#lib/features/bookings/free.ts';
import book from '#lib/i18n/book/en.json';
import decisions from '#lib/i18n/decisions/en.json';
import errors from '#lib/i18n/errors/en.json';
import ui from '#lib/i18n/ui/en.json';

export const DAY = '2026-11-24';
/** The day before, so that nothing of the day is over. */
export const NOW = new Date('2026-11-23T08:00:00Z');

export function speakEnglish(): void {
	const prefixed = Object.entries({ book, decisions, errors, ui }).flatMap(([feature, words]) =>
		Object.entries(words).map(([key, value]) => [`${feature}_${key}`, value])
	);
	document.cookie = 'lang=en';
	use('en', Object.fromEntries(prefixed) as Catalogue);
}

type Changes = Partial<Omit<Resource, 'rules'>> & { rules?: Partial<Resource['rules']> };

/** Open from 8 to 22 in half hours, one of it, in Brussels (an hour ahead of UTC in November). */
export function room(changes: Changes = {}): Resource {
	return {
		id: 1,
		distance_km: null,
		name: 'Meeting room Zenne',
		kind: 'workspace',
		description: 'Round table.',
		accessibility: '',
		photo: null,
		seats: 10,
		capacity: 1,
		is_composed: false,
		place: { id: 7, name: 'De Zenne', city: 'Brussels', country: 'BE', timezone: 'Europe/Brussels', photo: null },
		may: { book: true },
		...changes,
		rules: {
			opens: '08:00',
			closes: '22:00',
			step_minutes: 30,
			min_minutes: 30,
			max_minutes: 600,
			lead_minutes: 0,
			ahead_days: 180,
			buffer_before_minutes: 0,
			buffer_after_minutes: 0,
			cancel_notice_minutes: 0,
			own_organisation_only: false,
			...changes.rules
		}
	};
}

let held = 0;

/** Held from … until (UTC clock times of the day). */
export function busy(from: string, until: string, changes: Partial<Busy> = {}): Busy {
	const base = {
		id: ++held,
		resource: 1,
		booking: null,
		status: null,
		blackout: null,
		title: '',
		mine: false,
		quantity: 1
	};
	const [starts_at, ends_at] = [`${DAY}T${from}:00Z`, `${DAY}T${until}:00Z`];
	return { ...base, from: starts_at, until: ends_at, starts_at, ends_at, ...changes };
}

/** A calendar that says these times are held. */
export const told = (...rows: Busy[]): Told => ({ ...nothing, busy: rows });
