/** A stretch of a room's log: the newest of it, one topic, a day, or what was said around a message. */
import { api, must } from '#lib/api/client.ts';
import { merge, type Event, type Held } from '#lib/live/merge.ts';

export interface Where {
	topic?: number;
	/** The number of a message in the middle. */
	around?: number;
	/** A day, 2026-11-24, on the reader's clock. */
	on?: string;
}

/** So many are kept on the page while one reads back and forth: the others come again when they are asked for. */
const MOST = 600;

export class Stretch {
	readonly room: number;
	readonly where: Where;
	events = $state.raw<Held[]>([]);
	hasOlder = $state(false);
	hasNewer = $state(false);

	/** The important messages of which I have taken note, as far as they were read. */
	readonly noted: Set<number>;

	constructor(room: number, where: Where, noted: Set<number>) {
		[this.room, this.where, this.noted] = [room, where, noted];
	}

	async load() {
		const { topic, around, on } = this.where;
		const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
		const page = await this.#page({ ...(around ? { around } : {}), ...(on ? { on, zone } : {}) }, topic);
		this.events = merge([], page.events, page.head);
		[this.hasOlder, this.hasNewer] = [page.has_older, page.has_newer];
	}

	/** The same again, to be read further from here. */
	copy(): Stretch {
		const twin = new Stretch(this.room, this.where, this.noted);
		[twin.events, twin.hasOlder, twin.hasNewer] = [this.events, this.hasOlder, this.hasNewer];
		return twin;
	}

	/** What was said before. */
	async older() {
		const first = this.events[0];
		if (!first) return;
		const page = await this.#page({ before: first.seq }, this.where.topic);
		let events = merge(this.events, page.events, page.head);
		if (events.length > MOST) {
			events = events.slice(0, MOST);
			this.hasNewer = true;
		}
		[this.events, this.hasOlder] = [events, page.has_older];
	}

	/** What was said after, where the end is not in sight. */
	async newer() {
		const last = this.events.at(-1);
		if (!last) return;
		const page = await this.#page({ since: last.seq }, this.where.topic);
		const events = merge(this.events, page.events, page.head);
		this.hasOlder ||= events.length > MOST;
		[this.events, this.hasNewer] = [events.slice(-MOST), page.has_newer];
	}

	/** What happens now, as far as it belongs here. */
	take(incoming: Event[]) {
		const { topic } = this.where;
		const known = new Set(this.events.map(({ seq }) => seq));
		const ours = incoming.filter(({ topic: of, target_seq: target }) =>
			target !== null ? known.has(target) : !this.hasNewer && (!topic || of === topic)
		);
		// Acts change the messages that they name; in a topic they have no line of their own.
		this.events = merge(this.events, ours).filter(({ seq, kind }) => known.has(seq) || !topic || kind === 'message');
	}

	/** Let go of the oldest beyond so many. */
	keep(most: number) {
		if (this.events.length <= most) return;
		this.events = this.events.slice(-most);
		this.hasOlder = true;
	}

	async #page(query: Record<string, string | number>, topic: number | undefined) {
		const params = { path: { id: this.room }, query: { ...query, ...(topic ? { topic } : {}) } };
		const page = await must(api.GET('/api/rooms/{id}/events/', { params }));
		for (const seq of page.noted) this.noted.add(seq);
		return page;
	}
}
