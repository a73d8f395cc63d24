"""The one best cohort for a goal, with its prices: solved, checked for what the goal takes for granted, and ties settled."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from matching.assignment import Solver, matched, proven, solve
from matching.cardinality import could_fill_more
from matching.goal import Goal, graph_of, tie_graph
from matching.intake import Flags, Whole
from matching.integer import by_integers
from matching.market import Market
from matching.prices import Graph, Priced, movable

TURNS = 8
"""After so many draws of lots what is still undecided stays so, and is said; one draw is nearly always enough."""


@dataclass(frozen=True, eq=False)
class Optimum:
    """`chosen` is the pair of each seat or -1, kept ones included; `goal` has the bonus and urgency that were large enough."""

    chosen: Whole
    goal: Goal
    proof: Literal["prices", "bound", "stability"]
    worth: int
    prices: tuple[tuple[int, ...], ...]
    unique: bool


def best(market: Market, goal: Goal, solver: Solver) -> Optimum:
    """Raises `Infeasible` when places that must be filled cannot be without giving someone the same mentor twice."""
    graph, match, first, goal = _large_enough(market, goal, solver)
    priced = Priced(graph, first)
    prices = [first]
    turn = 0
    while (some := movable(priced, match)).any() and (turn := turn + 1) <= TURNS:
        some[match[match >= 0]] = True
        graph = tie_graph(market, priced, turn)
        match, smallest = _among(graph, some[priced.tight], solver)
        priced = Priced(graph, smallest)
        prices.append(smallest)
    chosen = _chosen(market, graph, match)
    if has_same_mentor_twice(market, chosen):
        chosen = np.maximum(market.settled, by_integers(market, goal))
        return Optimum(chosen, goal, "bound", worth_of(goal, chosen), (), False)
    rows = tuple(tuple(row.tolist()) for row in prices)
    return Optimum(chosen, goal, "prices", worth_of(goal, chosen), rows, turn <= TURNS)


def has_same_mentor_twice(market: Market, chosen: Whole) -> bool:
    couples = market.couple[chosen[chosen >= 0]]
    return market.overlaps and len(np.unique(couples)) < len(couples)


def worth_of(goal: Goal, chosen: Whole) -> int:
    return int(goal.worth[chosen[chosen >= 0]].sum())


def _large_enough(market: Market, goal: Goal, solver: Solver) -> tuple[Graph, Whole, Whole, Goal]:
    """Solved with a bonus and an urgency that let neither a seat nor a needed place stay empty that could be filled."""
    while True:
        graph = graph_of(market, goal)
        match, prices = solve(graph, solver)
        chosen = _chosen(market, graph, match)
        more = goal.everyone and could_fill_more(market, goal.allowed, chosen)
        load = np.bincount(market.host[chosen[chosen >= 0]], minlength=len(market.mentor))
        short = bool((load < market.at_least).any())
        if not more and not short:
            return graph, match, prices, goal
        goal = replace(goal, bonus=goal.bonus * (8 if more else 1), urgency=goal.urgency * (8 if short else 1))


def _among(graph: Graph, some: Flags, solver: Solver) -> tuple[Whole, Whole]:
    """Solved with these edges alone, of which there are some; proven once, by prices of the whole graph."""
    match = matched(graph.only(some), np.zeros(len(graph.room), np.int64), solver)
    match = np.where(match < 0, -1, np.flatnonzero(some)[match])
    return match, proven(graph, match)


def _chosen(market: Market, graph: Graph, match: Whole) -> Whole:
    chosen = market.settled.copy()
    chosen[match >= 0] = graph.pair[match[match >= 0]]
    return chosen
