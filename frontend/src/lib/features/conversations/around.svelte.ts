/** Who looks at a room now and who is writing in it: told by the socket, kept nowhere. */
import { m } from '#lib/i18n/index.ts';
import { list } from '#lib/intl.ts';
import { live } from '#lib/live/socket.svelte.ts';
import { session } from '#lib/session.svelte.ts';

class Around {
	here = $state(0);
	typing = $state.raw<string[]>([]);
	/** Whether the server can store what is sent now. */
	canSend = $state(true);
	readonly #room: number;

	constructor(room: number) {
		this.#room = room;
	}

	/** One line: who is writing, else how many are here when I am not the only one. */
	get words(): string {
		const [first, second] = this.typing;
		if (this.typing.length > 3) return m.chats_typing_many({ count: this.typing.length });
		if (first) return second ? m.chats_typing_some({ names: list(this.typing) }) : m.chats_typing({ name: first });
		return this.here > (session.me?.shows_presence === false ? 0 : 1) ? m.chats_here({ count: this.here }) : '';
	}

	/** Say that I look at this room whenever I hear it anew: who does not hear it may not look at it. Returns how to stop. */
	look(): () => void {
		const say = () => live.send({ type: 'look', room: document.visibilityState === 'hidden' ? null : this.#room });
		const stops = [
			live.on('room.subscribed', (frame) => frame.room === this.#room && say()),
			live.on('line', (frame) => (this.canSend = frame.can_send)),
			live.on('room.around', (frame) => {
				if (frame.room !== this.#room) return;
				this.here = frame.here;
				this.typing = frame.typing.filter(({ id }) => id !== session.me?.id).map(({ name }) => name);
			})
		];
		document.addEventListener('visibilitychange', say);
		return () => {
			document.removeEventListener('visibilitychange', say);
			for (const stop of stops) stop();
			live.send({ type: 'look', room: null });
		};
	}
}

export const around = (room: number): Around => new Around(room);
