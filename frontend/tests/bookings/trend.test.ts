import { beforeAll, expect, test } from 'vitest';
import { ofMeasure, percent, scale } from '#lib/features/figures/trend.ts';
import { speakEnglish } from './things.ts';

beforeAll(speakEnglish);

test('the axis ends at a round number that nothing exceeds, and a share at the whole at least', () => {
	expect(scale([0.2, 0.4], 'used')).toBe(1);
	expect(scale([0.2, 1.4], 'used')).toBe(2);
	expect([[], [0], [2], [3], [17], [60], [61], [999]].map((values) => scale(values, 'bookings'))).toEqual([
		2, 2, 2, 4, 20, 60, 100, 1000
	]);
});

test('what was never open is not used', () => {
	const row = { id: null, name: '2026-11-23', place: '', bookings: 0, booked_hours: 0, open_hours: 0, used: null };
	expect(ofMeasure({ ...row, nobody_came: 0, cancelled_late: 0 }, 'used')).toBe(0);
});

test('a share is written as its language writes it', () => {
	expect([0.024, 1].map(percent)).toEqual(['2%', '100%']);
});
