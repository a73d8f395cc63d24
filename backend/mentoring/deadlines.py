"""Requests that nobody answers: a reminder after three days, and after seven they are over and go on.

Each job looks at all that is due, in handfuls, each in a transaction of its own: it is right when it runs twice, late, in two
workers at once, or after a crash in the middle.
"""

import datetime as dt
from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Q

from backend.mentoring import asking, waiting
from backend.mentoring.lifecycle import REQUESTS
from backend.mentoring.models import GuideWait, Kind, Mentorship, MentorshipRequest, NextChoice
from backend.mentoring.telling import facts, hold, touch
from backend.mentoring.times import ANSWERED_WITHIN, REMINDED_AFTER, TALK_RUNS_FOR
from backend.notices.actions import tell_each
from backend.notices.models import Notice
from backend.patience import patiently

HANDFUL = 500

Status = MentorshipRequest.Status


def keep(*, at: dt.datetime) -> None:
    """Everything about requests that is due."""
    remind_all(at=at)
    expire_all(at=at)
    end_talks(at=at)
    # Places also free elsewhere: when a profile is edited, or a mentorship ends by itself.
    waiting.move_all_up(at=at)


def remind_all(*, at: dt.datetime) -> int:
    """Remind who has not answered for three days, once for each request. Returns how many requests that were."""
    due = MentorshipRequest.objects.filter(
        status=Status.PENDING, reminded_at__isnull=True, created_at__lte=at - REMINDED_AFTER,
        created_at__gt=at - ANSWERED_WITHIN,
    )  # fmt: skip
    return sum(_remind(some, at) for some in _handfuls(list(due.order_by("pk").values_list("pk", flat=True))))


def expire_all(*, at: dt.datetime) -> int:
    """End requests that were not answered in seven days. Returns how many there were.

    Those that go on to somebody are looked at one by one; of the others a handful at a time.
    """
    due = MentorshipRequest.objects.filter(status=Status.PENDING, created_at__lte=at - ANSWERED_WITHIN)
    to_come = NextChoice.objects.filter(outcome="").filter(Q(first=OuterRef("pk")) | Q(first=OuterRef("wish")))
    rows = due.annotate(goes_on=Exists(to_come)).order_by("pk").values_list("pk", "goes_on")
    alone = [pk for pk, goes_on in rows if not goes_on]
    passed = MentorshipRequest.objects.select_related("wish").in_bulk([pk for pk, goes_on in rows if goes_on])
    ended = sum(_expire(some, at) for some in _handfuls(alone))
    return ended + sum(asking.expire(request=request, at=at) for request in passed.values())


def end_talks(*, at: dt.datetime) -> int:
    """Single talks that nobody ended count as over after a month, so that they stand in nobody's way."""
    over = Mentorship.objects.filter(kind__in=[Kind.ADVICE, Kind.TASTER], started_at__lte=at - TALK_RUNS_FOR)
    return over.exclude(status=Mentorship.Status.CLOSED).update(status=Mentorship.Status.CLOSED, closed_at=at)


@patiently
def _remind(pks: Sequence[int], at: dt.datetime) -> int:
    rows = MentorshipRequest.objects.select_for_update(of=("self",)).select_related("mentee").order_by("pk")
    waiting_ones = list(rows.filter(pk__in=pks, status=Status.PENDING, reminded_at__isnull=True))
    MentorshipRequest.objects.filter(pk__in=[one.pk for one in waiting_ones]).update(reminded_at=at)
    told = [(one.mentor_id, facts(one, one.mentee)) for one in waiting_ones]
    tell_each(told, kind=Notice.Kind.REQUEST_REMINDER, at=at)
    return len(waiting_ones)


@patiently
def _expire(pks: Sequence[int], at: dt.datetime) -> int:
    mentors = set(MentorshipRequest.objects.filter(pk__in=pks).values_list("mentor", flat=True))
    hold(*mentors)
    rows = MentorshipRequest.objects.select_for_update(of=("self",)).select_related("mentee", "mentor").order_by("pk")
    late = list(rows.filter(pk__in=pks, status=Status.PENDING))
    status = REQUESTS[Status.PENDING]["expire"]
    MentorshipRequest.objects.filter(pk__in=[one.pk for one in late]).update(status=status, answered_at=at)
    touch({one.mentor_id for one in late}, at)
    tell_each([(one.mentee_id, facts(one, one.mentor)) for one in late], kind=Notice.Kind.REQUEST_EXPIRED, at=at)
    tell_each([(one.mentor_id, facts(one, one.mentee)) for one in late], kind=Notice.Kind.REQUEST_MISSED, at=at)
    if late and GuideWait.objects.filter(status=GuideWait.Status.WAITING).exists():
        waiting.move_up({one.mentor_id for one in late}, at=at)
    return len(late)


def _handfuls(pks: Sequence[int]) -> list[Sequence[int]]:
    return [pks[start : start + HANDFUL] for start in range(0, len(pks), HANDFUL)]
