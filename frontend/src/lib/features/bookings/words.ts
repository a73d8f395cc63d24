/** Lengths, hours and rules as people say them. */
import { m } from '#lib/i18n/index.ts';
import * as intl from '#lib/intl.ts';
import type { DayLine, Resource } from './free.ts';
import { clockOf, DAY, isElsewhere, minutesOf, ownZone } from './wall.ts';

const MOST_SAID = 3;

function counted(count: number, unit: 'minute' | 'hour' | 'day'): string {
	const style = { style: 'unit', unit, unitDisplay: 'long', maximumFractionDigits: 1 } as const;
	return new Intl.NumberFormat(intl.region(), style).format(count);
}

/** 90 → "1.5 hours", 2880 → "2 days". */
export function length(minutes: number): string {
	if (minutes >= DAY && minutes % DAY === 0) return counted(minutes / DAY, 'day');
	if (minutes >= 60 && minutes % 30 === 0) return counted(minutes / 60, 'hour');
	return counted(minutes, 'minute');
}

export const stretch = ({ from, until }: { from: number; until: number }): string =>
	`${clockOf(from)}–${clockOf(until)}`;

/** "Free 08:00–12:00 and 14:00–22:00", and how many of a pool are left. */
export function freeTimes(line: DayLine, resource: Resource): string {
	if (line.isClosed) return line.reason ? m.book_closed_for({ reason: line.reason }) : m.book_closed_day();
	if (line.isTooFar) return m.book_not_yet({ length: length(resource.rules.ahead_days * DAY) });
	if (line.isOver) return m.book_day_over();
	if (!line.free.length) return m.book_full();
	if (line.isAllDay)
		return resource.capacity > 1 ? m.book_pool_all_day({ count: resource.capacity }) : m.book_all_day();
	const said = line.free.slice(0, MOST_SAID).map(stretch);
	if (line.free.length > MOST_SAID) said.push(m.book_more_times({ count: line.free.length - MOST_SAID }));
	const times = m.book_free_at({ times: intl.list(said) });
	if (resource.capacity === 1) return times;
	const least = Math.min(...line.free.map((one) => one.left));
	return `${times} · ${m.book_pool_left({ count: least, all: resource.capacity })}`;
}

/** The rules of a resource, a sentence each. */
export function rules({ rules: rule, capacity }: Resource): string[] {
	const opens = minutesOf(rule.opens);
	const closes = minutesOf(rule.closes);
	return [
		opens === 0 && closes === DAY
			? m.book_rule_always()
			: m.book_rule_hours({ opens: rule.opens, closes: rule.closes }),
		m.book_rule_length({ least: length(rule.min_minutes), most: length(rule.max_minutes) }),
		rule.lead_minutes ? m.book_rule_lead({ length: length(rule.lead_minutes) }) : '',
		m.book_rule_ahead({ length: length(rule.ahead_days * DAY) }),
		rule.buffer_after_minutes ? m.book_rule_after({ length: length(rule.buffer_after_minutes) }) : '',
		rule.buffer_before_minutes ? m.book_rule_before({ length: length(rule.buffer_before_minutes) }) : '',
		rule.cancel_notice_minutes ? m.book_rule_cancel({ length: length(rule.cancel_notice_minutes) }) : '',
		capacity > 1 ? m.book_rule_pool({ count: capacity }) : '',
		rule.own_organisation_only ? m.book_rule_own() : ''
	].filter(Boolean);
}

/** "Tuesday 24 November, 14:00–16:00", marked as the place's time when the reader's own clock shows another. */
export function when(starts: string | Date, ends: string | Date, zone: string): string {
	const said = intl.span(starts, ends, zone);
	return isElsewhere(starts, zone) ? m.book_place_time({ when: said }) : said;
}

/** "Tuesday 24 November, 14:00", marked in the same way. */
export function moment(at: string | Date, zone: string): string {
	const said = `${intl.day(at, zone)}, ${intl.time(at, zone)}`;
	return isElsewhere(at, zone) ? m.book_place_time({ when: said }) : said;
}

/** What the reader's own clock shows then; empty where it shows the same. */
export function ownTime(starts: string | Date, ends: string | Date, zone: string): string {
	return isElsewhere(starts, zone) ? m.book_own_time({ when: intl.span(starts, ends, ownZone()) }) : '';
}

/** "It is 14:05 in Lisbon now, 15:05 for you."; empty where the clocks show the same. */
export function clocksNow({ city, timezone }: { city: string; timezone: string }, now = new Date()): string {
	if (!isElsewhere(now, timezone)) return '';
	return m.book_now_there({ city, there: intl.time(now, timezone), here: intl.time(now, ownZone()) });
}

export function kind(of: Resource['kind']): string {
	return { workspace: m.book_kind_workspace(), equipment: m.book_kind_equipment(), material: m.book_kind_material() }[
		of
	];
}

/** "De Zenne, Brussels · 10 seats · 3 km". */
export function whereabouts({ place, seats, distance_km: km }: Resource): string {
	const seated = seats ? ` · ${m.book_seats_count({ count: seats })}` : '';
	const far = km === null ? '' : ` · ${m.things_km({ count: Math.round(km) })}`;
	return `${place.name}, ${place.city}${seated}${far}`;
}
