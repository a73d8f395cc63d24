/** Everything of a place side by side over some days; kept fresh while it is watched. */
import { api, must } from '#lib/api/client.ts';
import { asApiError, type ApiError } from '#lib/api/errors.ts';
import { addDays } from '#lib/intl.ts';
import { live } from '#lib/live/socket.svelte.ts';
import type { Busy, Resource } from './free.ts';
import { soon } from './soon.ts';

export interface Window {
	/** Everywhere (up to 100 things) when null. */
	place: number | null;
	day: string;
	days: number;
}

export class BookableSpan {
	resources = $state.raw<Resource[]>([]);
	busy = $state.raw<Busy[]>([]);
	/** The first of the days that `busy` is about. */
	day = $state('');
	now = $state.raw(new Date());
	loading = $state(true);
	error = $state.raw<ApiError>();

	#window: Window | undefined;
	#turn = 0;

	async show(window: Window) {
		this.#window = window;
		await this.refresh();
	}

	async refresh() {
		if (!this.#window) return;
		const turn = ++this.#turn;
		const { place, day, days } = this.#window;
		// A day more on both sides: the days of places begin at different moments.
		const bounds = { from: `${addDays(day, -1)}T00:00:00Z`, until: `${addDays(day, days + 1)}T00:00:00Z` };
		this.loading = true;
		try {
			const query = { ...bounds, ...(place ? { place } : {}) };
			const calendar = await must(api.GET('/api/calendar/', { params: { query } }));
			if (turn !== this.#turn) return;
			const ids = (resources: Resource[]) => resources.map((resource) => resource.id).join();
			// The same rows stay the same object, so that nothing that watches them starts again.
			if (ids(calendar.resources) !== ids(this.resources)) this.resources = calendar.resources;
			this.busy = calendar.busy;
			this.day = day;
			this.now = new Date();
			this.error = undefined;
		} catch (error) {
			if (turn === this.#turn) this.error = asApiError(error);
		} finally {
			if (turn === this.#turn) this.loading = false;
		}
	}

	/** Refresh whenever somebody books one of these, until the returned function is called. */
	watch(): () => void {
		const again = soon(() => void this.refresh(), 300);
		const stop = live.watch(
			this.resources.map((resource) => resource.id),
			again.ask
		);
		return () => {
			again.stop();
			stop();
		};
	}
}
