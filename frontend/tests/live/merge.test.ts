import { describe, expect, test } from 'vitest';
import { contiguous, merge, stillPending, type Event } from '#lib/live/merge.ts';

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
	deleted: false
});
const edit = (seq: number, target: number, body: string): Event => ({
	...said(seq, body),
	kind: 'message_edited',
	client_id: null,
	target_seq: target
});
const removal = (seq: number, target: number): Event => ({ ...edit(seq, target, ''), kind: 'message_deleted' });

/** The same numbers in another order, the same for the same seed. */
function shuffled<T>(items: T[], seed: number): T[] {
	const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
	return items
		.map((item) => ({ item, at: random() }))
		.sort((a, b) => a.at - b.at)
		.map(({ item }) => item);
}

describe('merging what comes in', () => {
	const log = [said(1), said(2), edit(3, 1, 'better'), said(4), removal(5, 2), edit(6, 4, 'again')];
	const inOrder = log.reduce<Event[]>((have, event) => merge(have, [event]), []);

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
