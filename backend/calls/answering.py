"""Answering a call, deciding about answers, and coming together.

Whoever decides holds the call: of two who give the last seat in the same instant, one finds it taken.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.calls import actions, rules
from backend.calls.models import Call, CallAnswer
from backend.calls.telling import facts, leading
from backend.collectives import actions as collectives
from backend.collectives import rules as inside
from backend.collectives.models import Collective
from backend.conversations import actions as conversations
from backend.errors import Conflict, NotFound, Refusal, field_error
from backend.members.models import Member
from backend.notices.actions import tell, tell_all
from backend.notices.models import Notice
from backend.skills.models import Skill

Said = CallAnswer.State


@transaction.atomic
def answer(*, call: Call, member: Member, skill: Skill, message: str, at: dt.datetime) -> CallAnswer:
    """Say that I would come, for one of the skills; once, unless I took it back or it came to nothing."""
    call = actions.held(call)
    if not Call.objects.visible_to(member).filter(pk=call.pk).exists():
        raise NotFound
    if rules.is_ours(member, call):
        raise Conflict("own_call", _("This is your own call."))
    if not rules.is_answerable(call, at):
        raise Conflict("call_ended", _("This call is over."), state=call.state)
    wanted = next((one for one in call.skills.all() if one.skill_id == skill.pk), None)
    if wanted is None:
        raise field_error("skill", "not_called_for", _("Choose one of the skills that are looked for."))
    if rules.taken(call)[skill.pk] >= wanted.people:
        raise Conflict("seats_taken", _("Everyone who is looked for with this skill has been found."))
    one = rules.answer_of(member, call)
    if one is None:
        one = CallAnswer(call=call, member=member)
    elif "send" not in rules.ANSWERS[one.state]:
        raise Conflict("already_answered", _("You have answered this call already."))
    one.skill, one.message, one.state, one.sent_at = skill, message, Said.SENT, at
    one.settled_at = one.settled_by = one.room = None
    one.save()
    data = facts(call, member)
    tell_all(members=leading(call, about=member), kind=Notice.Kind.CALL_ANSWERED, data=data, at=at)
    return one


@transaction.atomic
def withdraw(*, call: Call, member: Member, at: dt.datetime) -> Call:
    """Take my answer back, also once it was accepted: the seat is free again, and those who called are told."""
    call = actions.held(call)
    one = rules.answer_of(member, call)
    if one is None:
        raise NotFound
    was_in = one.state == Said.ACCEPTED
    _settle(one, "withdraw", member, at)
    if was_in:
        actions.settle_seats(call, at)
        data = facts(call, member)
        tell_all(members=leading(call, about=member), kind=Notice.Kind.CALL_WITHDRAWN, data=data, at=at)
    return call


@transaction.atomic
def accept(*, call: Call, by: Member, answer: int, at: dt.datetime) -> Call:
    """Take somebody in: a room of the two opens, and they are told. With the last seat the call is filled."""
    call, one = _decided(call, by, answer)
    if call.state not in rules.DECIDED_IN:
        raise Conflict("call_ended", _("This call is over."), state=call.state)
    seats = next(wanted.people for wanted in call.skills.all() if wanted.skill_id == one.skill_id)
    if rules.taken(call)[one.skill_id] >= seats:
        raise Conflict("seats_taken", _("Everyone who is looked for with this skill has been found."))
    one.room = conversations.direct_room(member=by, partners=[one.member], at=at)
    _settle(one, "accept", by, at)
    data = facts(call, by) | {"room": one.room.pk}
    tell(member=one.member, kind=Notice.Kind.CALL_ACCEPTED, data=data, at=at)
    actions.settle_seats(call, at)
    return call


@transaction.atomic
def decline(*, call: Call, by: Member, answer: int, at: dt.datetime) -> Call:
    """Not this time; they are told so."""
    call, one = _decided(call, by, answer)
    _settle(one, "decline", by, at)
    tell(member=one.member, kind=Notice.Kind.CALL_DECLINED, data=facts(call), at=at)
    return call


@transaction.atomic
def gather(
    *,
    call: Call,
    by: Member,
    collective: Collective | None = None,
    founding: Mapping[str, Any] | None = None,
    at: dt.datetime,
) -> Collective:
    """Invite everyone who was taken in to the collective that calls, to another one of mine, or to a new one (`founding`).

    Done again, it invites whoever was taken in since. Who is in, or was asked already, is left in peace.
    """
    call = actions.held(call)
    _refuse_strangers(by, call)
    people = [one.member for one in call.answers.all() if one.state == Said.ACCEPTED]
    if not people:
        raise Conflict("nobody_accepted", _("Accept an answer first."))
    home = call.collective or call.formed
    if home is not None and (founding is not None or collective not in (None, home)):
        raise Conflict("already_formed", _("You come together in a collective already."), collective=home.pk)
    if home is None and founding is not None:
        home = collectives.found(member=by, at=at, **founding)
    home = home or collective
    if home is None:
        raise field_error("collective", "required", _("Choose a collective, or found one."))
    if not inside.may_invite(by, home):
        raise field_error("collective", "not_in_collective", _("Only members of this collective may do this."))
    if call.collective is None and call.formed is None:
        call.formed = home
        call.save(update_fields=["formed"])
    for person in people:
        _invite(home, by, person, at)
    return home


@transaction.atomic
def leave_all(*, member: Member, at: dt.datetime) -> None:
    """Somebody leaves the cooperative: their calls end, and their answers are taken back. Done twice, it is the same."""
    actions.end_all(member=member, at=at)
    live = CallAnswer.objects.filter(member=member, state__in=[Said.SENT, Said.ACCEPTED])
    for one in live.select_related("call").order_by("call"):
        withdraw(call=one.call, member=member, at=at)


def _decided(call: Call, by: Member, answer: int) -> tuple[Call, CallAnswer]:
    """The call, held, and one of its answers, for somebody who may decide about it and meet who gave it."""
    call = actions.held(call)
    _refuse_strangers(by, call)
    one = next((row for row in call.answers.all() if row.pk == answer), None)
    if one is None or not Member.objects.visible_to(by).filter(pk=one.member_id).exists():
        raise NotFound
    return call, one


def _refuse_strangers(by: Member, call: Call) -> None:
    if not Call.objects.visible_to(by).filter(pk=call.pk).exists():
        raise NotFound
    rules.refuse_unless_leading(by, call)


def _settle(one: CallAnswer, event: str, by: Member, at: dt.datetime) -> None:
    one.state, one.settled_by, one.settled_at = rules.answered(one, event), by, at
    one.save(update_fields=["state", "room", "settled_by", "settled_at"])


def _invite(home: Collective, by: Member, person: Member, at: dt.datetime) -> None:
    try:
        with transaction.atomic():
            collectives.invite(collective=home, by=by, guest=person, at=at)
    except Refusal as refusal:
        if refusal.code not in ("already_member", "already_invited", "invalid"):
            raise
