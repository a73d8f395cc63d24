import { expect, test } from 'vitest';
import { daysOf, firstOf, stepped } from '#lib/features/bookings/view.ts';

test('a day, the week from Monday and the month from the first', () => {
	expect(firstOf('2026-11-24', 'day')).toBe('2026-11-24');
	expect(firstOf('2026-11-29', 'week')).toBe('2026-11-23');
	expect(firstOf('2026-11-29', 'month')).toBe('2026-11-01');
});

test('months have their own lengths', () => {
	expect(['2026-11-01', '2027-02-01', '2028-02-01'].map((first) => daysOf(first, 'month'))).toEqual([30, 28, 29]);
	expect([daysOf('2026-11-24', 'day'), daysOf('2026-11-23', 'week')]).toEqual([1, 7]);
});

test('what comes before and after', () => {
	expect(stepped('2026-12-01', 'month', 1)).toBe('2027-01-01');
	expect(stepped('2027-01-01', 'month', -1)).toBe('2026-12-01');
	expect(stepped('2026-11-23', 'week', -1)).toBe('2026-11-16');
	expect(stepped('2026-11-30', 'day', 1)).toBe('2026-12-01');
});
