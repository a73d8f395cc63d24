/** What a host can take out of use: each place as a whole, and each thing there. */
import type { Schemas } from '#lib/api/client.ts';
import { m } from '#lib/i18n/index.ts';

export interface Target {
	key: string;
	words: string;
	zone: string;
	units: number;
	place?: number;
	resource?: number;
}

/** Places first, then things by place and name. Of somebody who owns one thing in a house the whole house is refused by the server. */
export function targets(resources: Schemas['Resource'][]): Target[] {
	const places = new Map(resources.map(({ place }) => [place.id, place]));
	const houses = [...places.values()].map((place) => ({
		key: `place-${place.id}`,
		words: m.care_whole_place({ name: place.name }),
		zone: place.timezone,
		units: 1,
		place: place.id
	}));
	const things = resources.map((one) => ({
		key: `resource-${one.id}`,
		words: `${one.place.name}: ${one.name}`,
		zone: one.place.timezone,
		units: one.capacity,
		resource: one.id
	}));
	const byWords = (one: Target, other: Target) => one.words.localeCompare(other.words);
	return [...houses.sort(byWords), ...things.sort(byWords)];
}
