/** The interface in the reader's language: `m.book_new()`; keys are checked by the compiler, plurals by Intl.PluralRules. */
import { browser, dev } from '$app/env';
import { LOCALES } from '#lib/screens.ts';
import type { Key } from './catalogue.d.ts';

export { LOCALES };
export type { Key };
export type Locale = (typeof LOCALES)[number];
type Plural = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };
export type Catalogue = Record<Key, string | Plural>;
type Args = Record<string, string | number>;

export const isLocale = (value: unknown): value is Locale => LOCALES.includes(value as Locale);

function chosen(): Locale {
	const cookie = browser ? /(?:^|; )lang=(\w\w)/.exec(document.cookie)?.[1] : undefined;
	const wishes = [cookie, ...(browser ? navigator.languages : [])].map((wish) => wish?.slice(0, 2));
	return wishes.find(isLocale) ?? 'en';
}

/** The shell that the server sent is in the reader's language already; asking the browser for cookies is slow. */
function shown(): Locale {
	const shell = browser && !dev ? document.documentElement.lang : '';
	return isLocale(shell) ? shell : chosen();
}

// Asked for with every sentence; a new choice loads the page anew.
let settled: Locale | undefined;
let source: () => Locale = () => (settled ??= shown());

/** Build time only: hooks.server.ts says which language's shell is being written. */
export const setLocaleSource = (from: () => Locale): void => {
	source = from;
};
export const getLocale = (): Locale => source();

const catalogues = new Map<Locale, Catalogue>();
const plurals = new Map<Locale, Intl.PluralRules>();

export const use = (locale: Locale, messages: Catalogue): void => void catalogues.set(locale, messages);

function plural(locale: Locale, count: number): Intl.LDMLPluralRule {
	let rules = plurals.get(locale);
	if (!rules) plurals.set(locale, (rules = new Intl.PluralRules(locale)));
	return rules.select(count);
}

/** Only what needs a separator or a decimal sign takes a formatter: making one costs a phone a tenth of a second. */
function written(value: string | number | undefined): string {
	if (typeof value !== 'number') return value ?? '';
	if (Number.isInteger(value) && Math.abs(value) < 10_000) return String(value);
	return value.toLocaleString(getLocale(), { useGrouping: Math.abs(value) >= 10_000 });
}

/** The sentence of a key that is only known at run time, or undefined when there is none. */
export function sentence(key: string, args: Args = {}): string | undefined {
	const locale = getLocale();
	const value = catalogues.get(locale)?.[key as Key];
	if (value === undefined) return undefined;
	const text = typeof value === 'string' ? value : (value[plural(locale, Number(args['count']))] ?? value.other);
	return text.replace(/\{(\w+)\}/g, (_hole, name: string) => written(args[name]));
}

export const m = new Proxy({}, { get: (_target, key: string) => (args?: Args) => sentence(key, args) ?? key }) as {
	readonly [K in Key]: (args?: Args) => string;
};
