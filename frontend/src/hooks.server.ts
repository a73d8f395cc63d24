import type { Handle } from '@sveltejs/kit/hooks';
import { AsyncLocalStorage } from 'node:async_hooks';
import { isLocale, setLocaleSource, type Locale } from '#lib/i18n/index.ts';

const store = new AsyncLocalStorage<Locale>();
setLocaleSource(() => store.getStore() ?? 'en');

/** Build time only: writes each shell in the language of its prefix. */
export const handle: Handle = ({ event, resolve }) => {
	const found = /^\/_(\w\w)(?=\/|$)/.exec(event.url.pathname)?.[1];
	const locale = isLocale(found) ? found : 'en';
	return store.run(locale, () =>
		resolve(event, {
			transformPageChunk: ({ html }) => html.replace('<html lang="en"', `<html lang="${locale}"`)
		})
	);
};
