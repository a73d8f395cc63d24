"""Writing a message: one way for every door."""

import datetime as dt
import uuid
from typing import Any

from backend.conversations import rules
from backend.conversations.batch import post_batch
from backend.conversations.facts import current
from backend.conversations.models import Event, Room
from backend.conversations.wishes import Wish
from backend.errors import Refusal
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
    answer = post_batch([wish], at)[0]
    if isinstance(answer, Refusal):
        raise answer
    event = Event.objects.select_related("author", "subject", "room").get(pk=answer.pk)
    return event, answer.is_new


def answer_of(event: Event, author: Member) -> dict[str, Any]:
    """The message as its author sees it now; who has left the room since gets their own words and nothing of the others'."""
    fact = current(event)
    if not rules.may_read(author, event.room):
        fact |= {"reactions": [], "acknowledged": 0, "reply_to": None}
    return fact
