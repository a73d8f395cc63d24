"""Reading a room's log: what came after a number, pages of what was before, and pages around a moment."""

import datetime as dt
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from backend.conversations.facts import as_facts, author_fact, moment
from backend.conversations.models import Acknowledgement, Event, Hidden, Room
from backend.members.models import Member

PAGE = 50
PAGE_MAX = 300
Kind = Event.Kind
# What the stewards did, and what was decided about the room: its record, open to all who are in it.
RECORD = (
    Kind.MESSAGE_HIDDEN,
    Kind.MESSAGE_SHOWN,
    Kind.ROOM_CHANGED,
    Kind.ROOM_PAUSED,
    Kind.ROOM_RESUMED,
    Kind.MEMBER_REMOVED,
    Kind.MEMBER_MUTED,
    Kind.MEMBER_UNMUTED,
    Kind.STEWARD_NAMED,
    Kind.STEWARD_RELIEVED,
)


class Page(NamedTuple):
    """Events, oldest first, and whether the log goes on before and after them."""

    events: list[dict[str, Any]]
    has_older: bool
    has_newer: bool


def log_of(room: Room, *, topic: int | None = None, record: bool = False) -> QuerySet[Event]:
    """The whole log, what belongs to a topic, or the record."""
    rows = Event.objects.filter(room=room).select_related("author", "subject")
    if topic is not None:
        rows = rows.filter(topic=topic)
    # Of files, those that somebody else took out.
    return rows.filter(Q(kind__in=RECORD) | Q(kind=Kind.FILE_REMOVED, subject__isnull=False)) if record else rows


def since(room: Room, seq: int, *, limit: int = PAGE_MAX) -> list[dict[str, Any]]:
    """The events after this number, oldest first."""
    return page_after(log_of(room), seq, limit=limit).events


def page_after(log: QuerySet[Event], seq: int, *, limit: int) -> Page:
    rows = list(log.filter(seq__gt=seq).order_by("seq")[: limit + 1])
    return Page(as_facts(rows[:limit]), log.filter(seq__lte=seq).exists(), len(rows) > limit)


def page_before(log: QuerySet[Event], seq: int | None, *, limit: int) -> Page:
    """The page that ends before this number (None: the newest page)."""
    rows = log.order_by("-seq")
    if seq is not None:
        rows = rows.filter(seq__lt=seq)
    page = list(rows[: limit + 1])
    has_newer = seq is not None and log.filter(seq__gte=seq).exists()
    return Page(as_facts(reversed(page[:limit])), len(page) > limit, has_newer)


def page_around(log: QuerySet[Event], seq: int, *, limit: int) -> Page:
    """The page with this number in the middle."""
    older = list(log.filter(seq__lt=seq).order_by("-seq")[: limit // 2 + 1])
    newer = list(log.filter(seq__gte=seq).order_by("seq")[: limit - limit // 2 + 1])
    rows = [*reversed(older[: limit // 2]), *newer[: limit - limit // 2]]
    return Page(as_facts(rows), len(older) > limit // 2, len(newer) > limit - limit // 2)


def noted_by(member: Member, room: Room, events: Iterable[dict[str, Any]]) -> list[int]:
    """The numbers of those important messages among these of which the member has taken note."""
    important = [event["seq"] for event in events if event["important"]]
    if not important:
        return []
    rows = Acknowledgement.objects.filter(member=member, message__room=room, message__seq__in=important)
    return list(rows.order_by("message__seq").values_list("message__seq", flat=True))


def first_on(log: QuerySet[Event], at: dt.datetime) -> int | None:
    """The number of the first event at or after this moment; None when nothing was said since."""
    return log.filter(created_at__gte=at).order_by("seq").values_list("seq", flat=True).first()


def versions(message: Event) -> list[dict[str, Any]]:
    """What a message has said, oldest first: `{body, html, by, at}`. Nothing of a deleted or hidden one."""
    if Hidden.objects.filter(message=message).exists():
        return []
    edits = Event.objects.filter(room=message.room_id, target_seq=message.seq).select_related("author")
    if edits.filter(kind=Kind.MESSAGE_DELETED).exists():
        return []
    rows = [message, *edits.filter(kind=Kind.MESSAGE_EDITED).order_by("seq")]
    return [
        {"body": row.body, "html": row.html or None, "by": author_fact(row.author), "at": moment(row.created_at)}
        for row in rows
    ]
