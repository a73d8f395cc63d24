/** Changing or cancelling one booking of a series, those that follow, or all that are still to come. */
import { api, must, type Schemas } from '#lib/api/client.ts';
import { endWall, startWall, type Draft } from '../bookings/draft.ts';

export type Scope = 'this' | 'following' | 'all';
export const SCOPES: Scope[] = ['this', 'following', 'all'];
type Booking = Schemas['Booking'];

/** What differs between two drafts; both times when one of them does. */
function difference(before: Draft, after: Draft): { starts_at?: string; ends_at?: string; title?: string } {
	const isMoved = startWall(before) !== startWall(after) || endWall(before) !== endWall(after);
	return {
		...(isMoved ? { starts_at: startWall(after), ends_at: endWall(after) } : {}),
		...(before.title === after.title ? {} : { title: after.title.trim() })
	};
}

/** How many were changed. */
export async function change(
	{ id }: Booking,
	scope: Scope,
	before: Draft,
	after: Draft,
	skipConflicts: boolean
): Promise<number> {
	const [params, what] = [{ path: { id } }, difference(before, after)];
	if (scope === 'this') {
		await must(api.PATCH('/api/bookings/{id}/', { params, body: what }));
		return 1;
	}
	const body = { ...what, scope, skip_conflicts: skipConflicts };
	return (await must(api.PATCH('/api/bookings/{id}/series/', { params, body }))).bookings.length;
}

/** How many were cancelled, and for how many it was too late. */
export async function cancel({ id }: Booking, scope: Scope): Promise<{ cancelled: number; late: number }> {
	const params = { path: { id } };
	if (scope === 'this') {
		await must(api.POST('/api/bookings/{id}/cancel/', { params }));
		return { cancelled: 1, late: 0 };
	}
	const { cancelled, kept } = await must(api.POST('/api/bookings/{id}/cancel-series/', { params, body: { scope } }));
	return { cancelled, late: kept.length };
}
