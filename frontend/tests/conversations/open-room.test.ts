import { beforeEach, expect, test, vi } from 'vitest';

/** A server that counts what is unread in one topic, and answers when it is told to. */
const server = vi.hoisted(() => ({ unread: 0, answer: () => {}, hear: (_frame: object) => {} }));
vi.mock('#lib/api/client.ts', () => ({
	must: async (answer: Promise<unknown>) => answer,
	api: {
		GET: async (path: string) => {
			if (path.endsWith('/events/')) return { events: [], head: 0, has_older: false, has_newer: false };
			if (!path.endsWith('/topics/')) return { read_seq: 0 };
			const topics = [{ id: 5, title: 'Saws', unread: server.unread }];
			await new Promise<void>((resolve) => (server.answer = resolve));
			return topics;
		}
	}
}));
vi.mock('#lib/live/socket.svelte.ts', () => ({
	live: {
		on: (type: string, told: (frame: object) => void) => {
			if (type === 'room.events') server.hear = told;
			return () => {};
		},
		enter: () => () => {}
	}
}));
vi.mock('#lib/live/outbox.svelte.ts', () => ({ outbox: { messages: [] } }));
vi.mock('#lib/session.svelte.ts', () => ({ session: { me: { id: 1 } } }));

const { OpenRoom } = await import('#lib/features/conversations/room.svelte.ts');

beforeEach(() => void vi.useFakeTimers());

test('what is said in a topic while its count is on the way is counted all the same', async () => {
	const room = new OpenRoom(1);
	const opened = room.open();
	await vi.advanceTimersByTimeAsync(0);
	server.unread = 1;
	server.hear({ room: 1, events: [{ seq: 1, kind: 'message', topic: 5, author: { id: 2 }, target_seq: null }] });
	server.answer();
	await opened;
	expect(room.topics[0]?.unread).toBe(0);
	await vi.advanceTimersByTimeAsync(200);
	server.answer();
	await vi.advanceTimersByTimeAsync(0);
	expect(room.topics[0]?.unread).toBe(1);
	room.close();
});
