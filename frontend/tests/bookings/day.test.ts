import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { anything, BookableDay } from '#lib/features/bookings/day.svelte.ts';
import { busy, room } from './things.ts';

/** What was asked, and how to let its answer arrive. */
let asked: { path: string; query: URLSearchParams; answer: (body: unknown) => void }[] = [];

beforeEach(() => {
	asked = [];
	vi.stubGlobal('fetch', (request: Request) => {
		const { pathname, searchParams } = new URL(request.url, 'http://localhost');
		return new Promise<Response>((arrive) => {
			const answer = (body: unknown) =>
				arrive(new Response(JSON.stringify(body), { headers: { 'Content-Type': 'application/json' } }));
			asked.push({ path: pathname, query: searchParams, answer });
		});
	});
});
afterEach(() => vi.unstubAllGlobals());

const page = (...resources: ReturnType<typeof room>[]) => ({ next: null, previous: null, results: resources });
const held = (...rows: ReturnType<typeof busy>[]) => ({ resources: [], busy: rows, full: [], closed: [] });

async function nth(number: number) {
	await vi.waitFor(() => expect(asked.length).toBeGreaterThanOrEqual(number));
	const found = asked[number - 1];
	if (!found) throw new Error(`nothing was asked ${number} times`);
	return found;
}

test('another day asked for while a search is on its way does not lose the search', async () => {
	const shown = new BookableDay();
	void shown.show(anything(), '2026-11-24');
	(await nth(1)).answer(page(room(), room({ id: 2 })));
	(await nth(2)).answer(held());
	await vi.waitFor(() => expect(shown.loading).toBe(false));

	void shown.show({ ...anything(), search: 'Deûle' }, '2026-11-24');
	void shown.show({ ...anything(), search: 'Deûle' }, '2026-11-30');
	(await nth(4)).answer(page(room({ id: 3 })));
	const calendar = await nth(5);
	expect(calendar.query.get('from')).toBe('2026-11-29T00:00:00Z');
	calendar.answer(held());
	await vi.waitFor(() => expect(shown.day).toBe('2026-11-30'));
	expect(shown.resources.map((resource) => resource.id)).toEqual([3]);
});

test('another day of the same things asks only what is held then, and shows it with its day', async () => {
	const shown = new BookableDay();
	void shown.show(anything(), '2026-11-24');
	(await nth(1)).answer(page(room()));
	(await nth(2)).answer(held());
	await vi.waitFor(() => expect(shown.day).toBe('2026-11-24'));
	void shown.show(anything(), '2026-11-28');
	const calendar = await nth(3);
	expect([calendar.path, shown.day]).toEqual(['/api/calendar/', '2026-11-24']);
	calendar.answer(held(busy('09:00', '10:00')));
	await vi.waitFor(() => expect(shown.day).toBe('2026-11-28'));
	expect(shown.told.busy).toHaveLength(1);
});

test('a change that is announced while an answer is on its way is asked for afterwards', async () => {
	const shown = new BookableDay();
	void shown.show(anything(), '2026-11-24');
	void shown.refresh();
	(await nth(1)).answer(page(room()));
	(await nth(2)).answer(held());
	(await nth(3)).answer(held(busy('09:00', '10:00')));
	await vi.waitFor(() => expect(shown.told.busy).toHaveLength(1));
});
