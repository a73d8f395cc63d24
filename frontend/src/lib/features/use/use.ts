/** What can be done at the door; each answers how the booking stands afterwards. */
import { api, must, sendForm, type Schemas } from '#lib/api/client.ts';

export type Use = Schemas['Use'];
export type Handover = Schemas['Handover'];
export type Condition = Schemas['Condition'];

const of = (id: number) => ({ params: { path: { id } } });

export const load = (booking: number): Promise<Use> => must(api.GET('/api/bookings/{id}/use/', of(booking)));
export const checkIn = (booking: number): Promise<Use> => must(api.POST('/api/bookings/{id}/check-in/', of(booking)));
export const checkOut = (booking: number): Promise<Use> => must(api.POST('/api/bookings/{id}/check-out/', of(booking)));

/** Without `things`: all that has not been taken yet. */
export const handOver = (booking: number, things: { resource: number; quantity: number }[] = []): Promise<Use> =>
	must(api.POST('/api/bookings/{id}/hand-over/', { ...of(booking), body: { things } }));

export const takeBack = (handover: number, quantity?: number): Promise<Use> =>
	must(api.POST('/api/handovers/{id}/return/', { ...of(handover), body: quantity ? { quantity } : {} }));

export interface Report extends Record<string, string | Blob[]> {
	moment: Condition['moment'];
	state: Condition['state'];
	words: string;
	photos: Blob[];
}

export const report = (handover: number, how: Report): Promise<Use> =>
	sendForm('POST', `/api/handovers/${handover}/report/`, how);

/** "Tripod T2", "Chairs × 20". */
export const named = ({ resource, unit, quantity }: Handover): string =>
	unit ? `${resource.name} ${unit}` : quantity > 1 ? `${resource.name} × ${quantity}` : resource.name;

export const zoneOf = ({ booking }: Use): string => booking.resources[0]?.place.timezone ?? 'UTC';
