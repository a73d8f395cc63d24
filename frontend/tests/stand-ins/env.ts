/** `$app/env` for unit tests. */
export const browser = true;
export const version = 'test';
export const dev = false;
