"""What sockets read and write in the database. Everything here blocks: call it in a thread."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count
from django.utils import timezone, translation

from backend.bookings.models import Resource
from backend.conversations import actions, history
from backend.conversations.models import Membership, Room
from backend.conversations.rules import BETWEEN_A_FEW
from backend.errors import NotFound
from backend.members.models import Block, Member
from backend.notices.models import Notice
from realtime import sessions
from realtime.allowance import too_many


def permitted(pairs: Iterable[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """Of these pairs of member and room those where the member may hear the room now, with the newest number of its log."""
    wanted = set(pairs)
    rows = _hearing({member for member, _room in wanted}, {room for _member, room in wanted})
    return {(member, room): head for member, room, head in rows if (member, room) in wanted}


def _hearing(members: set[int], rooms: set[int]) -> list[tuple[int, int, int]]:
    """Member, room and newest number where these members hear these rooms; not a talk of two where one has blocked the other."""
    mine = Membership.objects.filter(member__in=members, member__is_active=True, room__in=rooms)
    rows = list(mine.values_list("member", "room", "room__last_seq", "room__kind"))
    parted = _parted({room for _member, room, _head, kind in rows if kind in BETWEEN_A_FEW})
    return [(member, room, head) for member, room, head, _kind in rows if room not in parted]


def _parted(direct: set[int]) -> set[int]:
    """Those of these talks whose two people are no longer there for each other."""
    people: dict[int, list[int]] = {}
    for room, member in Membership.objects.filter(room__in=direct).values_list("room", "member") if direct else ():
        people.setdefault(room, []).append(member)
    twos = {room: frozenset(pair) for room, pair in people.items() if len(pair) == 2}
    those = set().union(*twos.values())
    blocks = Block.objects.filter(by__in=those, whom__in=those).values_list("by", "whom") if twos else ()
    gone = {frozenset(pair) for pair in blocks}
    return {room for room, pair in twos.items() if pair in gone}


def heads(rooms: Iterable[int]) -> dict[int, int]:
    return dict(Room.objects.filter(pk__in=list(rooms)).values_list("pk", "last_seq"))


def log_after(room: int, seq: int, limit: int) -> list[dict[str, Any]]:
    """At most so many events after this number, oldest first."""
    return history.since(Room(pk=room), seq, limit=limit)


def known_resources(resources: Iterable[int]) -> set[int]:
    return set(Resource.objects.shown().filter(pk__in=list(resources)).values_list("pk", flat=True))


def react(member: int, room: int, seq: int, emoji: str, is_on: bool) -> None:
    if (refusal := too_many("reactions", member)) is not None:
        raise refusal
    with _speaking(member) as author:
        actions.react(room=Room(pk=room), seq=seq, by=author, emoji=emoji, is_on=is_on, at=timezone.now())


def read(member: int, room: int, seq: int, topic: int | None) -> None:
    with _speaking(member) as reader:
        actions.mark_read(room=Room(pk=room), member=reader, seq=seq, topic=topic)


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
    """What a heartbeat finds out about all sockets that asked: in a few queries, however many they are."""

    signed_in: set[tuple[str, int]] = field(default_factory=set)
    heads: dict[int, dict[int, int]] = field(default_factory=dict)
    unread: dict[int, int] = field(default_factory=dict)


def beat(sockets: set[tuple[str, int]], rooms: set[int]) -> Beat:
    """For pairs of session key and member: who is still signed in, the heads of those of these rooms that each may hear,
    unread notices."""
    members = {member for _key, member in sockets}
    found = Beat(sessions.still_signed_in(sockets), {member: {} for member in members}, dict.fromkeys(members, 0))
    for member, room, head in _hearing(members, rooms):
        found.heads[member][room] = head
    notices = Notice.objects.filter(member__in=members, read_at__isnull=True).order_by()
    found.unread.update(notices.values_list("member").annotate(Count("pk")))
    return found
