import { expect, test } from 'vitest';
import { inPieces, toDial } from '#lib/features/members/reach.ts';

test('a number is dialled without what is there for the eye', () => {
	expect(toDial('+33 (0)1 99 00 12 34')).toBe('+33199001234');
	expect(toDial('(0032) 2/555.12-12')).toBe('003225551212');
	expect(toDial('(0)2 555 12 12')).toBe('025551212');
});

test('people are asked for a hundred at a time, and nobody when there is nobody', () => {
	const many = Array.from({ length: 250 }, (_, number) => number);
	expect(inPieces(many).map((piece) => piece.length)).toEqual([100, 100, 50]);
	expect(inPieces(many).flat()).toEqual(many);
	expect(inPieces([])).toEqual([]);
});
