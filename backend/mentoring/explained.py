"""Why a cohort gave somebody this person and not that one, as a coordinator may know it: with the wishes of both and the points."""

import datetime as dt
from dataclasses import asdict
from typing import Any

from backend.mentoring import prices
from backend.mentoring.models import Cohort, PairWish
from backend.mentoring.people import PEOPLE
from backend.mentoring.weighing import weights_of
from backend.mentoring.why import why
from matching import explain, priced


def explained(cohort: Cohort, mentee: int, mentor: int, *, at: dt.datetime) -> dict[str, Any]:
    """What became of this pair (`why`), the demand about it, what each of the two wished, and how it is weighed as of `at`.

    `parts` are points by part of the score, `conditions` what stands between the two today; both empty where one has left.
    """
    programme = cohort.programme
    demand = programme.demands.filter(mentee=mentee, mentor=mentor).first()
    rows = PairWish.objects.filter(participant__programme=programme, participant__member__in=[mentee, mentor])
    said = [
        {"by": "mentee" if wish.participant.member_id == mentee else "mentor", "rank": wish.rank, "reason": wish.reason}
        for wish in rows.filter(whom__in=[mentee, mentor]).select_related("participant")
    ]
    facts = asdict(why(cohort, mentee, mentor)) | {"demand": demand.kind if demand else "", "said": said}
    index = PEOPLE.index(at=at)
    me, them = index.person(mentee), index.person(mentor)
    if me is None or them is None:
        return facts | {"parts": [], "conditions": []}
    them = priced(them, prices.of(programme))
    answer = explain(me, them, index.near, weights_of(programme), track=programme.track)
    points: dict[str, list[int]] = {}
    for row in answer.rows:
        both = points.setdefault(row.part.value, [0, 0])
        both[0], both[1] = both[0] + row.points, both[1] + row.maximum
    parts = [{"part": part, "points": given, "most": most} for part, (given, most) in points.items()]
    return facts | {"parts": parts, "conditions": [reason.condition.value for reason in answer.why_not]}
