/** Work done piece by piece between frames, in order, so that a slow phone answers its reader in between. */
import { flushSync } from 'svelte';

const BUDGET_MS = 3;
const waiting = new Set<() => void>();
// Not a timer: those are slowed down after a few, and almost stopped where the page is not in view.
const { port1: turn, port2: bell } = new MessageChannel();

turn.onmessage = () => {
	const until = performance.now() + BUDGET_MS;
	for (const work of waiting) {
		waiting.delete(work);
		flushSync(work);
		if (performance.now() > until) break;
	}
	if (waiting.size) bell.postMessage(0);
};

/** Does this in its turn; the function returned takes it back. */
export function later(work: () => void): () => void {
	if (!waiting.size) bell.postMessage(0);
	waiting.add(work);
	return () => waiting.delete(work);
}
