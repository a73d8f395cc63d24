"""How soon a guide usually answers: read from the answers of the last year, and said in whole days; never a rating."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from statistics import median_low

from backend.mentoring.models import MentorshipRequest

LOOKED_BACK = dt.timedelta(days=365)
ANSWERS_AT_LEAST = 3
WORDS = (1, 2, 3, 7)
"""Days that can be said: a habit is rounded up to one of these."""

Status = MentorshipRequest.Status


def usually_answer_within(mentors: Iterable[int], *, at: dt.datetime) -> dict[int, int | None]:
    """Days within which each of these usually answers, in one query; None where too few answers tell.

    At least half of all requests were answered as soon as that; those that ran out unanswered count as never.
    """
    ids = set(mentors)
    told = MentorshipRequest.objects.filter(
        mentor__in=ids, created_at__gt=at - LOOKED_BACK, status__in=[Status.ACCEPTED, Status.DECLINED, Status.EXPIRED]
    )
    answers: defaultdict[int, list[dt.timedelta]] = defaultdict(list)
    silences: defaultdict[int, int] = defaultdict(int)
    for mentor, status, asked, answered in told.values_list("mentor", "status", "created_at", "answered_at"):
        if status == Status.EXPIRED or answered is None:
            silences[mentor] += 1
        else:
            answers[mentor].append(answered - asked)
    return {mentor: _habit(answers[mentor], silences[mentor]) for mentor in ids}


def _habit(answers: list[dt.timedelta], silences: int) -> int | None:
    if len(answers) < ANSWERS_AT_LEAST:
        return None
    usual = median_low([*answers, *[dt.timedelta.max] * silences])
    return next((days for days in WORDS if usual <= dt.timedelta(days=days)), None)
