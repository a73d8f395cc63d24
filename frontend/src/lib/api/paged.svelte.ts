/** A list that comes in pages: the first on `load`, the next on `more`. */
import { nextCursor } from './client.ts';
import { asApiError, type ApiError } from './errors.ts';

interface Page<T> {
	results: T[];
	next?: string | null;
	count?: number;
}

export class Paged<T> {
	items = $state.raw<T[]>([]);
	count = $state<number>();
	busy = $state(false);
	loaded = $state(false);
	error = $state<ApiError>();
	#cursor: string | undefined = undefined;
	#turn = 0;
	#fetch: (cursor: string | undefined) => Promise<Page<T>>;
	hasMore = $state(false);

	/** Whether the first page has been asked for yet. */
	get asked(): boolean {
		return this.#turn > 0;
	}

	constructor(fetch: (cursor: string | undefined) => Promise<Page<T>>) {
		this.#fetch = fetch;
	}

	/** Start again from the first page; an answer that comes after a newer question is dropped. */
	async load() {
		await this.#page(undefined, () => []);
	}

	/** As far as it is shown now, as it is now; what is shown stays until the answer is there. */
	async again() {
		const shown = this.items.length;
		await this.load();
		while (this.items.length < shown && this.hasMore) await this.more();
	}

	async more() {
		if (this.hasMore && !this.busy) await this.#page(this.#cursor, () => this.items);
	}

	async #page(cursor: string | undefined, before: () => T[]) {
		const turn = ++this.#turn;
		this.busy = true;
		this.error = undefined;
		try {
			const page = await this.#fetch(cursor);
			if (turn !== this.#turn) return;
			this.items = [...before(), ...page.results];
			this.#cursor = nextCursor(page.next);
			this.hasMore = this.#cursor !== undefined;
			this.count = page.count;
			this.loaded = true;
		} catch (thrown) {
			if (turn === this.#turn) this.error = asApiError(thrown);
		} finally {
			if (turn === this.#turn) this.busy = false;
		}
	}
}
