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
