import { beforeAll, expect, test } from 'vitest';
import { lineOf, type Resource, type Told } from '#lib/features/bookings/free.ts';
import { blocks, closings } from '#lib/features/bookings/rows.ts';
import { minuteOn } from '#lib/features/bookings/wall.ts';
import { busy, DAY, NOW, room, speakEnglish } from './things.ts';

beforeAll(speakEnglish);

type Said = 'free' | 'held' | 'closed';

const lisbon = { id: 9, name: 'Casa', city: 'Lisbon', country: 'PT', timezone: 'Europe/Lisbon', photo: null };
const things = [
	room(),
	room({ id: 2, name: 'Studio', rules: { opens: '09:00', closes: '18:00', step_minutes: 15 } }),
	room({ id: 3, name: 'Hall', is_composed: true }),
	room({ id: 4, name: 'Desk', place: lisbon }),
	room({ id: 5, name: 'Never booked' })
];
const day: Told = {
	busy: [
		busy('09:00', '11:00'),
		busy('11:00', '11:30', { booking: 8, mine: true }),
		busy('07:00', '08:45', { resource: 2 }),
		busy('15:15', '23:00', { resource: 2, blackout: 'repair' }),
		busy('10:00', '12:00', { resource: 4 })
	],
	full: [{ resource: 3, from: `${DAY}T12:00:00Z`, until: `${DAY}T14:30:00Z` }],
	closed: [
		{ place: 7, from: `${DAY}T12:30:00Z`, until: `${DAY}T13:00:00Z`, reason: 'Fire drill' },
		{ place: 9, from: `${DAY}T16:00:00Z`, until: `${DAY}T23:00:00Z`, reason: '' }
	]
};

/** Quarter by quarter, what the list says of the hours of opening. */
function inList(thing: Resource): Said[] {
	const { opens, closes, parts, free } = lineOf(thing, day, DAY, NOW);
	return quarters(opens, closes, (at) => {
		if (free.some((one) => one.from <= at && at < one.until)) return 'free';
		return parts.some((one) => one.closed && one.from <= at && at < one.until) ? 'closed' : 'held';
	});
}

/** The same, from what is drawn in the row of the timeline. */
function onTimeline(thing: Resource): Said[] {
	const { opens, closes } = lineOf(thing, day, DAY, NOW);
	const drawn = (rows: ReturnType<typeof blocks>) =>
		rows
			.filter((row) => Array.isArray(row.resourceIds) && row.resourceIds.includes(thing.id))
			.map(({ start, end }) => [minuteOn(DAY, String(start)), minuteOn(DAY, String(end))] as const);
	const held = drawn(blocks(day, things));
	const closed = drawn(closings(things, day.closed, DAY, 1));
	const within = (spans: typeof held, at: number) => spans.some(([from, until]) => from <= at && at < until);
	return quarters(opens, closes, (at) => (within(closed, at) ? 'closed' : within(held, at) ? 'held' : 'free'));
}

function quarters(from: number, until: number, said: (at: number) => Said): Said[] {
	return Array.from({ length: (until - from) / 15 }, (_none, index) => said(from + index * 15));
}

test('list and timeline agree, for every thing of a day, about what is free, held and closed', () => {
	for (const thing of things) expect(inList(thing), thing.name).toEqual(onTimeline(thing));
	const all = new Set(things.flatMap(inList));
	expect([...all].sort()).toEqual(['closed', 'free', 'held']);
});
