import { expect, test } from 'vitest';
import { ahead, type Round } from '#lib/features/decisions/ranks.ts';

test('who has more than half in the last round wins the run-off', () => {
	const rounds: Round[] = [
		{ first: { 1: 4, 2: 3, 3: 2 }, leave: [3] },
		{ first: { 1: 4, 2: 5 }, leave: [] }
	];
	expect(ahead({ rounds })).toEqual([2]);
});

test('who is equal to the end is told together, and nobody where nothing was ranked', () => {
	expect(ahead({ rounds: [{ first: { 1: 2, 2: 2 }, leave: [] }] })).toEqual([1, 2]);
	expect(ahead({ rounds: [] })).toEqual([]);
	expect(ahead({})).toEqual([]);
});
