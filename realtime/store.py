"""What sockets read and write in the database. Everything here blocks: call it in a thread."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count
from django.utils import timezone, translation
from rest_framework.throttling import SimpleRateThrottle

from backend.bookings.models import Resource
from backend.conversations import actions, history
from backend.conversations.models import Membership, Room
from backend.errors import NotFound, Refusal
from backend.members.models import Member
from backend.notices.models import Notice
from realtime import sessions
from realtime.limits import RING_EVENTS


class _Messages(SimpleRateThrottle):
    """The same allowance as over HTTP, counted together."""

    scope = "messages"

    def get_cache_key(self, request: Any, view: Any) -> str:
        return self.cache_format % {"scope": self.scope, "ident": request}


def permitted(member: int, rooms: Iterable[int]) -> set[int]:
    """Those of these rooms that the member may hear now."""
    mine = Membership.objects.filter(member=member, member__is_active=True, room__in=list(rooms))
    return set(mine.values_list("room", flat=True))


def heads(rooms: Iterable[int]) -> dict[int, int]:
    return dict(Room.objects.filter(pk__in=list(rooms)).values_list("pk", "last_seq"))


def log_after(room: int, seq: int) -> list[dict[str, Any]]:
    """At most RING_EVENTS events after this number, oldest first."""
    return history.since(Room(pk=room), seq, limit=RING_EVENTS)


def known_resources(resources: Iterable[int]) -> set[int]:
    return set(Resource.objects.shown().filter(pk__in=list(resources)).values_list("pk", flat=True))


def post(member: int, room: int, client_id: uuid.UUID, body: str) -> int:
    """Write a message as this member; returns its number once it is committed."""
    with _speaking(member) as author:
        throttle = _Messages()
        if not throttle.allow_request(author.pk, None):  # type: ignore[arg-type]
            wait = int(throttle.wait() or 0) + 1
            raise Refusal("too_many_requests", "Slow down, please.", wait_seconds=wait)
        place = Room.objects.filter(pk=room, memberships__member=author).first()
        if place is None:
            raise NotFound
        event, _new = actions.post_message(room=place, author=author, client_id=client_id, body=body, at=timezone.now())
        return event.seq


def read(member: int, room: int, seq: int) -> None:
    with _speaking(member) as reader:
        actions.mark_read(room=Room(pk=room), member=reader, seq=seq)


class _speaking:
    """The member as they are now, with refusals in their language."""

    def __init__(self, member: int) -> None:
        self.member = member

    def __enter__(self) -> Member:
        found = Member.objects.filter(pk=self.member, is_active=True).first()
        if found is None:
            raise NotFound
        self.language = translation.override(found.language)
        self.language.__enter__()
        return found

    def __exit__(self, *exception: Any) -> None:
        self.language.__exit__(*exception)


@dataclass(frozen=True)
class Beat:
    """What a heartbeat finds out about all sockets that asked: in four queries, however many they are."""

    signed_in: set[tuple[str, int]] = field(default_factory=set)
    heads: dict[int, dict[int, int]] = field(default_factory=dict)
    unread: dict[int, int] = field(default_factory=dict)


def beat(sockets: set[tuple[str, int]]) -> Beat:
    """For pairs of session key and member: who is still signed in, the heads of each member's rooms, unread notices."""
    members = {member for _key, member in sockets}
    found = Beat(sessions.still_signed_in(sockets), {member: {} for member in members}, dict.fromkeys(members, 0))
    rows = Membership.objects.filter(member__in=members).values_list("member", "room", "room__last_seq")
    for member, room, head in rows:
        found.heads[member][room] = head
    notices = Notice.objects.filter(member__in=members, read_at__isnull=True).order_by()
    found.unread.update(notices.values_list("member").annotate(Count("pk")))
    return found
