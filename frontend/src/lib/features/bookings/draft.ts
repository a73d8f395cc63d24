/** What is being written in the booking form, on the clock of the place. */
import { addDays } from '#lib/intl.ts';
import type { Schemas } from '#lib/api/client.ts';
import type { Resource, Stretch } from './free.ts';
import { DAY, between, clockOf, minuteOn, minutesOf, wallAt, wallOf } from './wall.ts';

type Booking = Schemas['Booking'];

export interface Draft {
	day: string;
	from: string;
	lastDay: string;
	/** 24:00 is the midnight at the end of `lastDay`. */
	until: string;
	title: string;
	note: string;
	collective: number | null;
	quantity: number;
	/** Who comes along. */
	people?: Named[];
	/** What is booked together with it, all or nothing. */
	also?: Thing[];
	/** The moments that were meant, while the draft still shows these walls: one that the clocks show twice is not guessed anew. */
	meant?: { start: string; starts_at: string; end: string; ends_at: string };
}

export interface Named {
	id: number;
	name: string;
}

export interface Thing extends Named {
	/** How many there are, and how many of them are wanted. */
	capacity: number;
	quantity: number;
}

const USUAL_LENGTH = 120;

/** Whether a booking of it may end on another day. A room is used while the house is open; a thing may stay out overnight. */
export function spansDays({ kind, rules }: Resource): boolean {
	const allDay = minutesOf(rules.opens) === 0 && minutesOf(rules.closes) === DAY;
	return (allDay || kind !== 'workspace') && rules.max_minutes > DAY - minutesOf(rules.closes) + minutesOf(rules.opens);
}

/** A new draft from a minute of the day on, as long as is usual and fits into the free stretch. */
export function draftAt(resource: Resource, day: string, from: number, until?: number, quantity = 1): Draft {
	const { rules } = resource;
	const length = Math.min(Math.max(rules.min_minutes, USUAL_LENGTH), rules.max_minutes);
	const closes = minutesOf(rules.closes);
	const end = until ?? (spansDays(resource) ? from + length : Math.min(closes, from + length));
	const units = Math.min(quantity, resource.capacity);
	return { ...empty(), quantity: units, ...startOf(day, from), ...endOf(wallAt(day, end)) };
}

/** A draft for the first free stretch, or for the opening hour when nothing is free. */
export function draftFor(resource: Resource, day: string, free: Stretch[], quantity = 1): Draft {
	const long =
		free.find((stretch) => stretch.until - stretch.from >= Math.max(60, resource.rules.min_minutes)) ?? free[0];
	const opens = minutesOf(resource.rules.opens);
	// Nobody fetches a bike at midnight just because the shed is never locked.
	const from = long
		? Math.max(long.from, Math.min(opens || 9 * 60, long.until - resource.rules.min_minutes))
		: opens || 9 * 60;
	const draft = draftAt(resource, day, from, undefined, quantity);
	if (long && long.until < DAY && between(wallAt(day, from), endWall(draft)) > long.until - from)
		return { ...draft, ...endOf(wallAt(day, long.until)) };
	return draft;
}

/** The draft that a booking was made from. */
export function draftOf(booking: Booking): Draft {
	const zone = booking.resources[0]?.place.timezone ?? 'UTC';
	return {
		...filled(empty(), booking, zone),
		title: booking.title ?? '',
		note: booking.note ?? '',
		collective: booking.collective?.id ?? null,
		quantity: booking.quantity,
		...(booking.people.length ? { people: booking.people } : {})
	};
}

/** The same draft at other moments. */
export function filled(draft: Draft, when: { starts_at: string; ends_at: string }, zone: string): Draft {
	const [start, end] = [wallOf(when.starts_at, zone), wallOf(when.ends_at, zone)];
	const meant = { start, starts_at: when.starts_at, end, ends_at: when.ends_at };
	return { ...draft, day: start.slice(0, 10), from: start.slice(11), ...endOf(end), meant };
}

export const startWall = (draft: Draft): string => `${draft.day}T${draft.from}`;
export const endWall = (draft: Draft): string => wallAt(draft.lastDay, minutesOf(draft.until));

/** As the API is told: the very moment where one was meant, else the wall. */
export const startTold = (draft: Draft): string =>
	draft.meant?.start === startWall(draft) ? draft.meant.starts_at : startWall(draft);
export const endTold = (draft: Draft): string =>
	draft.meant?.end === endWall(draft) ? draft.meant.ends_at : endWall(draft);

/** The draft with another start and the length that it had. */
export function moved(draft: Draft, day: string, from: string): Draft {
	const length = between(startWall(draft), endWall(draft));
	const end = wallAt(day, minutesOf(from) + Math.max(length, 0));
	return { ...draft, day, from, ...endOf(end) };
}

/** The moved draft, kept within the day where a booking may not go on into the next. */
export function movedWithin(draft: Draft, resource: Resource, day: string, from: string): Draft {
	const next = moved(draft, day, from);
	if (spansDays(resource)) return next;
	const closes = minutesOf(resource.rules.closes);
	return minuteOn(day, endWall(next)) > closes ? { ...next, lastDay: day, until: clockOf(closes) } : next;
}

/** What the API is told. */
export function wishOf(draft: Draft, resource: Resource): Schemas['BookRequest'] {
	return {
		items: itemsOf(draft, resource),
		starts_at: startTold(draft),
		ends_at: endTold(draft),
		title: draft.title.trim(),
		note: draft.note.trim(),
		collective: draft.collective,
		...(draft.people ? { people: idsOf(draft.people) } : {})
	};
}

/** How many of each thing are booked together. */
export const itemsOf = (draft: Draft, resource: Resource): Schemas['ItemRequest'][] =>
	[{ ...resource, quantity: draft.quantity }, ...(draft.also ?? [])].map(({ id, quantity }) => ({
		resource: id,
		quantity
	}));

/** What changes when the draft replaces a booking: only that is told. */
export function changeOf(draft: Draft, booking: Booking): Schemas['PatchedMoveRequest'] {
	const before = draftOf(booking);
	const said = <T>(now: T, then: T, told: object) => (JSON.stringify(now) === JSON.stringify(then) ? {} : told);
	const people = idsOf(draft.people);
	return {
		...said(startTold(draft), startTold(before), { starts_at: startTold(draft) }),
		...said(endTold(draft), endTold(before), { ends_at: endTold(draft) }),
		...said(draft.title.trim(), before.title.trim(), { title: draft.title.trim() }),
		...said(draft.note.trim(), before.note.trim(), { note: draft.note.trim() }),
		...said(people, idsOf(before.people), { people })
	};
}

const idsOf = (named: Named[] = []): number[] => named.map(({ id }) => id);

const empty = (): Draft => ({
	day: '',
	from: '',
	lastDay: '',
	until: '',
	title: '',
	note: '',
	collective: null,
	quantity: 1
});

function startOf(day: string, minutes: number): Pick<Draft, 'day' | 'from'> {
	const wall = wallAt(day, minutes);
	return { day: wall.slice(0, 10), from: wall.slice(11) };
}

/** The end of something: midnight is 24:00 of the day before. */
function endOf(wall: string): Pick<Draft, 'lastDay' | 'until'> {
	const [day = '', clock = ''] = wall.split('T');
	return clock === '00:00' ? { lastDay: addDays(day, -1), until: '24:00' } : { lastDay: day, until: clock };
}
