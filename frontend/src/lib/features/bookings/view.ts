/** How much the timeline shows at once. */
import { addDays } from '#lib/intl.ts';

export type View = 'day' | 'week' | 'month';

/** The first of the days that are shown together with this one. */
export function firstOf(day: string, view: View): string {
	if (view === 'day') return day;
	if (view === 'month') return `${day.slice(0, 8)}01`;
	const weekday = new Date(`${day}T12:00:00Z`).getUTCDay();
	return addDays(day, -((weekday + 6) % 7));
}

export function daysOf(first: string, view: View): number {
	if (view !== 'month') return view === 'day' ? 1 : 7;
	return (Date.parse(stepped(first, 'month', 1)) - Date.parse(first)) / 86_400_000;
}

/** The first day of what comes after, or before. */
export function stepped(first: string, view: View, by: 1 | -1): string {
	if (view !== 'month') return addDays(first, by * (view === 'day' ? 1 : 7));
	return by === 1 ? firstOf(addDays(first, 31), 'month') : firstOf(addDays(first, -1), 'month');
}
