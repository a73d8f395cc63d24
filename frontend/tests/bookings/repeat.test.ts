import { describe, expect, it } from 'vitest';
import { endWords, nthOf, ruleOf, ruleWords, weekdayOf, type Pattern } from '#lib/features/repeat/rule.ts';

const weekly: Pattern = { every: 'week', interval: 1, days: [1], ends: 'count', count: 12, until: '2027-03-28' };
const TUESDAY = '2026-12-01';

describe('how something repeats', () => {
	it('is written as the API is told', () => {
		const of = (change: Partial<Pattern>, day = TUESDAY) => ruleOf({ ...weekly, ...change }, day);
		expect(of({})).toBe('FREQ=WEEKLY;BYDAY=TU;COUNT=12');
		expect(of({ interval: 2, days: [4, 0] })).toBe('FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR;COUNT=12');
		expect(of({ days: [] })).toBe('FREQ=WEEKLY;COUNT=12');
		expect(of({ every: 'day', ends: 'until' })).toBe('FREQ=DAILY;UNTIL=20270328');
		expect(of({ every: 'date' }, '2026-12-31')).toBe('FREQ=MONTHLY;BYMONTHDAY=31;COUNT=12');
		expect(of({ every: 'nth' })).toBe('FREQ=MONTHLY;BYDAY=1TU;COUNT=12');
		expect(of({ every: 'nth' }, '2026-12-29')).toBe('FREQ=MONTHLY;BYDAY=-1TU;COUNT=12');
		expect(of({ every: 'year', count: 2 })).toBe('FREQ=YEARLY;COUNT=2');
	});

	it('is said in words', () => {
		expect(ruleWords('FREQ=DAILY;COUNT=3', TUESDAY)).toBe('Every day');
		expect(ruleWords('FREQ=WEEKLY;COUNT=3', TUESDAY)).toBe('Every week on Tuesday');
		expect(ruleWords('FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR;COUNT=3', TUESDAY)).toBe('Every 2 weeks on Monday and Friday');
		expect(ruleWords('FREQ=MONTHLY;BYDAY=-1TU;COUNT=3', TUESDAY)).toBe('Every month on the last Tuesday');
		expect(ruleWords('FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=3', TUESDAY)).toBe('Every month on its last day');
		expect(ruleWords('FREQ=MONTHLY;COUNT=3', '2026-12-09')).toBe('Every month on day 9');
		expect(endWords('FREQ=DAILY;COUNT=3')).toBe('3 times');
		expect(endWords('FREQ=DAILY;UNTIL=20270328T235959')).toBe('until 28 March 2027');
	});
});

describe('a day of the month', () => {
	it('is the first to the fourth of its weekday, or the last', () => {
		expect(['01', '08', '15', '22', '29'].map((day) => nthOf(`2026-12-${day}`))).toEqual([1, 2, 3, 4, -1]);
		expect(nthOf('2026-12-25'), 'the fourth and last Friday').toBe(-1);
		expect(weekdayOf(TUESDAY)).toBe(1);
	});
});
