/** The resources that were looked for and what is held of them around one day; kept fresh while it is watched. */
import { api, must, nextCursor } from '#lib/api/client.ts';
import { asApiError, type ApiError } from '#lib/api/errors.ts';
import { addDays } from '#lib/intl.ts';
import { live } from '#lib/live/socket.svelte.ts';
import type { Busy, Resource } from './free.ts';
import { soon } from './soon.ts';

const MOST_AT_ONCE = 100;
const WAIT = 300;

type Query = Record<string, string | number | string[]>;

export interface Wanted {
	kind: Resource['kind'] | '';
	place: number | null;
	search: string;
	/** People who must fit; empty for any number. */
	seats: string;
	/** Free from … until, on each place's own clock; both empty for any time. */
	from: string;
	until: string;
	/** Whatever else is asked for, as the API is asked. */
	more: Record<string, string | string[]>;
}

export const anything = (): Wanted => ({ kind: '', place: null, search: '', seats: '', from: '', until: '', more: {} });

export class BookableDay {
	resources = $state.raw<Resource[]>([]);
	busy = $state.raw<Busy[]>([]);
	/** The day that `busy` is about; the one asked for last comes as soon as its answer does. */
	day = $state('');
	/** The moment of the last answer: what is free is judged by it. */
	now = $state.raw(new Date());
	loading = $state(true);
	error = $state.raw<ApiError>();
	hasMore = $state(false);

	#wanted = '';
	#query: Query = {};
	/** The query that the resources shown now answer. */
	#answered = '';
	#again = false;
	#cursor: string | undefined;
	#turn = 0;

	/** Look for other things, or at another day. */
	async show(wanted: Wanted, day: string) {
		const query = queryOf(wanted, day);
		this.#query = query;
		this.#wanted = day;
		if (!this.loading && !this.error && JSON.stringify(query) === this.#answered) await this.refresh();
		else await this.#load(undefined);
	}

	async more() {
		if (this.#cursor) await this.#load(this.#cursor);
	}

	async retry() {
		await this.#load(undefined);
	}

	/** Ask again what is held. */
	async refresh() {
		if (this.loading) {
			// What is on its way may be older than what changed.
			this.#again = true;
			return;
		}
		const turn = ++this.#turn;
		const day = this.#wanted;
		try {
			const busy = await heldAround(day, this.resources);
			if (turn === this.#turn) this.#hold(busy, day);
		} catch (error) {
			if (turn === this.#turn) this.error = asApiError(error);
		}
	}

	/** Refresh whenever somebody books one of these, until the returned function is called. */
	watch(): () => void {
		const again = soon(() => void this.refresh(), WAIT);
		const stop = live.watch(
			this.resources.map((resource) => resource.id),
			again.ask
		);
		return () => {
			again.stop();
			stop();
		};
	}

	async #load(cursor: string | undefined) {
		const turn = ++this.#turn;
		const day = this.#wanted;
		this.loading = true;
		try {
			const query = { ...this.#query, ...(cursor ? { cursor } : {}) };
			const page = await must(api.GET('/api/resources/', { params: { query } }));
			const resources = cursor ? [...this.resources, ...page.results] : page.results;
			const busy = await heldAround(day, resources);
			if (turn !== this.#turn) return;
			this.#answered = JSON.stringify(this.#query);
			this.resources = resources;
			this.#cursor = nextCursor(page.next);
			this.hasMore = this.#cursor !== undefined;
			this.#hold(busy, day);
		} catch (error) {
			if (turn === this.#turn) this.error = asApiError(error);
		} finally {
			if (turn === this.#turn) this.#loaded();
		}
	}

	#loaded() {
		this.loading = false;
		if (this.#again) {
			this.#again = false;
			void this.refresh();
		}
	}

	#hold(busy: Busy[], day: string) {
		this.busy = busy;
		this.day = day;
		this.now = new Date();
		this.error = undefined;
	}
}

/** What is held of these around the day, wherever on earth they are. */
async function heldAround(day: string, resources: Resource[]): Promise<Busy[]> {
	const window = { from: `${addDays(day, -1)}T00:00:00Z`, until: `${addDays(day, 2)}T00:00:00Z` };
	const found: Busy[] = [];
	for (let first = 0; first < resources.length; first += MOST_AT_ONCE) {
		const resource = resources.slice(first, first + MOST_AT_ONCE).map((one) => one.id);
		const calendar = await must(api.GET('/api/calendar/', { params: { query: { ...window, resource } } }));
		found.push(...calendar.busy);
	}
	return found;
}

function queryOf(wanted: Wanted, day: string): Query {
	const window = wanted.from && wanted.until && wanted.from < wanted.until;
	const until = wanted.until === '24:00' ? `${addDays(day, 1)}T00:00` : `${day}T${wanted.until}`;
	return { ...thingsOf(wanted), ...(window ? { free_from: `${day}T${wanted.from}`, free_until: until } : {}) };
}

/** What is looked for, whenever it is free. */
export function thingsOf(wanted: Wanted): Query {
	return {
		...wanted.more,
		...(wanted.kind ? { kind: wanted.kind } : {}),
		...(wanted.place ? { place: wanted.place } : {}),
		...(wanted.search.trim() ? { search: wanted.search.trim() } : {}),
		...(Number(wanted.seats) > 0 ? { seats_min: Number(wanted.seats) } : {})
	};
}
