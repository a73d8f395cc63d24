/** What is free of one resource on one day, from what is held: pure arithmetic in minutes of the place's own clock. */
import type { Schemas } from '#lib/api/client.ts';
import { DAY, minuteOn, minutesOf, wallOf } from './wall.ts';

export type Resource = Schemas['Resource'];
export type Busy = Schemas['Busy'];

/** A piece of the day with the same number of units left throughout. */
export interface Part {
	from: number;
	until: number;
	left: number;
	/** Some of it is held by me or my collective. */
	mine: boolean;
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
}

interface Held {
	from: number;
	until: number;
	quantity: number;
	mine: boolean;
}

/** The line of a resource on a day, as it is at the moment `now`. */
export function lineOf(resource: Resource, busy: Busy[], day: string, now: Date): DayLine {
	const { rules, capacity, place } = resource;
	const opens = minutesOf(rules.opens);
	const closes = minutesOf(rules.closes);
	const held = busy
		.filter((row) => row.resource === resource.id)
		.map((row) => ({
			from: minuteOn(day, wallOf(row.from, place.timezone)),
			until: minuteOn(day, wallOf(row.until, place.timezone)),
			quantity: row.quantity,
			mine: row.mine
		}));
	const earliest = minuteOn(day, wallOf(new Date(now.getTime() + rules.lead_minutes * 60_000), place.timezone));
	const latest = minuteOn(day, wallOf(new Date(now.getTime() + rules.ahead_days * DAY * 60_000), place.timezone));
	// A booking holds its own buffers too: it must keep that far from what is held already.
	const kept = held.map((row) => ({
		...row,
		from: row.from - rules.buffer_after_minutes,
		until: row.until + rules.buffer_before_minutes
	}));
	const open = divided(kept, Math.max(opens, earliest), closes, capacity);
	const free = merged(open.filter((part) => part.left > 0))
		.map((stretch) => onSteps(stretch, opens, closes, rules.step_minutes))
		.filter((stretch) => isLongEnough(stretch, rules.min_minutes));
	const isTooFar = opens > latest;
	return {
		opens,
		closes,
		earliest,
		parts: divided(held, opens, closes, capacity),
		free: isTooFar ? [] : free,
		isAllDay: open.length === 1 && open[0]?.from === opens && open[0].left === capacity,
		isOver: earliest >= closes,
		isTooFar
	};
}

/** The day from `from` to `until`, cut wherever the number of units left changes. */
function divided(held: Held[], from: number, until: number, capacity: number): Part[] {
	if (from >= until) return [];
	const cuts = held.flatMap((row) => [row.from, row.until]).filter((cut) => cut > from && cut < until);
	const edges = [...new Set([from, ...cuts, until])].sort((one, other) => one - other);
	const parts: Part[] = [];
	edges.slice(1).forEach((end, index) => {
		const start = edges[index] ?? from;
		const then = held.filter((row) => row.from < end && row.until > start);
		const left = Math.max(0, capacity - then.reduce((sum, row) => sum + row.quantity, 0));
		const mine = then.some((row) => row.mine);
		const last = parts.at(-1);
		if (last && last.left === left && last.mine === mine) last.until = end;
		else parts.push({ from: start, until: end, left, mine });
	});
	return parts;
}

function merged(parts: Part[]): Stretch[] {
	const found: Stretch[] = [];
	for (const { from, until, left } of parts) {
		const last = found.at(-1);
		if (last && last.until === from) {
			last.until = until;
			last.left = Math.min(last.left, left);
		} else found.push({ from, until, left });
	}
	return found;
}

/** Only starts and ends that can be chosen; closing time always can. */
function onSteps({ from, until, left }: Stretch, opens: number, closes: number, step: number): Stretch {
	return {
		from: opens + Math.ceil((from - opens) / step) * step,
		until: until === closes ? until : opens + Math.floor((until - opens) / step) * step,
		left
	};
}

/** What touches midnight may go on there. */
function isLongEnough({ from, until }: Stretch, least: number): boolean {
	return until > from && (until - from >= least || from <= 0 || until >= DAY);
}
