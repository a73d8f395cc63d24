import { expect, test, vi } from 'vitest';

const LOG = 10_000;
const PAGE = 50;

interface Query {
	before?: number;
	since?: number;
	around?: number;
}

/** A room in which ten thousand messages were said, as the server pages it. */
const pages = vi.hoisted(() => ({ asked: 0 }));
vi.mock('#lib/api/client.ts', () => ({
	must: async (answer: Promise<unknown>) => answer,
	api: {
		GET: async (_path: string, { params: { query } }: { params: { query: Query } }) => {
			pages.asked++;
			const first = query.since ? query.since + 1 : (query.before ?? LOG + 1) - PAGE;
			const last = Math.min(LOG, first + PAGE - 1);
			const seqs = Array.from({ length: last - Math.max(1, first) + 1 }, (_, place) => Math.max(1, first) + place);
			const events = seqs.map((seq) => ({
				seq,
				kind: 'message',
				target_seq: null,
				client_id: `c${seq}`,
				author: { id: 7 }
			}));
			return { events, head: LOG, has_older: first > 1, has_newer: last < LOG, noted: [] };
		}
	}
}));

const { Stretch } = await import('#lib/features/conversations/stretch.svelte.ts');

test('ten thousand messages are read back and forth, each once, and never more than some hundreds are held', async () => {
	const stretch = new Stretch(1, {}, new Set());
	await stretch.load();
	const seen = new Set<number>();
	let most = 0;
	const look = () => {
		const seqs = stretch.events.map(({ seq }) => seq);
		expect(seqs).toEqual(seqs.map((_, place) => (seqs[0] ?? 0) + place));
		for (const seq of seqs) seen.add(seq);
		most = Math.max(most, seqs.length);
	};
	look();
	while (stretch.hasOlder) {
		const first = stretch.events[0]?.seq;
		await stretch.older();
		look();
		// What was in view, and what is above it now.
		expect(stretch.events.some(({ seq }) => seq === first)).toBe(true);
	}
	expect(stretch.events[0]?.seq).toBe(1);
	expect(seen.size).toBe(LOG);
	seen.clear();
	look();
	while (stretch.hasNewer) {
		const last = stretch.events.at(-1)?.seq;
		await stretch.newer();
		look();
		expect(stretch.events.some(({ seq }) => seq === last)).toBe(true);
	}
	expect(stretch.events.at(-1)?.seq).toBe(LOG);
	expect(seen.size).toBe(LOG);
	expect(most).toBeLessThanOrEqual(600);
	expect(pages.asked).toBeLessThanOrEqual((2 * LOG) / PAGE);
});
