"""Events as they leave: the same for the API, the socket and the replay of history."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from backend.conversations.models import Event
from backend.members.models import Member

Kind = Event.Kind
SAID = (Kind.MESSAGE, Kind.MESSAGE_EDITED)
CHANGES = (Kind.MESSAGE_EDITED, Kind.MESSAGE_DELETED)


def as_fact(event: Event) -> dict[str, Any]:
    """An event as JSON, as it was the moment it was stored; see `EventSerializer` for its fields. No query, when its people are read."""
    is_said = event.kind in SAID
    return {
        "room": event.room_id,
        "seq": event.seq,
        "kind": str(event.kind),
        "author": author_fact(event.author),
        "client_id": str(event.client_id) if event.client_id else None,
        "body": event.body,
        "html": event.html or None,
        "target_seq": event.target_seq,
        "created_at": moment(event.created_at),
        "edited": False,
        "deleted": False,
        "topic": event.topic_id,
        "reply_to": None,
        "language": event.language,
        "important": event.is_important,
        "attachments": [],
        "mentions": event.data.get("mentions", []) if is_said else [],
        "everyone": event.data.get("everyone", False) if is_said else False,
        "reactions": [],
        "pinned": False,
        "hidden": False,
        "acknowledged": 0,
        "emoji": event.emoji,
        "subject": author_fact(event.subject),
        "data": {} if is_said else event.data,
    }


def moment(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")


def author_fact(author: Member | None) -> dict[str, Any] | None:
    if author is None:
        return None
    return {"id": author.pk, "name": author.name, "photo": author.photo.url if author.photo else None}


def as_facts(events: Iterable[Event]) -> list[dict[str, Any]]:
    """Events as JSON, messages with their newest words: a page is right without replaying what follows it. One query."""
    facts = [as_fact(event) for event in events]
    messages = {(fact["room"], fact["seq"]): fact for fact in facts if fact["kind"] == Kind.MESSAGE}
    rooms, seqs = {room for room, _seq in messages}, {seq for _room, seq in messages}
    changes = Event.objects.filter(room__in=rooms, target_seq__in=seqs, kind__in=CHANGES).order_by("room", "seq")
    for room, kind, target, body, html in changes.values_list("room", "kind", "target_seq", "body", "html"):
        fact = messages.get((room, target))
        if fact is None:
            continue
        if kind == Kind.MESSAGE_DELETED:
            fact["body"], fact["html"], fact["deleted"] = "", None, True
        elif not fact["deleted"]:
            fact["body"], fact["html"], fact["edited"] = body, html or None, True
    return facts
