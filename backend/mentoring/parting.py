"""When somebody leaves the cooperative: what they asked and were asked, lines in which they stand, and open hours end, and those concerned are told."""

import datetime as dt

from django.db.models import Q

from backend.members.models import Member
from backend.mentoring import asking, open_hours, waiting
from backend.mentoring.models import MentorshipRequest, NextChoice, OpenHour
from backend.mentoring.telling import facts, hold
from backend.notices.actions import tell
from backend.notices.models import Notice

Status = MentorshipRequest.Status
Reason = MentorshipRequest.DeclineReason


def end_asking(*, member: Member, at: dt.datetime) -> None:
    """To be called in the transaction in which the account is closed; said twice, it is the same.

    Who asked them hears a no, and the wish goes on to the next choice; who waited for them waits for any guide in that track.
    """
    open_ones = MentorshipRequest.objects.filter(Q(mentee=member) | Q(mentor=member), status=Status.PENDING)
    concerned = {pk for pair in open_ones.values_list("mentee", "mentor") for pk in pair}
    hold(member.pk, *concerned)
    NextChoice.objects.filter(mentor=member, outcome="").update(outcome=NextChoice.Outcome.IMPOSSIBLE)
    for request in open_ones.select_related("mentor", "mentee", "wish").order_by("pk"):
        if request.mentee_id == member.pk:
            _withdraw(request, at)
        else:
            asking.decline(request=request, by=member, reason=Reason.OTHER, at=at)
    waiting.forget(member, at=at)
    _cancel_hours(member, at)


def _withdraw(request: MentorshipRequest, at: dt.datetime) -> None:
    asking.end(request, "withdraw", at, MentorshipRequest.WhyWithdrawn.LEFT)
    asking.first_of(request).next_choices.filter(outcome="").delete()
    tell(member=request.mentor, kind=Notice.Kind.REQUEST_WITHDRAWN, data=facts(request, request.mentee), at=at)
    waiting.move_up([request.mentor_id], at=at)


def _cancel_hours(member: Member, at: dt.datetime) -> None:
    hours = OpenHour.objects.filter(Q(guide=member) | Q(taken_by=member), ends_at__gt=at)
    for hour in hours.exclude(status=OpenHour.Status.CANCELLED).order_by("pk"):
        open_hours.cancel(hour=hour, by=member, at=at)
