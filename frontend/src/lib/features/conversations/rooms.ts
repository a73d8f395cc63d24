/** What a room is called for the one who looks. */
import type { Schemas } from '#lib/api/client.ts';
import { m } from '#lib/i18n/index.ts';

export function roomTitle(room: Schemas['Room']): string {
	const other = room.partner?.name || m.chats_someone();
	if (room.kind === 'mentorship') return m.chats_mentorship_with({ name: other });
	if (room.kind === 'direct') return other;
	return room.title || m.chats_title();
}
