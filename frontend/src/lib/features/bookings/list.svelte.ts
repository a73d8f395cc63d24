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

	/** As many of each as are shown now, as they are now. All change at once: what moves from one to the other is never in both. */
	static async refresh(...lists: BookingList[]) {
		const size = (list: BookingList) => Math.max(30, Math.min(MOST_AT_ONCE, list.bookings.length));
		for (const put of await Promise.all(lists.map((list) => list.#read(undefined, size(list))))) put();
	}

	async more() {
		if (this.#cursor) await this.#load(this.#cursor);
	}

	async #load(cursor: string | undefined) {
		(await this.#read(cursor))();
	}

	/** Asks for a page; what it returns puts the answer on the list, unless the list was asked for anew in the meantime. */
	async #read(cursor: string | undefined, size?: number): Promise<() => void> {
		const turn = ++this.#turn;
		this.loading = true;
		const put = (change: () => void) => () => {
			if (turn !== this.#turn) return;
			change();
			this.loading = false;
		};
		try {
			const query = {
				...this.#which,
				...(this.#collective ? { collective: this.#collective } : {}),
				...(cursor ? { cursor } : {}),
				...(size ? { page_size: size } : {})
			};
			const page = await must(api.GET('/api/bookings/', { params: { query } }));
			return put(() => {
				this.bookings = cursor ? [...this.bookings, ...page.results] : page.results;
				this.#cursor = nextCursor(page.next);
				this.hasMore = this.#cursor !== undefined;
				this.error = undefined;
			});
		} catch (error) {
			return put(() => (this.error = asApiError(error)));
		}
	}
}
