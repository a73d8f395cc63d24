"""Prices that prove an assignment: no seat would rather pay for another place, and every place left over is free.

Let a seat's utility be the most that an edge of it is worth less the price of its group, or 0. By weak duality no assignment
is worth more than the utilities plus the prices of all places; one that is worth just that is optimal. Such prices exist for
every optimum (Shapley & Shubik 1971, "The assignment game I: The core"), are whole where keys are, and the smallest ones are the
same whichever optimum they are read from. A price says how much another place in that group would add.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from matching.intake import Flags, Whole
from matching.places import ranges

T = TypeVar("T", bound=np.generic)
AT_ONCE = 1 << 10


@dataclass(frozen=True, eq=False)
class Graph:
    """Edges of seat i: `start[i]` to `start[i + 1]`. Each leads to a group of `room[group]` equal places.

    `key` is what an edge is worth, a whole number from 1. `pair` is the pair of the market that it stands for. A mentor has up
    to two groups: the places that must be filled, whose edges are worth `extra[group]` more, and the others, at `other[group]`.
    """

    start: Whole
    group: Whole
    key: Whole
    pair: Whole
    room: Whole
    other: Whole
    extra: Whole

    @property
    def seats(self) -> int:
        return len(self.start) - 1

    @cached_property
    def seat(self) -> Whole:
        return self.of_seat(np.arange(self.seats))

    def of_seat(self, values: NDArray[T]) -> NDArray[T]:
        """The value of each edge's seat, given one for each seat."""
        return np.repeat(values, np.diff(self.start))

    def only(self, some: Flags, key: Whole | None = None, extra: Whole | None = None) -> "Graph":
        """The same seats and groups with some of the edges; `key`, of those, and `extra` may be others."""
        edges = np.flatnonzero(some)
        key = self.key[edges] if key is None else key
        extra = self.extra if extra is None else extra
        return Graph(
            np.searchsorted(edges, self.start), self.group[edges], key, self.pair[edges], self.room, self.other, extra
        )


@dataclass(frozen=True, eq=False)
class Priced:
    """A graph at some prices: what anyone who looks at both reads of all edges is read once."""

    graph: Graph
    prices: Whole

    @cached_property
    def _surplus(self) -> Whole:
        asked = self.prices.take(self.graph.group)
        return np.subtract(
            self.graph.key, asked, out=asked
        )  # in place: memory that is touched first costs more than the sum

    @cached_property
    def left(self) -> Whole:
        """What is left for each seat if it takes the edge that it likes best, or none: its utility."""
        left = np.zeros(self.graph.seats, np.int64)
        asks = np.diff(self.graph.start) > 0
        if asks.any():
            left[asks] = np.maximum(0, np.maximum.reduceat(self._surplus, self.graph.start[:-1][asks]))
        return left

    @cached_property
    def tight(self) -> Flags:
        """The edges that an optimal assignment may use; looked at some seats at a time, so that what is left is not written out for all."""
        start, tight = self.graph.start, np.empty(len(self._surplus), bool)
        for first in range(0, self.graph.seats, AT_ONCE):
            ends = start[first : first + AT_ONCE + 1]
            some = slice(ends[0], ends[-1])
            left = np.repeat(self.left[first : first + AT_ONCE], np.diff(ends))
            np.equal(self._surplus[some], left, out=tight[some])
        return tight


def gap(priced: Priced, match: Whole) -> int:
    """How much more than this assignment these prices would allow, at least 0; 0 proves that it is optimal."""
    graph, prices = priced.graph, priced.prices
    on = match >= 0
    edge = match[on]
    left = priced.left.copy()
    left[on] -= graph.key[edge] - prices[graph.group[edge]]
    free = graph.room - np.bincount(graph.group[edge], minlength=len(graph.room))
    return _sum(left, 1) + _sum(prices, free)


def smallest_prices(graph: Graph, match: Whole, least: Whole | None = None) -> Whole | None:
    """The smallest prices that prove this assignment; None when it is not optimal. They are sought from `least` on, which are none of
    them above those.

    Longest paths: a group costs at least what its edge is worth more to a seat than the place that the seat pays for. Only the
    seats in groups that became dearer are looked at again.
    """
    on = match >= 0
    mine, held = np.zeros(graph.seats, np.int64), np.full(graph.seats, -1)
    mine[on], held[on] = graph.key[match[on]], graph.group[match[on]]
    by_group = np.argsort(held, kind="stable")
    first = np.searchsorted(held[by_group], np.arange(len(graph.room) + 1))
    least_held = np.full(len(graph.room), np.iinfo(np.int64).max)
    np.minimum.at(least_held, held[on], mine[on])
    full = np.diff(first) >= graph.room
    least_held[~full] = 0
    prices = np.zeros(len(graph.room), np.int64) if least is None else least.copy()
    paid = np.zeros(graph.seats, np.int64)
    paid[on] = prices[held[on]]
    group, need = graph.group, graph.key - graph.of_seat(mine - paid)
    while True:
        dearer = need > prices[group]
        if not dearer.any():
            return prices
        np.maximum.at(prices, group[dearer], need[dearer])
        risen = np.unique(group[dearer])
        if (prices[risen] > least_held[risen]).any():
            return None
        seats = by_group[ranges(first[risen], first[risen + 1])]
        paid[seats] = prices[held[seats]]
        edge = ranges(graph.start[seats], graph.start[seats + 1])
        group, need = graph.group[edge], graph.key[edge] - (mine - paid)[graph.seat[edge]]


def movable(priced: Priced, match: Whole) -> Flags:
    """The edges that some optimal assignments use and others do not; none says that this one, proven by the prices, is unique.

    An edge is movable when it lies on a circle of tight edges along which seats can move up; a node outside the market stands
    for staying empty, and both groups of a mentor are one node where it makes no difference.
    """
    graph, prices = priced.graph, priced.prices
    seats, groups = graph.seats, len(graph.room)
    on = match >= 0
    held = np.full(seats, -1)
    held[on] = graph.group[match[on]]
    node = np.where(prices - graph.extra == prices[graph.other], graph.other, np.arange(groups))
    place = np.full(seats, -1)
    place[on] = node[held[on]]
    usable, left = priced.tight.copy(), priced.left
    some = np.flatnonzero(usable)
    seat, group = graph.seat[some], node[graph.group[some]]
    moves = group != place[seat]
    outside = seats + groups
    count = np.bincount(held[on], minlength=groups)
    arcs = [
        (seat[moves], seats + group[moves]),
        (seats + place[on], np.flatnonzero(on)),
        *(
            (one, np.full(len(one), outside))
            for one in (np.flatnonzero(on & (left == 0)), seats + node[count < graph.room])
        ),
        *(
            (np.full(len(one), outside), one)
            for one in (np.flatnonzero(~on), seats + node[(prices == 0) & (count > 0)])
        ),
    ]
    tails, heads = (np.concatenate(ends) for ends in zip(*arcs, strict=True))
    net = csr_array((np.ones(len(tails), np.int8), (tails, heads)), shape=(outside + 1, outside + 1))
    _, circle = connected_components(net, connection="strong")
    usable[some] = circle[seat] == circle[seats + group]
    return usable


def _sum(values: Whole, times: Whole | int) -> int:
    """Exact however large the sum is: the upper and the lower half of each number are added apart."""
    return (int(((values >> 31) * times).sum()) << 31) + int(((values & (2**31 - 1)) * times).sum())
