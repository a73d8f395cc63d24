/** What is written by language, and how a coordinator writes it: a line each. */
import { getLocale } from '#lib/i18n/index.ts';

/** In the reader's language; in English, or in whatever there is, where nothing is. */
export function inReaders<T>(words: Record<string, T> | undefined): T | undefined {
	return words && (words[getLocale()] ?? words['en'] ?? Object.values(words)[0]);
}

export interface Reading {
	title: string;
	url: string;
}

export const asLines = (lines: string[] | undefined): string => (lines ?? []).join('\n');

export const readingLines = (readings: Reading[] | undefined): string =>
	(readings ?? []).map(({ title, url }) => `${title} | ${url}`).join('\n');

export const lines = (text: string): string[] =>
	text
		.split('\n')
		.map((line) => line.trim())
		.filter(Boolean);

/** `Title | https://…` a line; without a title the address stands for itself. */
export const readings = (text: string): Reading[] =>
	lines(text).map((line) => {
		const cut = line.lastIndexOf('|');
		const url = line.slice(cut + 1).trim();
		return { title: (cut < 0 ? '' : line.slice(0, cut).trim()) || url, url };
	});
