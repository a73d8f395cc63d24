/** What one time of a series comes to, and what is wrong with a series, in words. */
import type { Schemas } from '#lib/api/client.ts';
import { ApiError } from '#lib/api/errors.ts';
import { m, sentence } from '#lib/i18n/index.ts';
import { allWords, fieldWords, formWords } from '../bookings/problems.ts';

export type Occurrence = Schemas['Occurrence'];

const ours = (code: string): string | undefined => sentence(`repeat_err_${code}`);

/** Free, taken, moved by us, or why it cannot be. */
export function stateWords(one: Occurrence): string {
	if (one.booked) return one.shifted ? m.repeat_state_shifted() : m.repeat_state_free();
	if (one.reason === 'rule') return ruleBroken(one);
	return sentence(`repeat_state_${one.reason ?? 'taken'}`) ?? m.repeat_state_taken();
}

function ruleBroken({ problems }: Occurrence): string {
	const said = new ApiError(400, { code: 'invalid', detail: '', fields: { starts_at: problems } });
	return problems.length ? allWords(said) : m.repeat_state_rule();
}

/** What is wrong with when it is, or with how it repeats; empty when nothing is. */
export function wrongWith(
	error: ApiError | undefined,
	field: 'starts_at' | 'ends_at' | 'rule' | 'note' | 'people'
): string {
	const found = error?.fields[field] ?? [];
	const own = found.map(({ code }) => ours(code)).filter(Boolean);
	if (own.length) return own.join(' ');
	return field === 'rule' ? found.map(({ detail }) => detail).join(' ') : fieldWords(error, field);
}

/** What is wrong that belongs to none of these; empty when all of it stands under one. */
export function wrongElsewhere(error: ApiError | undefined): string {
	if (!error) return '';
	const { rule: _rule, ...others } = error.fields;
	if (Object.keys(error.fields).length && !Object.keys(others).length) return '';
	return ours(error.code) ?? formWords(error);
}

/** All that is wrong, where there is no form to put it under. */
export function wrong(error: ApiError): string {
	const codes = Object.values(error.fields).flatMap((problems) => problems.map(({ code }) => code));
	const own = [error.code, ...codes].map(ours).filter(Boolean);
	return own.length ? own.join(' ') : allWords(error);
}
