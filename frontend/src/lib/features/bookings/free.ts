/** What is free of one resource on one day, from what is held and when its place is closed: pure arithmetic in minutes of the place's own clock. */
import type { Schemas } from '#lib/api/client.ts';
import { DAY, minuteOn, minutesOf, wallOf } from './wall.ts';

export type Resource = Schemas['Resource'];
export type Busy = Schemas['Busy'];
/** What a calendar tells beside the resources. */
export type Told = Pick<Schemas['Calendar'], 'busy' | 'full' | 'closed'>;

export const nothing: Told = { busy: [], full: [], closed: [] };

/** A piece of the day with the same number of units left throughout. */
export interface Part {
	from: number;
	until: number;
	left: number;
	/** Some of it is held by me or my collective. */
	mine: boolean;
	/** The place is closed. */
	closed: boolean;
}

/** Time that can be booked; `left` is the fewest units that are left in it. */
export interface Stretch {
	from: number;
	until: number;
	left: number;
}

export interface DayLine {
	opens: number;
	closes: number;
	/** Before this minute nothing can be booked any more. */
	earliest: number;
	parts: Part[];
	free: Stretch[];
	/** Free from opening to closing, with all units. */
	isAllDay: boolean;
	/** Nothing can be booked any more, because the day (or the notice that is asked for) is over. */
	isOver: boolean;
	/** The day is further ahead than can be booked. */
	isTooFar: boolean;
	/** The place is closed all day; `reason` is that of an exception, or the name of the holiday. */
	isClosed: boolean;
	reason: string;
}

interface Span {
	from: number;
	until: number;
}

interface Held extends Span {
	quantity: number;
	mine: boolean;
}

interface Closed extends Span {
	reason: string;
}

/** The line of a resource on a day, as it is at the moment `now`. */
export function lineOf(resource: Resource, told: Told, day: string, now: Date): DayLine {
	const { rules, capacity, place } = resource;
	const opens = minutesOf(rules.opens);
	const closes = minutesOf(rules.closes);
	const wall = (at: string | Date) => minuteOn(day, wallOf(at, place.timezone));
	const span = (row: { from: string; until: string }) => ({ from: wall(row.from), until: wall(row.until) });
	const held = heldOf(resource, told).map((row) => ({ ...span(row), quantity: row.quantity, mine: row.mine }));
	const closed = told.closed
		.filter((row) => row.place === place.id)
		.map((row) => ({ ...span(row), reason: row.reason }));
	const earliest = wall(new Date(now.getTime() + rules.lead_minutes * 60_000));
	const latest = wall(new Date(now.getTime() + rules.ahead_days * DAY * 60_000));
	const parts = divided(held, closed, opens, closes, capacity);
	const reach = Math.max(rules.buffer_after_minutes, rules.buffer_before_minutes);
	const around = divided(held, [], opens - reach, closes + reach, capacity);
	const open = roomy(around, closed, rules, Math.max(opens, earliest), closes, capacity);
	const goesOn = resource.kind !== 'workspace';
	const ends = new Set([closes, ...closed.map((row) => row.from)]);
	const free = merged(open)
		.map((stretch) => onSteps(stretch, opens, ends, rules.step_minutes))
		.filter((stretch) => isLongEnough(stretch, rules.min_minutes) || (goesOn && ends.has(stretch.until)));
	const isTooFar = opens > latest;
	const isClosed = parts.every((part) => part.closed);
	return {
		opens,
		closes,
		earliest,
		parts,
		free: isTooFar ? [] : free.filter((stretch) => stretch.until > stretch.from),
		isAllDay: open.length === 1 && open[0]?.from === opens && open[0].until === closes && open[0].left === capacity,
		isOver: earliest >= closes,
		isTooFar,
		isClosed,
		reason: isClosed ? (closed.find((row) => row.from < closes && row.until > opens && row.reason)?.reason ?? '') : ''
	};
}

/** What counts as held. Of a whole it is decided elsewhere when it has room: its bookings only say whose they are. */
function heldOf({ id, is_composed: isWhole }: Resource, { busy, full }: Told) {
	const rows = busy.filter((row) => row.resource === id);
	if (!isWhole) return rows;
	return [
		...rows.map((row) => ({ ...row, quantity: 0 })),
		...full.filter((row) => row.resource === id).map((row) => ({ ...row, quantity: 1, mine: false }))
	];
}

/** The day from `from` to `until`, cut wherever the number of units left changes. */
function divided(held: Held[], closed: Closed[], from: number, until: number, capacity: number): Part[] {
	const parts: Part[] = [];
	for (const piece of cut([...held, ...closed], from, until)) {
		const then = held.filter((row) => meet(row, piece));
		const left = Math.max(0, capacity - then.reduce((sum, row) => sum + row.quantity, 0));
		const mine = then.some((row) => row.mine);
		const isClosed = closed.some((row) => meet(row, piece));
		const last = parts.at(-1);
		if (last && last.left === left && last.mine === mine && last.closed === isClosed) last.until = piece.until;
		else parts.push({ ...piece, left, mine, closed: isClosed });
	}
	return parts;
}

/** What can be booked: a booking holds its own buffers too, so it must keep that far from where nothing is left. */
function roomy(
	parts: Part[],
	closed: Closed[],
	{ buffer_before_minutes: before, buffer_after_minutes: after }: Resource['rules'],
	from: number,
	until: number,
	capacity: number
): Stretch[] {
	const kept = parts
		.filter((part) => part.left < capacity)
		.map((part) => ({ from: part.from - after, until: part.until + before, left: part.left }));
	return cut([...kept, ...closed], from, until)
		.filter((piece) => !closed.some((row) => meet(row, piece)))
		.map((piece) => ({
			...piece,
			left: Math.min(capacity, ...kept.filter((row) => meet(row, piece)).map((row) => row.left))
		}))
		.filter((piece) => piece.left > 0);
}

function cut(spans: Span[], from: number, until: number): Span[] {
	if (from >= until) return [];
	const cuts = spans.flatMap((row) => [row.from, row.until]).filter((edge) => edge > from && edge < until);
	const edges = [...new Set([from, ...cuts, until])].sort((one, other) => one - other);
	return edges.slice(1).map((end, index) => ({ from: edges[index] ?? from, until: end }));
}

const meet = (one: Span, other: Span): boolean => one.from < other.until && one.until > other.from;

function merged(pieces: Stretch[]): Stretch[] {
	const found: Stretch[] = [];
	for (const { from, until, left } of pieces) {
		const last = found.at(-1);
		if (last && last.until === from) {
			last.until = until;
			last.left = Math.min(last.left, left);
		} else found.push({ from, until, left });
	}
	return found;
}

/** Only starts and ends that can be chosen; closing time always can. */
function onSteps({ from, until, left }: Stretch, opens: number, ends: Set<number>, step: number): Stretch {
	return {
		from: opens + Math.ceil((from - opens) / step) * step,
		until: ends.has(until) ? until : opens + Math.floor((until - opens) / step) * step,
		left
	};
}

/** What touches midnight may go on there. */
function isLongEnough({ from, until }: Stretch, least: number): boolean {
	return until > from && (until - from >= least || from <= 0 || until >= DAY);
}
