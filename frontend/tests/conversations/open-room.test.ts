import { beforeEach, expect, test, vi } from 'vitest';

/** A server that counts what is unread in one topic, answers when it is told to, and hears what is read. */
const server = vi.hoisted(() => ({
	unread: 0,
	answer: () => {},
	hear: (_frame: object) => {},
	read: (_frame: object) => {},
	told: [] as object[]
}));
vi.mock('#lib/api/client.ts', () => ({
	must: async (answer: Promise<unknown>) => answer,
	api: {
		GET: async (path: string) => {
			if (path.endsWith('/events/')) return { events: [], head: 0, has_older: false, has_newer: false, noted: [] };
			if (!path.endsWith('/topics/')) return { read_seq: 0 };
			const topics = [{ id: 5, title: 'Saws', unread: server.unread, read_seq: 0, last_seq: 0 }];
			await new Promise<void>((resolve) => (server.answer = resolve));
			return topics;
		}
	}
}));
vi.mock('#lib/live/socket.svelte.ts', () => ({
	live: {
		on: (type: string, told: (frame: object) => void) => {
			if (type === 'room.events') server.hear = told;
			if (type === 'room.read') server.read = told;
			return () => {};
		},
		send: (frame: object) => server.told.push(frame),
		enter: () => () => {}
	}
}));
vi.mock('#lib/live/outbox.svelte.ts', () => ({ outbox: { messages: [] } }));
vi.mock('#lib/session.svelte.ts', () => ({ session: { me: { id: 1 }, refreshCounts: async () => {} } }));
vi.stubGlobal('document', { visibilityState: 'visible' });

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

test('the last messages of others are read out, not mine, and not what was said before', async () => {
	const room = new OpenRoom(1);
	const opened = room.open();
	await vi.advanceTimersByTimeAsync(0);
	server.answer();
	await opened;
	const said = (seq: number, by: number) => ({ seq, kind: 'message', author: { id: by }, target_seq: null });
	server.hear({ room: 1, events: [said(1, 2), said(2, 1), said(3, 3)] });
	expect(room.heard).toEqual([1, 3]);
	server.hear({ room: 1, events: [said(3, 3), { ...said(4, 2), kind: 'reaction_added' }, said(5, 2), said(6, 2)] });
	expect(room.heard).toEqual([3, 5, 6]);
	room.close();
});

test('a topic stays unread until it, or everything, is looked at, here or in another window', async () => {
	server.unread = 0;
	const room = new OpenRoom(1);
	const opened = room.open();
	await vi.advanceTimersByTimeAsync(0);
	server.answer();
	await opened;
	const says = (seq: number, topic: number | null, author = 2) =>
		server.hear({ room: 1, events: [{ seq, kind: 'message', topic, author: { id: author }, target_seq: null }] });
	const unread = () => room.topics[0]?.unread;
	says(1, 5);
	says(1, 5);
	says(2, null);
	expect(unread()).toBe(1);
	await room.markRead();
	expect([unread(), server.told.at(-1)]).toEqual([0, { type: 'read', room: 1, seq: 2 }]);
	says(3, 5);
	server.read({ room: 1, seq: 3, topic: 6 });
	expect(unread()).toBe(1);
	server.read({ room: 1, seq: 3, topic: 5 });
	expect(unread()).toBe(0);
	says(4, 5);
	await room.look({ topic: 5 });
	expect([unread(), server.told.at(-1)]).toEqual([0, { type: 'read', room: 1, seq: 4, topic: 5 }]);
	says(5, 5);
	says(6, 5, 1);
	expect(unread()).toBe(0);
	room.close();
});
