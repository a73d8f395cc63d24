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
    after those pairs who would both gain much by leaving were favoured, round by round; it may fill fewer seats.
    """

    TOTAL = "total"
    PROTECT_WORST_OFF = "protect_worst_off"
    PREFER_STABILITY = "prefer_stability"


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
    only that the pairs are possible and come to `worth` can then be checked.
    `prices` are core prices (Shapley & Shubik 1971) in points, one per mentor by ascending id, then one per mentor with places
    that must be filled; further rows prove how ties were settled. `unique` says that no other cohort does as well under this
    seed, and is proven by prices only. `bonus` and `urgency` are what a filled seat, and a place that must be filled, counted
    beside points. `threshold` is the points that each mentee who is not in a kept pair reaches (PROTECT_WORST_OFF), `boosts`
    what the last round of PREFER_STABILITY added: its proof is for these points. `digest` is the hash of the intake.
    """

    objective: Objective
    digest: str
    seed: int
    weights: str
    proof: Literal["prices", "bound"]
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
        """Per mentor, by ascending id: how many points another place would add, at most 1000, which stands for another seat filled.

        Empty without a proof by prices.
        """
        prices = self.certificate.prices[0] if self.certificate.prices else ()
        return tuple(min(MOST_POINTS, price) for price in prices)


def pairs_of(market: Market, chosen: Whole) -> tuple[Pair, ...]:
    return tuple(Pair(*names) for names in market.names(chosen[chosen >= 0]))


def empty_of(market: Market, chosen: Whole) -> tuple[Empty, ...]:
    """The empty seats and why each stays so."""
    seats = np.flatnonzero(chosen < 0)
    load = np.bincount(market.host[chosen[chosen >= 0]], minlength=len(market.mentor))
    room = (load < market.capacity)[market.host]
    known, spared, alive, free = (
        np.bincount(market.seat[some], minlength=len(chosen)) > 0
        for some in (slice(None), ~market.excluded, market.exists, market.exists & room)
    )
    why = np.select(
        [~known, ~spared, ~alive, ~free],
        [Why.NO_CANDIDATE, Why.EXCLUDED, Why.BELOW_FLOOR, Why.FULL],
        Why.SAME_MENTOR,
    )
    columns = zip(market.mentee[seats].tolist(), market.track[seats].tolist(), why[seats].tolist(), strict=True)
    return tuple(Empty(mentee, track, Why(reason)) for mentee, track, reason in columns)
