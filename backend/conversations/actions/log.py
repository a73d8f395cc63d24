"""The one way into a room's log."""

import datetime as dt
import uuid
from typing import Any

from django.db.models import F

from backend.conversations.facts import as_fact
from backend.conversations.models import Event, Room
from backend.errors import NotFound
from backend.events import announce
from backend.members.models import Member

Kind = Event.Kind


def held(room: Room) -> Room:
    """The room as it is now, held until the transaction ends: always the first thing that an action takes."""
    found = Room.objects.select_for_update(no_key=True, of=("self",)).filter(pk=room.pk).first()
    if found is None:
        raise NotFound
    return found


def append(
    room: Room,
    *,
    kind: str,
    author: Member,
    at: dt.datetime,
    fact: dict[str, Any] | None = None,
    client_id: uuid.UUID | None = None,
    **fields: Any,
) -> Event:
    """The next event of the room, announced once it is committed, with `fact` over what the event itself says.

    The number is taken first, which holds the room until the transaction ends.
    """
    is_message = 1 if kind == Kind.MESSAGE else 0
    Room.objects.filter(pk=room.pk).update(
        last_seq=F("last_seq") + 1, message_count=F("message_count") + is_message, last_event_at=at
    )
    seq, message_no = Room.objects.values_list("last_seq", "message_count").get(pk=room.pk)
    event = Event.objects.create(
        room=room,
        seq=seq,
        kind=kind,
        author=author,
        client_id=client_id,
        message_no=message_no,
        created_at=at,
        **fields,
    )
    announce(("room", room.pk), {"type": "room.events", "room": room.pk, "events": [as_fact(event) | (fact or {})]})
    return event


def changed_for(member: int, room: Room) -> None:
    """Something about this member's place in the room is different: their open windows load it again."""
    announce(("member", member), {"type": "room.changed", "room": room.pk})
