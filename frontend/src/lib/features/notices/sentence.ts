/** A notice in words, and where it leads. */
import type { Schemas } from '#lib/api/client.ts';
import { m, sentence } from '#lib/i18n/index.ts';
import { date, span } from '#lib/intl.ts';
import { when as whenThere } from '../bookings/words.ts';
import { deadline } from '../decisions/deadline.ts';

type Notice = Schemas['Notice'];
interface Facts {
	person?: { id: number; name: string };
	collective?: { id: number; name: string } | null;
	circle?: { id: number; title: string };
	proposal?: { id: number; title: string };
	consultation?: { id: number; title: string };
	/** Of a consultation: its name, or nothing for the whole federation. */
	organisation?: string;
	/** A name alone with what a programme proposes. */
	programme?: string | { id: number; name: string };
	/** A number where somebody in difficulty called. */
	call?: number | { id: number; title: string };
	/** Without a number where a place or an organisation stands for it. */
	resource?: { id: number | null; name: string };
	starts_at?: string;
	ends_at?: string;
	timezone?: string;
	/** A number with the notices of mentorships, a room with those of rooms. */
	room?: number | { id: number; title: string };
	seq?: number;
	rule?: string;
	upheld?: boolean;
	booking?: number;
	mentorship?: number;
	held_until?: string;
	/** When a vote ends; not told by older notices. */
	closes_at?: string;
	/** For how long a rule does not count; the last day of short talks. */
	until?: string;
}

const facts = (notice: Notice): Facts => notice.data as Facts;

export function words(notice: Notice): string {
	const {
		person,
		collective,
		circle,
		proposal,
		consultation,
		organisation,
		programme,
		call,
		resource,
		starts_at,
		ends_at,
		timezone,
		room,
		rule,
		upheld,
		held_until,
		closes_at,
		until
	} = facts(notice);
	const kind = notice.kind === 'report_decided' && upheld ? 'report_upheld' : notice.kind;
	const dated = closes_at ? { vote_opened: 'vote_opened_until', vote_ends: 'vote_ends_at' }[kind as string] : undefined;
	return (
		sentence(`notices_${dated ?? kind}`, {
			name: person?.name || m.notices_someone(),
			collective: collective?.name ?? '',
			whose: collective?.name || organisation || m.notices_federation(),
			circle: circle?.title ?? '',
			title: proposal?.title ?? consultation?.title ?? (typeof call === 'object' ? call.title : ''),
			programme: typeof programme === 'object' ? programme.name : (programme ?? ''),
			resource: resource?.name ?? '',
			// A conversation between a few people has no name of its own.
			room: (typeof room === 'object' && room.title) || m.notices_a_room(),
			rule: (rule && sentence(`chats_rule_${rule}`)) || m.chats_rule_other(),
			until: held_until ? date(held_until) : until ? date(new Date(Date.parse(until) - 1)) : '',
			date: typeof until === 'string' ? date(`${until.slice(0, 10)}T12:00:00`) : '',
			whom: collective?.name || m.notices_you(),
			when: closes_at
				? deadline(closes_at)
				: starts_at && ends_at
					? timezone
						? whenThere(starts_at, ends_at, timezone)
						: span(starts_at, ends_at)
					: ''
		}) ?? notice.kind
	);
}

export function address(notice: Notice): string {
	const { call, collective, circle, consultation, mentorship, person, programme, proposal, room, seq } = facts(notice);
	if (mentorship && /^(mentorship|agreement|session|task)_/.test(notice.kind))
		return `/members/mentorship?id=${mentorship}`;
	if (typeof call === 'object') return `/members/wanted/call?id=${call.id}`;
	if (proposal) return `/members/decision?id=${proposal.id}`;
	if (consultation) return `/members/consultation?id=${consultation.id}`;
	if (notice.kind === 'vote_lent') return '/members/decisions';
	if (typeof room === 'object') {
		if (notice.kind === 'message_reported') return `/chats/room?id=${room.id}`;
		if (notice.kind === 'room_removed') return '/chats';
		return `/chats?room=${room.id}${seq ? `&message=${seq}` : ''}`;
	}
	if (notice.kind === 'request_accepted' && room) return `/chats?room=${room}`;
	if ((notice.kind === 'guide_proposed' || notice.kind === 'mentee_proposed') && person)
		return `/members/person?id=${person.id}`;
	if (notice.kind.startsWith('open_hour')) return '/members/hours';
	if (notice.kind.startsWith('guide_free') && person) return `/members/person?id=${person.id}`;
	if (notice.kind === 'guiding_resumed') return '/me/guiding';
	if (notice.kind === 'pulse_asked' || notice.kind === 'first_talks') return '/members/guidance';
	if (notice.kind === 'help_taken' && room) return `/chats?room=${room}`;
	if (notice.kind === 'help_called') return '/members/calls';
	if (notice.kind === 'coordinator_named' && typeof programme === 'object')
		return `/members/programme?id=${programme.id}`;
	if (notice.kind.startsWith('programme')) return '/members/programmes';
	if (circle) return `/members/circle?id=${circle.id}`;
	if (notice.kind.startsWith('request') || notice.kind === 'new_guide_wanted') return '/members/guidance';
	if (/^(collective|agreement|steward)_/.test(notice.kind) && collective)
		return `/members/collective?id=${collective.id}`;
	if ((notice.kind === 'booking_displaced' || notice.kind.startsWith('rule_lifted')) && facts(notice).resource?.id)
		return `/book?resource=${facts(notice).resource?.id}`;
	if (notice.kind.startsWith('rule_lifted')) return '/book';
	if (notice.kind === 'booking_overdue' && facts(notice).booking) return `/book/use?booking=${facts(notice).booking}`;
	if (notice.kind === 'booking_offered') return '/book/waiting';
	if (notice.kind === 'booking_to_approve' || notice.kind === 'damage_reported') return '/book/host/care';
	return '/book/mine';
}
