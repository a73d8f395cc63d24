/** Reads a proposal, a consultation, or a list of them, again when somebody changes one, and after a lost connection. */
import { atOnce } from '#lib/features/bookings/soon.ts';
import { live } from '#lib/live/socket.svelte.ts';

export function freshDecisions(read: () => Promise<unknown>): () => void {
	const again = atOnce(read);
	const kinds = ['decisions.changed', 'consultations.changed', 'notice'] as const;
	const stops = kinds.map((kind) => live.on(kind, again.ask));
	return () => {
		again.stop();
		for (const stop of stops) stop();
	};
}
