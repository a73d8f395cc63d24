"""Who may read, write and change what in a room."""

from backend.conversations.models import Event, Membership, Room
from backend.members.models import Block, Member


def is_in(member: Member, room: Room) -> bool:
    return Membership.objects.filter(room=room, member=member).exists()


def may_read(member: Member, room: Room) -> bool:
    """Only those in the room; administrators too only when they are in it."""
    return member.is_active and is_in(member, room)


def may_post(member: Member, room: Room) -> bool:
    """Not to someone in a talk of two where one has blocked the other."""
    if (
        room.kind == Room.Kind.DIRECT
        and Membership.objects.filter(room=room, member__in=Block.between(member)).exists()
    ):
        return False
    return may_read(member, room)


def may_change(member: Member, event: Event) -> bool:
    """Edit or delete a message: only who wrote it."""
    return event.kind == Event.Kind.MESSAGE and event.author_id == member.pk


def may_leave(member: Member, room: Room) -> bool:
    """Collectives are left through the collective; the two of a mentorship keep their room."""
    return room.kind == Room.Kind.OPEN
