/** Where somebody lives, in a few words: as much of it as they tell. */
import type { Schemas } from '#lib/api/client.ts';
import { countryName } from '#lib/intl.ts';

export function placeOf({ city, region, country }: Pick<Schemas['MemberCard'], 'city' | 'region' | 'country'>): string {
	// Berlin is a town and a region.
	const names = new Set([city, region?.name, countryName(country ?? '')]);
	return [...names].filter(Boolean).join(', ');
}
