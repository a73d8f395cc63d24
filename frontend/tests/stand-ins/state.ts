/** `$app/state` for unit tests. */
export const page = { route: { id: '/' }, url: new URL('http://localhost/') };
