/** One thing that a page is about: as the server has it now, and what became of what was done with it. */
import { onMount } from 'svelte';
import { asApiError, type ApiError } from '#lib/api/errors.ts';
import { toast } from '#lib/ui/toast.svelte.ts';
import { live } from './socket.svelte.ts';

export class Shown<T> {
	now = $state.raw<T>();
	/** Why it cannot be shown. */
	error = $state<ApiError>();
	/** Why the last thing that was wanted of it was not done. */
	refused = $state<ApiError>();
	readonly #read: () => Promise<T> | undefined;

	/** Made while a component is: read then, anew when what `read` looks at changes, and when a notice says that something happened. */
	constructor(read: () => Promise<T> | undefined) {
		this.#read = read;
		$effect(() => void this.load());
		onMount(() => live.on('notice', () => void this.load()));
	}

	async load(): Promise<void> {
		try {
			const read = this.#read();
			if (read) this.now = await read;
		} catch (thrown) {
			this.error = asApiError(thrown);
		}
	}

	/** Do it, say so, and show what it has become; where it is refused, how it is by now. */
	readonly act = async (call: () => Promise<T>, said: string | ((fresh: T) => string)): Promise<void> => {
		this.refused = undefined;
		try {
			const fresh = await call();
			this.now = fresh;
			toast.say(typeof said === 'string' ? said : said(fresh));
		} catch (thrown) {
			this.refused = asApiError(thrown);
			await this.load();
		}
	};
}
