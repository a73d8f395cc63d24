import { describe, expect, test } from 'vitest';
import { contiguous, merge, stillPending, type Event, type Held } from '#lib/live/merge.ts';

const said = (seq: number, body = `message ${seq}`): Event => ({
	room: 1,
	seq,
	kind: 'message',
	author: { id: 7, name: 'Ada', photo: null },
	client_id: `00000000-0000-4000-8000-${String(seq).padStart(12, '0')}`,
	body,
	target_seq: null,
	created_at: '2026-11-24T09:00:00Z',
	edited: false,
	deleted: false,
	html: null,
	topic: null,
	reply_to: null,
	language: '',
	important: false,
	attachments: [],
	mentions: [],
	everyone: false,
	reactions: [],
	pinned: false,
	hidden: false,
	acknowledged: 0,
	emoji: '',
	subject: null,
	data: {}
});
const edit = (seq: number, target: number, body: string): Event => ({
	...said(seq, body),
	kind: 'message_edited',
	client_id: null,
	target_seq: target
});
const removal = (seq: number, target: number): Event => ({ ...edit(seq, target, ''), kind: 'message_deleted' });
const reaction = (seq: number, target: number, who: number, count: number, on = true): Event => ({
	...edit(seq, target, ''),
	kind: on ? 'reaction_added' : 'reaction_removed',
	author: { id: who, name: 'Ben', photo: null },
	emoji: '👍',
	data: { count }
});

/** The same numbers in another order, the same for the same seed. */
function shuffled<T>(items: T[], seed: number): T[] {
	const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
	return items
		.map((item) => ({ item, at: random() }))
		.sort((a, b) => a.at - b.at)
		.map(({ item }) => item);
}

describe('merging what comes in', () => {
	test('an answer quotes what its message says now, and nothing of what was deleted', () => {
		const answer: Event = { ...said(2), reply_to: { seq: 1, author_name: 'Ada', excerpt: 'message 1' } };
		const quoted = (events: Held[]) => events.find(({ seq }) => seq === 2)?.reply_to?.excerpt;
		const first = merge([], [said(1), answer]);
		const edited = merge(first, [{ ...edit(3, 1, '**Later**'), html: '<p><strong>Later</strong>\n today</p>\n' }]);
		expect(quoted(edited)).toBe('Later today');
		expect(quoted(merge(edited, [removal(4, 1)]))).toBe('');
		// A page that was read after all that is not undone by an act of before.
		expect(quoted(merge(merge([], [said(1), answer], 9), [edit(3, 1, 'Old')]))).toBe('message 1');
	});

	test('a file that was taken out is gone, and the others stay', () => {
		const file = (id: string) => ({ id, kind: 'file', name: `${id}.csv` }) as Event['attachments'][number];
		const message = { ...said(1), attachments: [file('a'), file('b')] };
		const out: Event = { ...edit(2, 1, ''), kind: 'file_removed', data: { key: 'a' } };
		const [left] = merge(merge([], [message]), [out]);
		expect(left?.attachments).toEqual([file('b')]);
		expect(left?.edited).toBe(false);
	});

	const log = [said(1), said(2), edit(3, 1, 'better'), said(4), removal(5, 2), edit(6, 4, 'again')];
	const inOrder = log.reduce<Held[]>((have, event) => merge(have, [event]), []);

	test('edits and deletions change the message that they name', () => {
		expect(inOrder.map(({ seq, body }) => [seq, body])).toEqual([
			[1, 'better'],
			[2, ''],
			[3, 'better'],
			[4, 'again'],
			[5, ''],
			[6, 'again']
		]);
		expect(inOrder[1]?.deleted).toBe(true);
		expect(inOrder[0]?.edited).toBe(true);
	});

	test('twice is once', () => {
		expect(merge(inOrder, log)).toEqual(inOrder);
	});

	test('an old copy never undoes what happened since, a newer one does', () => {
		expect(merge(inOrder, [said(1)])).toEqual(inOrder);
		expect(merge(inOrder, [said(1, 'older')], 2)[0]?.body).toBe('better');
		expect(merge(inOrder, [{ ...said(1, 'best'), edited: true }], 7)[0]?.body).toBe('best');
	});

	test('reactions count whom they name, however often they are told', () => {
		const acts = [reaction(7, 1, 8, 1), reaction(8, 1, 9, 2), reaction(9, 1, 8, 1, false)];
		const once = acts.reduce((have, act) => merge(have, [act]), inOrder);
		expect(once[0]?.reactions).toEqual([{ emoji: '👍', count: 1, members: [9] }]);
		expect(merge(once, acts)).toEqual(once);
		// A page read after the first of them shows it already.
		const page = { ...said(1, 'better'), edited: true, reactions: [{ emoji: '👍', count: 1, members: [8] }] };
		expect(merge(merge([], [page], 7), acts)[0]?.reactions).toEqual([{ emoji: '👍', count: 1, members: [9] }]);
	});

	test('what is hidden has no words until it is shown again', () => {
		const hidden = merge(inOrder, [{ ...edit(7, 1, ''), kind: 'message_hidden' }]);
		expect([hidden[0]?.body, hidden[0]?.hidden]).toEqual(['', true]);
		const shown = merge(hidden, [{ ...edit(8, 1, 'better'), kind: 'message_shown' }]);
		expect([shown[0]?.body, shown[0]?.hidden]).toEqual(['better', false]);
	});

	test.each([1, 2, 3, 4, 5])('one page in any order gives the same (%i)', (seed) => {
		expect(merge([], shuffled(log, seed))).toEqual(inOrder);
	});
});

test('the contiguous end stands before the first hole', () => {
	expect(contiguous([])).toBe(0);
	expect(contiguous([said(4), said(5), said(7)])).toBe(5);
});

test('what the server has stored is no longer pending', () => {
	const waiting = { client_id: said(2).client_id ?? '', room: 1, body: 'x', written_at: '' };
	expect(stillPending([waiting], [said(1)])).toEqual([waiting]);
	expect(stillPending([waiting], [said(1), said(2)])).toEqual([]);
});
