import { expect, test } from 'vitest';
import {
	changeOf,
	draftAt,
	draftFor,
	draftOf,
	filled,
	movedWithin,
	spansDays,
	wishOf
} from '#lib/features/bookings/draft.ts';
import type { Schemas } from '#lib/api/client.ts';
import { DAY, room } from './things.ts';

const van = room({
	id: 2,
	name: 'Van',
	kind: 'equipment',
	rules: { opens: '00:00', closes: '24:00', max_minutes: 7200 }
});

test('a draft starts with the first free stretch that is worth it and ends with it', () => {
	const free = [
		{ from: 480, until: 510, left: 1 },
		{ from: 600, until: 690, left: 1 }
	];
	expect(draftFor(room(), DAY, free)).toMatchObject({ day: DAY, from: '10:00', lastDay: DAY, until: '11:30' });
});

test('a thing that is never locked away is not fetched at midnight', () => {
	expect(draftFor(van, DAY, [{ from: 0, until: 1440, left: 1 }])).toMatchObject({ from: '09:00', until: '11:00' });
});

test('a room closes in the evening; a loan goes on', () => {
	expect([spansDays(room()), spansDays(van)]).toEqual([false, true]);
	expect(draftAt(room(), DAY, 21 * 60)).toMatchObject({ lastDay: DAY, until: '22:00' });
	expect(draftAt(van, DAY, 23 * 60)).toMatchObject({ lastDay: '2026-11-25', until: '01:00' });
});

test('moving the start keeps the length, within the opening hours of a room', () => {
	const draft = draftAt(room(), DAY, 600);
	expect(movedWithin(draft, room(), '2026-11-25', '14:00')).toMatchObject({
		day: '2026-11-25',
		lastDay: '2026-11-25',
		until: '16:00'
	});
	expect(movedWithin(draft, room(), DAY, '21:00')).toMatchObject({ lastDay: DAY, until: '22:00' });
	expect(movedWithin(draftAt(van, DAY, 600), van, DAY, '23:00')).toMatchObject({
		lastDay: '2026-11-25',
		until: '01:00'
	});
});

test('the end of the day is told as midnight of the next', () => {
	const draft = { ...draftAt(van, DAY, 20 * 60, 24 * 60), title: ' Tour ' };
	expect(draft).toMatchObject({ lastDay: DAY, until: '24:00' });
	expect(wishOf(draft, van)).toEqual({
		items: [{ resource: 2, quantity: 1 }],
		starts_at: `${DAY}T20:00`,
		ends_at: '2026-11-25T00:00',
		title: 'Tour',
		note: '',
		collective: null
	});
});

test('who comes along and what is booked with it are told, also when nobody does any more', () => {
	const draft = {
		...draftAt(van, DAY, 600),
		people: [{ id: 7, name: 'Bob' }],
		also: [{ id: 3, name: 'Trailer', capacity: 5, quantity: 4 }]
	};
	expect(wishOf(draft, van)).toMatchObject({
		items: [
			{ resource: 2, quantity: 1 },
			{ resource: 3, quantity: 4 }
		],
		people: [7]
	});
});

test('an alternative fills in its times on the clock of the place and keeps the rest', () => {
	const draft = { ...draftAt(room(), DAY, 600), title: 'Rehearsal' };
	const when = { starts_at: '2026-11-25T13:00:00Z', ends_at: '2026-11-25T15:00:00Z' };
	expect(filled(draft, when, 'Europe/Brussels')).toEqual({
		...draft,
		day: '2026-11-25',
		from: '14:00',
		lastDay: '2026-11-25',
		until: '16:00',
		meant: { start: '2026-11-25T14:00', end: '2026-11-25T16:00', ...when }
	});
	expect(wishOf(filled(draft, when, 'Europe/Brussels'), room())).toMatchObject(when);
});

test('a booking is opened with what it was made from', () => {
	const booking = {
		starts_at: '2026-11-24T13:00:00Z',
		ends_at: '2026-11-24T15:00:00Z',
		title: 'Rehearsal',
		note: 'Chairs',
		quantity: 2,
		people: [],
		collective: { id: 4, name: 'Onderweg' },
		resources: [{ id: 1, name: 'Zenne', place: { id: 7, name: 'De Zenne', timezone: 'Europe/Brussels' } }]
	} as unknown as Schemas['Booking'];
	expect(draftOf(booking)).toEqual({
		day: DAY,
		from: '14:00',
		lastDay: DAY,
		until: '16:00',
		title: 'Rehearsal',
		note: 'Chairs',
		collective: 4,
		quantity: 2,
		meant: { start: `${DAY}T14:00`, starts_at: booking.starts_at, end: `${DAY}T16:00`, ends_at: booking.ends_at }
	});
});

test('only what changed is told: another title does not move what stands at an hour that the clocks show twice', () => {
	const booking = {
		starts_at: '2026-10-25T01:30:00Z',
		ends_at: '2026-10-25T03:00:00Z',
		title: 'Night',
		note: '',
		quantity: 1,
		people: [{ id: 7, name: 'Bob' }],
		collective: null,
		resources: [{ id: 1, name: 'Zenne', place: { id: 7, name: 'De Zenne', timezone: 'Europe/Brussels' } }]
	} as unknown as Schemas['Booking'];
	const draft = draftOf(booking);
	expect(draft.from).toBe('02:30');
	expect(changeOf({ ...draft, title: ' Late night ' }, booking)).toEqual({ title: 'Late night' });
	expect(changeOf({ ...draft, until: '05:00', people: [] }, booking)).toEqual({
		ends_at: '2026-10-25T05:00',
		people: []
	});
	expect(wishOf(draft, room()).starts_at).toBe('2026-10-25T01:30:00Z');
});
