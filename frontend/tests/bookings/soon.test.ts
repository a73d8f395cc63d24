import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { atOnce } from '#lib/features/bookings/soon.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('what changes is read at once, and a room in which something happens all the time is read all the time', async () => {
	const read = vi.fn(() => Promise.resolve());
	const again = atOnce(read, 80);
	again.ask();
	expect(read).toHaveBeenCalledTimes(1);
	// Every 50 ms for two seconds.
	for (let number = 0; number < 40; number++) {
		await vi.advanceTimersByTimeAsync(50);
		again.ask();
	}
	expect(read.mock.calls.length).toBeGreaterThan(15);
	expect(read.mock.calls.length).toBeLessThan(30);
});

test('nothing is read twice at the same time, and nothing any more once it is over', async () => {
	let arrive = () => {};
	const read = vi.fn(() => new Promise<void>((done) => (arrive = done)));
	const again = atOnce(read, 80);
	again.ask();
	again.ask();
	await vi.advanceTimersByTimeAsync(500);
	expect(read).toHaveBeenCalledTimes(1);
	arrive();
	await vi.advanceTimersByTimeAsync(1);
	expect(read).toHaveBeenCalledTimes(2);
	again.ask();
	again.stop();
	arrive();
	await vi.advanceTimersByTimeAsync(500);
	expect(read).toHaveBeenCalledTimes(2);
});
