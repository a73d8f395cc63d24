"""What each of two people gains as points of 1,000 for a cohort, and how much of that could be judged at all.

With the fits A and B of `matching.score` and the most that both can be, M(A) and M(B),

    points = ⌊1000 · A / M(A)⌋        judged = ⌊1000 · J(A) / M(A)⌋

where J(A) leaves out what nobody could judge because one of the two did not say it: sectors, hours, languages, a country, a wish
to go abroad, what somebody wants; for the guide also what the mentee offers. A floor f asks of a pair that points ≥ f/1000 · judged on both sides, so that
who said little is neither shut out for it nor ranked above those who said more: the points stay what they are.
"""

from typing import NamedTuple

from matching.explanation import Explanation
from matching.intake import MOST_POINTS
from matching.people import Person
from matching.weights import GUIDE, Weights


class Gain(NamedTuple):
    """`points` and how many could be `judged`, of 1000: columns of `Candidates`."""

    points: int
    judged: int


def gains(me: Person, them: Person, answer: Explanation, weights: Weights = GUIDE) -> tuple[Gain, Gain]:
    """What I gain, and what they gain, by an answer about the two. Deductions do not count."""
    common = weights.most - weights.wishes - weights.mutual
    judged = _judged_in_common(me, them, weights)
    return (
        _gain(answer.fit_for_me, 2 * weights.wishes * bool(me.wants) + judged, 2 * weights.wishes + common),
        _gain(
            answer.fit_for_them,
            2 * weights.mutual * bool(them.wants and me.offers) + judged,
            2 * weights.mutual + common,
        ),
    )


def _gain(fit: int, judged: int, most: int) -> Gain:
    return Gain(max(0, fit) * MOST_POINTS // max(1, most), judged * MOST_POINTS // max(1, most))


def _judged_in_common(me: Person, them: Person, weights: Weights) -> int:
    """The most that the parts come to about which both have said something. A track record counts always, for nobody lacks one."""
    return (
        weights.sector * bool(me.sectors and them.sectors)
        + weights.hours * bool(me.hours and them.hours)
        + weights.languages * bool(me.languages and them.languages)
        + (weights.abroad * me.abroad + weights.abroad_theirs * them.abroad) * bool(me.country and them.country)
        + weights.track_record
    )
