/** Does something once, a little after the last time it was asked for. */
export function soon(act: () => void, wait: number): { ask: () => void; stop: () => void } {
	let timer: ReturnType<typeof setTimeout> | undefined;
	return {
		ask() {
			clearTimeout(timer);
			timer = setTimeout(act, wait);
		},
		stop: () => clearTimeout(timer)
	};
}

/**
 * Does something at once, and once more a moment after the first time when it was asked for again meanwhile. It is never done twice at
 * the same time, and never put off: a room in which something happens all the time is read again all the time.
 */
export function atOnce(act: () => Promise<unknown>, wait = 80): { ask: () => void; stop: () => void } {
	let timer: ReturnType<typeof setTimeout> | undefined;
	let isBusy = false;
	let isAsked = false;
	let isOver = false;

	async function run() {
		isBusy = true;
		isAsked = false;
		const pause = new Promise<void>((done) => (timer = setTimeout(done, wait)));
		await Promise.allSettled([act(), pause]);
		isBusy = false;
		if (isAsked && !isOver) void run();
	}
	return {
		ask() {
			if (isBusy) isAsked = true;
			else if (!isOver) void run();
		},
		stop() {
			isOver = true;
			clearTimeout(timer);
		}
	};
}
