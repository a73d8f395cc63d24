"""A cohort with the proof that it is best, and a checker that believes no solver."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, NamedTuple

import numpy as np

from matching.fairness import Figures
from matching.intake import MOST_POINTS, Whole
from matching.market import Market


class Objective(StrEnum):
    """TOTAL: the most seats filled, then points less a growing penalty below a decent score. PROTECT_WORST_OFF: the most seats,
    then the highest threshold of points that each matched mentee can reach, then as TOTAL. PREFER_STABILITY: the most points
    after those pairs who would both gain much by leaving were favoured, round by round; it may fill fewer seats. OWN_RANKINGS:
    points are nothing but an order, in which people ranked each other; no two would rather have each other (`matching.rankings`).
    """

    TOTAL = "total"
    PROTECT_WORST_OFF = "protect_worst_off"
    PREFER_STABILITY = "prefer_stability"
    OWN_RANKINGS = "own_rankings"


class Why(StrEnum):
    """Why a seat stays empty: there was no candidate; all were excluded; all were below the floor; the places went to others; or
    the only free places are with someone who already guides the mentee on another track.
    """

    NO_CANDIDATE = "no_candidate"
    EXCLUDED = "excluded"
    BELOW_FLOOR = "below_floor"
    FULL = "full"
    SAME_MENTOR = "same_mentor"


class Pair(NamedTuple):
    mentee: int
    mentor: int
    track: int


class Empty(NamedTuple):
    mentee: int
    track: int
    why: Why


class Boost(NamedTuple):
    """Points that a pair was favoured by."""

    mentee: int
    mentor: int
    track: int
    points: int


@dataclass(frozen=True)
class Certificate:
    """What `verify` needs, and what a person may want to know.

    `worth` is the sum that was maximised, without bonus, and `gap` what it may miss to the best: 0. `proof` says why: "prices" that
    anyone can check, or the solver's own "bound" when someone could be given the same mentor twice, which prices cannot express;
    only that the pairs are possible and come to `worth` can then be checked. "stability" is that of OWN_RANKINGS: no two would both
    rather have each other, and no stable cohort is better for any mentee; anyone can check both.
    `prices` are core prices (Shapley & Shubik 1971) in points, one per mentor by ascending id, then one per mentor with places
    that must be filled; further rows prove how ties were settled. `unique` says that no other cohort does as well under this
    seed, and is never proven by a bound. `bonus` and `urgency` are what a filled seat, and a place that must be filled, counted
    beside points. `threshold` is the points that each mentee who is not in a kept pair reaches (PROTECT_WORST_OFF), `boosts`
    what the last round of PREFER_STABILITY added: its proof is for these points. `digest` is the hash of the intake.
    """

    objective: Objective
    digest: str
    seed: int
    weights: str
    proof: Literal["prices", "bound", "stability"]
    worth: int
    gap: int
    unique: bool
    bonus: int
    urgency: int
    prices: tuple[tuple[int, ...], ...]
    threshold: int | None
    boosts: tuple[Boost, ...]
    figures: Figures
    greedy: Figures
    by_lot: Figures


@dataclass(frozen=True)
class Cohort:
    """Pairs and empty seats in ascending order, kept pairs included. `plain` is what TOTAL gives on the same intake, where another
    objective was asked for: the difference of their figures is what that objective costs.
    """

    pairs: tuple[Pair, ...]
    empty: tuple[Empty, ...]
    certificate: Certificate
    plain: "Cohort | None" = None

    @property
    def scarcity(self) -> tuple[int, ...]:
        """Per mentor, by ascending id: what their places are worth beside those of others, in points from 0 to 1000.

        A price p is κ·bonus + q: another place would fill κ further seats (0 or 1), and add q points. With κ = 0 it is q. Where
        mentees outnumber places κ is 1 for nearly everybody and tells no two apart; then it is what q is above its lower quartile
        among those with κ = 1. Empty without a proof by prices.
        """
        if not self.certificate.prices:
            return ()
        points = np.array(self.certificate.prices[0], np.int64)
        if self.certificate.objective != Objective.PREFER_STABILITY:
            bonus = self.certificate.bonus
            seats = (points + bonus // 2) // bonus
            points -= seats * bonus
            fills = points[seats > 0]
            if len(fills):
                quarter = (len(fills) - 1) // 4
                points[seats > 0] -= np.partition(fills, quarter)[quarter]
        return tuple(np.clip(points, 0, MOST_POINTS).tolist())


def pairs_of(market: Market, chosen: Whole) -> tuple[Pair, ...]:
    return tuple(map(Pair._make, market.names(chosen[chosen >= 0])))


def empty_of(market: Market, chosen: Whole) -> tuple[Empty, ...]:
    """The empty seats and why each stays so."""
    seats = np.flatnonzero(chosen < 0)
    load = np.bincount(market.host[chosen[chosen >= 0]], minlength=len(market.mentor))
    pairs = market.pairs_of(seats)
    seat, exists = market.seat[pairs], market.exists[pairs]
    room = (load < market.capacity)[market.host[pairs]]
    known, spared, alive, free = (
        np.bincount(seat[some], minlength=len(chosen)) > 0
        for some in (np.ones_like(exists), ~market.excluded[pairs], exists, exists & room)
    )
    why = np.select(
        [~known, ~spared, ~alive, ~free],
        [Why.NO_CANDIDATE, Why.EXCLUDED, Why.BELOW_FLOOR, Why.FULL],
        Why.SAME_MENTOR,
    )
    columns = zip(market.mentee[seats].tolist(), market.track[seats].tolist(), why[seats].tolist(), strict=True)
    return tuple(Empty(mentee, track, Why(reason)) for mentee, track, reason in columns)
