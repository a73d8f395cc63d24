"""Who may do what in a collective."""

from backend.collectives.models import Collective, CollectiveMembership
from backend.members.models import Block, Member

State = CollectiveMembership.State
Role = CollectiveMembership.Role
BELONGING = (State.MEMBER, State.ON_LEAVE)


def membership_of(member: Member, collective: Collective) -> CollectiveMembership | None:
    """This person's row in the collective, whatever its state: among those that have been read already, or asked for alone."""
    if "memberships" in getattr(collective, "_prefetched_objects_cache", ()):
        return next((row for row in collective.memberships.all() if row.member_id == member.pk), None)
    return collective.memberships.filter(member=member).first()


def is_member(member: Member, collective: Collective) -> bool:
    row = membership_of(member, collective)
    return row is not None and row.state == State.MEMBER


def belongs(member: Member, collective: Collective) -> bool:
    """A member now, or one on leave: they keep the room and see what is decided."""
    row = membership_of(member, collective)
    return row is not None and row.state in BELONGING


def has_vote(member: Member, collective: Collective) -> bool:
    """A member who is neither on leave nor a guest."""
    row = membership_of(member, collective)
    return row is not None and row.state == State.MEMBER and row.role != Role.GUEST


def is_steward(member: Member, collective: Collective) -> bool:
    row = membership_of(member, collective)
    return row is not None and row.state == State.MEMBER and row.role == Role.STEWARD


def is_invited(member: Member, collective: Collective) -> bool:
    row = membership_of(member, collective)
    return row is not None and row.state == State.INVITED


def may_invite(member: Member, collective: Collective) -> bool:
    """Every member may but guests: a collective grows by trust, and stewards can still say no by removing."""
    return collective.closed_at is None and has_vote(member, collective)


def may_be_asked(guest: Member, by: Member, collective: Collective) -> bool:
    """Whether this person can be asked in by that one: who sees them. Who asked to join need not show themselves; a block goes before that."""
    row = membership_of(guest, collective)
    if row is not None and row.state == State.APPLIED and guest.pk not in Block.between(by):
        return True
    return Member.objects.visible_to(by).filter(pk=guest.pk).exists()


def may_apply(member: Member, collective: Collective) -> bool:
    """Whoever is not in it may ask to be, where it lets itself be found."""
    row = membership_of(member, collective)
    return collective.is_listed and collective.closed_at is None and (row is None or row.state == State.LEFT)


def may_steer(member: Member, collective: Collective) -> bool:
    """Change its name and purpose, remove a member, name a steward."""
    return collective.closed_at is None and is_steward(member, collective)


def may_book(member: Member, collective: Collective) -> bool:
    return collective.closed_at is None and is_member(member, collective)


def is_last_steward(member: Member, collective: Collective) -> bool:
    """The only steward while others would be left without one."""
    full = [row for row in collective.memberships.all() if row.state == State.MEMBER]
    stewards = [row for row in full if row.role == Role.STEWARD]
    return len(full) > 1 and [row.member_id for row in stewards] == [member.pk]
