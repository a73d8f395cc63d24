"""What ends in guidance when somebody leaves the cooperative: everything, and whoever it concerns is told."""

import datetime as dt

from django.db.models import Q

from backend.members.models import Member
from backend.mentoring import actions, calls, circles
from backend.mentoring.lifecycle import CALLS, can
from backend.mentoring.models import (
    FirstTalk,
    GuideWait,
    Mentorship,
    MentorshipRequest,
    NextChoice,
    OpenHour,
    PairWish,
    Participant,
    Pulse,
)
from backend.mentoring.parting import end_asking


def end_guidance(*, member: Member, at: dt.datetime) -> None:
    """Requests, places in lines, open hours, mentorships, calls for help, seats and parts in programmes of this member end.

    Done twice, it is the same.
    """
    end_asking(member=member, at=at)
    reason = Mentorship.CloseReason.LEFT
    for mentorship in Mentorship.objects.of(member).running().order_by("pk"):
        actions.close(mentorship=mentorship, by=member, reason=reason, at=at)
    Pulse.objects.filter(member=member, answered_at__isnull=True).delete()
    for call in member.help_calls.order_by("pk"):
        if can(CALLS, call.state, "withdraw"):
            calls.withdraw(call=call, by=member, at=at)
    circles.leave_all(member=member, at=at)
    # What they said of others is gone; a wish for somebody who is no longer there only takes up a rank.
    Participant.objects.filter(member=member).delete()
    FirstTalk.objects.filter(Q(mentee=member) | Q(mentor=member)).delete()
    PairWish.objects.filter(whom=member).delete()
    member.programmes_coordinated.clear()


def concerned(*, member: Member) -> set[int]:
    """Whom the above will hold: everyone in a wish of which this member is part, and who shares something under way with them."""
    waits = GuideWait.objects.filter(status__in=[GuideWait.Status.WAITING, GuideWait.Status.OFFERED])
    hours = OpenHour.objects.exclude(status=OpenHour.Status.CANCELLED).filter(Q(guide=member) | Q(taken_by=member))
    pairs = [
        *_of_wishes(member),
        *Mentorship.objects.of(member).running().values_list("mentor", "mentee"),
        *waits.filter(Q(member=member) | Q(mentor=member) | Q(offered=member)).values_list("member", "offered"),
        *hours.values_list("guide", "taken_by"),
    ]
    return {pk for pair in pairs for pk in pair if pk is not None}


def _of_wishes(member: Member) -> list[tuple[int, int]]:
    pending = MentorshipRequest.objects.filter(status=MentorshipRequest.Status.PENDING)
    to_come = NextChoice.objects.filter(outcome="")
    mine = pending.filter(Q(mentee=member) | Q(mentor=member)).values_list("pk", "wish")
    firsts = {wish or pk for pk, wish in mine} | set(to_come.filter(mentor=member).values_list("first", flat=True))
    asked = MentorshipRequest.objects.filter(Q(pk__in=firsts) | Q(wish__in=firsts, pk__in=pending.values("pk")))
    named = to_come.filter(first__in=firsts).values_list("first__mentee", "mentor")
    return [*asked.values_list("mentee", "mentor"), *named]
