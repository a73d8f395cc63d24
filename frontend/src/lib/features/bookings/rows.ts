/** What the timeline draws: held times as blocks on each place's own clock, and the hours in which a thing is closed. */
import type { Calendar as Ec } from '@event-calendar/core';
import { m } from '#lib/i18n/index.ts';
import { addDays } from '#lib/intl.ts';
import type { Busy, Resource, Told } from './free.ts';
import { DAY, minutesOf, wallAt, wallOf } from './wall.ts';

/** What a block carries for what can be done with it. */
export interface Block {
	resource: Resource;
	/** Only of my own bookings and those of my collectives. */
	booking: number | null;
	/** When it is, exactly. */
	starts_at: string;
	ends_at: string;
}

/** My own bookings show their own time, so that they can be moved; others what they hold, buffers included. */
export function blockOf(row: Busy, resource: Resource): Ec.EventInput {
	const { timezone } = resource.place;
	const isMine = row.booking !== null;
	const [start, end] = isMine ? [row.starts_at, row.ends_at] : [row.from, row.until];
	const units = row.quantity > 1 ? ` (${row.quantity})` : '';
	return {
		id: isMine ? `booking-${row.booking}-${resource.id}` : `held-${row.id}-${resource.id}`,
		resourceIds: [resource.id],
		start: wallOf(start, timezone),
		end: wallOf(end, timezone),
		title: `${titleOf(row)}${units}`,
		editable: isMine && new Date(end) > new Date(),
		classNames: row.mine ? ['mine'] : [],
		extendedProps: { resource, booking: row.booking, starts_at: start, ends_at: end } satisfies Block
	};
}

/** Everything that is held, and when a whole cannot be had because a part of it is. */
export function blocks({ busy, full }: Told, resources: Resource[]): Ec.EventInput[] {
	const byId = new Map(resources.map((resource) => [resource.id, resource]));
	const drawn = busy.flatMap((row) => {
		const resource = byId.get(row.resource);
		return resource ? [blockOf(row, resource)] : [];
	});
	for (const row of full) {
		const resource = byId.get(row.resource);
		if (!resource) continue;
		const own = busy.filter((one) => one.resource === row.resource);
		for (const [from, until] of without([row.from, row.until], own)) {
			drawn.push({
				id: `full-${resource.id}-${from}`,
				resourceIds: [resource.id],
				start: wallOf(from, resource.place.timezone),
				end: wallOf(until, resource.place.timezone),
				title: m.book_taken(),
				editable: false,
				extendedProps: { resource, booking: null, starts_at: from, ends_at: until } satisfies Block
			});
		}
	}
	return drawn;
}

/** What is left of a span where nothing of these is drawn already. */
function without(span: [string, string], rows: Busy[]): [string, string][] {
	let left = [span];
	for (const row of rows) {
		left = left.flatMap(([from, until]): [string, string][] => {
			if (Date.parse(row.until) <= Date.parse(from) || Date.parse(row.from) >= Date.parse(until))
				return [[from, until]];
			const pieces: [string, string][] = [
				[from, row.from],
				[row.until, until]
			];
			return pieces.filter(([start, end]) => Date.parse(start) < Date.parse(end));
		});
	}
	return left;
}

/** The hours before opening and after closing, and those in which the place is closed, as shaded ground. */
export function closings(resources: Resource[], closed: Told['closed'], day: string, days: number): Ec.EventInput[] {
	const found: Ec.EventInput[] = [];
	for (const { id, place, rules } of resources) {
		const spans: [string, string][] = [];
		const add = (start: string, end: string) => spans.push([start, end]);
		for (const row of closed) {
			if (row.place === place.id) add(wallOf(row.from, place.timezone), wallOf(row.until, place.timezone));
		}
		const [opens, closes] = [minutesOf(rules.opens), minutesOf(rules.closes)];
		for (let index = 0; index < days; index++) {
			const on = addDays(day, index);
			if (opens > 0) add(wallAt(on, 0), wallAt(on, opens));
			if (closes < DAY) add(wallAt(on, closes), wallAt(on, DAY));
		}
		for (const [start, end] of joined(spans))
			found.push({ id: `closed-${id}-${start}`, resourceIds: [id], start, end, display: 'background' });
	}
	return found;
}

/** The same time without overlaps, so that no ground is shaded twice; walls sort as they are written. */
function joined(spans: [string, string][]): [string, string][] {
	const found: [string, string][] = [];
	for (const [start, end] of spans.sort(([one], [other]) => (one < other ? -1 : 1))) {
		const last = found.at(-1);
		if (last && start <= last[1]) last[1] = end > last[1] ? end : last[1];
		else found.push([start, end]);
	}
	return found;
}

/** The wall that a date of the calendar stands for: it shows walls as if they were times of this browser. */
export function wallOfDate(date: Date): string {
	const two = (number: number) => String(number).padStart(2, '0');
	const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
	return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** What it is held for, as far as it is told; what a host took out of use says so. */
function titleOf({ blackout, title }: Busy): string {
	if (!blackout) return title || m.book_taken();
	return title ? `${m.book_out_of_use()}: ${title}` : m.book_out_of_use();
}
