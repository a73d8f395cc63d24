"""Seats to places, so that the keys of the chosen edges add up to the most and each seat has at most one place.

Two solvers find the same answer. Neither is believed: `matching.prices` proves it afterwards.
"""

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import block_array, csr_array, diags_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from matching.intake import Flags, Whole
from matching.prices import Graph, Priced, smallest_prices

Solver = Literal["scipy", "ortools"]
NEAREST = 16
"""With so many edges per seat, those that look best, an optimum is nearly found; the rest is looked at edge by edge."""
WIDEST_STEP = 100.0
STEPS = 40


def solve(graph: Graph, solver: Solver) -> tuple[Whole, Whole]:
    """The edge of each seat, or -1, and the smallest prices that prove it best.

    Raises ValueError for a solver that is unknown or not installed, ArithmeticError for one that was wrong.
    """
    if solver not in ("scipy", "ortools"):
        raise ValueError(f"solver: {solver!r} is neither 'scipy' nor 'ortools'")
    if not len(graph.key):
        return np.full(graph.seats, -1), np.zeros(len(graph.room), np.int64)
    if solver == "scipy":
        return by_copies(graph)
    match = by_flow(graph)
    return match, proven(graph, match)


def by_copies(graph: Graph) -> tuple[Whole, Whole]:
    """SciPy's shortest augmenting paths on the most promising edges, and again with those that their prices show to be missing.

    Column generation: an edge is missing when it is worth more to its seat, less its price, than what the seat has now. Once
    none is, the smallest prices of a part are those of the whole.
    """
    if len(graph.key) <= NEAREST * graph.seats:
        match = _matched(graph, np.zeros(len(graph.room), np.int64))
        return match, proven(graph, match)
    some, prices = _promising(graph)
    while True:
        part = graph.only(some)
        match = _matched(part, prices)
        prices = proven(part, match)
        missing = graph.key - prices.take(graph.group) > graph.of_seat(Priced(part, prices).left)
        if not missing.any():
            return np.where(match < 0, -1, np.flatnonzero(some)[match]), prices
        some |= missing


def by_flow(graph: Graph) -> Whole:
    """OR-Tools' minimum-cost flow (cost scaling): one arc per edge, and one for each seat that stays empty."""
    try:
        from ortools.graph.python import min_cost_flow  # type: ignore[import-untyped, import-not-found]
    except ImportError:
        raise ValueError("solver: 'ortools' needs the package ortools, which is not installed") from None
    seats, groups = graph.seats, len(graph.room)
    seat, group = np.arange(seats), seats + np.arange(groups)
    room = np.minimum(graph.room, seats)
    source, sink = seats + groups, seats + groups + 1
    flow: Any = min_cost_flow.SimpleMinCostFlow()

    def arcs(tails: Any, heads: Any, capacity: Any, cost: Any) -> Any:
        shape = np.broadcast(tails, heads).shape
        columns = [np.ascontiguousarray(np.broadcast_to(x, shape), np.int64) for x in (tails, heads, capacity, cost)]
        return flow.add_arcs_with_capacity_and_unit_cost(*columns)

    edges = arcs(graph.seat, seats + graph.group, 1, -graph.key)
    arcs(source, seat, 1, 0)
    arcs(seat, sink, 1, 0)
    arcs(group, sink, room, 0)
    flow.set_node_supply(source, seats)
    flow.set_node_supply(sink, -seats)
    if (status := flow.solve()) != flow.OPTIMAL:
        raise ArithmeticError(f"OR-Tools answered {status}")
    match = np.full(seats, -1)
    used = np.flatnonzero(flow.flows(edges))
    match[graph.seat[used]] = used
    return match


def _promising(graph: Graph) -> tuple[Flags, Whole]:
    """The edges that are worth most to their seat under prices at which few mentors are asked too often, and those prices.

    Prices move towards balance by ever smaller steps (tâtonnement): first with all edges, then with those that remain.
    """
    prices, step = _balanced(graph, np.zeros(len(graph.room)), WIDEST_STEP)
    slack = graph.of_seat(Priced(graph, prices).left) - graph.key + prices.take(graph.group)
    order = np.argsort(graph.seat * (int(slack.max()) + 1) + slack, kind="stable")
    some = np.zeros(len(order), bool)
    some[order[np.arange(len(order)) - graph.of_seat(graph.start[:-1]) < NEAREST]] = True
    prices, _ = _balanced(graph.only(some), prices.astype(float), step)
    return some, prices


def _balanced(graph: Graph, prices: NDArray[np.float64], step: float) -> tuple[Whole, float]:
    # In single precision: what is nearly right is enough here, and half as much is to be read.
    group, key, prices = graph.group.astype(np.int32), graph.key.astype(np.float32), prices.astype(np.float32)
    asks = np.diff(graph.start) > 0
    first = graph.start[:-1][asks]
    row = np.repeat(np.arange(len(first), dtype=np.int32), np.diff(graph.start)[asks])
    room = np.maximum(1, graph.room)
    for _ in range(STEPS):
        gain = key - prices.take(group)
        best = np.maximum(0, np.maximum.reduceat(gain, first))
        wanted = np.bincount(group[gain >= best.take(row)], minlength=len(room))
        prices += np.float32(step) * np.clip((wanted - graph.room) / room, -1, 3).astype(np.float32)
        prices = np.maximum(0, prices)
        step *= 0.92
    return prices.astype(np.int64), step


def proven(graph: Graph, match: Whole) -> Whole:
    """Raises ArithmeticError when the match is not the best one, as it could be if a solver's numbers were not exact."""
    prices = smallest_prices(graph, match)
    if prices is None:
        raise ArithmeticError("the solver's answer is not the best one")
    return prices


def _matched(graph: Graph, prices: Whole) -> Whole:
    """A best matching of the whole graph, found from these prices: the closer they are, the sooner.

    Every place is a column. Rows and columns then stand there twice, crosswise, so that all of them can be matched in full: a
    seat with its own twin stays empty, and so does a place (Gabow & Tarjan 1989). Only in a full matching of a square graph do
    prices leave the optimum where it is.
    """
    room = np.minimum(graph.room, np.bincount(graph.group, minlength=len(graph.room)))
    first = np.concatenate(([0], np.cumsum(room)))
    copies = room[graph.group]
    ends = np.cumsum(copies)
    edge = np.repeat(np.arange(len(copies), dtype=np.int32), copies)
    place = (np.arange(len(edge)) + (first[graph.group] - ends + copies)[edge]).astype(np.int32)
    worth = Priced(graph, prices).left
    slack = graph.of_seat(worth) + prices.take(graph.group) - graph.key + 1.0
    start = np.concatenate(([0], ends))[graph.start].astype(np.int32)
    real = csr_array((slack[edge], place, start), shape=(graph.seats, int(first[-1])))
    no_place, no_seat = diags_array(2.0 * worth + 1), diags_array(2.0 * np.repeat(prices, room) + 1)
    _, column = min_weight_full_bipartite_matching(block_array([[real, no_place], [no_seat, real.T]], format="csr"))
    found = np.full(graph.seats, -1)
    used = column[graph.seat[edge]] == place
    found[graph.seat[edge[used]]] = edge[used]
    return found
