import { expect, test, vi } from 'vitest';

/** The socket of a page: what is said on it, and what it tells. */
const socket = vi.hoisted(() => ({ said: [] as object[], tell: new Map<string, (frame: object) => void>() }));
vi.mock('#lib/live/socket.svelte.ts', () => ({
	live: {
		on: (type: string, told: (frame: object) => void) => {
			socket.tell.set(type, told);
			return () => socket.tell.delete(type);
		},
		send: (frame: object) => socket.said.push(frame)
	}
}));
const session = vi.hoisted(() => ({ me: { id: 1, shows_presence: true } }));
vi.mock('#lib/session.svelte.ts', () => ({ session }));
vi.stubGlobal('document', {
	visibilityState: 'visible',
	documentElement: { lang: 'en' },
	addEventListener: () => {},
	removeEventListener: () => {}
});

const { around } = await import('#lib/features/conversations/around.svelte.ts');

test('a room is looked at once it is heard, and again whenever it is heard anew', () => {
	const stop = around(7).look();
	expect(socket.said).toEqual([]);
	for (const room of [8, 7, 7]) socket.tell.get('room.subscribed')?.({ type: 'room.subscribed', room, head: 0 });
	expect(socket.said).toEqual(Array(2).fill({ type: 'look', room: 7 }));
	stop();
	expect(socket.said.at(-1)).toEqual({ type: 'look', room: null });
	expect(socket.tell.size).toBe(0);
});

test('how many are here is said when it is not only me, who am counted unless I do not show myself', () => {
	const here = around(7);
	here.look();
	const told = (count: number) => socket.tell.get('room.around')?.({ room: 7, here: count, typing: [] });
	told(1);
	expect(here.words).toBe('');
	told(2);
	expect(here.words).toBe('2 are looking here now');
	session.me.shows_presence = false;
	told(1);
	expect(here.words).toBe('1 is looking here now');
	told(0);
	expect(here.words).toBe('');
});
