/** What is wrong with a wish to book, in words under the field that it is about. */
import { inWords, type ApiError, type FieldError } from '#lib/api/errors.ts';
import { m } from '#lib/i18n/index.ts';
import type { Schemas } from '#lib/api/client.ts';
import { DAY } from './wall.ts';
import { length, when } from './words.ts';

export type FieldName = 'starts_at' | 'ends_at' | 'quantity' | 'collective' | 'title' | 'note' | 'people';
export type Alternative = Schemas['Alternative'];

const SENTENCES: Record<string, (facts: FieldError) => string> = {
	ends_before_start: () => m.book_err_ends_before_start(),
	in_the_past: () => m.book_err_in_the_past(),
	too_short: (facts) => m.book_err_too_short({ length: length(Number(facts['min_minutes'])) }),
	too_long: (facts) => m.book_err_too_long({ length: length(Number(facts['max_minutes'])) }),
	closed_then: (facts) => m.book_err_closed_then({ opens: String(facts['opens']), closes: String(facts['closes']) }),
	off_step: (facts) =>
		m.book_err_off_step({ length: length(Number(facts['step_minutes'])), opens: String(facts['opens']) }),
	too_soon: (facts) => m.book_err_too_soon({ length: length(Number(facts['lead_minutes'])) }),
	too_far_ahead: (facts) => m.book_err_too_far_ahead({ length: length(Number(facts['ahead_days']) * DAY) }),
	time_does_not_exist: (facts) => m.book_err_time_does_not_exist({ instead: clockIn(String(facts['instead'])) }),
	quantity_too_large: (facts) => m.book_err_quantity_too_large({ count: Number(facts['capacity']) }),
	not_in_collective: () => m.book_err_not_in_collective(),
	invalid_time: () => m.book_err_invalid_time(),
	slot_taken: () => m.book_err_slot_taken(),
	try_again: () => m.book_err_try_again(),
	wrong_organisation: () => m.book_err_wrong_organisation(),
	too_late_to_cancel: () => m.book_err_too_late_to_cancel(),
	already_cancelled: () => m.book_err_already_cancelled(),
	already_over: () => m.book_err_already_over(),
	already_decided: () => m.book_err_already_decided(),
	place_closed: (facts) => m.book_err_place_closed({ reason: facts['reason'] ? ` (${String(facts['reason'])})` : '' }),
	not_for_you: () => m.book_err_not_for_you(),
	quota_reached: (facts) => {
		const count = Number(facts['most']);
		return facts['counted'] === 'hours' ? m.book_err_quota_hours({ count }) : m.book_err_quota_bookings({ count });
	},
	induction_needed: (facts) =>
		m.book_err_induction_needed({ name: String((facts['induction'] as { name?: string } | undefined)?.name ?? '') })
};

const clockIn = (wall: string): string => wall.slice(11, 16);

/** The sentence for a rule, and after it why, in the words of the host who set it. */
function said(error: FieldError): string {
	const sentence = SENTENCES[error.code]?.(error) ?? inWords(error);
	const why = typeof error['message'] === 'string' ? error['message'] : '';
	return why ? `${sentence} ${why}` : sentence;
}

/** Who can make an exception, in words; empty when nobody is named. */
export function liftedBy(error: ApiError | undefined): string {
	const people = (error?.body['lifted_by'] as { name: string }[] | undefined) ?? [];
	return people.length ? m.book_err_lifted_by({ names: people.map((person) => person.name).join(', ') }) : '';
}

/** What is wrong with one field; empty when nothing is. */
export function fieldWords(error: ApiError | undefined, name: FieldName): string {
	return (error?.fields[name] ?? []).map(said).join(' ');
}

const FIELDS = new Set<string>([
	'starts_at',
	'ends_at',
	'quantity',
	'collective',
	'title',
	'note',
	'people'
] satisfies FieldName[]);

/** What is wrong that belongs to no field of the form; empty when all of it stands under one. */
export function formWords(error: ApiError | undefined): string {
	if (!error) return '';
	const elsewhere = Object.entries(error.fields).filter(([name]) => !FIELDS.has(name));
	if (elsewhere.length) return elsewhere.flatMap(([, problems]) => problems.map(said)).join(' ');
	return Object.keys(error.fields).length ? '' : said(error.body);
}

/** All that is wrong, in one breath: where there is no form to put it under. */
export function allWords(error: ApiError): string {
	const fields = Object.values(error.fields).flatMap((problems) => problems.map(said));
	return [...new Set(fields)].join(' ') || said(error.body);
}

/** What is free instead of a taken time. */
export function alternativesOf(error: ApiError | undefined): Alternative[] {
	if (error?.code !== 'slot_taken') return [];
	return (error.body['alternatives'] as Alternative[] | undefined) ?? [];
}

/** "Wednesday 25 November, 14:00–16:00", and the other thing when it is not the same one. */
export function alternativeWords(one: Alternative, resource: number, zone: string): string {
	const said = when(one.starts_at, one.ends_at, zone);
	const other = one.resources.find((found) => found.id !== resource);
	return other ? `${other.name}: ${said}` : said;
}
