import { expect, test } from 'vitest';
import { lineOf } from '#lib/features/bookings/free.ts';
import { busy, DAY, NOW, room, told } from './things.ts';

const H = 60;

test('an empty day is free from opening to closing', () => {
	const line = lineOf(room(), told(), DAY, NOW);
	expect(line.free).toEqual([{ from: 8 * H, until: 22 * H, left: 1 }]);
	expect(line.isAllDay).toBe(true);
});

test('held times are those of the clock at the place', () => {
	const line = lineOf(room(), told(busy('09:00', '11:00')), DAY, NOW);
	expect(line.free).toEqual([
		{ from: 8 * H, until: 10 * H, left: 1 },
		{ from: 12 * H, until: 22 * H, left: 1 }
	]);
	expect(line.parts).toEqual([
		{ from: 8 * H, until: 10 * H, left: 1, mine: false, closed: false },
		{ from: 10 * H, until: 12 * H, left: 0, mine: false, closed: false },
		{ from: 12 * H, until: 22 * H, left: 1, mine: false, closed: false }
	]);
});

test('what is held of another resource does not count', () => {
	expect(lineOf(room(), told(busy('09:00', '11:00', { resource: 2 })), DAY, NOW).isAllDay).toBe(true);
});

test('a booking keeps its own buffers away from what is held', () => {
	const line = lineOf(
		room({ rules: { buffer_after_minutes: 30, buffer_before_minutes: 60 } }),
		told(busy('09:00', '11:00')),
		DAY,
		NOW
	);
	expect(line.free).toEqual([
		{ from: 8 * H, until: 9.5 * H, left: 1 },
		{ from: 13 * H, until: 22 * H, left: 1 }
	]);
});

test('only starts and ends on steps are offered, and nothing shorter than the shortest booking', () => {
	const line = lineOf(
		room({ rules: { min_minutes: 60 } }),
		told(busy('07:40', '08:50'), busy('09:40', '20:00')),
		DAY,
		NOW
	);
	// Free from 8:00 to 8:40 (too short), from 9:50 to 10:40 (10:00–10:30, too short) and from 21:00 on.
	expect(line.free).toEqual([{ from: 21 * H, until: 22 * H, left: 1 }]);
});

test('of a pool the fewest that are left in a stretch are told', () => {
	const held = [busy('09:00', '11:00', { quantity: 3 }), busy('10:00', '12:00', { quantity: 4, mine: true })];
	const line = lineOf(room({ capacity: 8 }), told(...held), DAY, NOW);
	expect(line.free).toEqual([{ from: 8 * H, until: 22 * H, left: 1 }]);
	expect(line.parts.map(({ from, left, mine }) => [from / H, left, mine])).toEqual([
		[8, 8, false],
		[10, 5, false],
		[11, 1, true],
		[12, 4, true],
		[13, 8, false]
	]);
	expect(line.isAllDay).toBe(false);
});

test('today the hours that are over are not free, nor those that are too soon', () => {
	const noon = new Date(`${DAY}T11:10:00Z`);
	expect(lineOf(room(), told(), DAY, noon).free).toEqual([{ from: 12.5 * H, until: 22 * H, left: 1 }]);
	expect(lineOf(room({ rules: { lead_minutes: 120 } }), told(), DAY, noon).free).toEqual([
		{ from: 14.5 * H, until: 22 * H, left: 1 }
	]);
});

test('a day that is over and one that is too far ahead offer nothing and say why', () => {
	const after = lineOf(room(), told(), DAY, new Date('2026-11-25T08:00:00Z'));
	expect([after.free, after.isOver]).toEqual([[], true]);
	const early = lineOf(room({ rules: { ahead_days: 3 } }), told(), DAY, new Date('2026-11-01T08:00:00Z'));
	expect([early.free, early.isTooFar]).toEqual([[], true]);
});

test('a long loan that goes on past midnight takes the whole day', () => {
	const loan = busy('00:00', '00:00', { from: '2026-11-22T09:00:00Z', until: '2026-11-26T09:00:00Z' });
	expect(lineOf(room({ rules: { opens: '00:00', closes: '24:00' } }), told(loan), DAY, NOW).free).toEqual([]);
});

test('a day on which the place is closed says why, and an afternoon of it is not free', () => {
	const closed = (from: string, until: string, reason = '') => ({
		...told(),
		closed: [{ place: 7, from: `${DAY}T${from}:00Z`, until: `${DAY}T${until}:00Z`, reason }]
	});
	const all = lineOf(room(), closed('00:00', '23:00', 'Christmas'), DAY, NOW);
	expect([all.free, all.isClosed, all.reason]).toEqual([[], true, 'Christmas']);
	const afternoon = lineOf(room(), closed('12:00', '23:00'), DAY, NOW);
	expect(afternoon.free).toEqual([{ from: 8 * H, until: 13 * H, left: 1 }]);
	expect([afternoon.isClosed, afternoon.isAllDay]).toEqual([false, false]);
	expect(lineOf(room({ place: { ...room().place, id: 8 } }), closed('00:00', '23:00'), DAY, NOW).isAllDay).toBe(true);
});

test('a kit is free while the calendar does not say that it has no room, also when I have it', () => {
	const kit = room({ is_composed: true });
	const mine = busy('09:00', '11:00', { mine: true });
	expect(lineOf(kit, told(mine), DAY, NOW).free).toEqual([{ from: 8 * H, until: 22 * H, left: 1 }]);
	const full = [{ resource: 1, from: `${DAY}T10:00:00Z`, until: `${DAY}T12:00:00Z` }];
	const line = lineOf(kit, { ...told(mine), full }, DAY, NOW);
	expect(line.free.map(({ from, until }) => [from / H, until / H])).toEqual([
		[8, 11],
		[13, 22]
	]);
	expect(line.parts.map(({ from, left, mine: own }) => [from / H, left, own])).toEqual([
		[8, 1, false],
		[10, 1, true],
		[11, 0, true],
		[12, 0, false],
		[13, 1, false]
	]);
});

test('two bookings of a pool after one another need one unit, whatever the buffers are', () => {
	const pool = room({ capacity: 2, rules: { buffer_after_minutes: 30 } });
	const line = lineOf(pool, told(busy('08:00', '10:00'), busy('10:00', '12:00')), DAY, NOW);
	expect(line.free).toEqual([{ from: 8 * H, until: 22 * H, left: 1 }]);
});
