/** People, collectives and things to choose from while somebody types. */
import { api, must } from '#lib/api/client.ts';
import type { Option } from '#lib/ui/Combo.svelte';

const asked = (typed: string) => (typed.trim() ? { search: typed.trim() } : {});

export async function people(typed: string): Promise<Option[]> {
	const query = { page_size: 12, ...asked(typed) };
	const { results } = await must(api.GET('/api/members/', { params: { query } }));
	return results.map(({ id, name, city }) => ({ value: String(id), label: name, note: city }));
}

export async function collectives(typed: string): Promise<Option[]> {
	const query = { page_size: 12, ...asked(typed) };
	const { results } = await must(api.GET('/api/collectives/', { params: { query } }));
	return results.map(({ id, name }) => ({ value: String(id), label: name }));
}

/** Things that can be part of another: at the same place, or travelling. */
export const things =
	(place: number) =>
	async (typed: string): Promise<Option[]> => {
		const query = { page_size: 20, place, ...asked(typed) };
		const { results } = await must(api.GET('/api/resources/', { params: { query } }));
		return results.map(({ id, name }) => ({ value: String(id), label: name }));
	};
