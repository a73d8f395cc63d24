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

test('a room stays subscribed as long as somebody on the page listens', () => {
	const live = new Live();
	live.open();
	newest().says(ready);
	const one = live.enter(12, () => 1);
	const other = live.enter(12, () => 2);
	other();
	expect(newest().sent.at(-1)).toEqual({ type: 'subscribe', rooms: { '12': 2 } });
	one();
	expect(newest().sent.at(-1)).toEqual({ type: 'unsubscribe', rooms: [12] });
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
