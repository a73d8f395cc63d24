import { beforeAll, expect, test } from 'vitest';
import { ApiError } from '#lib/api/errors.ts';
import { lineOf, type Busy } from '#lib/features/bookings/free.ts';
import { allWords, alternativeWords, fieldWords, formWords } from '#lib/features/bookings/problems.ts';
import { ownZone } from '#lib/features/bookings/wall.ts';
import { freeTimes, length, moment, rules, when } from '#lib/features/bookings/words.ts';
import { busy, DAY, NOW, room, speakEnglish, told } from './things.ts';

beforeAll(speakEnglish);

const refused = (fields: Record<string, { code: string; detail: string; [fact: string]: unknown }[]>) =>
	new ApiError(400, { code: 'invalid', detail: '', fields });

test('lengths are said in the unit that people would use', () => {
	expect([30, 60, 90, 600, 1440, 7200].map(length)).toEqual([
		'30 minutes',
		'1 hour',
		'1.5 hours',
		'10 hours',
		'1 day',
		'5 days'
	]);
});

test('free times are said in words', () => {
	const said = (held: Busy[], of = room()) => freeTimes(lineOf(of, told(...held), DAY, NOW), of);
	expect(said([])).toBe('Free all day');
	expect(said([busy('09:00', '11:00')])).toBe('Free 08:00–10:00 and 12:00–22:00');
	expect(said([busy('06:00', '22:00')])).toBe('Nothing free this day');
	expect(said([], room({ capacity: 8 }))).toBe('All 8 free all day');
	expect(said([busy('09:00', '11:00', { quantity: 5 })], room({ capacity: 8 }))).toBe(
		'Free 08:00–22:00 · at least 3 of 8 left'
	);
});

test('many free times are cut short', () => {
	const held = ['08', '10', '12', '14', '16'].map((hour) => busy(`${hour}:00`, `${hour}:30`));
	expect(freeTimes(lineOf(room(), told(...held), DAY, NOW), room())).toBe(
		'Free 08:00–09:00, 09:30–11:00, 11:30–13:00 and 3 more times'
	);
});

test('a time elsewhere is marked as the time of the place', () => {
	const [noon, two] = ['2026-12-01T12:00:00Z', '2026-12-01T14:00:00Z'];
	const far = ownZone() === 'Asia/Tokyo' ? 'Europe/Brussels' : 'Asia/Tokyo';
	expect(when(noon, two, far)).toMatch(/ \(place time\)$/);
	expect(moment(noon, far)).toMatch(/^Tuesday 1 December, \d\d:00 \(place time\)$/);
	expect(when(noon, two, ownZone()) + moment(noon, ownZone())).not.toContain('place time');
});

test('a limit of one is said in the singular', () => {
	const limit = (counted: string, most: number) =>
		fieldWords(refused({ starts_at: [{ code: 'quota_reached', detail: '', counted, most }] }), 'starts_at');
	expect(limit('bookings', 1)).toBe('You have reached the limit: 1 booking.');
	expect(limit('hours', 4)).toBe('This is beyond the limit of 4 hours.');
});

test('only the rules that a resource has are told', () => {
	expect(rules(room())).toEqual([
		'Open from 08:00 to 22:00.',
		'From 30 minutes up to 10 hours at a time.',
		'Can be booked up to 180 days ahead.'
	]);
	expect(rules(room({ rules: { cancel_notice_minutes: 1440 } })).at(-1)).toBe('Cancel at least 1 day before.');
});

test('what is wrong stands under its field with the way out', () => {
	const error = refused({
		starts_at: [{ code: 'closed_then', detail: '', opens: '08:00', closes: '22:00' }],
		ends_at: [{ code: 'too_long', detail: '', max_minutes: 600 }]
	});
	expect(fieldWords(error, 'starts_at')).toBe('It is open from 08:00 to 22:00. Choose times within that.');
	expect(fieldWords(error, 'ends_at')).toBe('Book 10 hours at most.');
	expect(fieldWords(error, 'title')).toBe('');
	expect(formWords(error)).toBe('');
	expect(allWords(error)).toBe('It is open from 08:00 to 22:00. Choose times within that. Book 10 hours at most.');
});

test('the hour that the clocks jump over names the hour after', () => {
	const error = refused({ starts_at: [{ code: 'time_does_not_exist', detail: '', instead: '2027-03-28T03:30' }] });
	expect(fieldWords(error, 'starts_at')).toContain('Choose 03:30.');
});

test('what belongs to no field is said for the whole form, with the words of the server where we have none', () => {
	expect(formWords(refused({ resources: [{ code: 'different_clocks', detail: 'Book them one by one.' }] }))).toBe(
		'Book them one by one.'
	);
	expect(formWords(new ApiError(403, { code: 'wrong_organisation', detail: '' }))).toBe(
		'This is shared within its own organisation only. Choose something else.'
	);
});

test('an alternative of another thing names it', () => {
	const span = { starts_at: '2026-11-24T13:00:00Z', ends_at: '2026-11-24T15:00:00Z' };
	const zone = 'Europe/Brussels';
	expect(alternativeWords({ ...span, resources: [{ id: 1, name: 'Zenne' }] }, 1, zone)).toMatch(
		/^Tuesday 24 November, 14:00–16:00/
	);
	expect(alternativeWords({ ...span, resources: [{ id: 2, name: 'Leie' }] }, 1, zone)).toMatch(
		/^Leie: Tuesday 24 November, 14:00–16:00/
	);
});
