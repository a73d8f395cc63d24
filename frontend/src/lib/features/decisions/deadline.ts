/** When something ends, on the clock of the reader's profile; where this browser's shows another time, it is said which one is meant. */
import { m } from '#lib/i18n/index.ts';
import { date, region, shortDay, time } from '#lib/intl.ts';
import { session } from '#lib/session.svelte.ts';
import { isElsewhere, ownZone } from '../bookings/wall.ts';

/** The zone of my profile, or of this browser as long as that is not known. */
export const myZone = (): string => session.me?.timezone || ownZone();

/** Central European Time, in the reader's language. */
const zoneName = (at: string | Date, timeZone: string): string =>
	new Intl.DateTimeFormat(region(), { timeZone, timeZoneName: 'longGeneric' })
		.formatToParts(new Date(at))
		.find(({ type }) => type === 'timeZoneName')?.value ?? timeZone;

function told(at: string | Date, day: (at: string | Date, zone: string) => string): string {
	const zone = myZone();
	const when = `${day(at, zone)}, ${time(at, zone)}`;
	return isElsewhere(at, zone) ? m.decisions_profile_clock({ when, zone: zoneName(at, zone) }) : when;
}

/** 24 November 2026, 18:00. */
export const deadline = (at: string | Date): string => told(at, date);

/** Tue 24 Nov, 18:00. */
export const shortDeadline = (at: string | Date): string => told(at, shortDay);

/** Which clock is meant where times are chosen or told without a word; nothing where it is this browser's. */
export function whichClock(at: string | Date = new Date()): string {
	const zone = myZone();
	return isElsewhere(at, zone) ? m.decisions_profile_zone({ zone: zoneName(at, zone) }) : '';
}
