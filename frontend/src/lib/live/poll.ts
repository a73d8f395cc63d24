/**
 * Where something on the way breaks sockets: the same frames, asked for again and again. The server answers when something
 * happens, or after a while with nothing.
 */
import type { ToBrowser } from './frames.ts';

const WAIT_SECONDS = 25;
const MOST_ROOMS = 50;
const PAUSE = 3000;

interface Page {
	/** Room → number of the last event that the page has, the one in view last. */
	rooms: () => Map<number, number>;
	take: (frame: ToBrowser) => void;
	hearing: (isHearing: boolean) => void;
}

export class Poll {
	isHearing = false;
	readonly #page: Page;
	readonly #stop = new AbortController();

	constructor(page: Page) {
		this.#page = page;
	}

	async start() {
		while (!this.#stop.signal.aborted) {
			const hasAnswered = await this.#once().catch(() => false);
			if (this.#stop.signal.aborted) return;
			this.isHearing = hasAnswered;
			this.#page.hearing(hasAnswered);
			if (!hasAnswered) await this.#pause();
		}
	}

	stop() {
		this.#stop.abort();
	}

	async #once(): Promise<boolean> {
		const rooms = [...this.#page.rooms()].slice(-MOST_ROOMS).map((pair) => pair.join(':'));
		const query = new URLSearchParams({ rooms: rooms.join(), wait: String(WAIT_SECONDS) });
		const answer = await fetch(`/api/live/?${query}`, { signal: this.#stop.signal });
		if (!answer.ok) return false;
		const { frames } = (await answer.json()) as { frames: ToBrowser[] };
		for (const frame of frames) this.#page.take(frame);
		return true;
	}

	#pause(): Promise<void> {
		return new Promise((go) => {
			setTimeout(go, PAUSE);
			this.#stop.signal.addEventListener('abort', () => go(), { once: true });
		});
	}
}
