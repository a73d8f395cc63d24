"""Checks a cohort against its intake with nothing but sums and comparisons: which solver found it does not matter here."""

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

import numpy as np

from matching.cardinality import can_fill, could_fill_more
from matching.certificate import Certificate, Cohort, Objective, empty_of
from matching.fairness import figures_of, plain_ways
from matching.goal import Goal, fair_worth, graph_of, seated, tie_graph
from matching.intake import Intake, Whole
from matching.market import Market
from matching.optimum import TURNS
from matching.prices import Priced, gap, movable
from matching.rankings import refuse_unranked, unstable


def verify(intake: Intake, cohort: Cohort) -> tuple[str, ...]:
    """What is wrong with a cohort, in sentences; empty when it is a possible one and everything its certificate says is true.

    Where the certificate says `proof="bound"`, that no other cohort is better is not among the things checked. Raises ValueError
    for an intake that cannot be read.
    """
    market = Market.of(intake)
    try:
        return tuple(_faults(market, cohort))
    except (ValueError, OverflowError, IndexError, TypeError) as error:
        return (f"the certificate cannot be read: {error}",)


def _faults(market: Market, cohort: Cohort) -> Iterator[str]:
    chosen = _chosen(market, cohort)
    if chosen is None:
        yield "a pair is not among the candidates, stands twice, or does not stand in ascending order"
        return
    impossible = list(_impossible(market, chosen))
    yield from impossible
    if impossible:
        return
    if cohort.empty != empty_of(market, chosen):
        yield "the empty seats, or why they are empty, are not as said"
    certificate = cohort.certificate
    yield from _misstated(market, chosen, certificate)
    yield from _unproven(market, chosen, certificate)
    yield from _not_as_asked(market, cohort)


def _chosen(market: Market, cohort: Cohort) -> Whole | None:
    """The pair of each seat, or -1; None when the cohort does not say so."""
    chosen = np.full(len(market.mentee), -1)
    if not cohort.pairs:
        return chosen
    said = _whole(list(chain.from_iterable(cohort.pairs)))
    pairs = market.rows(*said.reshape(len(cohort.pairs), 3).T)
    seats = market.seat[pairs]
    chosen[seats] = pairs
    return chosen if (seats[1:] > seats[:-1]).all() else None


def _whole(said: Sequence[Any]) -> Whole:
    """Raises ValueError for numbers that are not whole, which NumPy would cut off, and such as do not fit 64 bits."""
    numbers = np.array(said)
    if len(numbers) and numbers.dtype != np.int64:
        raise ValueError("whole numbers are needed")
    return numbers.astype(np.int64, copy=False)


def _impossible(market: Market, chosen: Whole) -> Iterator[str]:
    pairs = chosen[chosen >= 0]
    load = np.bincount(market.host[pairs], minlength=len(market.mentor))
    if not market.exists[pairs].all():
        yield "a pair is excluded or below the floor"
    if (chosen[market.settled >= 0] != market.settled[market.settled >= 0]).any():
        yield "a pair that was to be kept is missing"
    if (np.diff(np.sort(market.couple[pairs], kind="stable")) == 0).any():
        yield "someone is given the same mentor twice"
    if (load > market.capacity).any():
        yield "a mentor has more mentees than places"
    if (load < market.at_least).any():
        yield "a mentor has fewer mentees than was demanded"


def _misstated(market: Market, chosen: Whole, certificate: Certificate) -> Iterator[str]:
    said = (certificate.digest, certificate.seed, certificate.weights)
    if said != (market.digest, market.intake.seed, market.intake.weights):
        yield "the certificate is for another intake"
    said_of = (certificate.figures, certificate.greedy, certificate.by_lot)
    found = (figures_of(market, chosen), *plain_ways(market))
    for name, figures, true in zip(("cohort", "greedy way", "way by lot"), said_of, found, strict=True):
        if figures != true:
            yield f"the figures of the {name} are not as said"


def goal_of(market: Market, certificate: Certificate) -> Goal:
    """The goal that the certificate names."""
    if certificate.objective == Objective.PREFER_STABILITY:
        boost = np.zeros(len(market.seat), np.int64)
        if certificate.boosts:
            columns = _whole(certificate.boosts).T
            boost[market.rows(*columns[:3])] = columns[3]
        return Goal(market.joint + boost, market.open, False, certificate.bonus, certificate.urgency)
    if certificate.objective == Objective.OWN_RANKINGS:
        return Goal(market.joint, market.open, False, certificate.bonus, certificate.urgency)
    allowed = market.open
    if certificate.threshold is not None:
        allowed = allowed & (market.for_mentee >= certificate.threshold)
    return Goal(fair_worth(market), allowed, True, certificate.bonus, certificate.urgency)


def _unproven(market: Market, chosen: Whole, certificate: Certificate) -> Iterator[str]:
    goal = goal_of(market, certificate)
    if certificate.worth != int(goal.worth[chosen[chosen >= 0]].sum()):
        yield "the worth is not as said"
    if certificate.gap != 0:
        yield "the gap is not 0"
    loose = chosen[(chosen >= 0) & (market.settled < 0)]
    if not goal.allowed[loose].all():
        yield "a mentee gains less than the threshold"
        return
    if (certificate.proof == "stability") != (certificate.objective == Objective.OWN_RANKINGS):
        yield "stability proves what own rankings decide, and only that"
        return
    if certificate.proof == "stability":
        refuse_unranked(market)
        if not certificate.unique or certificate.prices:
            yield "own rankings leave one cohort, and no prices"
        yield from unstable(market, chosen)
        return
    if certificate.proof == "bound":
        if not market.overlaps or certificate.unique or certificate.prices:
            yield "prices could have proven this"
        return
    if goal.everyone and could_fill_more(market, goal.allowed, chosen):
        yield "more seats could be filled"
    yield from _not_best(market, goal, chosen, certificate)


def _not_best(market: Market, goal: Goal, chosen: Whole, certificate: Certificate) -> Iterator[str]:
    """Weak duality in each row of prices: the objective in the first, and lots among what was left in the others."""
    graph = graph_of(market, goal)
    open_only = np.where(market.settled >= 0, -1, chosen)
    match = np.zeros(0, np.int64)
    priced = Priced(graph, match)
    for turn, row in enumerate(certificate.prices):
        if turn:
            graph = tie_graph(market, priced, turn)
        prices = _whole(row)
        match = seated(market, graph, open_only)
        if prices.shape != graph.room.shape or (prices < 0).any() or ((match < 0) != (open_only < 0)).any():
            yield "the prices do not fit the intake"
            return
        priced = Priced(graph, prices)
        if missing := gap(priced, match):
            yield f"the prices leave a gap of {missing}"
            return
    if not len(certificate.prices):
        yield "there are no prices"
    elif certificate.unique is bool(movable(priced, match).any()):
        yield "whether another cohort does as well is not as said"
    elif not certificate.unique and len(certificate.prices) <= TURNS:
        yield "ties were not settled"


def _not_as_asked(market: Market, cohort: Cohort) -> Iterator[str]:
    """What only some objectives promise, and the plain cohort beside them."""
    certificate, plain = cohort.certificate, cohort.plain
    protects = certificate.objective == Objective.PROTECT_WORST_OFF
    calms = certificate.objective == Objective.PREFER_STABILITY
    ranked = certificate.objective == Objective.OWN_RANKINGS
    if (certificate.threshold is not None) != (protects and certificate.figures.matched > market.kept.sum()):
        yield "a threshold is for those who protect the worst-off"
    if (
        (certificate.boosts and not calms)
        or (certificate.bonus != 1 and (calms or ranked))
        or min(0, *_points(certificate)) < 0
    ):
        yield "pairs are favoured to make a cohort stable only, and by points that are not negative"
    if (plain is not None) != (protects or calms or ranked):
        yield "another objective than the plain one stands beside the plain cohort, and only such a one"
    if plain is None:
        return
    if plain.certificate.objective != Objective.TOTAL:
        yield "the plain cohort has another objective"
    yield from (f"the plain cohort: {fault}" for fault in _faults(market, plain))
    if protects and certificate.figures.matched < plain.certificate.figures.matched:
        yield "fewer seats are filled than could be"
    if certificate.threshold is not None and certificate.proof == "prices":
        above = market.open & (market.for_mentee > certificate.threshold)
        if can_fill(market, above, certificate.figures.matched):
            yield "everyone could reach a higher threshold"


def _points(certificate: Certificate) -> list[int]:
    return [boost.points for boost in certificate.boosts] or [0]
