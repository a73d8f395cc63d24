"""Why a cohort gave somebody this person and not that one, read from what the run was given and what it answered."""

from dataclasses import dataclass
from typing import Literal

from backend.mentoring.models import Cohort

Outcome = Literal["given", "impossible", "apart", "full", "others_gain_more", "dearer_given", "others_dearer"]


@dataclass(frozen=True, slots=True)
class Why:
    """About one possible pair: what became of it, what each would have gained (None: it was no candidate), and the places.

    Where rankings decided, the mentee was given somebody dearer to them, or the places went to others whom the mentor ranks at least as high.

    `instead` is what the mentee gained with the guide they were given; None without one.
    """

    outcome: Outcome
    for_mentee: int | None
    for_mentor: int | None
    instead: int | None
    places: int
    taken: int


def why(cohort: Cohort, mentee: int, mentor: int) -> Why:
    """What became of this pair. The run must have come to an end; needs its intake, and one query for its seats."""
    assert cohort.intake is not None
    rows = cohort.intake["candidates"]
    gains = {
        (one, other): (mine, theirs)
        for one, other, mine, theirs in zip(
            *(rows[name] for name in ("mentee", "mentor", "for_mentee", "for_mentor")), strict=True
        )
    }
    capacity = dict(zip(cohort.intake["mentors"], cohort.intake["capacity"], strict=True))
    seats = list(cohort.seats.values_list("mentee", "mentor", "for_mentee"))
    given = next(((guide, points) for one, guide, points in seats if one == mentee), (None, None))
    taken = sum(guide == mentor for _one, guide, _points in seats)
    mine, theirs = gains.get((mentee, mentor), (None, None))
    places = capacity.get(mentor, 0)
    outcome: Outcome
    if given[0] == mentor:
        outcome = "given"
    elif mine is None:
        outcome = "impossible"
    elif [mentee, mentor] in [list(pair) for pair in cohort.intake["excluded"]]:
        outcome = "apart"
    elif cohort.objective == Cohort.Objective.OWN_RANKINGS:
        outcome = "dearer_given" if given[1] is not None and given[1] >= mine else "others_dearer"
    else:
        outcome = "full" if taken >= places else "others_gain_more"
    return Why(outcome, mine, theirs, given[1], places, taken)
