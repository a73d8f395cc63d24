/** The collectives that one can book for. */
import { api, must, type Schemas } from '#lib/api/client.ts';

/** None when they cannot be asked: one can still book for oneself. */
export async function myCollectives(): Promise<Schemas['CollectiveCard'][]> {
	try {
		const { results } = await must(api.GET('/api/collectives/', { params: { query: { mine: true, page_size: 100 } } }));
		return results.filter((one) => one.my_state === 'member');
	} catch {
		return [];
	}
}
