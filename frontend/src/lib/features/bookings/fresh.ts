/** Reads again what is shown, as soon as somebody changes it. */
import { live } from '#lib/live/socket.svelte.ts';
import { atOnce } from './soon.ts';

/** Whenever bookings of one of these resources change, until the returned function is called. */
export function fresh(resources: number[], read: () => Promise<unknown>): () => void {
	const again = atOnce(read);
	const stop = live.watch(resources, again.ask);
	return () => {
		again.stop();
		stop();
	};
}

/** Whenever bookings change that concern me, or of what I look after, and after a lost connection. */
export function freshMine(read: () => Promise<unknown>): () => void {
	const again = atOnce(read);
	let isFirst = !live.connected;
	const stops = [
		live.on('bookings.changed', again.ask),
		live.onBack(() => {
			if (!isFirst) again.ask();
			isFirst = false;
		})
	];
	return () => {
		again.stop();
		for (const stop of stops) stop();
	};
}
