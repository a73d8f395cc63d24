/** A wish that repeats: looked at time by time while it is written, then booked once however often it is sent. */
import { api, must, type Schemas } from '#lib/api/client.ts';
import { asApiError, type ApiError } from '#lib/api/errors.ts';
import type { Occurrence } from './words.ts';

export type SeriesWish = Schemas['BookSeriesRequest'];

export class Repeat {
	/** Every time as it would be booked; undefined until it was looked at. */
	planned = $state.raw<Occurrence[]>();
	looking = $state(false);
	sending = $state(false);
	error = $state.raw<ApiError>();
	#turn = 0;

	async look(wish: SeriesWish): Promise<void> {
		const turn = ++this.#turn;
		this.looking = true;
		try {
			const { title: _title, note: _note, people: _people, ...body } = wish;
			const found = await must(api.POST('/api/booking-series/preview/', { body }));
			if (turn !== this.#turn) return;
			this.planned = found.occurrences;
			this.error = undefined;
		} catch (thrown) {
			if (turn !== this.#turn) return;
			this.planned = undefined;
			this.error = asApiError(thrown);
		} finally {
			if (turn === this.#turn) this.looking = false;
		}
	}

	/** How many were booked, or undefined when it was refused; `error` says why and `planned` shows it. */
	async book(wish: SeriesWish): Promise<number | undefined> {
		if (this.sending) return undefined;
		this.sending = true;
		this.error = undefined;
		try {
			const made = await must(api.POST('/api/booking-series/', { body: wish }));
			return made.bookings.length;
		} catch (thrown) {
			const error = asApiError(thrown);
			const told = error.body['occurrences'] as Occurrence[] | undefined;
			// Somebody was quicker: look again at what is free now.
			if (error.code === 'series_has_conflicts' && !told?.length) await this.look(wish);
			if (told?.length) this.planned = told;
			this.error = error;
			return undefined;
		} finally {
			this.sending = false;
		}
	}
}
