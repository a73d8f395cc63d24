/** What the clock at a place shows: a "wall" is 2026-11-24T14:00 there, without a zone. Minutes are counted from midnight. */
export const DAY = 1440;

const formats = new Map<string, Intl.DateTimeFormat>();

function clockIn(zone: string): Intl.DateTimeFormat {
	let found = formats.get(zone);
	if (!found) {
		found = new Intl.DateTimeFormat('en-CA', {
			year: 'numeric',
			month: '2-digit',
			day: '2-digit',
			hour: '2-digit',
			minute: '2-digit',
			hourCycle: 'h23',
			timeZone: zone
		});
		formats.set(zone, found);
	}
	return found;
}

/** The wall that this moment is in the zone. */
export function wallOf(at: string | Date, zone: string): string {
	const parts = Object.fromEntries(
		clockIn(zone)
			.formatToParts(new Date(at))
			.map((part) => [part.type, part.value])
	);
	return `${parts['year']}-${parts['month']}-${parts['day']}T${parts['hour']}:${parts['minute']}`;
}

/**
 * The moment of a wall in the zone. When the clocks show it twice, the first time is meant; one that they jump over is as
 * much later as they jump.
 */
export function momentOf(wall: string, zone: string): Date {
	const asUtc = Date.parse(`${wall}Z`);
	const offsetAt = (at: number) => Date.parse(`${wallOf(new Date(at), zone)}Z`) - at;
	const before = asUtc - offsetAt(asUtc - DAY * 60_000);
	const after = asUtc - offsetAt(asUtc + DAY * 60_000);
	const fits = [before, after].filter((at) => wallOf(new Date(at), zone) === wall);
	return new Date(fits.length ? Math.min(...fits) : before);
}

/** 08:30 → 510; 24:00 → 1440. */
export function minutesOf(clock: string): number {
	const [hours, minutes] = clock.split(':').map(Number);
	return (hours ?? 0) * 60 + (minutes ?? 0);
}

/** 510 → 08:30. */
export function clockOf(minutes: number): string {
	return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}

/** Minutes from the midnight with which the day begins to the wall: below 0 the day before, above 1440 the day after. */
export function minuteOn(day: string, wall: string): number {
	return Math.round((Date.parse(`${wall}Z`) - Date.parse(`${day}T00:00Z`)) / 60_000);
}

/** The wall so many minutes after the day began. */
export function wallAt(day: string, minutes: number): string {
	return new Date(Date.parse(`${day}T00:00Z`) + minutes * 60_000).toISOString().slice(0, 16);
}

/** Minutes between two walls, as the clock counts them. */
export const between = (from: string, until: string): number =>
	minuteOn(from.slice(0, 10), until) - minuteOn(from.slice(0, 10), from);

/** The zone of this browser. */
export const ownZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Whether the clock there shows something else than the reader's own at this moment. */
export const isElsewhere = (at: string | Date, zone: string): boolean => wallOf(at, zone) !== wallOf(at, ownZone());
