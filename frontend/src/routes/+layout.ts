import { getLocale, use, type Catalogue } from '#lib/i18n/index.ts';
import type { LayoutLoad } from './$types';

export const prerender = true;
export const ssr = true;

/** Fetched through Kit's fetch, so that the shell of each language carries its own sentences: no extra round trip. */
export const load: LayoutLoad = async ({ fetch }) => {
	const locale = getLocale();
	const answer = await fetch(`/i18n/${locale}.json`);
	use(locale, (await answer.json()) as Catalogue);
};
