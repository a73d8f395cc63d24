import { expect, test } from 'vitest';
import { clockOf, minuteOn, minutesOf, momentOf, wallAt, wallOf } from '#lib/features/bookings/wall.ts';

test('a moment is what the clock at the place shows', () => {
	expect(wallOf('2026-11-24T23:30:00Z', 'Europe/Helsinki')).toBe('2026-11-25T01:30');
	expect(wallOf('2026-07-01T00:00:00Z', 'Europe/Lisbon')).toBe('2026-07-01T01:00');
});

test('a wall leads back to its moment in summer and in winter', () => {
	expect(momentOf('2026-11-24T14:00', 'Europe/Brussels').toISOString()).toBe('2026-11-24T13:00:00.000Z');
	expect(momentOf('2026-07-24T14:00', 'Europe/Brussels').toISOString()).toBe('2026-07-24T12:00:00.000Z');
});

test('of an hour that is shown twice the first is meant', () => {
	expect(momentOf('2026-10-25T02:30', 'Europe/Brussels').toISOString()).toBe('2026-10-25T00:30:00.000Z');
});

test('an hour that the clocks jump over is an hour later', () => {
	expect(wallOf(momentOf('2027-03-28T02:30', 'Europe/Brussels'), 'Europe/Brussels')).toBe('2027-03-28T03:30');
});

test('clocks and minutes of a day go both ways, midnight included', () => {
	expect([minutesOf('08:30'), minutesOf('24:00'), clockOf(510), clockOf(1440)]).toEqual([510, 1440, '08:30', '24:00']);
	expect([wallAt('2026-11-24', 1440), wallAt('2026-11-24', -30)]).toEqual(['2026-11-25T00:00', '2026-11-23T23:30']);
	expect(minuteOn('2026-11-24', '2026-11-25T01:00')).toBe(1500);
});
