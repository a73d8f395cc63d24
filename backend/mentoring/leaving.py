"""What ends in guidance when somebody leaves the cooperative: everything, and whoever it concerns is told."""

import datetime as dt

from backend.members.models import Member
from backend.mentoring import actions, calls, circles
from backend.mentoring.lifecycle import CALLS, can
from backend.mentoring.models import Mentorship, Pulse
from backend.mentoring.parting import end_asking


def end_guidance(*, member: Member, at: dt.datetime) -> None:
    """Requests, places in lines, open hours, mentorships, calls for help and seats of this member end. Done twice, it is the same."""
    end_asking(member=member, at=at)
    reason = Mentorship.CloseReason.LEFT
    for mentorship in Mentorship.objects.of(member).running().order_by("pk"):
        actions.close(mentorship=mentorship, by=member, reason=reason, at=at)
    Pulse.objects.filter(member=member, answered_at__isnull=True).delete()
    for call in member.help_calls.order_by("pk"):
        if can(CALLS, call.state, "withdraw"):
            calls.withdraw(call=call, by=member, at=at)
    circles.leave_all(member=member, at=at)
