/** How something repeats: as it is chosen, as the API is told (RFC 5545), and in words. */
import { m, sentence } from '#lib/i18n/index.ts';
import { date, list, weekday } from '#lib/intl.ts';

/** "date" is a day of the month, "nth" the first or last Tuesday of it. */
export type Every = 'day' | 'week' | 'date' | 'nth' | 'year';
export const EVERY: Every[] = ['day', 'week', 'date', 'nth', 'year'];

export interface Pattern {
	every: Every;
	interval: number;
	/** Of a week; Monday is 0. */
	days: number[];
	ends: 'count' | 'until';
	count: number;
	/** 2027-03-28, the last day on which it may happen. */
	until: string;
}

const DAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];
const FREQ: Record<Every, string> = { day: 'DAILY', week: 'WEEKLY', date: 'MONTHLY', nth: 'MONTHLY', year: 'YEARLY' };

/** Monday is 0. */
export const weekdayOf = (day: string): number => (new Date(`${day}T12:00Z`).getUTCDay() + 6) % 7;

/** Which of its weekday in the month a day is: 1 to 4, or -1 for the last. */
export function nthOf(day: string): number {
	const at = new Date(`${day}T12:00Z`);
	const number = Math.ceil(at.getUTCDate() / 7);
	const last = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 0)).getUTCDate();
	return at.getUTCDate() + 7 > last && number > 3 ? -1 : number;
}

/** The rule for what was chosen, when the first time is on this day. */
export function ruleOf(pattern: Pattern, day: string): string {
	const parts = [`FREQ=${FREQ[pattern.every]}`];
	if (pattern.interval > 1) parts.push(`INTERVAL=${pattern.interval}`);
	if (pattern.every === 'week' && pattern.days.length)
		parts.push(
			`BYDAY=${[...pattern.days]
				.sort((one, other) => one - other)
				.map((one) => DAYS[one])
				.join(',')}`
		);
	if (pattern.every === 'nth') parts.push(`BYDAY=${nthOf(day)}${DAYS[weekdayOf(day)]}`);
	if (pattern.every === 'date') parts.push(`BYMONTHDAY=${Number(day.slice(8))}`);
	parts.push(pattern.ends === 'count' ? `COUNT=${pattern.count}` : `UNTIL=${pattern.until.replaceAll('-', '')}`);
	return parts.join(';');
}

/** "Every 2 weeks on Tuesday and Friday"; `day` is that of the first time. */
export function ruleWords(rule: string, day: string): string {
	const said = new Map(rule.split(';').map((part) => part.split('=') as [string, string]));
	const count = Number(said.get('INTERVAL') ?? 1);
	const byDay = said.get('BYDAY') ?? '';
	switch (said.get('FREQ')) {
		case 'DAILY':
			return m.repeat_every_day({ count });
		case 'WEEKLY': {
			const days = byDay ? byDay.split(',').map((one) => DAYS.indexOf(one)) : [weekdayOf(day)];
			return m.repeat_every_week({ count, days: list(days.map(weekday)) });
		}
		case 'YEARLY':
			return m.repeat_every_year({ count });
		default:
			return byDay ? nthWords(byDay, count) : dateWords(Number(said.get('BYMONTHDAY') ?? day.slice(8)), count);
	}
}

/** "12 times" or "until 28 March 2027". */
export function endWords(rule: string): string {
	const count = /COUNT=(\d+)/.exec(rule)?.[1];
	if (count) return m.repeat_times({ count: Number(count) });
	const [, year, month, day] = /UNTIL=(\d{4})(\d\d)(\d\d)/.exec(rule) ?? [];
	return year ? m.repeat_until_day({ day: date(`${year}-${month}-${day}T12:00:00Z`, 'UTC') }) : '';
}

function nthWords(byDay: string, count: number): string {
	const nth = sentence(`repeat_nth_${byDay.startsWith('-') ? 'last' : byDay.slice(0, 1)}`) ?? '';
	return m.repeat_every_nth({ count, nth, day: weekday(DAYS.indexOf(byDay.slice(-2))) });
}

const dateWords = (number: number, count: number): string =>
	number < 0 ? m.repeat_every_last_date({ count }) : m.repeat_every_date({ count, number });
