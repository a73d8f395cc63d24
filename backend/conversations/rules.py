"""Who may read, write and change what in a room."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backend.conversations.models import Event, Membership, Restriction, Room, Topic
from backend.conversations.wishes import Wish
from backend.errors import Conflict, NotAllowed, NotFound, Refusal, TooSoon
from backend.members.models import Block, Member

Role = Membership.Role
# Rooms whose people come and go with something else.
BOUND = (Room.Kind.COLLECTIVE, Room.Kind.MENTORSHIP)
BETWEEN_A_FEW = (Room.Kind.DIRECT, Room.Kind.MENTORSHIP)
"""Rooms in which a block can silence somebody."""
CIRCLE = "circle"
"""What the room of a peer circle with seats is about; no member can say that of a room of their own."""
CONSULTATION = "consultation"
"""What the room of a consultation is about; no member can say that either."""


class Stands(Protocol):
    """What the rules of speaking look at in somebody who is in a room: a `Standing`, or a row that is quicker to read."""

    is_blocked: bool

    @property
    def is_steward(self) -> bool: ...

    @property
    def is_paused(self) -> bool: ...

    @property
    def slow_seconds(self) -> int: ...

    @property
    def last_posted_at(self) -> dt.datetime | None: ...

    @property
    def muted_until(self) -> dt.datetime | None: ...

    def is_muted_at(self, at: dt.datetime) -> bool: ...


@dataclass(slots=True)
class Standing:
    """How a member stands in a room at this moment, as far as speaking is concerned."""

    room: Room
    membership: Membership | None
    mute: Restriction | None = None
    is_blocked: bool = False

    @property
    def is_steward(self) -> bool:
        return self.membership is not None and self.membership.role == Role.STEWARD

    @property
    def is_paused(self) -> bool:
        return self.room.paused_at is not None

    @property
    def slow_seconds(self) -> int:
        return self.room.slow_seconds

    @property
    def last_posted_at(self) -> dt.datetime | None:
        return self.membership.last_posted_at if self.membership else None

    @property
    def muted_until(self) -> dt.datetime | None:
        return self.mute.until if self.mute else None

    def is_muted_at(self, at: dt.datetime) -> bool:
        return is_in_force(self.mute, at)


def standings(pairs: Iterable[tuple[int, int]]) -> dict[tuple[int, int], Standing]:
    """Of pairs of room and member, in three queries at most; who is in a room that does not exist, or is not in it, is absent."""
    wanted = set(pairs)
    rooms, members = {room for room, _member in wanted}, {member for _room, member in wanted}
    rows = Membership.objects.filter(room__in=rooms, member__in=members, member__is_active=True).select_related("room")
    found = {(row.room_id, row.member_id): row for row in rows if (row.room_id, row.member_id) in wanted}
    restrictions = Restriction.objects.filter(room__in=rooms, member__in=members, kind=Restriction.Kind.MUTE)
    mutes = {(row.room_id, row.member_id): row for row in restrictions}
    blocked = blocked_pairs([pair for pair, row in found.items() if row.room.kind in BETWEEN_A_FEW])
    return {pair: Standing(row.room, row, mutes.get(pair), is_blocked=pair in blocked) for pair, row in found.items()}


def standing_of(member: Member, room: Room) -> Standing:
    """Of this member in this room, as it is in the database now."""
    return standings([(room.pk, member.pk)]).get((room.pk, member.pk), Standing(room, None))


def blocked_pairs(pairs: list[tuple[int, int]]) -> set[tuple[int, int]]:
    """Those of these pairs of room and member where a block between the member and another one in the room silences the member there.

    It does in direct rooms, and in the room of a mentorship of two; where a collective is guided, others have their say.
    """
    if not pairs:
        return set()
    people: dict[int, set[int]] = {}
    inside = Membership.objects.filter(room__in={room for room, _m in pairs})
    for room, member in inside.values_list("room", "member"):
        people.setdefault(room, set()).add(member)
    if of_more := {room for room, several in people.items() if len(several) > 2}:
        for room in Room.objects.filter(pk__in=of_more, kind=Room.Kind.MENTORSHIP).values_list("pk", flat=True):
            del people[room]
    members = {member for _room, member in pairs}
    blocks = Block.objects.filter(Q(by__in=members) | Q(whom__in=members)).values_list("by", "whom")
    apart = {pair for by, whom in blocks for pair in ((by, whom), (whom, by))}
    return {(room, one) for room, one in pairs if any((one, other) in apart for other in people.get(room, ()))}


def refusal_to_speak(standing: Standing, at: dt.datetime) -> Refusal | None:
    """Why this member may not write, change or react in the room now; None when they may. No query."""
    return NotFound() if standing.membership is None else _refusal_inside(standing, at)


def _refusal_inside(standing: Stands, at: dt.datetime) -> Refusal | None:
    if standing.is_blocked:
        return NotFound()
    if standing.is_muted_at(at):
        until = standing.muted_until
        return NotAllowed(
            "muted", _("A steward has muted you in this room."), until=until.isoformat() if until else None
        )
    if standing.is_paused and not standing.is_steward:
        return Conflict("room_paused", _("This room is paused. Only its stewards can write."))
    return None


def refusal_to_post(standing: Stands, wish: Wish, topic: Topic | None, at: dt.datetime) -> Refusal | None:
    """Why somebody in the room may not write this message; None when they may. `topic` is the one that it names. No query."""
    if (refusal := _refusal_inside(standing, at)) is not None:
        return refusal
    if wish.everyone and not standing.is_steward:
        return NotAllowed("everyone_not_allowed", _("Only stewards can call everyone."))
    if topic is not None and topic.closed_at is not None and not standing.is_steward:
        return Conflict("topic_closed", _("This topic is closed."))
    before = standing.last_posted_at
    if standing.slow_seconds and not standing.is_steward and before is not None:
        wait = standing.slow_seconds - (at - before).total_seconds()
        if wait > 0:
            return TooSoon("slow_mode", _("This room is in slow mode. Wait a moment."), wait_seconds=int(wait) + 1)
    return None


def is_in_force(restriction: Restriction | None, at: dt.datetime) -> bool:
    return restriction is not None and (restriction.until is None or restriction.until > at)


def is_banned(member: Member, room: Room, at: dt.datetime) -> bool:
    ban = Restriction.objects.filter(room=room, member=member, kind=Restriction.Kind.BAN).first()
    return is_in_force(ban, at)


def is_in(member: Member, room: Room) -> bool:
    return Membership.objects.filter(room=room, member=member).exists()


def is_steward(member: Member, room: Room) -> bool:
    return Membership.objects.filter(room=room, member=member, role=Role.STEWARD).exists()


def may_read(member: Member, room: Room) -> bool:
    """Only those in the room; administrators too only when they are in it."""
    return member.is_active and is_in(member, room)


def may_moderate(member: Member, room: Room) -> bool:
    """Stewards; in rooms without one, as mentorships and direct ones are, nobody."""
    return member.is_active and is_steward(member, room)


def may_change(member: Member, event: Event) -> bool:
    """Edit or delete a message: only who wrote it."""
    return event.kind == Event.Kind.MESSAGE and event.author_id == member.pk


def may_remove_file(member: Member, event: Event, *, is_moderating: bool) -> bool:
    """Take a file out of a message: who wrote it, and who moderates the room, as they may cover it."""
    return event.author_id == member.pk or is_moderating


def is_bound(room: Room) -> bool:
    """Whether its people come and go with something else: a collective, a mentorship, a peer circle with seats, a consultation."""
    return room.kind in BOUND or room.about_kind in (CIRCLE, CONSULTATION)


def may_leave(room: Room) -> bool:
    """Collectives are left through the collective; the two of a mentorship or of a direct talk keep their room.

    Of a consultation one only leaves the talk; those whom it concerns can come in again.
    """
    return room.about_kind == CONSULTATION or (not is_bound(room) and room.kind != Room.Kind.DIRECT)


def may_invite(room: Room, role: str) -> bool:
    """Bring someone in: anyone where the door is open, else a steward; nobody where people come by another way."""
    if is_bound(room) or room.kind == Room.Kind.DIRECT:
        return False
    return room.access == Room.Access.OPEN or role == Role.STEWARD


def may_pin(room: Room, role: str) -> bool:
    """Stewards, and everyone where there are none."""
    return role == Role.STEWARD or room.kind in (Room.Kind.DIRECT, Room.Kind.MENTORSHIP)


def may_open_topics(room: Room) -> bool:
    return room.kind != Room.Kind.DIRECT
