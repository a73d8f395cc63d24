/** The API, typed by its OpenAPI file. `must` gives the answer or throws an ApiError. */
import createClient, { type Middleware } from 'openapi-fetch';
import { getLocale } from '#lib/i18n/index.ts';
import { ApiError, type ErrorBody } from './errors.ts';
import { sendOnce } from './intent.ts';
import type { components, paths } from './schema.d.ts';

export type Schemas = components['schemas'];

export const csrfToken = (): string => /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? '';

const headers: Middleware = {
	onRequest({ request }) {
		request.headers.set('Accept-Language', getLocale());
		if (request.method !== 'GET') request.headers.set('X-CSRFToken', csrfToken());
		return request;
	}
};

export const api = createClient<paths>({ baseUrl: '/', fetch: sendOnce });
api.use(headers);

let onSignedOut: () => void = () => {};

/** Called when the server no longer knows who we are. */
export function whenSignedOut(callback: () => void): void {
	onSignedOut = callback;
}

interface Outcome<T> {
	data?: T;
	error?: unknown;
	response: Response;
}

/** The answer of a call, or an ApiError with the server's code; `failed` when it was not an answer of ours at all. */
export async function must<T>(call: Promise<Outcome<T>>): Promise<T> {
	const { data, error, response } = await call;
	if (response.ok) return data as T;
	const body = (
		typeof error === 'object' && error && 'code' in error ? error : { code: 'failed', detail: '' }
	) as ErrorBody;
	if (response.status === 401) onSignedOut();
	throw new ApiError(response.status, body);
}

/** Send files: the calls that are not JSON. */
export async function sendForm<T>(
	method: 'PUT' | 'POST',
	path: string,
	form: Record<string, string | Blob | Blob[]>
): Promise<T> {
	const body = new FormData();
	for (const [name, values] of Object.entries(form)) for (const value of [values].flat()) body.append(name, value);
	const headers = { 'X-CSRFToken': csrfToken(), 'Accept-Language': getLocale() };
	const response = await sendOnce(new Request(new URL(path, location.href), { method, body, headers }));
	const answer = (await response.json().catch(() => null)) as unknown;
	return must(Promise.resolve({ data: answer as T, error: answer, response }));
}

/** The cursor of the next page, taken from its address; undefined on the last page. */
export function nextCursor(next: string | null | undefined): string | undefined {
	return next ? (new URL(next).searchParams.get('cursor') ?? undefined) : undefined;
}
