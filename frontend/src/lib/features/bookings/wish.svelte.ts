/** One attempt to book or to change a booking: sent once however often it is tried, and what came of it. */
import { api, must, type Schemas } from '#lib/api/client.ts';
import { asApiError, type ApiError } from '#lib/api/errors.ts';
import { changeOf, wishOf, type Draft } from './draft.ts';
import type { Resource } from './free.ts';

type Booking = Schemas['Booking'];

export class Wish {
	sending = $state(false);
	error = $state.raw<ApiError>();

	/** The saved booking, or undefined when it was refused; `error` says why. */
	async send(draft: Draft, resource: Resource, booking?: Booking): Promise<Booking | undefined> {
		if (this.sending) return undefined;
		this.sending = true;
		this.error = undefined;
		try {
			return booking ? await this.#change(draft, booking) : await this.#book(draft, resource);
		} catch (thrown) {
			this.error = asApiError(thrown);
			return undefined;
		} finally {
			this.sending = false;
		}
	}

	#book(draft: Draft, resource: Resource): Promise<Booking> {
		return must(api.POST('/api/bookings/', { body: wishOf(draft, resource) }));
	}

	#change(draft: Draft, booking: Booking): Promise<Booking> {
		const params = { path: { id: booking.id } };
		return must(api.PATCH('/api/bookings/{id}/', { params, body: changeOf(draft, booking) }));
	}
}
