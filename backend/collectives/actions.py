"""Founding, joining and leaving collectives. The only writers of their tables."""

import datetime as dt
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.collectives import rules
from backend.collectives.collective_tasks import end_stewardships
from backend.collectives.models import Collective, CollectiveMembership
from backend.conversations import actions as conversations
from backend.conversations.models import Room
from backend.errors import Conflict, NotAllowed, NotFound, field_error
from backend.members.models import Member
from backend.notices.actions import tell
from backend.notices.models import Notice

State = CollectiveMembership.State
Role = CollectiveMembership.Role
LONGEST_TERM = dt.timedelta(days=3653)


@transaction.atomic
def found(
    *,
    member: Member,
    name: str,
    purpose: str = "",
    country: str = "",
    city: str = "",
    is_listed: bool = True,
    at: dt.datetime,
) -> Collective:
    """A new collective with its room; whoever founds it is its first steward."""
    if member.organisation is None:
        raise NotAllowed("not_onboarded", _("Introduce yourself first."))
    room = conversations.open_room(
        kind=Room.Kind.COLLECTIVE, title=name, purpose=purpose[:240], members=[member], stewards=[member], at=at
    )
    collective = Collective.objects.create(
        name=name,
        purpose=purpose,
        organisation=member.organisation,
        country=country or member.country,
        city=city,
        is_listed=is_listed,
        room=room,
        created_by=member,
        created_at=at,
    )
    CollectiveMembership.objects.create(
        collective=collective, member=member, state=State.MEMBER, role=Role.STEWARD, joined_at=at
    )
    return collective


@transaction.atomic
def edit(*, collective: Collective, by: Member, at: dt.datetime, **changes: Any) -> Collective:
    """Change name, purpose, country, city or is_listed. The room carries the same name, and says so."""
    collective = held(collective)
    if not rules.may_steer(by, collective):
        raise NotAllowed("not_a_steward", _("Only stewards of this collective may do this."))
    for field, value in changes.items():
        setattr(collective, field, value)
    collective.save(update_fields=[*changes])
    if {"name", "purpose"} & changes.keys():
        conversations.carry_name(room=collective.room, by=by, title=collective.name, purpose=collective.purpose, at=at)
    return collective


@transaction.atomic
def invite(
    *,
    collective: Collective,
    by: Member,
    guest: Member,
    at: dt.datetime,
    is_guest: bool = False,
    is_decided: bool = False,
) -> CollectiveMembership:
    """Ask someone to join, or say yes to who asked; they are told, and are a member once they accept. `is_guest`: one without a vote.

    `is_decided`: the collective itself asks.
    """
    collective = held(collective)
    if not (rules.may_invite(by, collective) or (is_decided and collective.closed_at is None)):
        raise NotAllowed("not_in_collective", _("Only members of this collective may do this."))
    row = rules.membership_of(guest, collective)
    if not rules.may_be_asked(guest, by, collective):
        raise field_error("member", "not_found", _("This person does not exist, or not for you."))
    if row is not None and row.state in rules.BELONGING:
        raise Conflict("already_member", _("This person is a member already."))
    if row is not None and row.state == State.INVITED:
        raise Conflict("already_invited", _("This person has been invited already."))
    row, _created = CollectiveMembership.objects.update_or_create(
        collective=collective,
        member=guest,
        defaults={
            "state": State.INVITED,
            "role": Role.GUEST if is_guest else Role.MEMBER,
            "invited_by": by,
            "invited_at": at,
            "left_at": None,
        },
    )
    tell(member=guest, kind=Notice.Kind.COLLECTIVE_INVITED, data=facts(collective, by), at=at)
    return row


@transaction.atomic
def accept_invitation(
    *, collective: Collective, member: Member, at: dt.datetime, agreement: int | None = None
) -> Collective:
    """Become a member: of the collective and of its room. `agreement`: the number of the one that is accepted with it."""
    collective = held(collective)
    row = _invitation(collective, member)
    row.state, row.joined_at = State.MEMBER, at
    accept(row, agreement, at=at)
    row.save(update_fields=["state", "joined_at", "agreed_to", "agreed_at"])
    conversations.join_room(room=collective.room, member=member, at=at)
    if row.invited_by is not None:
        tell(member=row.invited_by, kind=Notice.Kind.COLLECTIVE_JOINED, data=facts(collective, member), at=at)
    return collective


@transaction.atomic
def decline_invitation(*, collective: Collective, member: Member, at: dt.datetime) -> Collective:
    collective = held(collective)
    row = _invitation(collective, member)
    row.state, row.left_at = State.LEFT, at
    row.save(update_fields=["state", "left_at"])
    return collective


@transaction.atomic
def leave(*, collective: Collective, member: Member, at: dt.datetime) -> Collective:
    """Stop being a member; the room closes for this person at once. The last steward names another one first."""
    collective = held(collective)
    if not rules.belongs(member, collective):
        raise Conflict("not_in_collective", _("You are not a member of this collective."))
    _part(collective, member, at=at)
    for steward in stewards_of(collective, but=member):
        tell(member=steward, kind=Notice.Kind.COLLECTIVE_LEFT, data=facts(collective, member), at=at)
    return collective


@transaction.atomic
def remove(
    *, collective: Collective, by: Member, member: Member, at: dt.datetime, is_decided: bool = False
) -> Collective:
    """A steward ends someone's membership, takes back an invitation, or says no to who asked. `is_decided`: the collective itself does."""
    collective = held(collective)
    _refuse_unless_steered(by, collective, is_decided)
    row = rules.membership_of(member, collective)
    if row is None or row.state == State.LEFT:
        raise NotFound
    if row.state in (State.INVITED, State.APPLIED):
        if row.state == State.APPLIED:
            tell(member=member, kind=Notice.Kind.COLLECTIVE_DECLINED, data=facts(collective, by), at=at)
        row.state, row.left_at = State.LEFT, at
        row.save(update_fields=["state", "left_at"])
        return collective
    _part(collective, member, at=at)
    if member.pk != by.pk:
        tell(member=member, kind=Notice.Kind.COLLECTIVE_LEFT, data=facts(collective, member), at=at)
    return collective


@transaction.atomic
def name_steward(
    *,
    collective: Collective,
    by: Member,
    member: Member,
    is_steward: bool,
    at: dt.datetime,
    until: dt.date | None = None,
    is_decided: bool = False,
) -> Collective:
    """Make a member a steward, of the room too, or stop them being one; one steward always stays.

    `until`: their last day, none for as long as nobody relieves them. `is_decided`: the collective itself elects or relieves them.
    """
    collective = held(collective)
    _refuse_unless_steered(by, collective, is_decided)
    row = rules.membership_of(member, collective)
    if row is None or row.state != State.MEMBER:
        raise field_error("member", "not_in_collective", _("This person is not a member of this collective."))
    if not is_steward and not stewards_of(collective, but=member):
        raise Conflict("last_steward", _("Name another steward first."))
    if is_steward and until is not None:
        _refuse_odd_end(until, at)
    row.role = Role.STEWARD if is_steward else Role.MEMBER
    row.steward_until = until if is_steward else None
    row.save(update_fields=["role", "steward_until"])
    if row.steward_until is not None:
        morning = dt.datetime.combine(row.steward_until + dt.timedelta(days=1), dt.time(), dt.UTC)
        transaction.on_commit(partial(end_stewardships.using(run_after=morning).enqueue))
    conversations.let_steer(room=collective.room, by=by, member=member, is_steward=is_steward, at=at)
    return collective


def held(collective: Collective) -> Collective:
    """The collective as it is now, held until the end of the transaction, with its members read after the lock."""
    return Collective.objects.select_for_update(of=("self",)).select_related("room").get(pk=collective.pk)


def _refuse_unless_steered(by: Member, collective: Collective, is_decided: bool) -> None:
    if not (rules.may_steer(by, collective) or (is_decided and collective.closed_at is None)):
        raise NotAllowed("not_a_steward", _("Only stewards of this collective may do this."))


def accept(row: CollectiveMembership, number: int | None, *, at: dt.datetime) -> None:
    """Write on the row that its person accepts this agreement; refused when another one is in force, or none was named."""
    newest = row.collective.agreements.first()
    if newest is not None and newest.number != number:
        raise Conflict(
            "agreement_not_accepted", _("Read the agreement as it is now, and accept it."), agreement=newest.number
        )
    if newest is not None:
        row.agreed_to, row.agreed_at = newest.number, at


def _refuse_odd_end(until: dt.date, at: dt.datetime) -> None:
    if until < at.date():
        raise field_error("until", "in_the_past", _("Choose a day that is still to come."))
    if until > at.date() + LONGEST_TERM:
        raise field_error("until", "too_late", _("Ten years at most; then choose anew."))


def _invitation(collective: Collective, member: Member) -> CollectiveMembership:
    row = rules.membership_of(member, collective)
    if row is None or row.state != State.INVITED:
        raise Conflict("not_invited", _("There is no open invitation for you here."))
    return row


def _part(collective: Collective, member: Member, *, at: dt.datetime) -> None:
    if rules.is_last_steward(member, collective):
        raise Conflict("last_steward", _("Name another steward first."))
    collective.memberships.filter(member=member).update(
        state=State.LEFT, role=Role.MEMBER, left_at=at, steward_until=None, agreed_to=None, agreed_at=None
    )
    conversations.leave_room(room=collective.room, member=member, at=at)


def stewards_of(collective: Collective, *, but: Member) -> list[Member]:
    rows = collective.memberships.filter(state=State.MEMBER, role=Role.STEWARD).exclude(member=but)
    return [row.member for row in rows.select_related("member")]


def facts(collective: Collective, person: Member) -> dict[str, Any]:
    return {
        "collective": {"id": collective.pk, "name": collective.name},
        "person": {"id": person.pk, "name": person.name},
    }
