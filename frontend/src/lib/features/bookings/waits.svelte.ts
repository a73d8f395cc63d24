/** What I wait for, and what I am offered; kept current while it is shown. */
import { api, must, nextCursor, type Schemas } from '#lib/api/client.ts';
import { asApiError, type ApiError } from '#lib/api/errors.ts';
import { m } from '#lib/i18n/index.ts';
import { toast } from '#lib/ui/toast.svelte.ts';
import { fresh, freshMine } from './fresh.ts';
import { when as whenThere } from './words.ts';

export type Wait = Schemas['Wait'];

export class Waits {
	all = $state.raw<Wait[]>();
	error = $state.raw<ApiError>();
	busy = $state(false);
	offers = $derived((this.all ?? []).filter((wait) => wait.may_take_up));

	/** What I wait for, with commas between. */
	watched = $derived([...new Set((this.all ?? []).map((wait) => wait.resource.id))].join());

	/** Load now, and again whenever there is something for me; returns what stops it. */
	watch(): () => void {
		void this.load();
		return freshMine(() => this.load());
	}

	/** Load again when others come, go or book what I wait for: my place in line changes. To be called anew when `watched` changes. */
	watchLine(): () => void {
		const ids = this.watched ? this.watched.split(',').map(Number) : [];
		return ids.length ? fresh(ids, () => this.load()) : () => undefined;
	}

	async load() {
		try {
			const found: Wait[] = [];
			let cursor: string | undefined;
			do {
				const query = { page_size: 100, ...(cursor ? { cursor } : {}) };
				const page = await must(api.GET('/api/waits/', { params: { query } }));
				found.push(...page.results);
				cursor = nextCursor(page.next);
			} while (cursor);
			this.all = found;
			this.error = undefined;
		} catch (thrown) {
			this.error = asApiError(thrown);
		}
	}

	async takeUp(wait: Wait): Promise<boolean> {
		return this.#act(async () => {
			const path = { path: { id: wait.id } };
			const booking = await must(api.POST('/api/waits/{id}/take-up/', { params: path }));
			const words = { resource: wait.resource.name, when: when(wait) };
			toast.say(booking.status === 'requested' ? m.waiting_asked(words) : m.waiting_taken(words));
		});
	}

	async letGo(wait: Wait): Promise<boolean> {
		return this.#act(async () => {
			await must(api.POST('/api/waits/{id}/let-go/', { params: { path: { id: wait.id } } }));
			toast.say(m.waiting_left());
		});
	}

	async #act(work: () => Promise<void>): Promise<boolean> {
		if (this.busy) return false;
		this.busy = true;
		try {
			await work();
			return true;
		} catch (thrown) {
			toast.say(asApiError(thrown).words);
			return false;
		} finally {
			this.busy = false;
			await this.load();
		}
	}
}

export const when = (wait: Wait): string => whenThere(wait.starts_at, wait.ends_at, wait.resource.place.timezone);
