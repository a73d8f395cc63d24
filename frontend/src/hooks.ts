import type { Reroute } from '@sveltejs/kit/hooks';

/** Build time only: /_fr/members is the French shell of /members. Nobody links to the prefixed form; the server picks the file. */
export const reroute: Reroute = ({ url }) =>
	url.pathname.replace(/^\/_(en|fr|nl|de)(?=\/|$)/, '').replace(/^\/index$/, '/') || '/';
