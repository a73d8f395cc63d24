/**
 * Where something on the way breaks sockets: the same frames, asked for again and again. The server answers when something
 * happens, or after a while with nothing.
 */
import type { ToBrowser } from './frames.ts';

const WAIT_SECONDS = 25;
const MOST_ROOMS = 50;
const PAUSE = 3000;
/** An answer that does not come so long after it was due comes from nowhere any more. */
const SILENCE = 10_000;

const NO_NEWS = new Set<string>(['error', 'room.subscribed']);

interface Page {
	/** Room → number of the last event that the page has, the one in view last. */
	rooms: () => Map<number, number>;
	take: (frame: ToBrowser) => void;
	hearing: (isHearing: boolean) => void;
}

export class Poll {
	isHearing = false;
	readonly #page: Page;
	#isStopped = false;
	/** The request that waits now. */
	#turn = new AbortController();
	#isAskedAgain = false;

	constructor(page: Page) {
		this.#page = page;
	}

	async start() {
		while (!this.#isStopped) {
			[this.#turn, this.#isAskedAgain] = [new AbortController(), false];
			const hasAnswered = await this.#once().catch(() => false);
			if (this.#isStopped) return;
			if (this.#isAskedAgain) continue;
			this.isHearing = hasAnswered;
			this.#page.hearing(hasAnswered);
			if (!hasAnswered) await this.#pause();
		}
	}

	/** There are other rooms to hear: the request that waits knows nothing of them. */
	again() {
		this.#isAskedAgain = true;
		this.#turn.abort();
	}

	stop() {
		this.#isStopped = true;
		this.#turn.abort();
	}

	async #once(): Promise<boolean> {
		const rooms = [...this.#page.rooms()].slice(-MOST_ROOMS).map((pair) => pair.join(':'));
		// Whether there is a way at all is known at once; only then is there something to wait for.
		const query = new URLSearchParams({ rooms: rooms.join(), wait: String(this.isHearing ? WAIT_SECONDS : 0) });
		const silence = setTimeout(() => this.#turn.abort(), WAIT_SECONDS * 1000 + SILENCE);
		try {
			const answer = await fetch(`/api/live/?${query}`, { signal: this.#turn.signal });
			if (!answer.ok) return false;
			const { frames } = (await answer.json()) as { frames: ToBrowser[] };
			for (const frame of frames) this.#page.take(frame);
			// Refusals are answered at once: what is asked for next is not to be refused again without end.
			if (frames.some(({ type }) => type === 'error') && frames.every(({ type }) => NO_NEWS.has(type)))
				await this.#pause();
			return true;
		} finally {
			clearTimeout(silence);
		}
	}

	#pause(): Promise<void> {
		return new Promise((go) => {
			setTimeout(go, PAUSE);
			this.#turn.signal.addEventListener('abort', () => go(), { once: true });
		});
	}
}
