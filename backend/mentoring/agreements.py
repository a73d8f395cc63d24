"""Agreeing: one proposes, the other accepts; what is changed later is agreed again."""

import datetime as dt
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.utils.translation import gettext as _

from backend.bookings.times import clock
from backend.errors import Conflict
from backend.members.models import Member
from backend.mentoring.models import Agreement, Mentorship
from backend.mentoring.pair import held, refuse_closed, tell_other
from backend.notices.models import Notice

CONTENT = ("months", "rhythm", "minutes", "goals", "conduct")


@transaction.atomic
def propose(*, mentorship: Mentorship, by: Member, at: dt.datetime, **content: Any) -> Agreement:
    """A new version, with which who proposes it agrees; the other is asked, whatever they accepted before.

    `content`: months, rhythm, minutes, goals, conduct. An earlier version holds until both have accepted this one.
    """
    mentorship = held(mentorship, by)
    refuse_closed(mentorship)
    last = mentorship.agreements.first()
    agreement = Agreement(mentorship=mentorship, number=last.number + 1 if last else 1, **content)
    agreement.proposed_by, agreement.proposed_at = by, at
    setattr(agreement, f"{_role(mentorship, by)}_accepted_at", at)
    agreement.save(force_insert=True)
    tell_other(mentorship, by, Notice.Kind.AGREEMENT_PROPOSED, at, agreement=agreement.number)
    return agreement


@transaction.atomic
def accept(*, mentorship: Mentorship, number: int, by: Member, at: dt.datetime) -> Agreement:
    """Agree with the latest version. It holds from now on if the other has accepted it too, and its months count from today."""
    mentorship = held(mentorship, by)
    refuse_closed(mentorship)
    agreement = mentorship.agreements.first()
    if agreement is None or agreement.number != number:
        raise Conflict("agreement_changed", _("There is a newer version. Please read that one."))
    field = f"{_role(mentorship, by)}_accepted_at"
    if getattr(agreement, field) is not None:
        raise Conflict("already_accepted", _("You have accepted this already."))
    setattr(agreement, field, at)
    agreement.save(update_fields=[field])
    if agreement.holds_since is not None:
        mentorship.ends_on = clock(at, mentorship.mentee.timezone)[0] + relativedelta(months=agreement.months)
        mentorship.save(update_fields=["ends_on"])
    tell_other(mentorship, by, Notice.Kind.AGREEMENT_ACCEPTED, at, agreement=agreement.number)
    return agreement


@transaction.atomic
def renew(*, mentorship: Mentorship, by: Member, months: int, at: dt.datetime) -> Agreement:
    """Go on as agreed for so many months more: a new version, which the other accepts or not."""
    current = in_force(mentorship.agreements.all())
    if current is None:
        raise Conflict("nothing_agreed", _("There is no agreement yet that could be renewed."))
    content = {name: getattr(current, name) for name in CONTENT} | {"months": months}
    return propose(mentorship=mentorship, by=by, at=at, **content)


def in_force(versions: Any) -> Agreement | None:
    """The latest version that both have accepted; `versions` newest first."""
    return next((one for one in versions if one.holds_since is not None), None)


def _role(mentorship: Mentorship, member: Member) -> str:
    return "mentor" if member.pk == mentorship.mentor_id else "mentee"
