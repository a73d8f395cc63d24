"""Many messages at once: one transaction for those that wait in the same moment."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from backend.conversations import actions, posting, rows, rules
from backend.conversations.models import Event, Membership, Room
from backend.conversations.wishes import Wish
from backend.errors import Conflict, NotFound, Refusal
from backend.events import Fact, announce_all
from backend.members.models import Member

Answer = Event | Refusal


def post_batch(wishes: Sequence[Wish], at: dt.datetime) -> list[Answer]:
    """What each of these wishes comes to, in their order: the stored message, or the refusal of this one alone.

    The same rules as `actions.post_message`, in a number of queries that does not depend on how many there are. Each room
    announces its new messages as one fact.
    """
    try:
        with transaction.atomic():
            return _Batch(wishes, at).write()
    except IntegrityError:
        # Another process stored one of these very messages in the same instant: each for itself.
        return [_alone(wish, at) for wish in wishes]


def _alone(wish: Wish, at: dt.datetime) -> Answer:
    author = Member.objects.filter(pk=wish.author_id, is_active=True).first()
    if author is None:
        return NotFound()
    more = {name: getattr(wish, name) for name in Wish.__slots__ if name not in ("room_id", "author_id")}
    try:
        with translation.override(author.language):
            return actions.post_message(room=Room(pk=wish.room_id), author=author, at=at, **more)[0]
    except Refusal as refusal:
        return refusal


class _Batch:
    def __init__(self, wishes: Sequence[Wish], at: dt.datetime) -> None:
        self.wishes, self.at = wishes, at
        pairs = {(wish.room_id, wish.author_id) for wish in wishes}
        # What is looked up after the rooms are held cannot change.
        self.rooms = rows.held_rooms({room for room, _author in pairs})
        self.authors = rows.authors({author for _room, author in pairs})
        self.standings = rules.standings_in(self.rooms, pairs)
        sent = rows.sent_before((wish.author_id, wish.client_id) for wish in wishes)
        before = Event.objects.filter(pk__in=sent).select_related("author", "subject") if sent else ()
        self.known: dict[tuple[int | None, UUID | None], Event] = {
            (event.author_id, event.client_id): event for event in before
        }
        self.found = posting.looked_up(wishes)
        self.written: list[tuple[Event, Wish]] = []
        self.facts: dict[int, list[Fact]] = {}
        self.wrote: dict[tuple[int, int], Membership] = {}

    def write(self) -> list[Answer]:
        answers = [self._answer(wish) for wish in self.wishes]
        if not self.written:
            return answers
        rows.insert([event for event, _wish in self.written])
        rows.renew([self.rooms[pk] for pk in self.facts], "last_seq", "message_count", "last_event_at")
        # Who writes has read what was there before.
        rows.renew(list(self.wrote.values()), "read_seq", "read_count", "last_posted_at")
        posting.after(self.written, self.found, self.at)
        announce_all(
            [(("room", pk), {"type": "room.events", "room": pk, "events": facts}) for pk, facts in self.facts.items()]
        )
        return answers

    def _answer(self, wish: Wish) -> Answer:
        known = self.known.get((wish.author_id, wish.client_id))
        if known is not None:
            if known.room_id == wish.room_id:
                return known
            return Conflict("client_id_taken", _("This message was sent to another room already."))
        author = self.authors.get(wish.author_id)
        standing = self.standings.get((wish.room_id, wish.author_id))
        if author is None or standing is None or standing.membership is None:
            return NotFound()
        topic = self.found.topics.get(wish.topic) if wish.topic is not None else None
        try:
            with translation.override(author.language):
                body, html = posting.checked(wish)
                refusal = rules.refusal_to_post(standing, wish, topic, self.at)
                refusal = refusal or posting.refusal_to_refer(wish, self.found)
        except Refusal as unchecked:
            return unchecked
        return refusal or self._draft(wish, author, standing.membership, body, html)

    def _draft(self, wish: Wish, author: Member, membership: Membership, body: str, html: str) -> Event:
        room = self.rooms[wish.room_id]
        room.last_seq, room.message_count, room.last_event_at = room.last_seq + 1, room.message_count + 1, self.at
        event = posting.draft(wish, body, html, self.found, self.at)
        event.room, event.author = room, author
        event.seq, event.message_no = room.last_seq, room.message_count
        membership.read_seq, membership.read_count, membership.last_posted_at = event.seq, event.message_no, self.at
        self.wrote[room.pk, author.pk] = membership
        self.known[author.pk, wish.client_id] = event
        self.written.append((event, wish))
        self.facts.setdefault(room.pk, []).append(posting.fact_of(event, wish, self.found))
        for key in wish.attachments:
            self.found.attachments.pop(key, None)  # A file belongs to one message.
        return event
