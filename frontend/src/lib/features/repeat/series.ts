/** The series of a booking: asked for once for all its cards, and anew after a change. */
import { api, must, type Schemas } from '#lib/api/client.ts';
import { m } from '#lib/i18n/index.ts';
import { ruleWords } from './rule.ts';

type Series = Schemas['Series'];
const known = new Map<number, Promise<Series>>();

function seriesOf(id: number): Promise<Series> {
	let found = known.get(id);
	if (!found) {
		found = must(api.GET('/api/booking-series/{id}/', { params: { path: { id } } }));
		found.catch(() => known.delete(id));
		known.set(id, found);
	}
	return found;
}

/** "Every week on Tuesday · 3 of 12". */
export async function placeIn(booking: Schemas['Booking']): Promise<string> {
	if (!booking.series) return '';
	const series = await seriesOf(booking.series);
	const rule = ruleWords(series.rule, series.starts_wall.slice(0, 10));
	const number = series.bookings.findIndex((one) => one.id === booking.id) + 1;
	return number ? m.repeat_place_in({ rule, number, all: series.bookings.length }) : rule;
}

/** Something of a series was changed: whatever was known is old. */
export const forget = (): void => known.clear();
