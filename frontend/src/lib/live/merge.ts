/** How a page keeps a room: pure functions over the events it has and those that come in. */
import type { Schemas } from '#lib/api/client.ts';

export type Event = Schemas['Event'];

/** A message that I wrote and the server has not confirmed yet. */
export interface Pending {
	client_id: string;
	room: number;
	body: string;
	written_at: string;
	/** The code of a refusal; absent while it waits. */
	failed?: string;
}

/** The events by number, each once, with edits and deletions applied to the messages that they change. */
export function merge(have: Event[], incoming: Event[]): Event[] {
	const bySeq = new Map(have.map((event) => [event.seq, event]));
	for (const event of incoming) bySeq.set(event.seq, { ...bySeq.get(event.seq), ...event });
	for (const event of incoming) {
		const target = event.target_seq === null ? undefined : bySeq.get(event.target_seq);
		if (!target) continue;
		if (event.kind === 'message_deleted') bySeq.set(target.seq, { ...target, body: '', deleted: true });
		else if (event.kind === 'message_edited' && !target.deleted)
			bySeq.set(target.seq, { ...target, body: event.body, edited: true });
	}
	return [...bySeq.values()].sort((one, other) => one.seq - other.seq);
}

/** The number up to which nothing is missing; 0 for an empty room. The first event held counts as the beginning. */
export function contiguous(events: Event[]): number {
	let seen = events[0]?.seq ?? 0;
	for (const event of events.slice(1)) {
		if (event.seq !== seen + 1) break;
		seen = event.seq;
	}
	return seen;
}

/** My messages that are not among the events yet. */
export function stillPending(pending: Pending[], events: Event[]): Pending[] {
	const stored = new Set(events.map((event) => event.client_id));
	return pending.filter((message) => !stored.has(message.client_id));
}
