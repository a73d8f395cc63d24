/** The resources that were looked for and what is held of them around one day; kept fresh while it is watched. */
import { api, must, nextCursor } from '#lib/api/client.ts';
import { asApiError, type ApiError } from '#lib/api/errors.ts';
import { addDays } from '#lib/intl.ts';
import { nothing, type Resource, type Told } from './free.ts';
import { fresh } from './fresh.ts';

const MOST_AT_ONCE = 100;

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
	told = $state.raw<Told>(nothing);
	/** The day that `told` is about; the one asked for last comes as soon as its answer does. */
	day = $state('');
	/** The moment of the last answer: what is free is judged by it. */
	now = $state.raw(new Date());
	loading = $state(true);
	error = $state.raw<ApiError>();
	hasMore = $state(false);
	/** What changes the list when it is booked, with commas between: also what is not free now, where only what is free is shown. */
	watched = $state('');

	#wanted = '';
	#query: Query = {};
	/** The same without a time. */
	#things: Query = {};
	/** The query that the resources shown now answer. */
	#answered = '';
	#again = false;
	#cursor: string | undefined;
	#turn = 0;

	/** Look for other things, or at another day. */
	async show(wanted: Wanted, day: string) {
		const query = queryOf(wanted, day);
		this.#query = query;
		this.#things = thingsOf(wanted);
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
		// Where only what is free is shown, other things may match now.
		if (this.#query['free_from']) return this.#load(undefined, this.resources.length);
		const turn = ++this.#turn;
		const day = this.#wanted;
		try {
			const told = await toldAround(day, this.resources);
			if (turn === this.#turn) this.#hold(told, day);
		} catch (error) {
			if (turn === this.#turn) this.error = asApiError(error);
		}
	}

	/** Refresh whenever somebody books one of these, until the returned function is called. */
	watch(): () => void {
		return fresh(this.watched.split(',').map(Number), () => this.refresh());
	}

	async #load(cursor: string | undefined, atLeast = 0) {
		const turn = ++this.#turn;
		const day = this.#wanted;
		this.loading = true;
		try {
			const size = Math.min(MOST_AT_ONCE, atLeast);
			const query = { ...this.#query, ...(cursor ? { cursor } : {}), ...(size > 30 ? { page_size: size } : {}) };
			const [page, others] = await Promise.all([
				must(api.GET('/api/resources/', { params: { query } })),
				this.#query['free_from'] ? this.#others() : []
			]);
			const resources = cursor ? [...this.resources, ...page.results] : page.results;
			const told = await toldAround(day, resources);
			if (turn !== this.#turn) return;
			this.#answered = JSON.stringify(this.#query);
			this.resources = resources;
			this.#cursor = nextCursor(page.next);
			this.hasMore = this.#cursor !== undefined;
			this.watched = [...new Set([...resources.map((one) => one.id), ...others])].join();
			this.#hold(told, day);
		} catch (error) {
			if (turn === this.#turn) this.error = asApiError(error);
		} finally {
			if (turn === this.#turn) this.#loaded();
		}
	}

	/** What matches at other times: it comes into the list when it is given back. */
	async #others(): Promise<number[]> {
		const query = { ...this.#things, page_size: MOST_AT_ONCE };
		return (await must(api.GET('/api/resources/', { params: { query } }))).results.map((one) => one.id);
	}

	#loaded() {
		this.loading = false;
		if (this.#again) {
			this.#again = false;
			void this.refresh();
		}
	}

	#hold(told: Told, day: string) {
		this.told = told;
		this.day = day;
		this.now = new Date();
		this.error = undefined;
	}
}

/** What is held of these around the day, and when their places are closed, wherever on earth they are. */
async function toldAround(day: string, resources: Resource[]): Promise<Told> {
	const window = { from: `${addDays(day, -1)}T00:00:00Z`, until: `${addDays(day, 2)}T00:00:00Z` };
	const found: Told[] = [];
	for (let first = 0; first < resources.length; first += MOST_AT_ONCE) {
		const resource = resources.slice(first, first + MOST_AT_ONCE).map((one) => one.id);
		const calendar = await must(api.GET('/api/calendar/', { params: { query: { ...window, resource } } }));
		found.push(calendar);
	}
	// A place that has things in several answers is told of in each.
	const places = new Map(found.flatMap(({ closed }) => closed).map((row) => [`${row.place} ${row.from}`, row]));
	return {
		busy: found.flatMap(({ busy }) => busy),
		full: found.flatMap(({ full }) => full),
		closed: [...places.values()]
	};
}

function queryOf(wanted: Wanted, day: string): Query {
	const window = wanted.from && wanted.until && wanted.from < wanted.until;
	const until = wanted.until === '24:00' ? `${addDays(day, 1)}T00:00` : `${day}T${wanted.until}`;
	return { ...thingsOf(wanted), ...(window ? { free_from: `${day}T${wanted.from}`, free_until: until } : {}) };
}

/** How many of it are looked for. */
export const unitsOf = ({ more }: Wanted): number => Math.max(1, Number(more['quantity'] ?? 1) || 1);

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
