"""Who guides whom in a cohort: `assign` finds the best pairs, and `matching.verification` checks that none are better.

Let x(i, h) be 1 when seat i is given a place of mentor h. Each seat has at most one place, each mentor at most as many mentees as
places and at least as many as demanded, and two people at most one track together. Among all such x the cohort has, in this order,
the most seats filled, the largest sum of worth (`matching.goal`), and the largest sum of lots drawn from a published seed: that
leaves one cohort only, whatever the solver and the order of the rows.
"""

from contextlib import suppress
from dataclasses import replace

import numpy as np

from matching.assignment import Solver
from matching.cardinality import can_fill, refuse_shortage
from matching.certificate import Boost, Certificate, Cohort, Objective, empty_of, pairs_of
from matching.fairness import STRONG, figures_of, mutual_gain, plain_ways
from matching.goal import Goal, fair_worth
from matching.intake import Infeasible, Intake, Whole
from matching.integer import most_by_integers
from matching.market import Market
from matching.optimum import Optimum, best
from matching.rankings import agreed, refuse_unranked

ROUNDS = 20
BOOST = 20
"""Points by which a pair that would leave together is favoured, each round anew."""


def assign(
    intake: Intake, *, objective: Objective = Objective.TOTAL, stable: bool = False, solver: Solver = "scipy"
) -> Cohort:
    """The best cohort for an intake, with its certificate. Without candidates it is empty, which is no error.

    `stable` says that members handed in rankings of their own, of which the points are the order: it is another word for the objective
    `OWN_RANKINGS` and goes with no other one. No two then would both rather have each other.

    `solver` changes how long it takes, never the pairs: "scipy" serves some 20,000 mentees, "ortools" (a package of its own)
    more. Raises ValueError for an intake that cannot be read, and `Infeasible`, which is one, for demands that clash.
    """
    if stable:
        if objective not in (Objective.TOTAL, Objective.OWN_RANKINGS):
            raise ValueError(f"stable: rankings decide alone, not beside {objective!r}")
        objective = Objective.OWN_RANKINGS
    market = Market.of(intake)
    refuse_shortage(market)
    if objective == Objective.OWN_RANKINGS:
        refuse_unranked(market)
    total = best(market, Goal(fair_worth(market), market.open), solver)
    plain = _cohort(market, Objective.TOTAL, total)
    match Objective(objective):
        case Objective.TOTAL:
            return plain
        case Objective.PROTECT_WORST_OFF:
            threshold, protected = _protected(market, total, solver)
            return _cohort(market, objective, protected, threshold=threshold, plain=plain)
        case Objective.PREFER_STABILITY:
            calmest, boost = _calmest(market, solver)
            return _cohort(market, objective, calmest, boost=boost, plain=plain)
        case Objective.OWN_RANKINGS:
            return _cohort(market, objective, agreed(market), plain=plain)


def _protected(market: Market, total: Optimum, solver: Solver) -> tuple[int | None, Optimum]:
    """The best cohort at the highest threshold with as many seats filled.

    The threshold is first sought as if someone could be given the same mentor twice, and with HiGHS where that is one too high.
    """
    matched = int((total.chosen >= 0).sum())
    if matched == market.kept.sum():
        return None, total
    threshold = _highest(market, matched, exact=False)
    with suppress(Infeasible):
        found = best(market, at_least(market, threshold), solver)
        if (found.chosen >= 0).sum() == matched:
            return threshold, found
    threshold = _highest(market, matched, exact=True)
    found = best(market, at_least(market, threshold), solver)
    return threshold, replace(found, proof="bound", prices=(), unique=False)


def at_least(market: Market, threshold: int) -> Goal:
    return Goal(fair_worth(market), market.open & (market.for_mentee >= threshold))


def _highest(market: Market, matched: int, *, exact: bool) -> int:
    """By bisection over the points that mentees could gain; the lowest of them forbids nothing."""
    steps = np.unique(market.for_mentee[market.open])
    low, high = 0, len(steps)
    while high - low > 1:
        middle = (low + high) // 2
        if _reaches(market, int(steps[middle]), matched, exact):
            low = middle
        else:
            high = middle
    return int(steps[low])


def _reaches(market: Market, threshold: int, matched: int, exact: bool) -> bool:
    allowed = at_least(market, threshold).allowed
    if exact:
        return most_by_integers(market, allowed) + int(market.kept.sum()) >= matched
    return can_fill(market, allowed, matched)


def _calmest(market: Market, solver: Solver) -> tuple[Optimum, Whole]:
    """The round with the fewest strongly blocking pairs, the earliest of them, and what its pairs were favoured by.

    Favouring the pairs that would leave together, again and again, until none is left or the rounds are over. A heuristic: it
    promises no stability, so the certificate counts what is left.
    """
    boost = np.zeros(len(market.seat), np.int64)
    calmest: tuple[int, Optimum, Whole] | None = None
    for _ in range(ROUNDS):
        found = best(market, Goal(market.joint + boost, market.open, everyone=False, bonus=1), solver)
        blocking = mutual_gain(market, found.chosen) >= STRONG
        count = int(blocking.sum())
        if calmest is None or count < calmest[0]:
            calmest = count, found, boost.copy()
        if not count:
            break
        boost[blocking] += BOOST
    assert calmest is not None
    return calmest[1], calmest[2]


def _cohort(
    market: Market,
    objective: Objective,
    found: Optimum,
    *,
    threshold: int | None = None,
    boost: Whole | None = None,
    plain: Cohort | None = None,
) -> Cohort:
    greedy, by_lot = (plain.certificate.greedy, plain.certificate.by_lot) if plain else plain_ways(market)
    certificate = Certificate(
        objective=objective,
        digest=market.digest,
        seed=market.intake.seed,
        weights=market.intake.weights,
        proof=found.proof,
        worth=found.worth,
        gap=0,
        unique=found.unique,
        bonus=found.goal.bonus,
        urgency=found.goal.urgency,
        prices=found.prices,
        threshold=threshold,
        boosts=() if boost is None else _boosts(market, boost),
        figures=figures_of(market, found.chosen),
        greedy=greedy,
        by_lot=by_lot,
    )
    return Cohort(pairs_of(market, found.chosen), empty_of(market, found.chosen), certificate, plain)


def _boosts(market: Market, boost: Whole) -> tuple[Boost, ...]:
    pairs = np.flatnonzero(boost)
    return tuple(Boost(*pair, points) for pair, points in zip(market.names(pairs), boost[pairs].tolist(), strict=True))
