"""Asking to join, being away for a while, and how long somebody is a steward. With `actions` and `agreements`, the only writers of these tables."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.collectives import rules
from backend.collectives.actions import facts, held, stewards_of
from backend.collectives.models import Collective, CollectiveMembership
from backend.conversations import actions as conversations
from backend.errors import Conflict, NotAllowed, NotFound, field_error
from backend.members.models import Member
from backend.notices.actions import tell, tell_all
from backend.notices.models import Notice

State = CollectiveMembership.State
Role = CollectiveMembership.Role


@transaction.atomic
def apply(*, collective: Collective, member: Member, words: str, at: dt.datetime) -> CollectiveMembership:
    """Ask to be let in; the stewards hear of it, and every member can answer by inviting."""
    collective = held(collective)
    if member.organisation is None:
        raise NotAllowed("not_onboarded", _("Introduce yourself first."))
    row = rules.membership_of(member, collective)
    if row is not None and row.state in rules.BELONGING:
        raise Conflict("already_member", _("This person is a member already."))
    if row is not None and row.state in (State.INVITED, State.APPLIED):
        raise Conflict("already_applied", _("You have asked already, or have been invited."))
    if not rules.may_apply(member, collective):
        raise NotFound()
    row, _created = CollectiveMembership.objects.update_or_create(
        collective=collective,
        member=member,
        defaults={"state": State.APPLIED, "role": Role.MEMBER, "words": words, "invited_by": None, "left_at": None},
    )
    for steward in stewards_of(collective, but=member):
        tell(member=steward, kind=Notice.Kind.COLLECTIVE_APPLIED, data=facts(collective, member), at=at)
    return row


@transaction.atomic
def withdraw_application(*, collective: Collective, member: Member, at: dt.datetime) -> None:
    """Ask no longer."""
    row = rules.membership_of(member, held(collective))
    if row is None or row.state != State.APPLIED:
        raise Conflict("not_applied", _("You have not asked to join."))
    row.state, row.words, row.left_at = State.LEFT, "", at
    row.save(update_fields=["state", "words", "left_at"])


@transaction.atomic
def go_on_leave(*, collective: Collective, member: Member, at: dt.datetime) -> Collective:
    """Be away for a while: one keeps the room, has no vote in what begins meanwhile, and hands over being a steward."""
    collective = held(collective)
    row = _own(collective, member, State.MEMBER)
    if rules.is_last_steward(member, collective):
        raise Conflict("last_steward", _("Name another steward first."))
    if row.role == Role.STEWARD:
        _relieve(row, collective, at=at)
    row.state = State.ON_LEAVE
    row.save(update_fields=["state"])
    return collective


@transaction.atomic
def come_back(*, collective: Collective, member: Member, at: dt.datetime) -> Collective:
    """Be a member again, as before."""
    collective = held(collective)
    row = _own(collective, member, State.ON_LEAVE)
    row.state = State.MEMBER
    row.save(update_fields=["state"])
    return collective


@transaction.atomic
def give_vote(*, collective: Collective, by: Member, member: Member, at: dt.datetime) -> Collective:
    """A steward makes a guest a full member. Nobody loses a vote that way: a member is never made a guest."""
    collective = held(collective)
    if not rules.may_steer(by, collective):
        raise NotAllowed("not_a_steward", _("Only stewards of this collective may do this."))
    row = rules.membership_of(member, collective)
    if row is None or row.role != Role.GUEST or row.state == State.LEFT:
        raise field_error("member", "not_a_guest", _("This person is not a guest here."))
    row.role = Role.MEMBER
    row.save(update_fields=["role"])
    return collective


def end_terms(*, at: dt.datetime) -> int:
    """Stewards whose last day is over become members again, each once. Returns how many.

    Where nobody else is steward they stay it, and everybody hears that a steward is wanted.
    """
    due = CollectiveMembership.objects.filter(role=Role.STEWARD, steward_until__lt=at.date())
    return sum(_end_term(row=row, at=at) for row in due.order_by("pk").select_related("collective"))


@transaction.atomic
def _end_term(*, row: CollectiveMembership, at: dt.datetime) -> bool:
    collective = held(row.collective)
    still = collective.memberships.filter(pk=row.pk, role=Role.STEWARD, steward_until__lt=at.date())
    fresh = still.select_related("member").first()
    if fresh is None:
        return False
    others = stewards_of(collective, but=fresh.member)
    if not others:
        fresh.steward_until = None
        fresh.save(update_fields=["steward_until"])
        everybody = list(collective.memberships.filter(state=State.MEMBER).values_list("member", flat=True))
        tell_all(members=everybody, kind=Notice.Kind.STEWARD_WANTED, data=facts(collective, fresh.member), at=at)
        return False
    _relieve(fresh, collective, at=at)
    told = [person.pk for person in (fresh.member, *others)]
    tell_all(members=told, kind=Notice.Kind.STEWARD_ENDED, data=facts(collective, fresh.member), at=at)
    return True


def _relieve(row: CollectiveMembership, collective: Collective, *, at: dt.datetime) -> None:
    row.role, row.steward_until = Role.MEMBER, None
    row.save(update_fields=["role", "steward_until"])
    conversations.let_steer(room=collective.room, by=row.member, member=row.member, is_steward=False, at=at)


def _own(collective: Collective, member: Member, state: str) -> CollectiveMembership:
    row = rules.membership_of(member, collective)
    if row is None or row.state not in rules.BELONGING:
        raise Conflict("not_in_collective", _("You are not a member of this collective."))
    if row.state != state:
        raise Conflict("not_now", _("This cannot be done at this point."))
    return row
