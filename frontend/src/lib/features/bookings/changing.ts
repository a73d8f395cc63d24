/** Opens a booking in the form: the resource that it is about, and the draft that it was made from. */
import { api, must, type Schemas } from '#lib/api/client.ts';
import { draftOf, type Draft } from './draft.ts';
import type { Resource } from './free.ts';

type Booking = Schemas['Booking'];

export async function toChange(
	booking: Booking
): Promise<{ resource: Resource; draft: Draft; booking: Booking } | undefined> {
	const first = booking.resources[0];
	if (!first) return undefined;
	const resource = await must(api.GET('/api/resources/{id}/', { params: { path: { id: first.id } } }));
	return { resource, draft: draftOf(booking), booking };
}

export async function toChangeById(id: number): ReturnType<typeof toChange> {
	return toChange(await must(api.GET('/api/bookings/{id}/', { params: { path: { id } } })));
}
