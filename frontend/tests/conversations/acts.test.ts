import { expect, test } from 'vitest';

import type { Schemas } from '#lib/api/client.ts';
import { actWords } from '#lib/features/conversations/acts.ts';

const change = (data: Record<string, unknown>) =>
	actWords({ kind: 'room_changed', author: { id: 7, name: 'Ada', photo: null }, data } as Schemas['Event']);

test('the record says what a steward changed of a room', () => {
	expect(change({ slow_seconds: 60 })).toBe('Ada changed the room: Slow mode: 1 minute');
	expect(change({ title: 'Tea', purpose: '', access: 'private', slow_seconds: 0 })).toBe(
		'Ada changed the room: Name of the room: Tea; What it is for: –; Only who is invited; Slow mode: No waiting'
	);
});
