/**
 * Stands for `devalue` in the browser, where Kit writes down the state of the history with it: 4 kB on every screen, made for maps, dates
 * and cycles. No screen here keeps a state in the history or loads data on a server, so JSON says all there is. The build of the shells
 * uses the real one.
 */
export const stringify = (value: unknown): string => JSON.stringify(value);
export const parse = (text: string): unknown => JSON.parse(text);

/** What only a server's data, a remote function or a transport would ask for. */
function unused(): never {
	throw new Error('Kit asks for devalue itself: take its stand-in out of vite.config.ts');
}
export { unused as stringifyAsync, unused as uneval, unused as unflatten };
