/** Common time as days with the moments at which something may start, on the reader's own clock. */
import { isoDay } from '#lib/intl.ts';

interface Span {
	starts_at: string;
	ends_at: string;
}

const STEP_MS = 30 * 60_000;

/** By day, as 2026-11-24: the moments, on whole half hours, from which so many minutes fit into one of the spans. */
export function startsByDay(spans: readonly Span[], minutes: number): Map<string, string[]> {
	const days = new Map<string, string[]>();
	for (const { starts_at, ends_at } of spans) {
		const last = new Date(ends_at).getTime() - minutes * 60_000;
		for (let at = Math.ceil(new Date(starts_at).getTime() / STEP_MS) * STEP_MS; at <= last; at += STEP_MS) {
			const moment = new Date(at).toISOString();
			const day = isoDay(moment);
			days.set(day, [...(days.get(day) ?? []), moment]);
		}
	}
	return days;
}
