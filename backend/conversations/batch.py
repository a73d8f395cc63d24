"""Many messages at once: one transaction for those that wait in the same moment."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from backend.conversations import posting, rows, rules
from backend.conversations.facts import moment, person_fact
from backend.conversations.rows import Row, Seat, Stored
from backend.conversations.wishes import Wish
from backend.errors import Conflict, NotFound, Refusal
from backend.events import Fact, announce_all

Answer = Stored | Refusal


def post_batch(wishes: Sequence[Wish], at: dt.datetime) -> list[Answer]:
    """What each of these wishes comes to, in their order: the stored message, or the refusal of this one alone.

    In a number of queries that does not depend on how many there are. Each room announces its new messages as one fact.
    """
    if not wishes:
        return []
    try:
        return _posted(wishes, at)
    except IntegrityError:
        # Another process stored one of these very messages in the same instant: each for itself.
        return [_alone(wish, at) for wish in wishes]


def _posted(wishes: Sequence[Wish], at: dt.datetime) -> list[Answer]:
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        return _Batch(wishes, at).write(may_commit=is_outermost)


def _alone(wish: Wish, at: dt.datetime) -> Answer:
    try:
        return _posted([wish], at)[0]
    except IntegrityError:
        # It was this one: what the other process stored can be seen now.
        return _posted([wish], at)[0]


class _Batch:
    def __init__(self, wishes: Sequence[Wish], at: dt.datetime) -> None:
        self.wishes, self.at = wishes, at
        self.created_at = moment(at)
        # What is looked up after the rooms are held cannot change.
        self.rooms, asked = rows.looked_at([(wish.room_id, wish.author_id, wish.client_id) for wish in wishes])
        self.seats = [seat for seat, _known in asked]
        self.known: dict[tuple[int, UUID], Stored | Row] = {}
        # One place for each, however much they say here: what they said last counts for what they say next.
        self.places: dict[int, Seat] = {}
        for number, (wish, (seat, known)) in enumerate(zip(wishes, asked, strict=True)):
            if known is not None:
                self.known[wish.author_id, wish.client_id] = known
            if seat is not None:
                self.seats[number] = self.places.setdefault(seat.membership, seat)
        self._mark_blocked()
        self.found = posting.looked_up(wishes)
        self.written: list[tuple[Row, Wish]] = []
        self.last_of: dict[int, Row] = {}
        self.last_in: dict[tuple[int, int], Row] = {}
        self.facts: dict[int, list[Fact]] = {}

    def _mark_blocked(self) -> None:
        pairs = zip(self.wishes, self.seats, strict=True)
        direct = [
            ((wish.room_id, wish.author_id), seat)
            for wish, seat in pairs
            if seat and seat.room.kind in rules.BETWEEN_A_FEW
        ]
        blocked = rules.blocked_pairs([pair for pair, _seat in direct])
        for pair, seat in direct:
            seat.is_blocked = pair in blocked

    def write(self, *, may_commit: bool) -> list[Answer]:
        """`may_commit`: the transaction is ours alone, and may end with the last thing that is written."""
        answers = [self._answer(wish, seat) for wish, seat in zip(self.wishes, self.seats, strict=True)]
        stored: dict[tuple[int, int], Stored] = {}
        if self.written:
            changed = [self.rooms[pk] for pk in self.facts]
            drafts = [row for row, _wish in self.written]
            is_last = may_commit and not any(map(posting.has_more, drafts, [wish for _row, wish in self.written]))
            keys = rows.write(drafts, changed, self.last_of.items(), self.at, is_last=is_last)
            if self.last_in:
                rows.read_topics([(place, row) for (place, _topic), row in self.last_in.items()], self.at)
            done = [(pk, row, wish) for pk, (row, wish) in zip(keys, self.written, strict=True)]
            posting.after(done, self.at)
            announce_all(
                [
                    (("room", pk), {"type": "room.events", "room": pk, "events": facts})
                    for pk, facts in self.facts.items()
                ]
            )
            stored = {(row.room_id, row.seq): Stored(pk, row.room_id, row.seq, is_new=True) for pk, row, _wish in done}
        return [stored[answer.room_id, answer.seq] if isinstance(answer, Row) else answer for answer in answers]

    def _answer(self, wish: Wish, seat: Seat | None) -> Row | Answer:
        known = self.known.get((wish.author_id, wish.client_id))
        if known is not None:
            if known.room_id == wish.room_id:
                return known
            return Conflict("client_id_taken", _("This message was sent to another room already."))
        if seat is None:
            return NotFound()
        judged = self._judged(wish, seat)
        if isinstance(judged, Refusal):
            # Said again in the words of whom it concerns: only those who are refused need a language.
            with translation.override(seat.language):
                return self._told(wish, seat)
        return self._draft(wish, seat, *judged)

    def _judged(self, wish: Wish, seat: Seat) -> tuple[str, str] | Refusal:
        """The body and its HTML; or why not."""
        try:
            body, html = posting.checked(wish)
        except Refusal as unchecked:
            return unchecked
        topic = self.found.topics.get(wish.topic) if wish.topic is not None else None
        refusal = rules.refusal_to_post(seat, wish, topic, self.at) or posting.refusal_to_refer(wish, self.found)
        return refusal or (body, html)

    def _told(self, wish: Wish, seat: Seat) -> Refusal:
        refusal = self._judged(wish, seat)
        assert isinstance(refusal, Refusal)
        return refusal

    def _draft(self, wish: Wish, seat: Seat, body: str, html: str) -> Row:
        room = seat.room
        room.last_seq, room.message_count = room.last_seq + 1, room.message_count + 1
        row = posting.draft(wish, body, html, self.found, room.last_seq, room.message_count)
        seat.last_posted_at = self.at
        # Who writes has read what was there before: in a topic, that topic.
        if row.topic_id is None:
            self.last_of[seat.membership] = row
        else:
            self.last_in[seat.membership, row.topic_id] = row
        self.known[wish.author_id, wish.client_id] = row
        self.written.append((row, wish))
        author: dict[str, Any] = person_fact(wish.author_id, seat.name, seat.photo)
        fact = posting.fact_of(row, author, self.created_at, wish, self.found)
        self.facts.setdefault(room.pk, []).append(fact)
        for key in wish.attachments:
            self.found.attachments.pop(key, None)  # A file belongs to one message.
        return row
