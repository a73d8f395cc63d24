"""Seats to places, so that the keys of the chosen edges add up to the most and each seat has at most one place.

Two solvers find the same answer. Neither is believed: `matching.prices` proves it afterwards.
"""

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from matching.intake import Flags, Whole
from matching.prices import Graph, Priced, smallest_prices

Solver = Literal["scipy", "ortools"]
NEAREST = 24
"""With so many edges per seat on the average, those that look best, the optimum is nearly always found at once. Two thirds of
them take a third less time while they are enough, but are nearer to being solved twice.
"""
TOLD_BY = 8
"""One edge in so many tells which look best."""
WIDEST_STEP = 100.0
STEPS = 20


def solve(graph: Graph, solver: Solver) -> tuple[Whole, Whole]:
    """The edge of each seat, or -1, and the smallest prices that prove it best.

    Raises ValueError for a solver that is unknown or not installed, ArithmeticError for one that was wrong.
    """
    if solver not in ("scipy", "ortools"):
        raise ValueError(f"solver: {solver!r} is neither 'scipy' nor 'ortools'")
    nothing = np.zeros(len(graph.room), np.int64)
    if not len(graph.key):
        return np.full(graph.seats, -1), nothing
    if len(graph.key) > NEAREST * graph.seats:
        return _by_parts(graph, solver)
    match = matched(graph, nothing, solver)
    return match, proven(graph, match)


def matched(graph: Graph, prices: Whole, solver: Solver) -> Whole:
    """A best matching of the whole graph. SciPy starts from these prices: the closer they are, the sooner it is there."""
    return by_flow(graph) if solver == "ortools" else by_copies(graph, prices)


def _by_parts(graph: Graph, solver: Solver) -> tuple[Whole, Whole]:
    """The most promising edges alone, and again with those that their prices show to be missing as long as these make a difference.

    Column generation: an edge is missing when it is worth more to its seat, less its price, than what the seat has now. The
    smallest prices of a part are never above those of the whole, which are sought from there.
    """
    about, step = _balanced(graph, np.zeros(len(graph.room)), WIDEST_STEP, STEPS)
    some = _nearest(graph, about)
    if solver == "scipy":
        about = _closer(graph.only(some), about, step)
    while True:
        part = graph.only(some)
        match = matched(part, about, solver)
        least = proven(part, match)
        match = np.where(match < 0, -1, np.flatnonzero(some)[match])
        if (prices := smallest_prices(graph, match, least)) is not None:
            return match, prices
        some |= graph.key - least.take(graph.group) > graph.of_seat(Priced(part, least).left)


def by_copies(graph: Graph, prices: Whole) -> Whole:
    """SciPy's shortest augmenting paths, from these prices.

    Every place is a column. Rows and columns then stand there twice, crosswise, so that all of them can be matched in full: a
    seat with its own twin stays empty, and so does a place (Gabow & Tarjan 1989). Only in a full matching of a square graph do
    prices leave the optimum where it is.
    """
    room = np.minimum(graph.room, np.bincount(graph.group, minlength=len(graph.room)))
    first = np.concatenate(([0], np.cumsum(room)))
    copies = room[graph.group]
    ends = np.cumsum(copies)
    edge = np.repeat(np.arange(len(copies), dtype=np.int32), copies)
    place = (first[graph.group] - ends + copies).astype(np.int32)[edge]
    place += np.arange(len(edge), dtype=np.int32)
    start = np.concatenate(([0], ends))[graph.start].astype(np.int32)
    worth = Priced(graph, prices).left
    slack = graph.of_seat(worth) + prices.take(graph.group) - graph.key + 1.0
    seats, places = np.arange(graph.seats, dtype=np.int32), np.arange(first[-1], dtype=np.int32)
    real = csr_array((slack[edge], place, start), shape=(len(seats), len(places)))
    back = real.T.tocsr()
    back.indices += np.int32(len(places))
    halves = (
        _with_one_more(real, len(places) + seats, 2.0 * worth + 1),
        _with_one_more(back, places, 2.0 * np.repeat(prices, room) + 1),
    )
    data, indices, size = (np.concatenate(both) for both in zip(*halves, strict=True))
    del real, back, halves  # so much less memory is in use while SciPy makes a copy of its own
    square = csr_array((data, indices, np.concatenate(([0], np.cumsum(size)))))
    _, column = min_weight_full_bipartite_matching(square)
    taken = column[: len(seats)]
    found = np.full(len(seats), -1)
    found[taken < len(places)] = edge[np.repeat(taken, np.diff(start)) == place]
    return found


def _with_one_more(matrix: csr_array, column: Any, value: Any) -> tuple[Any, Any, Any]:
    """The values of a matrix, their columns, and how many each row has, with one more value at the end of each."""
    ends = matrix.indptr[1:]
    return np.insert(matrix.data, ends, value), np.insert(matrix.indices, ends, column), np.diff(matrix.indptr) + 1


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


def _nearest(graph: Graph, prices: Whole) -> Flags:
    """The edges that come nearest to the best of their seat; of those that come equally near, as many of each seat as there is room."""
    slack = graph.of_seat(Priced(graph, prices).left) - graph.key + prices.take(graph.group)
    count = NEAREST * graph.seats
    limit = np.partition(slack[::TOLD_BY], count // TOLD_BY)[count // TOLD_BY]
    some: Flags = slack < limit
    alike = np.flatnonzero(slack == limit)
    some[alike[:: -(-len(alike) // max(1, count - int(some.sum())))]] = True
    return some


def _closer(part: Graph, prices: Whole, step: float) -> Whole:
    """Prices that are balanced further with these edges alone, and together so high that no more seats want a place than get one."""
    prices, _ = _balanced(part, prices.astype(float), step, 2 * STEPS)
    in_vain = part.seats - int(part.room.sum())
    return prices if in_vain <= 0 else prices + np.partition(Priced(part, prices).left, in_vain)[in_vain]


def _balanced(graph: Graph, prices: NDArray[np.float64], step: float, steps: int) -> tuple[Whole, float]:
    """Prices at which few mentors are asked too often, reached by ever smaller steps (tâtonnement), and the step that would be next."""
    # In single precision and in place: what is nearly right is enough here, and half as much is to be read.
    key, prices = graph.key.astype(np.float32), prices.astype(np.float32)
    size = np.diff(graph.start)
    asks = size > 0
    first, size = graph.start[:-1][asks], size[asks]
    room = np.maximum(1, graph.room)
    gain = np.empty_like(key)
    for _ in range(steps):
        np.subtract(key, prices.take(graph.group, out=gain, mode="clip"), out=gain)
        best = np.maximum(0, np.maximum.reduceat(gain, first))
        wanted = np.bincount(graph.group[gain >= np.repeat(best, size)], minlength=len(room))
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
