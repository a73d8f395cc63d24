/** One open room: what is shown of its log, kept right live, and what is waiting to be sent. */
import { SvelteSet } from 'svelte/reactivity';
import { api, must, type Schemas } from '#lib/api/client.ts';
import { asApiError, type ApiError } from '#lib/api/errors.ts';
import { contiguous, merge, stillPending, type Event, type Held } from '#lib/live/merge.ts';
import { outbox } from '#lib/live/outbox.svelte.ts';
import { live } from '#lib/live/socket.svelte.ts';
import { session } from '#lib/session.svelte.ts';
import { Stretch, type Where } from './stretch.svelte.ts';

const KEPT = 300;
const READ_OUT = 3;
/** Acts after which the room itself, its people or its topics are others. */
const CHANGING = /^(room|member|steward|topic)_|^message_(un)?pinned$/;

export class OpenRoom {
	readonly id: number;
	info = $state.raw<Schemas['RoomDetail']>();
	topics = $state.raw<Schemas['Topic'][]>([]);
	error = $state<ApiError>();
	/** The number up to which I had read everything when I came in, and beyond that each topic. */
	readUntil = $state(0);
	#readIn = new Map<number, number>();
	gone = $state(false);
	/** The last messages of others that were heard here, to be read out. */
	heard = $state.raw<number[]>([]);
	/** The important messages of which I have taken note. */
	readonly noted = new SvelteSet<number>();
	/** The newest events, without a hole. */
	#newest: Stretch;
	/** A topic, or what was said long ago, when that is looked at instead. */
	#elsewhere = $state.raw<Stretch>();
	#stops: (() => void)[] = [];
	#leave: () => void = () => {};
	#again: ReturnType<typeof setTimeout> | undefined;
	/** So many times what is unread in topics has changed here. */
	#turns = 0;
	#path: { path: { id: number } };

	constructor(id: number) {
		this.id = id;
		this.#path = { path: { id } };
		this.#newest = new Stretch(id, {}, this.noted);
	}

	get shown(): Stretch {
		return this.#elsewhere ?? this.#newest;
	}

	get events(): Held[] {
		return this.shown.events;
	}

	/** The topic that is looked at; 0 for all that is said. */
	get topic(): number {
		return this.shown.where.topic ?? 0;
	}

	/** Whether the end of what is said is in sight, so that what follows appears by itself. */
	get isAtNow(): boolean {
		return !this.shown.hasNewer;
	}

	/** My messages that the server has not stored yet. */
	get pending() {
		return stillPending(outbox.messages, this.#newest.events).filter(
			(message) => message.room === this.id && (!this.topic || message.topic === this.topic)
		);
	}

	/** Whether this was new when I came in. */
	isNew({ seq, topic }: Held): boolean {
		return seq > Math.max(this.readUntil, this.#readIn.get(topic ?? 0) ?? 0);
	}

	/** The newest page, or that of a topic, then live from there. */
	async open(topic = 0) {
		this.#stops.push(
			live.on('room.events', (frame) => frame.room === this.id && this.#take(frame.events)),
			live.on('room.reset', (frame) => frame.room === this.id && void this.#newest.load()),
			live.on('room.changed', (frame) => frame.room === this.id && this.#reloadSoon()),
			live.on('room.read', (frame) => frame.room === this.id && this.#read(frame.seq, frame.topic ?? 0)),
			live.on('room.revoked', (frame) => {
				if (frame.room !== this.id) return;
				// Two of whom one has blocked the other still read what was said.
				if (this.info?.kind === 'direct' || this.info?.kind === 'mentorship') this.#reloadSoon();
				else this.#end();
			}),
			// Perhaps I was put out while nothing was heard.
			live.on('error', (frame) => {
				if (frame.room === this.id && frame.code === 'not_found') this.#reloadSoon();
			})
		);
		try {
			await this.reload();
			this.readUntil = this.info?.read_seq ?? 0;
			this.#readIn = new Map(this.topics.map(({ id, read_seq }) => [id, read_seq]));
			// Whoever comes for a topic has not looked at everything.
			if (this.#readIn.has(topic)) await this.#lookAside({ topic });
			await this.#newest.load();
		} catch (thrown) {
			this.error = asApiError(thrown);
			return;
		}
		this.#leave = live.enter(this.id, () => this.#seen());
		outbox.onstored = (event) => event.room === this.id && this.#take([event]);
		if (this.topic) void this.markRead();
	}

	close() {
		clearTimeout(this.#again);
		this.#leave();
		for (const stop of this.#stops) stop();
		this.#stops = [];
	}

	/** I am no longer in it: nothing more of it is asked for. */
	#end() {
		this.gone = true;
		clearTimeout(this.#again);
		this.#leave();
	}

	/** What the room is and what I may do in it. */
	async reload() {
		const turns = this.#turns;
		const [info, topics] = await Promise.all([
			must(api.GET('/api/rooms/{id}/', { params: this.#path })),
			must(api.GET('/api/rooms/{id}/topics/', { params: this.#path }))
		]);
		[this.info, this.topics] = [info, topics];
		// Whether what was said and read meanwhile is counted in the answer, nobody can tell.
		if (turns !== this.#turns) this.#reloadSoon();
	}

	/** Many acts in a row ask once; what cannot be had now is had at the next. */
	#reloadSoon() {
		clearTimeout(this.#again);
		if (this.gone) return;
		this.#again = setTimeout(
			() =>
				void this.reload().catch((thrown: unknown) => {
					if (asApiError(thrown).status === 404) this.#end();
				}),
			200
		);
	}

	/** Look at a topic, at a day, around a message, or ({}) at what is said now. */
	async look(where: Where) {
		if (!Object.keys(where).length) this.#elsewhere = undefined;
		else await this.#lookAside(where);
		// Nobody waits for this: what is looked at is there already.
		if (where.topic) void this.markRead();
	}

	async #lookAside(where: Where) {
		const stretch = new Stretch(this.id, where, this.noted);
		await stretch.load();
		this.#elsewhere = stretch;
	}

	/** What was said before; from then on the page holds what is read, beside the newest events. */
	async older() {
		const reading = this.#elsewhere ?? this.#newest.copy();
		await reading.older();
		this.#elsewhere = reading;
	}

	newer(): Promise<void> {
		return this.shown.newer();
	}

	async edit(seq: number, body: string) {
		const params = { path: { ...this.#path.path, seq } };
		this.#take([await must(api.PATCH('/api/rooms/{id}/messages/{seq}/', { params, body: { body } }))]);
	}

	async remove(seq: number) {
		const params = { path: { ...this.#path.path, seq } };
		this.#take([await must(api.DELETE('/api/rooms/{id}/messages/{seq}/', { params }))]);
	}

	async react(seq: number, emoji: string, on: boolean) {
		const params = { path: { ...this.#path.path, seq } };
		const path = '/api/rooms/{id}/messages/{seq}/reactions/' as const;
		const body = { emoji };
		this.#take([await must(on ? api.PUT(path, { params, body }) : api.DELETE(path, { params, body: body as never }))]);
	}

	async pin(seq: number, on: boolean) {
		const params = { path: { ...this.#path.path, seq } };
		const path = '/api/rooms/{id}/messages/{seq}/pin/' as const;
		this.#take([await must(on ? api.PUT(path, { params }) : api.DELETE(path, { params }))]);
	}

	/** Hide a message by a rule, or (without one) show it again. */
	async hide(seq: number, rule?: Schemas['BrokenRule']) {
		const params = { path: { ...this.#path.path, seq } };
		const path = '/api/rooms/{id}/messages/{seq}/hidden/' as const;
		this.#take([await must(rule ? api.PUT(path, { params, body: { rule } }) : api.DELETE(path, { params }))]);
	}

	async acknowledge(seq: number) {
		const params = { path: { ...this.#path.path, seq } };
		this.#take([await must(api.PUT('/api/rooms/{id}/messages/{seq}/acknowledgement/', { params }))]);
		this.noted.add(seq);
	}

	async openTopic(title: string): Promise<number> {
		const topic = await must(api.POST('/api/rooms/{id}/topics/', { params: this.#path, body: { title } }));
		this.topics = [...this.topics.filter(({ id }) => id !== topic.id), topic];
		return topic.id;
	}

	/** What is on the page has been seen: a topic, or everything. */
	async markRead() {
		const [seq, topic] = [this.#seen(), this.topic];
		if (!seq || document.visibilityState === 'hidden' || !this.isAtNow) return;
		this.#read(seq, topic);
		if (!live.send({ type: 'read', room: this.id, seq, ...(topic ? { topic } : {}) })) {
			const params = { path: { ...this.#path.path, topic } };
			const told = topic
				? api.POST('/api/rooms/{id}/topics/{topic}/read/', { params, body: { seq } })
				: api.POST('/api/rooms/{id}/read/', { params: this.#path, body: { seq } });
			await must<unknown>(told).catch(() => undefined);
		}
		void session.refreshCounts().catch(() => undefined);
	}

	/** A topic, or (0) everything, has been read up to this number, here or in another window. */
	#read(seq: number, topic: number) {
		this.#count((one) => {
			if (!one.unread || (topic && topic !== one.id)) return one;
			// How many are left, the server knows.
			if (one.last_seq > seq) this.#reloadSoon();
			return one.last_seq > seq ? one : { ...one, unread: 0 };
		});
	}

	#count(change: (topic: Schemas['Topic']) => Schemas['Topic']) {
		this.#turns++;
		this.topics = this.topics.map(change);
	}

	#seen(): number {
		return contiguous(this.#newest.events);
	}

	/** New events; a hole means that something got lost on the way, and is asked for. */
	#take(incoming: Event[]) {
		const known = this.#newest.events.at(-1)?.seq ?? 0;
		const fresh = incoming.filter(
			({ kind, seq, author }) => kind === 'message' && seq > known && author?.id !== session.me?.id
		);
		if (fresh.length) this.heard = [...this.heard, ...fresh.map(({ seq }) => seq)].slice(-READ_OUT);
		this.#elsewhere?.take(incoming);
		this.#newest.events = merge(this.#newest.events, incoming);
		this.#newest.keep(KEPT);
		if (incoming.some(({ kind }) => CHANGING.test(kind))) this.#reloadSoon();
		const last = this.#newest.events.at(-1)?.seq ?? 0;
		if (last > this.#seen()) void this.#fill();
		for (const { kind, seq, target_seq, topic, author } of incoming) {
			if (kind === 'message_acknowledged' && author?.id === session.me?.id) this.noted.add(target_seq ?? 0);
			if (kind !== 'message') continue;
			if (author?.id === session.me?.id) this.#read(seq, topic ?? 0);
			else if (topic)
				this.#count((one) =>
					one.id === topic && seq > one.last_seq ? { ...one, last_seq: seq, unread: one.unread + 1 } : one
				);
		}
	}

	async #fill() {
		const query = { since: this.#seen() };
		const page = await must(api.GET('/api/rooms/{id}/events/', { params: { ...this.#path, query } }));
		for (const seq of page.noted) this.noted.add(seq);
		this.#newest.events = merge(this.#newest.events, page.events, page.head);
	}
}
