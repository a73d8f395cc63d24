"""What ends when somebody leaves the cooperative, or blocks another member; those concerned are told."""

import datetime as dt

from django.db.models import Q, QuerySet

from backend.members.models import Member
from backend.mentoring import asking, circles, open_hours, relation, waiting
from backend.mentoring.models import FirstTalk, Mentorship, MentorshipRequest, NextChoice, OpenHour
from backend.mentoring.telling import facts, hold
from backend.notices.actions import tell
from backend.notices.models import Notice

Status = MentorshipRequest.Status
Reason = MentorshipRequest.DeclineReason


def end_asking(*, member: Member, at: dt.datetime) -> None:
    """What somebody asked and was asked, lines in which they stand, and open hours end with their account; said twice, it is the same.

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
    _cancel(OpenHour.objects.filter(Q(guide=member) | Q(taken_by=member)), member, at)


def part(*, by: Member, whom: Member, at: dt.datetime) -> None:
    """All guidance that only these two have with each other ends, as if `by` had ended each of it; what was stays in the records of both.

    To be called in the transaction of a block, while everyone concerned is held. Guidance of collectives goes on: others are in it.
    """
    pair, reverse = Q(mentee=by, mentor=whom), Q(mentee=whom, mentor=by)
    NextChoice.objects.filter(Q(first__mentee=by, mentor=whom) | Q(first__mentee=whom, mentor=by), outcome="").update(
        outcome=NextChoice.Outcome.IMPOSSIBLE
    )
    requests = MentorshipRequest.objects.filter(pair | reverse, status=Status.PENDING)
    for request in requests.select_related("mentor", "mentee", "wish").order_by("pk"):
        if request.mentee_id == by.pk:
            asking.withdraw(request=request, by=by, at=at)
        else:
            asking.decline(request=request, by=by, reason=Reason.OTHER, at=at)
    running = Mentorship.objects.running().filter(pair | reverse, collective=None, by_collective=None)
    for mentorship in running.order_by("pk"):
        relation.close(mentorship=mentorship, by=by, at=at)
    waiting.forget_each_other(by, whom, at=at)
    _cancel(OpenHour.objects.filter(Q(guide=by, taken_by=whom) | Q(guide=whom, taken_by=by)), by, at)
    FirstTalk.objects.filter(pair | reverse).delete()
    circles.part(by=by, whom=whom, at=at)


def _withdraw(request: MentorshipRequest, at: dt.datetime) -> None:
    asking.end(request, "withdraw", at, MentorshipRequest.WhyWithdrawn.LEFT)
    asking.first_of(request).next_choices.filter(outcome="").delete()
    tell(member=request.mentor, kind=Notice.Kind.REQUEST_WITHDRAWN, data=facts(request, request.mentee), at=at)
    waiting.move_up([request.mentor_id], at=at)


def _cancel(hours: QuerySet[OpenHour], member: Member, at: dt.datetime) -> None:
    for hour in hours.filter(ends_at__gt=at).exclude(status=OpenHour.Status.CANCELLED).order_by("pk"):
        open_hours.cancel(hour=hour, by=member, at=at)
