import { expect, test } from 'vitest';
import { ApiError, inWords } from '#lib/api/errors.ts';
import { m, sentence, setLocaleSource } from '#lib/i18n/index.ts';
import { addDays, isoDay, labelled, minuteOfDay, span } from '#lib/intl.ts';
import { tile } from '#lib/tile.ts';

test('plurals follow the language', () => {
	expect(m.members_count({ count: 1 })).toBe('1 member');
	expect(m.members_count({ count: 3 })).toBe('3 members');
});

test('a key that nobody wrote is not a sentence', () => {
	expect(sentence('errors_nobody_knows')).toBeUndefined();
});

test('an error is told by its code, else in the words of the server', () => {
	expect(inWords({ code: 'oneself', detail: 'x' })).toBe('Choose someone else.');
	expect(inWords({ code: 'nobody_knows', detail: 'The server says so.' })).toBe('The server says so.');
});

test('the error of a field is found below it, too', () => {
	const fields = { 'languages.0.code': [{ code: 'unknown_language', detail: '' }] };
	const error = new ApiError(400, { code: 'invalid', detail: '', fields });
	expect(error.field('languages')).toBe('Choose a language from the list.');
	expect(error.field('name')).toBe('');
});

test('a day is the day that it is in the zone', () => {
	expect(isoDay('2026-11-24T23:30:00Z', 'Europe/Brussels')).toBe('2026-11-25');
	expect(minuteOfDay('2026-11-24T23:30:00Z', 'Europe/Brussels')).toBe(30);
});

test('the next day comes after the night in which the clocks change', () => {
	expect(addDays('2027-03-27', 1)).toBe('2027-03-28');
	expect(addDays('2027-10-31', 1)).toBe('2027-11-01');
});

test('a span over midnight names both days', () => {
	const zone = 'Europe/Brussels';
	expect(span('2026-11-24T13:00:00Z', '2026-11-24T15:00:00Z', zone)).toBe('Tuesday 24 November, 14:00–16:00');
	expect(span('2026-11-24T13:00:00Z', '2026-11-25T08:00:00Z', zone)).toBe('Tue 24 Nov, 14:00 – Wed 25 Nov, 09:00');
});

test('a tile is always the same for an id and has three inks', () => {
	for (const id of [1, 2, 99, 100_001]) {
		const drawn = tile(id);
		expect(tile(id)).toEqual(drawn);
		expect(new Set([drawn.ground, ...drawn.patches.map((patch) => patch.fill)]).size).toBe(3);
	}
});

test('a label stands before its colon as the language writes it', () => {
	expect(labelled('Places', '3')).toBe('Places: 3');
	setLocaleSource(() => 'fr');
	expect(labelled('Places', '3')).toBe('Places\u00a0: 3');
	setLocaleSource(() => 'en');
	expect(labelled('Places')).toBe('Places:');
});
