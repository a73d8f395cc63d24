/** What the timeline draws: held times as blocks on each place's own clock, and the hours in which a thing is closed. */
import type { Calendar as Ec } from '@event-calendar/core';
import { m } from '#lib/i18n/index.ts';
import { addDays } from '#lib/intl.ts';
import type { Busy, Resource } from './free.ts';
import { DAY, minutesOf, wallAt, wallOf } from './wall.ts';

export const FIRST_HOUR = 6;

/** What a block carries for what can be done with it. */
export interface Block {
	resource: Resource;
	/** Only of my own bookings and those of my collectives. */
	booking: number | null;
}

const shifted = (at: string, minutes: number): Date => new Date(Date.parse(at) + minutes * 60_000);

/** My own bookings show their own time, so that they can be moved; others what they hold, buffers included. */
export function blockOf(row: Busy, resource: Resource): Ec.EventInput {
	const { timezone } = resource.place;
	const rules = resource.rules;
	const isMine = row.booking !== null;
	const start = isMine ? shifted(row.from, rules.buffer_before_minutes) : new Date(row.from);
	const end = isMine ? shifted(row.until, -rules.buffer_after_minutes) : new Date(row.until);
	const units = row.quantity > 1 ? ` (${row.quantity})` : '';
	return {
		id: isMine ? `booking-${row.booking}-${resource.id}` : `held-${row.id}`,
		resourceIds: [resource.id],
		start: wallOf(start, timezone),
		end: wallOf(end, timezone),
		title: `${titleOf(row)}${units}`,
		editable: isMine && end > new Date(),
		classNames: row.mine ? ['mine'] : [],
		extendedProps: { resource, booking: row.booking } satisfies Block
	};
}

export function blocks(busy: Busy[], resources: Resource[]): Ec.EventInput[] {
	const byId = new Map(resources.map((resource) => [resource.id, resource]));
	return busy.flatMap((row) => {
		const resource = byId.get(row.resource);
		return resource ? [blockOf(row, resource)] : [];
	});
}

/** The hours before opening and after closing, as shaded ground. */
export function closings(resources: Resource[], day: string, days: number): Ec.EventInput[] {
	const found: Ec.EventInput[] = [];
	for (const resource of resources) {
		const opens = minutesOf(resource.rules.opens);
		const closes = minutesOf(resource.rules.closes);
		for (let index = 0; index < days; index++) {
			const on = addDays(day, index);
			const add = (from: number, until: number) =>
				until > from &&
				found.push({
					id: `closed-${resource.id}-${on}-${from}`,
					resourceIds: [resource.id],
					start: wallAt(on, from),
					end: wallAt(on, until),
					display: 'background'
				});
			add(FIRST_HOUR * 60, opens);
			add(closes, DAY);
		}
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
