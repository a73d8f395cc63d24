/** What happened in a room besides messages, in words. */
import type { Schemas } from '#lib/api/client.ts';
import { m, sentence } from '#lib/i18n/index.ts';
import { day, labelled, time } from '#lib/intl.ts';
import { ruleWords } from './rules.ts';
import { slowWords } from './slow.ts';

type Event = Schemas['Event'];

/** A sentence about an act, or '' for one that shows on the message that it names. */
export function actWords(event: Event): string {
	const by = event.author?.name || m.chats_someone();
	const name = event.subject?.name || by;
	const { rule, title, until } = event.data as { rule?: string; title?: string; until?: string };
	const why = ruleWords(rule ?? '');
	switch (event.kind) {
		case 'member_joined':
			return m.chats_joined({ name });
		case 'member_left':
			return m.chats_left({ name });
		case 'member_removed':
			return m.chats_act_removed({ name, by, why });
		case 'member_muted':
			return until
				? m.chats_act_muted_until({ name, by, until: `${day(until)}, ${time(until)}`, why })
				: m.chats_act_muted({ name, by, why });
		case 'member_unmuted':
			return m.chats_act_unmuted({ name, by });
		case 'message_hidden':
			return m.chats_act_hidden({ by, why });
		case 'message_shown':
			return m.chats_act_shown({ by });
		case 'file_removed':
			return event.subject ? m.chats_act_file_removed({ by, name }) : '';
		case 'message_pinned':
			return m.chats_act_pinned({ by });
		case 'topic_opened':
			return m.chats_act_topic({ by, title: title ?? '' });
		case 'topic_changed':
			return m.chats_act_topic_changed({ by, title: title ?? '' });
		case 'room_changed':
			return labelled(m.chats_act_changed({ by }), newOf(event.data));
		case 'room_paused':
			return m.chats_act_paused({ by });
		case 'room_resumed':
			return m.chats_act_resumed({ by });
		case 'steward_named':
			return m.chats_act_steward({ name, by });
		case 'steward_relieved':
			return m.chats_act_steward_no_more({ name, by });
		default:
			return '';
	}
}

/** What is new of a room, in words. */
function newOf(data: Event['data']): string {
	const { title, purpose, access, slow_seconds } = data as Partial<Schemas['RoomDetail']>;
	return [
		title !== undefined && labelled(m.chats_room_title(), title),
		purpose !== undefined && labelled(m.chats_purpose(), purpose || '–'),
		access !== undefined && sentence(`chats_access_${access}`),
		slow_seconds !== undefined && labelled(m.chats_slow(), slowWords(slow_seconds))
	]
		.filter(Boolean)
		.join('; ');
}
