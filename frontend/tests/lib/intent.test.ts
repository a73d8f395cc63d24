import { afterEach, describe, expect, it, vi } from 'vitest';
import { sendOnce } from '#lib/api/intent.ts';

const asked = (body: string, path = '/api/bookings/') => new Request(`http://here${path}`, { method: 'POST', body });

/** The keys that were sent, while the network answers like this. */
async function keys(answers: (number | 'lost')[], requests: Request[]): Promise<(string | null)[]> {
	const sent: (string | null)[] = [];
	const fetched = vi.fn((request: Request) => {
		sent.push(request.headers.get('Idempotency-Key'));
		const answer = answers.shift();
		return answer === 'lost'
			? Promise.reject(new TypeError('Failed to fetch'))
			: Promise.resolve(new Response('{}', { status: answer }));
	});
	vi.stubGlobal('fetch', fetched);
	for (const request of requests) await sendOnce(request).catch(() => undefined);
	return sent;
}

describe('what is wanted has one key until it is answered', () => {
	afterEach(() => vi.unstubAllGlobals());

	it('is sent again with the same key when its answer was lost', async () => {
		const [first, again, later] = await keys(['lost', 201, 201], [asked('a'), asked('a'), asked('a')]);
		expect(again).toBe(first);
		expect(later).not.toBe(first);
	});

	it('keeps its key when something in front of the server failed', async () => {
		const [first, again] = await keys([502, 201], [asked('b'), asked('b')]);
		expect(again).toBe(first);
	});

	it('has another key when something else is wanted, and after an answer to that', async () => {
		const sent = await keys(['lost', 200, 201], [asked('c'), asked('d', '/api/bookings/7/cancel/'), asked('c')]);
		expect(new Set(sent).size).toBe(3);
	});

	it('sends no key for what only reads', async () => {
		expect(await keys([200], [new Request('http://here/api/bookings/')])).toEqual([null]);
	});
});
