"""Writing a message: one way for every door."""

import datetime as dt
import uuid
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from backend.conversations import posting, rules
from backend.conversations.facts import current
from backend.conversations.models import Event, Membership, Room
from backend.conversations.wishes import Wish
from backend.errors import Conflict, NotFound
from backend.events import announce
from backend.members.models import Member


def post_message(
    *, room: Room, author: Member, client_id: uuid.UUID, body: str, at: dt.datetime, **more: Any
) -> tuple[Event, bool]:
    """Write a message; returns it and whether it is new. `more` are the other fields of a `Wish`.

    Sending again with the same `client_id` returns what was stored the first time, at any later moment: also to someone
    who has left since. Refuses an empty body (`empty_message`), one of more than BODY_MAX_LENGTH characters
    (`message_too_long`), a `client_id` that the author used in another room (`client_id_taken`), what is named and not
    there (`topic_unknown`, `reply_unknown`, `attachment_unknown`), whoever may not speak (see `rules.refusal_to_post`), and
    anyone who is not in the room (404).
    """
    wish = Wish(room_id=room.pk, author_id=author.pk, client_id=client_id, body=body, **more)
    if (known := stored(wish)) is not None:
        return known, False
    said, html = posting.checked(wish)
    try:
        with transaction.atomic():
            return _post(room, author, wish, said, html, at)
    except IntegrityError:
        # The same message came in twice at the same instant and the other one was stored first.
        known = stored(wish)
        if known is None:
            raise
        return known, False


def _post(room: Room, author: Member, wish: Wish, body: str, html: str, at: dt.datetime) -> tuple[Event, bool]:
    # The room is held first, by taking its next number: nothing that is looked up after can change.
    taken = Room.objects.filter(pk=room.pk).update(
        last_seq=F("last_seq") + 1, message_count=F("message_count") + 1, last_event_at=at
    )
    if not taken:
        raise NotFound
    standing = rules.standing_of(author, room)
    if (known := stored(wish)) is not None:
        transaction.set_rollback(True)  # The number is given back.
        return known, False
    found = posting.looked_up([wish])
    topic = found.topics.get(wish.topic) if wish.topic is not None else None
    refusal = rules.refusal_to_post(standing, wish, topic, at) or posting.refusal_to_refer(wish, found)
    if refusal is not None:
        raise refusal
    event = posting.draft(wish, body, html, found, at)
    event.room, event.author = standing.room, author
    event.seq, event.message_no = standing.room.last_seq, standing.room.message_count
    event.save(force_insert=True)
    # Who writes has read what was there before.
    Membership.objects.filter(room=room, member=author).update(
        read_seq=event.seq, read_count=event.message_no, last_posted_at=at
    )
    posting.after([(event, wish)], found, at)
    fact = posting.fact_of(event, wish, found)
    announce(("room", room.pk), {"type": "room.events", "room": room.pk, "events": [fact]})
    return event, True


def stored(wish: Wish) -> Event | None:
    """What its author sent with this `client_id` before; None where nothing was. Refuses one that went to another room."""
    sent = Event.objects.select_related("author", "subject").filter(author=wish.author_id, client_id=wish.client_id)
    event = sent.first()
    if event is not None and event.room_id != wish.room_id:
        raise Conflict("client_id_taken", _("This message was sent to another room already."))
    return event


def answer_of(event: Event, author: Member) -> dict[str, Any]:
    """The message as its author sees it now; who has left the room since gets their own words and nothing of the others'."""
    fact = current(event)
    if not rules.may_read(author, event.room):
        fact |= {"reactions": [], "acknowledged": 0, "reply_to": None}
    return fact
