/** Towns to look around, found by their name in any language. */
import { api, must, type Schemas } from '#lib/api/client.ts';
import { countryName } from '#lib/intl.ts';
import type { Option } from '#lib/ui/Combo.svelte';

export type Town = Pick<Schemas['Town'], 'name' | 'country' | 'point'>;

/** What is asked beside the usual conditions, as the API is asked. */
export type More = Record<string, string | string[]>;

export async function townsLike(typed: string): Promise<Town[]> {
	if (!typed.trim()) return [];
	return must(api.GET('/api/towns/', { params: { query: { search: typed.trim() } } }));
}

export const townOption = (town: Town): Option => ({
	value: town.point,
	label: town.name,
	note: countryName(town.country)
});

/** The map shows 25° W to 45° E and 34° N to 71.5° N; a degree of longitude is drawn as wide as it is at 52° N. */
const [WEST, EAST, SOUTH, NORTH] = [-25, 45, 34, 71.5];
const NARROW = Math.cos((52 * Math.PI) / 180);
export const WIDE = Math.round((EAST - WEST) * NARROW * 10);
export const HIGH = Math.round((NORTH - SOUTH) * 10);

/** Where a point is on the map; undefined beside it. */
export function onMap({ latitude, longitude }: { latitude: number; longitude: number }) {
	if (longitude < WEST || longitude > EAST || latitude < SOUTH || latitude > NORTH) return undefined;
	return { x: (longitude - WEST) * NARROW * 10, y: (NORTH - latitude) * 10 };
}
