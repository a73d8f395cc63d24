/** Who is signed in on this page, and what concerns them everywhere. */
import { goto } from '$app/navigation';
import { api, must, whenSignedOut, type Schemas } from '#lib/api/client.ts';
import { auth } from '#lib/api/auth.ts';
import { live } from '#lib/live/socket.svelte.ts';

type Me = Schemas['Me'];

class Session {
	me = $state.raw<Me>();
	/** Notices that I have not read. */
	notices = $state(0);
	/** Messages that I have not read, over all rooms. */
	messages = $state(0);
	#asking: Promise<Me | undefined> | undefined;

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
		void this.refreshCounts();
		live.on('notice', (frame) => (this.notices = frame.unread));
		live.on('notices.read', (frame) => (this.notices = frame.unread));
		live.on('pong', (frame) => (this.notices = frame.unread_notices));
		live.onsignedout = () => void this.#askAgain();
		live.open();
	}

	/** A new password ends every session but the one that set it: look whether that is us. */
	async #askAgain() {
		this.forget();
		if (!(await this.load())) await goto(signInAddress());
	}

	async refreshCounts() {
		const [{ unread }, rooms] = await Promise.all([
			must(api.GET('/api/notices/unread/')),
			must(api.GET('/api/rooms/'))
		]);
		this.notices = unread;
		this.messages = rooms.reduce((sum, room) => sum + room.unread, 0);
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
