/** What two people share, as the server last told it: every act answers with the whole of it. */
import { api, must, type Schemas } from '#lib/api/client.ts';
import { asApiError, type ApiError } from '#lib/api/errors.ts';
import { isoDay, time } from '#lib/intl.ts';
import { toast } from '#lib/ui/toast.svelte.ts';

export type Together = Schemas['Together'];

export class Pair {
	readonly id: number;
	now = $state.raw<Together>();
	error = $state<ApiError>();
	busy = $state(false);

	constructor(id: number) {
		this.id = id;
	}

	/** The path of this mentorship, for calls of the API. */
	get path() {
		return { path: { id: this.id } };
	}

	get me() {
		const { now } = this;
		return now && (now.my_role === 'mentor' ? now.mentor : now.mentee);
	}

	get other() {
		const { now } = this;
		return now && (now.my_role === 'mentor' ? now.mentee : now.mentor);
	}

	/** The other one's clock, when it shows another time than here; nothing otherwise. */
	elsewhere(at: string): string | undefined {
		const zone = this.now?.zones[this.now.my_role === 'mentor' ? 'mentee' : 'mentor'];
		return zone && `${isoDay(at, zone)} ${time(at, zone)}` !== `${isoDay(at)} ${time(at)}` ? zone : undefined;
	}

	async load(): Promise<void> {
		try {
			this.now = await must(api.GET('/api/mentorships/{id}/together/', { params: this.path }));
		} catch (thrown) {
			this.error = asApiError(thrown);
		}
	}

	/** Does one thing, shows what is so afterwards and says it; the refusal, where there is one, for who shows it. */
	async act(wish: () => Promise<Together>, said = ''): Promise<ApiError | undefined> {
		if (this.busy) return undefined;
		this.busy = true;
		try {
			this.now = await wish();
			if (said) toast.say(said);
			return undefined;
		} catch (thrown) {
			return asApiError(thrown);
		} finally {
			this.busy = false;
		}
	}

	/** The same for what has no form of its own: a refusal is said in passing. */
	async tick(wish: () => Promise<Together>, said = ''): Promise<void> {
		const refused = await this.act(wish, said);
		if (refused) toast.say(refused.words);
	}
}
