/** A list of bookings that grows by "Show more" and is read again when something changed. */
import { api, must, nextCursor, type Schemas } from '#lib/api/client.ts';
import { asApiError, type ApiError } from '#lib/api/errors.ts';

type Booking = Schemas['Booking'];
const MOST_AT_ONCE = 100;

export class BookingList {
	bookings = $state.raw<Booking[]>([]);
	loading = $state(true);
	error = $state.raw<ApiError>();
	hasMore = $state(false);

	#which: { upcoming: true } | { past: true };
	#collective: number | null = null;
	#cursor: string | undefined;
	#turn = 0;

	constructor(which: { upcoming: true } | { past: true }) {
		this.#which = which;
	}

	/** Mine, or those of a collective. */
	async show(collective: number | null) {
		this.#collective = collective;
		this.bookings = [];
		await this.#load(undefined);
	}

	/** As many as are shown now, as they are now. */
	async refresh() {
		await this.#load(undefined, Math.max(30, Math.min(MOST_AT_ONCE, this.bookings.length)));
	}

	async more() {
		if (this.#cursor) await this.#load(this.#cursor);
	}

	async #load(cursor: string | undefined, size?: number) {
		const turn = ++this.#turn;
		this.loading = true;
		try {
			const query = {
				...this.#which,
				...(this.#collective ? { collective: this.#collective } : {}),
				...(cursor ? { cursor } : {}),
				...(size ? { page_size: size } : {})
			};
			const page = await must(api.GET('/api/bookings/', { params: { query } }));
			if (turn !== this.#turn) return;
			this.bookings = cursor ? [...this.bookings, ...page.results] : page.results;
			this.#cursor = nextCursor(page.next);
			this.hasMore = this.#cursor !== undefined;
			this.error = undefined;
		} catch (error) {
			if (turn === this.#turn) this.error = asApiError(error);
		} finally {
			if (turn === this.#turn) this.loading = false;
		}
	}
}
