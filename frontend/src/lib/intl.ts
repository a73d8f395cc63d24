/** Dates, times, countries and languages as people in the reader's language write them. */
import { getLocale } from '#lib/i18n/index.ts';

// UI languages are short tags; dates and times follow a European form of each (24 hours, Monday first).
const REGION: Record<string, string> = { en: 'en-GB', fr: 'fr-BE', nl: 'nl-BE', de: 'de-DE' };
export const region = (): string => REGION[getLocale()] ?? getLocale();

/** Makes one of a kind once for each key: a formatter costs a phone about as much as a hundred uses of it. */
function once<T>(make: (key: string) => T): (key: string) => T {
	const made = new Map<string, T>();
	return (key) => {
		if (!made.has(key)) made.set(key, make(key));
		return made.get(key) as T;
	};
}

const formats = new Map<string, Intl.DateTimeFormat>();

function format(options: Intl.DateTimeFormatOptions, locale = region()): Intl.DateTimeFormat {
	const key = locale + JSON.stringify(options);
	let found = formats.get(key);
	if (!found) formats.set(key, (found = new Intl.DateTimeFormat(locale, options)));
	return found;
}

const asDate = (at: string | Date): Date => (typeof at === 'string' ? new Date(at) : at);

const two = (number: number): string => String(number).padStart(2, '0');

/** "2026-11-24 14:05", what calendar and clock on the wall show in the zone (or here). */
function wall(at: string | Date, timeZone?: string): string {
	const moment = asDate(at);
	// A formatter costs a phone a tenth of a second; here its own clock will do.
	if (!timeZone) {
		const day = `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
		return `${day} ${two(moment.getHours())}:${two(moment.getMinutes())}`;
	}
	const parts = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' } as const;
	return format({ ...parts, hourCycle: 'h23', timeZone }, 'sv-SE').format(moment);
}

/** 14:30, in a zone if given; so it is written in each of our languages. */
export const time = (at: string | Date, timeZone?: string): string => wall(at, timeZone).slice(11);

/** Tuesday 24 November. */
export const day = (at: string | Date, timeZone?: string): string =>
	format({ weekday: 'long', day: 'numeric', month: 'long', timeZone }).format(asDate(at));

/** Tue 24 Nov. */
export const shortDay = (at: string | Date, timeZone?: string): string =>
	format({ weekday: 'short', day: 'numeric', month: 'short', timeZone }).format(asDate(at));

/** Tue 24/11/2026, in the order of the reader's language; takes 2026-11-24. */
export const shortDate = (iso: string): string =>
	format({ weekday: 'short', day: '2-digit', month: '2-digit', year: 'numeric', timeZone: 'UTC' }).format(
		new Date(`${iso}T12:00:00Z`)
	);

/** November 2026. */
export const month = (at: string | Date): string =>
	format({ month: 'long', year: 'numeric', timeZone: 'UTC' }).format(asDate(at));

/** 24 November 2026. */
export const date = (at: string | Date, timeZone?: string): string =>
	format({ day: 'numeric', month: 'long', year: 'numeric', timeZone }).format(asDate(at));

/** Tuesday 24 November, 14:00–16:00, or both days when they differ. */
export function span(from: string | Date, until: string | Date, timeZone?: string): string {
	const same = isoDay(from, timeZone) === isoDay(until, timeZone);
	const head = `${same ? day(from, timeZone) : shortDay(from, timeZone)}, ${time(from, timeZone)}`;
	return same ? `${head}–${time(until, timeZone)}` : `${head} – ${shortDay(until, timeZone)}, ${time(until, timeZone)}`;
}

/** 2026-11-24, the day that it is in the zone (or here). */
export function isoDay(at: string | Date, timeZone?: string): string {
	return wall(at, timeZone).slice(0, 10);
}

/** 14:05 as minutes since midnight in the zone. */
export function minuteOfDay(at: string | Date, timeZone?: string): number {
	const [hours, minutes] = time(at, timeZone).split(':').map(Number);
	return (hours ?? 0) * 60 + (minutes ?? 0);
}

/** The day before or after: 2026-11-24, 1 → 2026-11-25. */
export function addDays(iso: string, days: number): string {
	const at = new Date(`${iso}T12:00:00Z`);
	at.setUTCDate(at.getUTCDate() + days);
	return at.toISOString().slice(0, 10);
}

const relatives = once((locale) => new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }));

/** "3 hours ago"; "just now" within a minute. */
export function ago(at: string | Date, now: Date = new Date()): string {
	const seconds = (asDate(at).getTime() - now.getTime()) / 1000;
	const relative = relatives(region());
	const size = Math.abs(seconds);
	if (size < 3600) return relative.format(Math.round(seconds / 60), 'minute');
	if (size < 86_400) return relative.format(Math.round(seconds / 3600), 'hour');
	if (size < 30 * 86_400) return relative.format(Math.round(seconds / 86_400), 'day');
	return date(at);
}

const lists = once((locale) => new Intl.ListFormat(locale, { type: 'conjunction' }));

/** a, b and c. */
export const list = (items: string[]): string => lists(region()).format(items);

/** A label before what it labels: French keeps a space before the colon. */
export const labelled = (label: string, value = ''): string =>
	`${label}${getLocale() === 'fr' ? '\u00a0' : ''}:${value && ` ${value}`}`;

const numbers = once((locale) => new Intl.NumberFormat(locale, { useGrouping: 'min2' }));

/** 20 280 or 0,35 as it is written here; a dash for none. */
export const number = (value: number | null | undefined): string =>
	value == null ? '–' : numbers(region()).format(value);

/** Monday for 0 … Sunday for 6. */
export const weekday = (number: number): string =>
	format({ weekday: 'long', timeZone: 'UTC' }).format(new Date(Date.UTC(2024, 0, 1 + number)));

const names = {
	language: once((locale) => new Intl.DisplayNames([locale], { type: 'language' })),
	region: once((locale) => new Intl.DisplayNames([locale], { type: 'region' }))
};

function name(type: 'language' | 'region', code: string): string {
	if (!code) return '';
	try {
		return names[type](getLocale()).of(type === 'region' ? code.toUpperCase() : code) ?? code;
	} catch {
		return code;
	}
}

export const languageName = (code: string): string => name('language', code);
export const countryName = (code: string): string => name('region', code);

/** Countries of the cooperative first come to hand; the rest of Europe follows by name. */
export const COUNTRIES =
	'AT BE BG CH CY CZ DE DK EE ES FI FR GB GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK UA'.split(' ');
export const LANGUAGES =
	'ar bg ca cs da de el en es et eu fi fr ga gl hr hu is it ku lb lt lv mt nl no pl pt rm ro ru sk sl sq sr sv tr uk zh'.split(
		' '
	);

const collators = once((locale) => new Intl.Collator(locale));

export const byName = (codes: string[], naming: (code: string) => string): { value: string; label: string }[] =>
	codes
		.map((value) => ({ value, label: naming(value) }))
		.sort((one, other) => collators(getLocale()).compare(one.label, other.label));

/** 1250 cents as €12.50, as the reader writes it. */
export const money = (cents: number, currency: string): string =>
	new Intl.NumberFormat(region(), { style: 'currency', currency }).format(cents / 100);
