"""Coming into a room, bringing someone in, going out; who steers it."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.conversations import rules
from backend.conversations.actions.log import Kind, append, changed_for, held
from backend.conversations.models import Membership, Mention, Restriction, Room
from backend.conversations.telling import room_facts
from backend.errors import Conflict, NotAllowed, NotFound, field_error
from backend.events import announce
from backend.members.models import Member
from backend.notices.actions import tell
from backend.notices.models import Notice

Role = Membership.Role


@transaction.atomic
def join_room(*, room: Room, member: Member, at: dt.datetime) -> Membership:
    """Come in; what was said before can be read too, and counts as read. Twice is once."""
    held(room)
    row, created = Membership.objects.get_or_create(room=room, member=member, defaults={"joined_at": at})
    if created:
        event = append(room, kind=Kind.MEMBER_JOINED, author=member, at=at, subject=member)
        Membership.objects.filter(pk=row.pk).update(read_seq=event.seq, read_count=event.message_no)
        announce(("member", member.pk), {"type": "room.joined", "room": room.pk})
    return row


@transaction.atomic
def leave_room(*, room: Room, member: Member, at: dt.datetime) -> None:
    """Go out: what comes later is not heard, in open windows neither. Twice is once."""
    # The room before the membership, as when posting: two orders would be a deadlock.
    held(room)
    if part(room, member):
        append(room, kind=Kind.MEMBER_LEFT, author=member, at=at, subject=member)


def part(room: Room, member: Member) -> bool:
    """End a membership in a room that is held, with all that hangs on it; False where there was none."""
    gone, _rows = Membership.objects.filter(room=room, member=member).delete()
    if gone:
        Mention.objects.filter(room=room, member=member).delete()
        announce(("member", member.pk), {"type": "room.revoked", "room": room.pk})
    return bool(gone)


@transaction.atomic
def come_in(*, room: Room, member: Member, at: dt.datetime) -> Membership:
    """Join a room of the directory by oneself; not one that stewards have closed to this member (`banned`)."""
    room = held(room)
    if rules.is_in(member, room):
        return Membership.objects.get(room=room, member=member)
    if room.access != Room.Access.OPEN:
        raise NotFound
    if rules.is_banned(member, room, at):
        raise NotAllowed("banned", _("The stewards of this room do not let you in."))
    return join_room(room=room, member=member, at=at)


@transaction.atomic
def bring_in(*, room: Room, by: Member, guest: Member, at: dt.datetime) -> Membership:
    """Someone in the room brings another one in: in open rooms anyone, else a steward. They are told, and may leave."""
    room = held(room)
    mine = Membership.objects.filter(room=room, member=by, member__is_active=True).first()
    if mine is None:
        raise NotFound
    if not rules.may_invite(room, mine.role):
        raise NotAllowed("not_a_steward", _("Only stewards of this room may do this."))
    if not Member.objects.visible_to(by).filter(pk=guest.pk).exists():
        raise field_error("member", "not_found", _("This person does not exist, or not for you."))
    if rules.is_banned(guest, room, at):
        if mine.role != Role.STEWARD:
            raise NotAllowed("banned", _("The stewards of this room do not let this person in."))
        Restriction.objects.filter(room=room, member=guest, kind=Restriction.Kind.BAN).delete()
    is_new = not rules.is_in(guest, room)
    row = join_room(room=room, member=guest, at=at)
    if is_new:
        tell(member=guest, kind=Notice.Kind.ROOM_INVITED, data=room_facts(room, by), at=at)
    return row


@transaction.atomic
def go_out(*, room: Room, member: Member, at: dt.datetime) -> None:
    """Leave by oneself. The last steward names another one first, as long as there is anyone."""
    room = held(room)
    if not rules.is_in(member, room):
        raise NotFound
    if not rules.may_leave(room):
        raise Conflict("cannot_leave", _("This room is left where it belongs to."))
    rest = Membership.objects.filter(room=room).exclude(member=member)
    if rules.is_steward(member, room) and rest.exists() and not rest.filter(role=Role.STEWARD).exists():
        raise Conflict("last_steward", _("Name another steward first."))
    leave_room(room=room, member=member, at=at)


@transaction.atomic
def name_steward(*, room: Room, by: Member, member: Member, is_steward: bool, at: dt.datetime) -> None:
    """A steward makes someone in the room a steward, or relieves one; one always stays. Twice is once."""
    room = held(room)
    if not rules.may_read(by, room):
        raise NotFound
    if not rules.may_moderate(by, room):
        raise NotAllowed("not_a_steward", _("Only stewards of this room may do this."))
    if rules.is_bound(room):
        raise Conflict("bound_room", _("This is changed where the room belongs to."))
    if not rules.is_in(member, room):
        raise NotFound
    others = Membership.objects.filter(room=room, role=Role.STEWARD).exclude(member=member)
    if not is_steward and not others.exists():
        raise Conflict("last_steward", _("Name another steward first."))
    let_steer(room=room, by=by, member=member, is_steward=is_steward, at=at)


@transaction.atomic
def let_steer(*, room: Room, by: Member, member: Member, is_steward: bool, at: dt.datetime) -> None:
    """Write down who steers a room, as decided here or where the room belongs to; twice is once."""
    held(room)
    role = Role.STEWARD if is_steward else Role.MEMBER
    changed = Membership.objects.filter(room=room, member=member).exclude(role=role).update(role=role)
    if changed:
        kind = Kind.STEWARD_NAMED if is_steward else Kind.STEWARD_RELIEVED
        append(room, kind=kind, author=by, at=at, subject=member)
        changed_for(member.pk, room)
