/** Whether the member looks after anything; asked once while the app is open. */
import { api, must } from '#lib/api/client.ts';

let asked: Promise<boolean> | undefined;

export const looksAfterThings = (): Promise<boolean> =>
	(asked ??= must(api.GET('/api/hosting/')).then(
		({ resources, places }) => resources.length + places.length > 0,
		() => {
			asked = undefined;
			return false;
		}
	));

/** The places that the member looks after; none when that cannot be asked now. */
export const looksAfterPlaces = (): Promise<{ id: number; name: string }[]> =>
	must(api.GET('/api/hosting/')).then(
		({ places }) => places,
		() => []
	);
