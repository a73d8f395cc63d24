"""A cohort by what people say themselves: points are nothing but an order, and no two would rather have each other.

Each mentee ranks the mentors of their pairs by `for_mentee`, each mentor the mentees by `for_mentor`: more points are dearer, equally
many are equals, and who gains nothing from a pair does not list the other. `matching.stable` finds the pairs; what it is given and
what anyone can check without it stand here.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from matching.goal import Goal
from matching.intake import Points, Whole
from matching.market import Market
from matching.optimum import Optimum, worth_of
from matching.stable import Tier, agree, blocking_pairs, circle, told_apart

Tiers = dict[int, list[Tier]]


@dataclass(frozen=True)
class Rankings:
    """Whom each would have, the dearest first, equals together; by id, without kept pairs and the places that these fill."""

    mentees: Tiers
    mentors: Tiers
    capacities: dict[int, int]


def refuse_unranked(market: Market) -> None:
    """Raises ValueError where rankings cannot decide: someone asks on several tracks, or places must be filled."""
    for seat in np.flatnonzero(np.diff(market.mentee) == 0)[:1]:
        raise ValueError(f"mentee {market.mentee[seat]} asks on several tracks; own rankings decide about one")
    for host in np.flatnonzero(market.needed)[:1]:
        raise ValueError(f"places of mentor {market.mentor[host]} must be filled; own rankings promise nobody so much")


def agreed(market: Market) -> Optimum:
    """Kept pairs, and of the others the best stable pairs for the mentees."""
    said = rankings_of(market)
    pairs = agree(said.mentees, said.mentors, said.capacities, seed=market.intake.seed).pairs
    chosen = market.settled.copy()
    if pairs:
        mentee, mentor = np.array(pairs, np.int64).T
        rows = market.rows(mentee, mentor, market.track[np.searchsorted(market.mentee, mentee)])
        chosen[market.seat[rows]] = rows
    goal = Goal(market.joint, market.open, everyone=False, bonus=1)
    return Optimum(chosen, goal, "stability", worth_of(goal, chosen), (), True)


def unstable(market: Market, chosen: Whole) -> Iterator[str]:
    """What speaks against these pairs as the ones that rankings decide for."""
    said, seed = rankings_of(market), market.intake.seed
    mentees, mentors = told_apart(said.mentees, seed), told_apart(said.mentors, seed)
    loose = [(mentee, mentor) for mentee, mentor, _ in market.names(chosen[(chosen >= 0) & (market.settled < 0)])]
    try:
        blocking = blocking_pairs(loose, mentees, mentors, said.capacities)
    except ValueError as error:
        yield f"the rankings: {error}"
        return
    for mentee, mentor in blocking[:1]:
        yield f"mentee {mentee} and mentor {mentor} would rather have each other"
    if not blocking and circle(loose, mentees, mentors, said.capacities):
        yield "a stable cohort is better for some mentees"


def rankings_of(market: Market) -> Rankings:
    """What the points of the pairs that are still open say."""
    some = np.flatnonzero(market.open & (market.for_mentee > 0) & (market.for_mentor > 0))
    mentee, mentor = market.mentee[market.seat[some]], market.mentor[market.host[some]]
    return Rankings(
        _tiers(market.mentee, mentee, mentor, market.for_mentee[some]),
        _tiers(market.mentor, mentor, mentee, market.for_mentor[some]),
        dict(zip(market.mentor.tolist(), market.places.tolist(), strict=True)),
    )


def _tiers(everyone: Whole, who: Whole, whom: Whole, points: Points) -> Tiers:
    likes: dict[int, dict[int, list[int]]] = {person: {} for person in everyone.tolist()}
    order = np.lexsort((whom, -points, who))
    for one, other, worth in zip(who[order].tolist(), whom[order].tolist(), points[order].tolist(), strict=True):
        likes[one].setdefault(worth, []).append(other)
    return {person: list(tiers.values()) for person, tiers in likes.items()}
