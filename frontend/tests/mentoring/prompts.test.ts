import { expect, test } from 'vitest';
import { renewed } from '#lib/features/mentoring/prompts.ts';

test('the answers become the message, in the order of the questions and without a word more', () => {
	const first = renewed('', '', ['I begin.', ' ', 'On Mondays.']);
	expect(first).toBe('I begin.\n\nOn Mondays.');
	expect(renewed(first, first, ['I begin.', 'A price.', 'On Mondays.'])).toBe('I begin.\n\nA price.\n\nOn Mondays.');
});

test('what was written by hand stays', () => {
	expect(renewed('Dear Ada,\n\nI begin.', 'I begin.', ['I begin!'])).toBe('Dear Ada,\n\nI begin!');
	expect(renewed('I begin, and more.', 'I begin.', ['I begin.', 'A price.'])).toBe(
		'I begin, and more.\n\nI begin.\n\nA price.'
	);
});
