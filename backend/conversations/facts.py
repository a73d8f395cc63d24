"""Events as they leave: the same for the API, the socket and the replay of history."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from backend.conversations.models import Event
from backend.members.models import Member

Kind = Event.Kind
CHANGES = (Kind.MESSAGE_EDITED, Kind.MESSAGE_DELETED)


def as_fact(event: Event) -> dict[str, Any]:
    """An event as JSON: `{room, seq, kind, author, client_id, body, target_seq, created_at, edited, deleted}`."""
    return {
        "room": event.room_id,
        "seq": event.seq,
        "kind": str(event.kind),
        "author": author_fact(event.author),
        "client_id": str(event.client_id) if event.client_id else None,
        "body": event.body,
        "target_seq": event.target_seq,
        "created_at": event.created_at.astimezone(dt.UTC).isoformat().replace("+00:00", "Z"),
        "edited": False,
        "deleted": False,
    }


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
    for room, kind, target, body in changes.values_list("room", "kind", "target_seq", "body"):
        fact = messages.get((room, target))
        if fact is None:
            continue
        if kind == Kind.MESSAGE_DELETED:
            fact["body"], fact["deleted"] = "", True
        elif not fact["deleted"]:
            fact["body"], fact["edited"] = body, True
    return facts
