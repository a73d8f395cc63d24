/** Everything of a place side by side over some days; kept fresh while it is watched. */
import { api, must } from '#lib/api/client.ts';
import { asApiError, type ApiError } from '#lib/api/errors.ts';
import { addDays } from '#lib/intl.ts';
import { nothing, type Resource, type Told } from './free.ts';
import { fresh } from './fresh.ts';

export interface Window {
	/** Everywhere (up to 100 things) when null. */
	place: number | null;
	kind: Resource['kind'] | '';
	day: string;
	days: number;
}

export class BookableSpan {
	resources = $state.raw<Resource[]>([]);
	told = $state.raw<Told>(nothing);
	/** The first of the days that `told` is about. */
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
		const { place, kind, day, days } = this.#window;
		// A day more on both sides: the days of places begin at different moments.
		const bounds = { from: `${addDays(day, -1)}T00:00:00Z`, until: `${addDays(day, days + 1)}T00:00:00Z` };
		this.loading = true;
		try {
			const query = { ...bounds, ...(place ? { place } : {}), ...(kind ? { kind } : {}) };
			const calendar = await must(api.GET('/api/calendar/', { params: { query } }));
			if (turn !== this.#turn) return;
			const said = (resources: Resource[]) => JSON.stringify(resources);
			// The same rows stay the same object, so that nothing that watches them starts again.
			if (said(calendar.resources) !== said(this.resources)) this.resources = calendar.resources;
			this.told = calendar;
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
		return fresh(
			this.resources.map((resource) => resource.id),
			() => this.refresh()
		);
	}
}
