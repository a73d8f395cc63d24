"""Events as they leave: the same for the API, the socket and the replay of history."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q

from backend.conversations.limits import EXCERPT_LENGTH, REACTING_SHOWN_MAX
from backend.conversations.models import Acknowledgement, Attachment, Event, Hidden, Pin, Reaction
from backend.conversations.rows import Row
from backend.conversations.text import plainly
from backend.members.models import Member

Kind = Event.Kind
SAID = (Kind.MESSAGE, Kind.MESSAGE_EDITED, Kind.MESSAGE_SHOWN)
# Events that carry words of another one.
COPIES = (Kind.MESSAGE_EDITED, Kind.MESSAGE_SHOWN)
WORDLESS: dict[str, Any] = {"body": "", "html": None, "attachments": [], "mentions": [], "everyone": False}
DELETED = WORDLESS | {"deleted": True, "reactions": [], "pinned": False}
HIDDEN = WORDLESS | {"pinned": False}
CHANGES = (Kind.MESSAGE_EDITED, Kind.MESSAGE_DELETED)
_photos = Member._meta.get_field("photo").storage


# What most events are not, and have not.
_BLANK: dict[str, Any] = {
    "html": None,
    "target_seq": None,
    "edited": False,
    "deleted": False,
    "topic": None,
    "reply_to": None,
    "language": "",
    "important": False,
    "attachments": [],
    "mentions": [],
    "everyone": False,
    "reactions": [],
    "pinned": False,
    "hidden": False,
    "acknowledged": 0,
    "emoji": "",
    "subject": None,
    "data": {},
}


def as_fact(event: Event) -> dict[str, Any]:
    """An event as JSON, as it was the moment it was stored; see `EventSerializer` for its fields. No query, when its people are read."""
    is_said = event.kind in SAID
    return _BLANK | {
        "room": event.room_id,
        "seq": event.seq,
        "kind": str(event.kind),
        "author": author_fact(event.author),
        "client_id": str(event.client_id) if event.client_id else None,
        "body": event.body,
        "html": event.html or None,
        "target_seq": event.target_seq,
        "created_at": moment(event.created_at),
        "topic": event.topic_id,
        "language": event.language,
        "important": event.is_important,
        "mentions": event.data.get("mentions", []) if is_said else [],
        "everyone": event.data.get("everyone", False) if is_said else False,
        "emoji": event.emoji,
        "subject": author_fact(event.subject),
        "data": {} if is_said else event.data,
    }


def row_as_fact(row: Row, author: dict[str, Any], created_at: str) -> dict[str, Any]:
    """The same of a message that was written as a row."""
    return _BLANK | {
        "room": row.room_id,
        "seq": row.seq,
        "kind": "message",
        "author": author,
        "client_id": str(row.client_id),
        "body": row.body,
        "html": row.html or None,
        "created_at": created_at,
        "topic": row.topic_id,
        "language": row.language,
        "important": row.is_important,
        "mentions": row.data.get("mentions", []),
        "everyone": row.data.get("everyone", False),
    }


def moment(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")


def author_fact(author: Member | None) -> dict[str, Any] | None:
    return None if author is None else person_fact(author.pk, author.name, author.photo.name)


def person_fact(pk: int, name: str, photo: str | None) -> dict[str, Any]:
    """Somebody as they are shown; `photo` is the name of a stored file."""
    return {"id": pk, "name": name, "photo": _photos.url(photo) if photo else None}


def attachment_fact(row: Attachment) -> dict[str, Any]:
    url = f"/api/rooms/{row.room_id}/attachments/{row.key}/"
    return {
        "id": row.key,
        "kind": str(row.kind),
        "name": row.name,
        "content_type": row.content_type,
        "size": row.size,
        "width": row.width,
        "height": row.height,
        "url": url,
        "thumb": f"{url}?size=thumb" if row.thumb else None,
    }


def as_facts(events: Iterable[Event]) -> list[dict[str, Any]]:
    """Events as JSON, messages with their newest words and marks: a page is right without replaying what follows it.

    The same number of queries for one event and for many; read `author` and `subject` along.
    """
    rows = list(events)
    facts = [as_fact(row) for row in rows]
    messages = {(row.room_id, row.seq): fact for row, fact in zip(rows, facts, strict=True) if row.kind == Kind.MESSAGE}
    copies = [fact for fact in facts if fact["kind"] in COPIES]
    touched = set(messages) | {(fact["room"], fact["target_seq"]) for fact in copies}
    if not touched:
        return facts
    newest = {row.pk: messages[row.room_id, row.seq] for row in rows if row.kind == Kind.MESSAGE}
    _change(messages)
    _mark(newest)
    _answer(rows, facts)
    _attach(messages, copies, touched)
    covered = {pair for pair in _pairs(Hidden.objects.filter(_among(touched, "message__"))) if pair in touched}
    for fact in [*messages.values(), *copies]:
        own = (fact["room"], fact["seq"] if fact["kind"] == Kind.MESSAGE else fact["target_seq"])
        if own in covered:
            fact |= HIDDEN
            fact["hidden"] = fact["kind"] == Kind.MESSAGE
    return facts


def current(event: Event) -> dict[str, Any]:
    """A single event as a fresh page would show it."""
    return as_facts([event])[0]


def _among(pairs: Iterable[tuple[int, int]], prefix: str = "", seq: str = "seq") -> Q:
    """Rows of these rooms and numbers; where several rooms are asked about, a few more, to be sorted out by the reader."""
    pairs = list(pairs)
    rooms, seqs = {room for room, _seq in pairs}, {number for _room, number in pairs}
    return Q(**{f"{prefix}room__in": rooms, f"{prefix}{seq}__in": seqs})


def _pairs(rows: Any) -> Any:
    return rows.values_list("message__room", "message__seq")


def _change(messages: dict[tuple[int, int], dict[str, Any]]) -> None:
    """Edits and deletions."""
    changes = Event.objects.filter(_among(messages, seq="target_seq"), kind__in=CHANGES).order_by("room", "seq")
    for room, kind, target, body, html, data in changes.values_list(
        "room", "kind", "target_seq", "body", "html", "data"
    ):
        fact = messages.get((room, target)) if target is not None else None
        if fact is None:
            continue
        if kind == Kind.MESSAGE_DELETED:
            fact |= DELETED
        elif not fact["deleted"]:
            fact["body"], fact["html"], fact["edited"] = body, html or None, True
            fact["mentions"], fact["everyone"] = data.get("mentions", []), data.get("everyone", False)


def _mark(newest: dict[int, dict[str, Any]]) -> None:
    """Reactions, pins and acknowledgements, by the message's key."""
    reactions: dict[int, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    given = Reaction.objects.filter(message__in=newest).order_by("pk").values_list("message", "emoji", "member")
    for message, emoji, member in given:
        reactions[message][emoji].append(member)
    for message, by_emoji in reactions.items():
        newest[message]["reactions"] = [
            {"emoji": emoji, "count": len(members), "members": members[:REACTING_SHOWN_MAX]}
            for emoji, members in by_emoji.items()
        ]
    for message in Pin.objects.filter(message__in=newest).values_list("message", flat=True):
        newest[message]["pinned"] = True
    taken = Acknowledgement.objects.filter(message__in=newest).order_by().values_list("message")
    for message, count in taken.annotate(Count("pk")):
        newest[message]["acknowledged"] = count


def _answer(rows: list[Event], facts: list[dict[str, Any]]) -> None:
    wanted = {(row.room_id, row.reply_to_seq) for row in rows if row.reply_to_seq is not None}
    replies = reply_facts(wanted)
    for row, fact in zip(rows, facts, strict=True):
        if row.reply_to_seq is not None:
            fact["reply_to"] = replies.get((row.room_id, row.reply_to_seq))


def _attach(
    messages: dict[tuple[int, int], dict[str, Any]], copies: list[dict[str, Any]], touched: set[tuple[int, int]]
) -> None:
    """Files of messages, and of those that are shown again."""
    files: dict[tuple[int, int], list[dict[str, Any]]] = defaultdict(list)
    found = Attachment.objects.filter(_among(touched, "message__")).order_by("place", "pk")
    for row in found.select_related("message"):
        if row.message is not None:
            files[row.message.room_id, row.message.seq].append(attachment_fact(row))
    for pair, fact in messages.items():
        fact["attachments"] = files.get(pair, [])
    for fact in copies:
        if fact["kind"] == Kind.MESSAGE_SHOWN:
            fact["attachments"] = files.get((fact["room"], fact["target_seq"]), [])


def reply_facts(pairs: Iterable[tuple[int, int]]) -> dict[tuple[int, int], dict[str, Any]]:
    """By room and number of messages that are answered: `{seq, author_name, excerpt}`, with their newest words. Three queries.

    The excerpt of a deleted or hidden message is empty.
    """
    wanted = set(pairs)
    rows = Event.objects.filter(_among(wanted), kind=Kind.MESSAGE).select_related("author")
    found = {(row.room_id, row.seq): row for row in rows if (row.room_id, row.seq) in wanted}
    words = {pair: plainly(row.body, row.html) for pair, row in found.items()}
    changes = Event.objects.filter(_among(found, seq="target_seq"), kind__in=CHANGES).order_by("room", "seq")
    for room, target, body, html in changes.values_list("room", "target_seq", "body", "html"):
        if target is not None:
            words[room, target] = plainly(body, html)
    covered = set(_pairs(Hidden.objects.filter(_among(found, "message__"))))
    return {
        pair: {
            "seq": row.seq,
            "author_name": row.author.name if row.author else "",
            "excerpt": "" if pair in covered else words[pair][:EXCERPT_LENGTH],
        }
        for pair, row in found.items()
    }
