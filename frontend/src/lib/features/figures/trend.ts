/** What a chart of the host's figures shows, and how high it reaches. */
import type { Schemas } from '#lib/api/client.ts';
import { region } from '#lib/intl.ts';

export const MEASURES = ['used', 'booked_hours', 'bookings', 'nobody_came', 'cancelled_late'] as const;
export type Measure = (typeof MEASURES)[number];

/** Nothing is used of what was never open. */
export const ofMeasure = (row: Schemas['Usage'], measure: Measure): number => row[measure] ?? 0;

/** The number at the upper end of the axis: a round one that nothing exceeds. A share reaches the whole at least. */
export function scale(values: number[], measure: Measure): number {
	const most = Math.max(0, ...values);
	if (measure === 'used' && most <= 1) return 1;
	if (most <= 2) return 2;
	const unit = 10 ** Math.floor(Math.log10(most));
	return [1, 2, 4, 6, 10].map((times) => times * unit).find((end) => end >= most) ?? most;
}

/** A share in whole hundredths, as it is written here: 2%, 2 %. */
export const percent = (share: number): string =>
	new Intl.NumberFormat(region(), { style: 'percent', maximumFractionDigits: 0 }).format(share);
