/** Who is signed in on this page, and what concerns them everywhere. */
import { goto } from '$app/navigation';
import { api, must, whenSignedOut, type Schemas } from '#lib/api/client.ts';
import { auth } from '#lib/api/auth.ts';
import { live } from '#lib/live/socket.svelte.ts';

type Me = Schemas['Me'];
const ROOMS_FOLLOWED = 150;

class Session {
	me = $state.raw<Me>();
	/** Notices that I have not read. */
	notices = $state(0);
	/** Messages that I have not read and want to hear of, over all rooms. */
	messages = $state(0);
	#asking: Promise<Me | undefined> | undefined;
	#listening = false;
	#offBack: (() => void) | undefined;
	/** The newest number of each room that I follow, and how to stop following it. */
	#heads = new Map<number, number>();
	#stops = new Map<number, () => void>();
	/** Rooms of mine that I may not hear now: I blocked the other one, or they me. */
	#refused = new Set<number>();
	/** How much of each room I want to hear. */
	#chosen = new Map<number, Pick<Schemas['Room'], 'level' | 'topic_levels'>>();

	/** My profile, asked once a page; undefined when nobody is signed in. */
	load(): Promise<Me | undefined> {
		return (this.#asking ??= this.#ask());
	}

	async #ask(): Promise<Me | undefined> {
		try {
			this.me = (await must(api.GET('/api/session/'))).me ?? undefined;
		} catch (error) {
			this.#asking = undefined;
			throw error;
		}
		if (this.me?.is_onboarded) this.#goLive();
		return this.me;
	}

	#goLive() {
		if (!this.#listening) {
			this.#listening = true;
			live.on('notice', (frame) => (this.notices = frame.unread));
			live.on('notices.read', (frame) => (this.notices = frame.unread));
			live.on('pong', (frame) => (this.notices = frame.unread_notices));
			live.on('room.changed', () => void this.#quietly(this.refreshCounts()));
			live.on('room.joined', (frame) => {
				this.#refused.delete(frame.room);
				void this.#quietly(this.refreshCounts());
			});
			live.on('room.read', () => void this.#quietly(this.refreshCounts()));
			live.on('room.revoked', (frame) => this.#leave(frame.room));
			live.on('error', (frame) => {
				if (frame.code !== 'not_found' || !frame.room) return;
				this.#refused.add(frame.room);
				this.#leave(frame.room);
				void this.#quietly(this.refreshCounts());
			});
			live.on('room.events', (frame) => this.#heard(frame.room, frame.events));
			live.onsignedout = () => void this.#askAgain();
			// What happened meanwhile outside the rooms that I follow: I was asked into one, put out of another.
			let isFirst = true;
			live.onBack(() => {
				if (!isFirst) void this.#quietly(this.refreshCounts());
				isFirst = false;
			});
		}
		void this.#quietly(this.#sendWhatWaits());
		void this.#quietly(this.refreshCounts());
		live.open();
	}

	/** What was written without a network is sent wherever the app is opened again. */
	async #sendWhatWaits() {
		const { outbox } = await import('#lib/live/outbox.svelte.ts');
		if (this.me) await outbox.open(this.me.id);
		this.#offBack ??= live.onBack(() => void outbox.flush());
	}

	/** What only brings numbers up to date may fail: the next time will do. */
	async #quietly(work: Promise<void>) {
		await work.catch(() => undefined);
	}

	/** Something was said in a room that is not open: one more to read, where I want to hear of it. */
	#heard(room: number, events: Schemas['Event'][]) {
		const known = this.#heads.get(room);
		if (known === undefined) return;
		const fresh = events.filter((event) => event.seq > known);
		this.#heads.set(room, Math.max(known, ...fresh.map((event) => event.seq)));
		this.messages += fresh.filter((event) => this.#wants(room, event)).length;
	}

	#wants(room: number, { kind, author, topic, mentions, everyone }: Schemas['Event']): boolean {
		if (kind !== 'message' || !this.me || author?.id === this.me.id) return false;
		const chosen = this.#chosen.get(room);
		const level = chosen?.topic_levels[topic ?? 0] ?? chosen?.level ?? 'everything';
		return level === 'everything' || (level === 'mentions' && (everyone || mentions.includes(this.me.id)));
	}

	#leave(room: number) {
		this.#stops.get(room)?.();
		this.#stops.delete(room);
		this.#heads.delete(room);
	}

	/** A new password ends every session but the one that set it: look whether that is us. */
	async #askAgain() {
		this.forget();
		if (!(await this.load())) await goto(signInAddress());
	}

	/** The counts as the server has them; from here on they are kept current live. */
	async refreshCounts() {
		const [{ unread }, rooms] = await Promise.all([
			must(api.GET('/api/notices/unread/')),
			must(api.GET('/api/rooms/'))
		]);
		this.notices = unread;
		this.messages = rooms.reduce((sum, room) => sum + room.wanted, 0);
		this.#chosen = new Map(rooms.map((room) => [room.id, room]));
		for (const room of this.#stops.keys()) if (!this.#chosen.has(room)) this.#leave(room);
		for (const { id, last_seq } of rooms.slice(0, ROOMS_FOLLOWED)) {
			this.#heads.set(id, last_seq);
			if (!this.#stops.has(id) && !this.#refused.has(id))
				this.#stops.set(
					id,
					live.enter(id, () => this.#heads.get(id) ?? 0)
				);
		}
	}

	/** Replace my profile by what the server answered. */
	set(me: Me) {
		const wasIn = this.me?.is_onboarded;
		this.me = me;
		this.#asking = Promise.resolve(me);
		if (me.is_onboarded && !wasIn) this.#goLive();
	}

	/** Nobody is known any more: the next page asks again. */
	forget() {
		this.me = undefined;
		this.#asking = undefined;
	}

	async signOut() {
		await auth.signOut();
		live.close();
		navigator.serviceWorker?.controller?.postMessage({ type: 'sign-out' });
		location.assign('/sign-in');
	}
}

export const session = new Session();

/** Where to sign in, and to come back from. */
export function signInAddress(): string {
	const here = location.pathname + location.search;
	return here === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(here)}`;
}

whenSignedOut(() => {
	if (session.me) {
		session.forget();
		live.close();
		void goto(signInAddress());
	}
});
