/** How a page keeps a room: pure functions over the events it has and those that come in. */
import type { Schemas } from '#lib/api/client.ts';
import { wordsOf } from './words.ts';

export type Event = Schemas['Event'];

/** An event as the page holds it, and up to which number it is known how things stand with it. */
export type Held = Event & { as_of: number };

/** A message that I wrote and the server has not confirmed yet. */
export interface Pending {
	client_id: string;
	room: number;
	body: string;
	written_at: string;
	topic?: number;
	reply_to?: number;
	language?: string;
	important?: boolean;
	mentions?: number[];
	everyone?: boolean;
	files?: PendingFile[];
	/** The code of a refusal; absent while it waits. */
	failed?: string;
}

/** A file of such a message; once the server has it, it has a key there. */
export interface PendingFile {
	client_id: string;
	name: string;
	content: Blob;
	key?: string;
}

/**
 * The events by number, each once, with what changed a message applied to it.
 *
 * A copy says how a message was at some moment: a live one when it was written, one of a page when the page was read (`asOf`,
 * the head of the page). An older copy never undoes what a later one or an act has done. Acts say what holds after them, so
 * that applying them again, in order, changes nothing.
 */
export function merge(have: Held[], incoming: Event[], asOf = 0): Held[] {
	const bySeq = new Map(have.map((event) => [event.seq, event]));
	const inOrder = [...incoming].sort((one, other) => one.seq - other.seq);
	for (const event of inOrder) {
		const as_of = Math.max(asOf, event.seq);
		if (as_of >= (bySeq.get(event.seq)?.as_of ?? 0)) bySeq.set(event.seq, { ...event, as_of });
	}
	for (const act of inOrder) {
		const target = act.target_seq === null ? undefined : bySeq.get(act.target_seq);
		if (target && act.seq > target.as_of) bySeq.set(target.seq, { ...target, ...changed(target, act), as_of: act.seq });
		if (!REWORDING.test(act.kind)) continue;
		for (const answer of bySeq.values()) {
			if (!answer.reply_to || answer.reply_to.seq !== act.target_seq || act.seq <= answer.as_of) continue;
			bySeq.set(answer.seq, { ...answer, reply_to: { ...answer.reply_to, excerpt: excerpt(act) }, as_of: act.seq });
		}
	}
	return [...bySeq.values()].sort((one, other) => one.seq - other.seq);
}

/** What changes the words of a message, also where an answer quotes them. */
const REWORDING = /^message_(edited|deleted|hidden|shown)$/;
const EXCERPT_LENGTH = 140;

/** As the server cuts it; nothing of what was deleted or is covered. */
const excerpt = (act: Event): string => [...wordsOf(act).replace(/\s+/g, ' ')].slice(0, EXCERPT_LENGTH).join('');

/** What an act makes of the message that it names. */
function changed(target: Event, act: Event): Partial<Event> {
	switch (act.kind) {
		case 'message_edited':
			return target.deleted ? {} : { body: act.body, html: act.html, edited: true };
		case 'message_deleted':
			return { ...GONE, deleted: true, reactions: [], pinned: false };
		case 'message_hidden':
			return { ...GONE, hidden: true };
		case 'message_shown':
			return target.deleted ? {} : { body: act.body, html: act.html, hidden: false };
		case 'message_pinned':
			return { pinned: true };
		case 'message_unpinned':
			return { pinned: false };
		case 'message_acknowledged':
			return { acknowledged: Number(act.data['count']) };
		case 'file_removed':
			return { attachments: target.attachments.filter(({ id }) => id !== act.data['key']) };
		case 'reaction_added':
		case 'reaction_removed':
			return { reactions: reacted(target.reactions, act) };
		default:
			return {};
	}
}

const GONE = { body: '', html: null, attachments: [] } satisfies Partial<Event>;

function reacted(reactions: Event['reactions'], act: Event): Event['reactions'] {
	const who = act.author?.id ?? 0;
	const count = Number(act.data['count']);
	const others = (reactions.find(({ emoji }) => emoji === act.emoji)?.members ?? []).filter((member) => member !== who);
	const one = { emoji: act.emoji, count, members: act.kind === 'reaction_added' ? [...others, who] : others };
	if (!reactions.some(({ emoji }) => emoji === act.emoji)) return count ? [...reactions, one] : reactions;
	return reactions.map((had) => (had.emoji === act.emoji ? one : had)).filter((had) => had.count);
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
