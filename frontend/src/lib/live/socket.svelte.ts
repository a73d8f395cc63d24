/**
 * One socket per browser window: it reconnects by itself and resumes where it was.
 *
 * Rooms are entered with the number of the last event that the page has; after a lost connection the server sends what
 * followed. A heartbeat compares numbers, so that anything lost on the way is noticed and asked for again.
 */
import type { FrameOf, FromBrowser, ToBrowser } from './frames.ts';
import type { Poll } from './poll.ts';

type Handler<T extends ToBrowser['type']> = (frame: FrameOf<T>) => void;
const SIGNED_OUT = 4401;
/** We spoke nonsense: a newer page may do better, this one would not. */
const NONSENSE = 4400;
const TOO_MUCH = 4429;
const LONGEST_WAIT = 30_000;
const AFTER_TOO_MUCH = 60_000;
/** A line on which nothing is heard so long after a ping is dead, whatever the browser thinks of it. */
const SILENCE = 5000;
/** So many handshakes that come to nothing mean that something on the way breaks sockets. */
const BROKEN = 3;

export class Live {
	/** Whether what happens is heard now, by the socket or by asking. */
	connected = $state(false);
	/** Called when the server says that nobody is signed in here any more. */
	onsignedout: () => void = () => {};

	#socket: WebSocket | undefined;
	#wanted = false;
	#tries = 0;
	#retry: ReturnType<typeof setTimeout> | undefined;
	#beat: ReturnType<typeof setInterval> | undefined;
	#silence: ReturnType<typeof setTimeout> | undefined;
	#poll: Poll | undefined;
	#handlers = new Map<string, Set<(frame: ToBrowser) => void>>();
	/** Called whenever what happens is heard again. */
	#back = new Set<() => void>();
	/** Room → who listens to it here, each with the number of the last event they have; the newest listener decides. */
	#rooms = new Map<number, (() => number)[]>();
	/** Rooms that are heard by this socket. */
	#heard = new Set<number>();
	/** Rooms that were entered in this round of the browser, to be asked for together. */
	#entered = new Set<number>();
	/** Resource → how many views watch it. */
	#watched = new Map<number, number>();

	open() {
		if (this.#wanted) return;
		this.#wanted = true;
		this.#tries = 0;
		addEventListener('online', this.#hurry);
		addEventListener('offline', this.#cut);
		document.addEventListener('visibilitychange', this.#hurry);
		this.#connect();
	}

	close() {
		this.#wanted = false;
		clearTimeout(this.#retry);
		removeEventListener('online', this.#hurry);
		removeEventListener('offline', this.#cut);
		document.removeEventListener('visibilitychange', this.#hurry);
		this.#socket?.close();
		this.#stopAsking();
	}

	/** Call `handler` for each frame of this type; returns how to stop. */
	on<T extends ToBrowser['type']>(type: T, handler: Handler<T>): () => void {
		const handlers = this.#handlers.get(type) ?? new Set();
		this.#handlers.set(type, handlers.add(handler as (frame: ToBrowser) => void));
		return () => handlers.delete(handler as (frame: ToBrowser) => void);
	}

	/** Call back whenever what happens is heard again, by the socket or by asking; returns how to stop. */
	onBack(handler: () => void): () => void {
		this.#back.add(handler);
		return () => this.#back.delete(handler);
	}

	/** Send now; false when there is no connection, or when it is about being in a room that is not heard yet. */
	send(frame: FromBrowser): boolean {
		if (this.#socket?.readyState !== WebSocket.OPEN) return false;
		if ((frame.type === 'look' || frame.type === 'typing') && frame.room && !this.#heard.has(frame.room)) return false;
		this.#socket.send(JSON.stringify(frame));
		return true;
	}

	/** Listen to a room from the number that `seen` gives, now and after each reconnection; returns how to stop. */
	enter(room: number, seen: () => number): () => void {
		const listeners = [...(this.#rooms.get(room) ?? []), seen];
		// Whoever comes last comes last in the list, too: where not all can be asked for, it is among those that are.
		this.#rooms.delete(room);
		this.#rooms.set(room, listeners);
		if (!this.#entered.size) queueMicrotask(() => this.#askFor([...this.#entered]));
		this.#entered.add(room);
		return () => {
			const others = (this.#rooms.get(room) ?? []).filter((other) => other !== seen);
			if (others.length) this.#rooms.set(room, others);
			else if (this.#rooms.delete(room)) this.send({ type: 'unsubscribe', rooms: [room] });
		};
	}

	/** Hear these rooms, those of them that somebody listens to, each from where the page is. */
	#askFor(rooms: Iterable<number>) {
		this.#entered.clear();
		const listened = [...rooms].filter((room) => this.#rooms.has(room));
		if (!listened.length) return;
		const from = Object.fromEntries(listened.map((room) => [String(room), this.#seen(room)]));
		if (!this.send({ type: 'subscribe', rooms: from })) this.#poll?.again();
	}

	/** Call back when bookings of one of these resources change, and after a lost connection; returns how to stop. */
	watch(resources: number[], changed: (resources: number[]) => void): () => void {
		const mine = new Set(resources);
		const fresh = resources.filter((resource) => !this.#watched.get(resource));
		for (const resource of resources) this.#watched.set(resource, (this.#watched.get(resource) ?? 0) + 1);
		if (fresh.length) this.send({ type: 'watch', resources: fresh });
		const offChange = this.on('calendar.changed', (frame) => {
			const ours = frame.resources.filter((resource) => mine.has(resource));
			if (ours.length) changed(ours);
		});
		let first = !this.connected;
		const offBack = this.onBack(() => {
			if (!first) changed(resources);
			first = false;
		});
		return () => {
			offChange();
			offBack();
			const gone = resources.filter((resource) => (this.#watched.get(resource) ?? 0) <= 1);
			for (const resource of resources) this.#watched.set(resource, (this.#watched.get(resource) ?? 1) - 1);
			for (const resource of gone) this.#watched.delete(resource);
			if (gone.length) this.send({ type: 'unwatch', resources: gone });
		};
	}

	/** The page is looked at again, or there is a network again: a phone that slept may hold a line that is long dead. */
	#hurry = () => {
		if (document.visibilityState === 'hidden' || !this.#wanted) return;
		if (this.#socket?.readyState === WebSocket.OPEN) return this.#ping();
		clearTimeout(this.#retry);
		this.#tries = 0;
		this.#connect();
	};

	/** There is no network: what still looks like a line is none, and is not to be called one. */
	#cut = () => {
		this.#poll?.again();
		this.#drop();
	};

	#ping() {
		if (!this.send({ type: 'ping' })) return;
		clearTimeout(this.#silence);
		this.#silence = setTimeout(() => this.#drop(), SILENCE);
	}

	/** Leave a line that says nothing any more; it may not even notice that it is closed. */
	#drop() {
		const socket = this.#socket;
		if (!socket) return;
		socket.onmessage = socket.onclose = null;
		socket.close();
		this.#socket = undefined;
		this.#lost(0);
	}

	#connect() {
		if (this.#socket && this.#socket.readyState < WebSocket.CLOSING) return;
		const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
		const socket = new WebSocket(`${scheme}://${location.host}/ws/`);
		this.#socket = socket;
		socket.onmessage = (message: MessageEvent<string>) => this.#take(JSON.parse(message.data) as ToBrowser);
		socket.onclose = (event) => this.#lost(event.code);
	}

	#take(frame: ToBrowser) {
		clearTimeout(this.#silence);
		if (frame.type === 'ready') this.#ready(frame.heartbeat_seconds);
		if (frame.type === 'pong') this.#compare(frame.heads);
		if (frame.type === 'room.subscribed') this.#heard.add(frame.room);
		// Nothing is to be asked for without end that is not for me any more.
		const isOver = frame.type === 'room.revoked' || (frame.type === 'error' && frame.code === 'not_found');
		if (isOver && frame.room) this.#rooms.delete(frame.room);
		for (const handler of [...(this.#handlers.get(frame.type) ?? [])]) handler(frame);
	}

	#ready(heartbeat: number) {
		this.#stopAsking();
		this.#heard.clear();
		this.connected = true;
		this.#tries = 0;
		this.#askFor(this.#rooms.keys());
		if (this.#watched.size) this.send({ type: 'watch', resources: [...this.#watched.keys()] });
		clearInterval(this.#beat);
		this.#beat = setInterval(() => this.#ping(), heartbeat * 1000);
		for (const handler of [...this.#back]) handler();
	}

	/** A head beyond what the page has means that something got lost on the way: ask for it. */
	#compare(heads: Record<string, number>) {
		this.#askFor([...this.#rooms.keys()].filter((room) => (heads[String(room)] ?? 0) > this.#seen(room)));
	}

	#seen(room: number): number {
		return this.#rooms.get(room)?.at(-1)?.() ?? 0;
	}

	#lost(code: number) {
		this.connected = Boolean(this.#poll?.isHearing);
		this.#heard.clear();
		clearInterval(this.#beat);
		clearTimeout(this.#silence);
		if (!this.#wanted) return;
		if (code === SIGNED_OUT || code === NONSENSE) {
			this.close();
			if (code === SIGNED_OUT) this.onsignedout();
			return;
		}
		// Without any network the way to ask cannot be fetched either: the next try does it.
		if (++this.#tries >= BROKEN) void this.#ask().catch(() => undefined);
		const least = code === TOO_MUCH ? AFTER_TOO_MUCH : Math.min(LONGEST_WAIT, 500 * 2 ** (this.#tries - 1));
		this.#retry = setTimeout(
			() => this.#connect(),
			least * (code === TOO_MUCH ? 1 + Math.random() / 4 : 0.75 + Math.random() / 2)
		);
	}

	/** Ask again and again instead, until a socket opens after all. */
	async #ask() {
		if (this.#poll) return;
		const { Poll } = await import('./poll.ts');
		if (this.#poll || !this.#wanted || this.#socket?.readyState === WebSocket.OPEN) return;
		this.#poll = new Poll({
			rooms: () => new Map([...this.#rooms.keys()].map((room) => [room, this.#seen(room)])),
			take: (frame) => this.#take(frame),
			hearing: (is) => this.#hears(is)
		});
		void this.#poll.start();
	}

	#hears(is: boolean) {
		const isBack = is && !this.connected;
		this.connected = is;
		if (isBack) for (const handler of [...this.#back]) handler();
	}

	#stopAsking() {
		this.#poll?.stop();
		this.#poll = undefined;
	}
}

export const live = new Live();
