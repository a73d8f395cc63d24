"""Calling for help: somebody in difficulty asks a coordinator, who sees what the member shares and nothing more."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from backend.conversations import actions as conversations
from backend.errors import Conflict, NotFound
from backend.members.models import Block, Member
from backend.mentoring.lifecycle import CALLS, after
from backend.mentoring.models import HelpCall, Mentorship, Programme, Pulse
from backend.notices.actions import tell, tell_all
from backend.notices.models import Notice

State = HelpCall.State


def helpers(mentorship: Mentorship, member: Member) -> QuerySet[Member]:
    """Who would read a call: the coordinators of this track where the member is at home, else all coordinators there; those of
    programmes that other organisations share with it among them.

    Neither of the two themselves, nor anyone between whom and the member stands a block.
    """
    theirs = Q(organisation=member.organisation_id) | Q(partners=member.organisation_id)
    at_home = Programme.objects.filter(theirs & Q(organisation__isnull=False)).exclude(state=Programme.State.DRAFT)
    people = Member.objects.present().exclude(pk__in=[mentorship.mentor_id, mentorship.mentee_id])
    people = people.exclude(pk__in=Block.between(member))
    of_track = people.filter(programmes_coordinated__in=at_home.filter(track=mentorship.track))
    found = of_track if of_track.exists() else people.filter(programmes_coordinated__in=at_home)
    return found.distinct().order_by("name", "pk")


@transaction.atomic
def call(
    *,
    mentorship: Mentorship,
    by: Member,
    words: str = "",
    shares_answers: bool = False,
    shares_partner: bool = False,
    at: dt.datetime,
) -> HelpCall:
    """Ask for help. Those who may read it are settled now, and are the people who were named to the member before.

    Refused with `no_coordinator` where there is none, and `already_called` while an earlier call runs.
    """
    if by.pk not in (mentorship.mentor_id, mentorship.mentee_id):
        raise NotFound
    people = list(helpers(mentorship, by))
    if not people:
        raise Conflict("no_coordinator", _("There is no coordinator here yet. Write to your organisation."))
    answered = Pulse.objects.filter(mentorship=mentorship, member=by, answered_at__isnull=False)
    try:
        with transaction.atomic():
            made = HelpCall.objects.create(
                mentorship=mentorship,
                member=by,
                pulse=answered.order_by("-answered_at").first() if shares_answers else None,
                words=words,
                shares_answers=shares_answers,
                shares_partner=shares_partner,
                called_at=at,
            )
    except IntegrityError as error:
        raise Conflict("already_called", _("You have asked for help with this already.")) from error
    made.coordinators.set(people)
    data = {"call": made.pk, "person": {"id": by.pk, "name": by.name}}
    tell_all(members=[one.pk for one in people], kind=Notice.Kind.HELP_CALLED, data=data, at=at)
    return made


@transaction.atomic
def take(*, call: HelpCall, by: Member, at: dt.datetime) -> HelpCall:
    """One of the coordinators looks after it: a room of the two opens, and the member is told who it is."""
    call = _addressed(call, by)
    call.state = after(CALLS, call.state, "take", Conflict("call_taken", _("Somebody looks after this already.")))
    call.room = conversations.direct_room(member=by, partners=[call.member], at=at)
    call.taken_by, call.taken_at = by, at
    call.save(update_fields=["state", "room", "taken_by", "taken_at"])
    data = {"call": call.pk, "room": call.room.pk, "person": {"id": by.pk, "name": by.name}}
    tell(member=call.member, kind=Notice.Kind.HELP_TAKEN, data=data, at=at)
    return call


@transaction.atomic
def settle(*, call: HelpCall, by: Member, at: dt.datetime) -> HelpCall:
    """It is looked after: said by who took it, or by the member who called."""
    call = _held(call)
    if by.pk not in (call.taken_by_id, call.member_id):
        raise NotFound
    call.state = after(CALLS, call.state, "settle", Conflict("call_over", _("This call for help is over.")))
    return _over(call, at)


@transaction.atomic
def withdraw(*, call: HelpCall, by: Member, at: dt.datetime) -> HelpCall:
    """Take it back: from now on nobody but the member reads it."""
    call = _held(call)
    if call.member_id != by.pk:
        raise NotFound
    call.state = after(CALLS, call.state, "withdraw", Conflict("call_over", _("This call for help is over.")))
    return _over(call, at)


def read_no_more(*, coordinator: Member) -> None:
    """Somebody has stopped looking after a programme: of the calls that they were chosen to read, they read those alone for which they would be chosen now."""
    rows = HelpCall.objects.filter(coordinators=coordinator).select_related("member", "mentorship")
    for call in rows.order_by("pk"):
        if not helpers(call.mentorship, call.member).filter(pk=coordinator.pk).exists():
            call.coordinators.remove(coordinator)


def _held(call: HelpCall) -> HelpCall:
    return HelpCall.objects.select_for_update(of=("self",)).select_related("member").get(pk=call.pk)


def _addressed(call: HelpCall, by: Member) -> HelpCall:
    found = _held(call)
    if not HelpCall.objects.addressed_to(by).filter(pk=found.pk).exists():  # type: ignore[attr-defined]
        raise NotFound
    return found


def _over(call: HelpCall, at: dt.datetime) -> HelpCall:
    call.ended_at = at
    call.save(update_fields=["state", "ended_at"])
    return call
