import { afterEach, expect, test } from 'vitest';
import { momentOf, ownZone } from '#lib/features/bookings/wall.ts';
import { deadline, myZone, shortDeadline, whichClock } from '#lib/features/decisions/deadline.ts';
import { words } from '#lib/features/notices/sentence.ts';
import { session } from '#lib/session.svelte.ts';

afterEach(() => (session.me = undefined));

const at = '2026-11-24T18:30:00Z';
/** Nobody tests there: its clock is a quarter of an hour off those of nearly everyone. */
const FAR = 'Asia/Kathmandu';
const living = (timezone: string) => (session.me = { timezone } as NonNullable<typeof session.me>);

test('an end is told on the clock of the profile, and which one that is where the device shows another time', () => {
	living(FAR);
	expect(deadline(at)).toBe('25 November 2026, 00:15 (Nepal Time, as in your profile)');
	expect(shortDeadline(at)).toBe('Wed 25 Nov, 00:15 (Nepal Time, as in your profile)');
	expect(whichClock(at)).toBe('On the clock of your profile: Nepal Time.');
});

test('where the device shows the same time, or nobody is known yet, nothing is added', () => {
	for (const known of [true, false]) {
		if (known) living(ownZone());
		else session.me = undefined;
		expect(deadline(at)).not.toContain('profile');
		expect(whichClock(at)).toBe('');
		expect(myZone()).toBe(ownZone());
	}
});

test('a reminder says when the vote ends, and one from before that was told does without', () => {
	living(FAR);
	const notice = (kind: string, data: object) => ({ id: 1, kind, data }) as unknown as Parameters<typeof words>[0];
	const proposal = { id: 7, title: 'A van' };
	expect(words(notice('vote_ends', { proposal, closes_at: at }))).toBe(
		'You have not said anything yet: A van. The vote ends on 25 November 2026, 00:15 (Nepal Time, as in your profile).'
	);
	expect(words(notice('vote_ends', { proposal }))).toBe('The vote ends soon and you have not said anything: A van');
	expect(words(notice('vote_closed', { proposal, closes_at: at }))).not.toContain('00:15');
});

test('what is chosen on that clock is the moment that is shown', () => {
	living(FAR);
	expect(momentOf('2026-11-25T00:15', myZone()).toISOString()).toBe('2026-11-24T18:30:00.000Z');
});
