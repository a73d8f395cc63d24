import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Live } from '#lib/live/socket.svelte.ts';

class FakeSocket {
	static OPEN = 1;
	static CLOSING = 2;
	static all: FakeSocket[] = [];
	readyState = 1;
	sent: unknown[] = [];
	onmessage?: (message: { data: string }) => void;
	onclose?: (event: { code: number }) => void;
	constructor() {
		FakeSocket.all.push(this);
	}
	send(text: string) {
		this.sent.push(JSON.parse(text));
	}
	close(code = 1000) {
		this.readyState = 3;
		this.onclose?.({ code });
	}
	says(frame: unknown) {
		this.onmessage?.({ data: JSON.stringify(frame) });
	}
}
const newest = () => FakeSocket.all.at(-1)!;
const ready = { type: 'ready', member: 1, heartbeat_seconds: 25 };

beforeEach(() => {
	vi.useFakeTimers();
	vi.stubGlobal('WebSocket', FakeSocket);
	FakeSocket.all = [];
});
afterEach(() => {
	vi.useRealTimers();
	vi.unstubAllGlobals();
});

test('a room is entered again from the last number seen after the connection was lost', () => {
	const live = new Live();
	live.open();
	let seen = 3;
	live.enter(12, () => seen);
	newest().says(ready);
	expect(newest().sent.at(-1)).toEqual({ type: 'subscribe', rooms: { '12': 3 } });
	seen = 9;
	newest().close(1006);
	expect(live.connected).toBe(false);
	vi.advanceTimersByTime(2000);
	expect(FakeSocket.all).toHaveLength(2);
	newest().says(ready);
	expect(newest().sent).toEqual([{ type: 'subscribe', rooms: { '12': 9 } }]);
});

test('a head beyond what the page has is asked for', () => {
	const live = new Live();
	live.open();
	live.enter(12, () => 3);
	newest().says(ready);
	const before = newest().sent.length;
	newest().says({ type: 'pong', heads: { '12': 3 }, unread_notices: 0 });
	expect(newest().sent).toHaveLength(before);
	newest().says({ type: 'pong', heads: { '12': 5 }, unread_notices: 0 });
	expect(newest().sent.at(-1)).toEqual({ type: 'subscribe', rooms: { '12': 3 } });
});

test('a room stays subscribed as long as somebody on the page listens', async () => {
	const live = new Live();
	live.open();
	newest().says(ready);
	const one = live.enter(12, () => 1);
	const other = live.enter(12, () => 2);
	await Promise.resolve();
	expect(newest().sent.at(-1)).toEqual({ type: 'subscribe', rooms: { '12': 2 } });
	other();
	expect(newest().sent).toHaveLength(1);
	one();
	expect(newest().sent.at(-1)).toEqual({ type: 'unsubscribe', rooms: [12] });
});

test('rooms that are entered together are asked for in one frame, without those that were left again', async () => {
	const live = new Live();
	live.open();
	newest().says(ready);
	live.enter(12, () => 1);
	live.enter(15, () => 7);
	live.enter(16, () => 0)();
	await Promise.resolve();
	expect(newest().sent).toEqual([
		{ type: 'unsubscribe', rooms: [16] },
		{ type: 'subscribe', rooms: { '12': 1, '15': 7 } }
	]);
});

test('who looks at a room and who writes is said of rooms that are heard', () => {
	const live = new Live();
	live.open();
	newest().says(ready);
	expect(live.send({ type: 'look', room: 12 })).toBe(false);
	newest().says({ type: 'room.subscribed', room: 12, head: 0 });
	expect(live.send({ type: 'look', room: 12 })).toBe(true);
	newest().close(1006);
	vi.advanceTimersByTime(2000);
	newest().says(ready);
	expect(live.send({ type: 'typing', room: 12 })).toBe(false);
});

test('signed out means: no more attempts, and the page is told', () => {
	const live = new Live();
	live.onsignedout = vi.fn();
	live.open();
	newest().close(4401);
	vi.advanceTimersByTime(120_000);
	expect(FakeSocket.all).toHaveLength(1);
	expect(live.onsignedout).toHaveBeenCalledOnce();
});

test('a line that answers no ping is left for a new one', () => {
	const live = new Live();
	live.open();
	newest().says(ready);
	vi.advanceTimersByTime(25_000);
	expect(newest().sent.at(-1)).toEqual({ type: 'ping' });
	newest().says({ type: 'pong', heads: {}, unread_notices: 0 });
	vi.advanceTimersByTime(24_000);
	expect(live.connected).toBe(true);
	vi.advanceTimersByTime(1000 + 5000);
	expect(live.connected).toBe(false);
	vi.advanceTimersByTime(1000);
	expect(FakeSocket.all).toHaveLength(2);
});

test('without a network no line is called one, and with it a new one is opened at once', () => {
	const live = new Live();
	live.open();
	const line = newest();
	line.says(ready);
	dispatchEvent(new Event('offline'));
	expect([live.connected, line.readyState]).toEqual([false, 3]);
	// The windows of the other stories hear it, too: ours is the one that becomes connected.
	dispatchEvent(new Event('online'));
	for (const socket of FakeSocket.all.slice(1)) socket.says(ready);
	expect(live.connected).toBe(true);
	live.close();
});

test('a page that is looked at again asks at once whether its line is alive', () => {
	const live = new Live();
	live.open();
	newest().says(ready);
	document.dispatchEvent(new Event('visibilitychange'));
	expect(newest().sent.at(-1)).toEqual({ type: 'ping' });
});

test('who spoke nonsense does not come back, who spoke too much comes back after a minute', () => {
	const live = new Live();
	live.open();
	newest().says(ready);
	newest().close(4429);
	vi.advanceTimersByTime(59_000);
	expect(FakeSocket.all).toHaveLength(1);
	vi.advanceTimersByTime(20_000);
	expect(FakeSocket.all).toHaveLength(2);
	newest().close(4400);
	vi.advanceTimersByTime(600_000);
	expect(FakeSocket.all).toHaveLength(2);
});

test('where sockets break, the page asks instead, from the last number seen, until one opens', async () => {
	const asked: string[] = [];
	const frame = { type: 'room.events', room: 12, events: [] };
	vi.stubGlobal('fetch', (address: string, { signal }: RequestInit) => {
		asked.push(address);
		if (asked.length === 1) return Promise.resolve(Response.json({ frames: [frame] }));
		return new Promise((_go, stop) => signal?.addEventListener('abort', () => stop(new Error('stopped'))));
	});
	const live = new Live();
	const [heard, back] = [vi.fn(), vi.fn()];
	live.on('room.events', heard);
	live.onBack(back);
	live.open();
	live.enter(12, () => 3);
	await breakSockets();
	await vi.waitFor(() => expect(asked).toHaveLength(2));
	// Whether there is a way at all is known at once.
	expect(asked).toEqual(['/api/live/?rooms=12%3A3&wait=0', '/api/live/?rooms=12%3A3&wait=25']);
	expect(heard).toHaveBeenCalledWith(frame);
	expect(live.connected).toBe(true);
	expect(back).toHaveBeenCalledTimes(1);
	// Another room is not heard by the request that waits already.
	live.enter(15, () => 0);
	await vi.advanceTimersByTimeAsync(0);
	expect(asked[2]).toBe('/api/live/?rooms=12%3A3%2C15%3A0&wait=25');
	expect(live.connected).toBe(true);
	await vi.advanceTimersByTimeAsync(4000);
	newest().says(ready);
	await vi.advanceTimersByTimeAsync(60_000);
	expect(asked).toHaveLength(3);
	expect(back).toHaveBeenCalledTimes(2);
	live.close();
});

test('who asks and is answered with refusals alone, or not at all, does not ask without a pause', async () => {
	const asked: string[] = [];
	vi.stubGlobal('fetch', (address: string, { signal }: RequestInit) => {
		asked.push(address);
		if (asked.length === 1) {
			const frames = [
				{ type: 'room.subscribed', room: 15, head: 0 },
				{ type: 'error', code: 'not_found', detail: '', room: 12 }
			];
			return Promise.resolve(Response.json({ frames }));
		}
		return new Promise((_go, stop) => signal?.addEventListener('abort', () => stop(new Error('stopped'))));
	});
	const live = new Live();
	live.open();
	live.enter(12, () => 3);
	live.enter(15, () => 0);
	await breakSockets();
	await vi.waitFor(() => expect(asked).toHaveLength(1));
	await vi.advanceTimersByTimeAsync(2500);
	expect(asked).toHaveLength(1);
	await vi.advanceTimersByTimeAsync(1000);
	// What was refused is not asked for again.
	expect(asked).toEqual(['/api/live/?rooms=12%3A3%2C15%3A0&wait=0', '/api/live/?rooms=15%3A0&wait=25']);
	expect(live.connected).toBe(true);
	// A line that is dead never answers.
	await vi.advanceTimersByTimeAsync(36_000);
	expect(live.connected).toBe(false);
	live.close();
});

/** Three handshakes that come to nothing. */
async function breakSockets() {
	for (let times = 0; times < 3; times++) {
		newest().close(1006);
		await vi.advanceTimersByTimeAsync(times < 2 ? 4000 : 0);
	}
}
