/** A key for each thing that is wanted: sent again because its answer got lost, it carries the same key and is done once. */

const lost = new Map<string, string>();

/** What counts as the same wish: method, address and what is sent. A form is told apart by its words and its files. */
export async function wishOf(request: Request): Promise<string> {
	const { method, url } = request;
	if (!request.headers.get('Content-Type')?.startsWith('multipart/')) {
		return JSON.stringify([method, url, await request.clone().text()]);
	}
	const fields = [...(await request.clone().formData())].map(([name, value]) =>
		typeof value === 'string' ? [name, value] : [name, value.name, value.size, value.lastModified]
	);
	return JSON.stringify([method, url, fields]);
}

/** `/api/bookings/` of all below it: an answer there ends what was lost there before. */
const room = (url: string): string => new URL(url).pathname.split('/').slice(0, 3).join('/');

/** Sends what changes something with its key; the key is kept only until an answer has come, for this wish or a later one like it. */
export async function sendOnce(request: Request): Promise<Response> {
	if (request.method === 'GET' || request.method === 'HEAD') return fetch(request);
	const wish = await wishOf(request);
	const key = lost.get(wish) ?? crypto.randomUUID();
	lost.set(wish, key);
	request.headers.set('Idempotency-Key', key);
	const response = await fetch(request);
	// Answers of 500 and more may come from in front of the server: whether it was done is not known.
	if (response.status < 500) {
		for (const each of lost.keys()) {
			if (room((JSON.parse(each) as [string, string])[1]) === room(request.url)) lost.delete(each);
		}
	}
	return response;
}
