/** Rooms in words. */
import type { Schemas } from '#lib/api/client.ts';
import { m } from '#lib/i18n/index.ts';

type Room = Schemas['Room'];

/** Kinds that a member can open; the others come with what they belong to. */
export const KINDS_TO_OPEN = ['topic', 'circle', 'trade', 'open'] as const satisfies readonly Room['kind'][];

/** Kinds that can be looked for. */
export const KINDS_TO_FIND = [...KINDS_TO_OPEN, 'place', 'question'] as const;

/** Kinds of what a room can be about, and the kind of room that it gets. */
const KIND_ABOUT: Record<string, Room['kind']> = {
	place: 'place',
	resource: 'question',
	sector: 'trade',
	skill: 'trade',
	collective: 'topic',
	country: 'topic'
};

export const kindAbout = (about: string): Room['kind'] | undefined => KIND_ABOUT[about];

/** What a room is called for the one who looks. */
export function roomTitle(room: Room): string {
	const other = room.partner?.name || m.chats_someone();
	if (room.kind === 'mentorship') return m.chats_mentorship_with({ name: other });
	if (room.kind === 'direct') return room.title || other;
	return room.title || m.chats_title();
}

export function kindWords(kind: Room['kind']): string {
	const words = {
		collective: m.chats_kind_collective,
		mentorship: m.chats_kind_mentorship,
		direct: m.chats_kind_direct,
		open: m.chats_kind_open,
		circle: m.chats_kind_circle,
		trade: m.chats_kind_trade,
		place: m.chats_kind_place,
		question: m.chats_kind_question,
		topic: m.chats_kind_topic
	} satisfies Record<Room['kind'], () => string>;
	return words[kind]();
}

export function accessWords(access: Room['access']): string {
	const words = { open: m.chats_access_open, membership: m.chats_access_membership, private: m.chats_access_private };
	return words[access]();
}
