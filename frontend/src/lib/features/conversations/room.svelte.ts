/** One open room: its events as the page has them, live, and what is waiting to be sent. */
import { api, must, type Schemas } from '#lib/api/client.ts';
import { asApiError, type ApiError } from '#lib/api/errors.ts';
import { contiguous, merge, type Event } from '#lib/live/merge.ts';
import { outbox } from '#lib/live/outbox.svelte.ts';
import { live } from '#lib/live/socket.svelte.ts';
import { session } from '#lib/session.svelte.ts';

const KEPT = 300;

export class OpenRoom {
	readonly id: number;
	info = $state.raw<Schemas['RoomDetail']>();
	events = $state.raw<Event[]>([]);
	hasOlder = $state(false);
	error = $state<ApiError>();
	/** The number up to which I had read when I came in. */
	readUntil = $state(0);
	gone = $state(false);
	#stops: (() => void)[] = [];
	#path: { path: { id: number } };

	constructor(id: number) {
		this.id = id;
		this.#path = { path: { id: id } };
	}

	/** My messages that the server has not stored yet. */
	get pending() {
		const stored = new Set(this.events.map((event) => event.client_id));
		return outbox.messages.filter((message) => message.room === this.id && !stored.has(message.client_id));
	}

	/** The newest page, then live from there. */
	async open() {
		this.#stops.push(
			live.on('room.events', (frame) => frame.room === this.id && this.#take(frame.events)),
			live.on('room.reset', (frame) => frame.room === this.id && void this.#newest()),
			live.on('room.revoked', (frame) => {
				if (frame.room === this.id) this.gone = true;
			})
		);
		try {
			this.info = await must(api.GET('/api/rooms/{id}/', { params: this.#path }));
			this.readUntil = this.info.read_seq;
			await this.#newest();
		} catch (thrown) {
			this.error = asApiError(thrown);
			return;
		}
		this.#stops.push(live.enter(this.id, () => this.#seen()));
		outbox.onstored = (event) => event.room === this.id && this.#take([event]);
	}

	close() {
		for (const stop of this.#stops) stop();
		this.#stops = [];
	}

	/** The page of what was said before. */
	async older() {
		const first = this.events[0];
		if (!first) return;
		const query = { before: first.seq };
		const page = await must(api.GET('/api/rooms/{id}/events/', { params: { ...this.#path, query } }));
		this.events = merge(this.events, page.events);
		this.hasOlder = page.has_older;
	}

	async edit(seq: number, body: string) {
		const params = { path: { ...this.#path.path, seq } };
		this.#take([await must(api.PATCH('/api/rooms/{id}/messages/{seq}/', { params, body: { body } }))]);
	}

	async remove(seq: number) {
		const params = { path: { ...this.#path.path, seq } };
		this.#take([await must(api.DELETE('/api/rooms/{id}/messages/{seq}/', { params }))]);
	}

	/** What is on the page has been seen. */
	async markRead() {
		const seq = this.#seen();
		if (!seq || document.visibilityState === 'hidden') return;
		if (!live.send({ type: 'read', room: this.id, seq })) {
			await must(api.POST('/api/rooms/{id}/read/', { params: this.#path, body: { seq } })).catch(() => undefined);
		}
		void session.refreshCounts().catch(() => undefined);
	}

	async #newest() {
		const page = await must(api.GET('/api/rooms/{id}/events/', { params: this.#path }));
		this.events = page.events;
		this.hasOlder = page.has_older;
	}

	#seen(): number {
		return contiguous(this.events);
	}

	/** New events; a hole means that something got lost on the way, and is asked for. */
	#take(incoming: Event[]) {
		let events = merge(this.events, incoming);
		if (events.length > KEPT && this.events.length <= KEPT) {
			events = events.slice(-KEPT);
			this.hasOlder = true;
		}
		this.events = events;
		const last = events.at(-1)?.seq ?? 0;
		if (last > this.#seen()) void this.#fill();
	}

	async #fill() {
		const query = { since: this.#seen() };
		const page = await must(api.GET('/api/rooms/{id}/events/', { params: { ...this.#path, query } }));
		this.events = merge(this.events, page.events);
	}
}
