import type { Schemas } from '#lib/api/client.ts';

/** What a message says, without the signs of its markup. */
export const wordsOf = ({ html, body }: Pick<Schemas['Event'], 'html' | 'body'>): string =>
	html === null ? body : (new DOMParser().parseFromString(html, 'text/html').body.textContent ?? '').trim();
