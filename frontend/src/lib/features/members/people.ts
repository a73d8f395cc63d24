/** People whom I may meet, to choose one by name. */
import { api, must } from '#lib/api/client.ts';
import type { Option } from '#lib/ui/Combo.svelte';

export async function searchPeople(typed: string): Promise<Option[]> {
	const query = { page_size: 12, ...(typed.trim() ? { search: typed.trim() } : {}) };
	const { results } = await must(api.GET('/api/members/', { params: { query } }));
	return results.map(({ id, name, city }) => ({ value: String(id), label: name ?? '', note: city }));
}
