"""What is best, as numbers on the edges of a graph: first the objective, then ties by a number that nobody chose.

`worth` of a pair is its joint points w less a penalty that grows the further the mentee's own points a fall below a decent score d:
w - max(0, d - a)² // d. Each point further below weighs more than the one before. Where as many
seats as possible shall be filled, each edge is worth a further `bonus` that outweighs any difference of points.
"""

from dataclasses import dataclass
from operator import index

import numpy as np
from numpy.typing import NDArray

from matching.intake import MOST_POINTS, Flags, Points, Whole
from matching.market import Market
from matching.prices import Graph, Priced

BONUS = 8 * (MOST_POINTS + 1)
"""Large enough for most intakes; where it is not, the answer shows it, and it is made larger."""
EXACT = 2**50
"""Sums below it are exact in double precision, with room for the few that a solver adds."""
HASH_BITS = 30
AT_ONCE = 1 << 14
Words = NDArray[np.uint64]


@dataclass(frozen=True, eq=False)
class Goal:
    """`allowed` pairs and their `worth`, and whether `everyone` who can have a seat filled comes first.

    `bonus` is worth a filled seat beside that, and `urgency` a filled place among those that a mentor must fill.
    """

    worth: Whole | Points
    allowed: Flags
    everyone: bool = True
    bonus: int = BONUS
    urgency: int = BONUS


def fair_worth(market: Market) -> Points:
    short = np.maximum(0, market.decent - np.arange(MOST_POINTS + 1))
    penalty = (short * short // max(1, market.decent)).astype(np.int16)
    return market.joint - penalty.take(market.for_mentee)


def graph_of(market: Market, goal: Goal) -> Graph:
    """Raises ValueError when the numbers would grow too large to be exact."""
    mentors, needed = len(market.mentor), market.needed
    urgent = np.flatnonzero(needed)
    room = np.concatenate((market.places - needed, needed[urgent]))
    other = np.concatenate((np.arange(mentors), urgent))
    extra = np.concatenate((np.zeros(mentors, np.int64), np.full(len(urgent), goal.urgency)))
    usable = goal.allowed & (market.places > 0).take(market.host)
    pair = np.flatnonzero(usable)
    group, seat, worth = market.host, market.seat, goal.worth
    if len(pair) < len(usable) or len(urgent):
        group = group[pair]
    if len(urgent):
        at = np.full(mentors, -1)
        at[urgent] = mentors + np.arange(len(urgent))
        twice = at[group] >= 0
        group, pair = np.concatenate((group, at[group[twice]])), np.concatenate((pair, pair[twice]))
        useful = room[group] > 0
        order = np.flatnonzero(useful)[np.argsort(pair[useful], kind="stable")]
        group, pair = group[order], pair[order]
    if len(pair) < len(usable) or len(urgent):
        seat, worth = seat[pair], worth[pair] + extra[group]
    key = worth + np.int64(index(goal.bonus))  # NumPy would cut off what is not whole
    if len(key) and int(key.max()) * (len(market.mentee) + len(room) + 2) > EXACT:
        raise ValueError(f"{len(market.mentee)} seats with such points are too many for exact sums")
    start = market.start if seat is market.seat else np.searchsorted(seat, np.arange(len(market.mentee) + 1))
    return Graph(start, group, key, pair, room, other, extra)


def tie_graph(market: Market, priced: Priced, turn: int) -> Graph:
    """The optima of a graph as a graph of their own: tight edges, worth a number per pair that follows from the seed.

    Seats with utility and places with a price are taken in every optimum; they outweigh all numbers together.
    """
    graph, prices, some = priced.graph, priced.prices, priced.tight
    edges = np.flatnonzero(some)
    pairs = graph.pair[edges]
    most = min(graph.seats, int(graph.room.sum()))
    bits = _bits(most, graph.seats + len(graph.room))
    weight = most << bits
    taken = (priced.left > 0)[market.seat[pairs]].astype(np.int64) + (prices > 0)[graph.group[edges]]
    extra = weight * ((prices > 0).astype(np.int64) - (prices > 0)[graph.other])
    return graph.only(some, weight * taken + lots(market, pairs, turn, bits), extra)


def lots(market: Market, pairs: Whole, turn: int, bits: int) -> Whole:
    """A number from 1 to 2**bits for each pair, from the seed and the ids alone (SplitMix64, Steele et al. 2014)."""
    people, mentors = _mixed(market, turn)
    return _drawn(people[market.seat[pairs]] ^ mentors[market.host[pairs]], bits)


def every_lot(market: Market, turn: int, bits: int) -> Whole:
    """`lots` of all pairs."""
    people, mentors = _mixed(market, turn)
    state = mentors.take(market.host)
    state ^= market.of_seat(people)
    return _drawn(state, bits)


def seated(market: Market, graph: Graph, chosen: Whole) -> Whole:
    """The edge of each seat for these pairs: the first seats of a mentor take the places that must be filled. -1 where none leads."""
    match = np.full(graph.seats, -1)
    pairs = np.sort(chosen[chosen >= 0], kind="stable")
    host = market.host[pairs]
    urgent = earlier_alike(host) < market.needed[host]
    has_urgent = len(graph.room) > len(market.mentor)
    for kind, some in ((False, ~urgent), (True, urgent)):
        if not some.any():
            continue
        edges = np.flatnonzero((graph.group >= len(market.mentor)) == kind) if has_urgent else None
        of = graph.pair if edges is None else graph.pair[edges]
        if len(of):
            at = np.minimum(np.searchsorted(of, pairs[some]), len(of) - 1)
            found = of[at] == pairs[some]
            match[market.seat[pairs[some][found]]] = at[found] if edges is None else edges[at[found]]
    return match


def earlier_alike(numbers: Whole) -> Whole:
    """For each number, how many of the same stand before it."""
    if len(numbers) and numbers.min() >= 0 and numbers.max() < 1 << 16:
        numbers = numbers.astype(np.uint16)  # so small ones are sorted several times as fast
    order = np.argsort(numbers, kind="stable")
    ascending, places = numbers[order], np.arange(len(numbers))
    first = np.zeros(len(numbers), np.int64)
    first[1:] = np.where(ascending[1:] != ascending[:-1], places[1:], 0)
    count = np.empty(len(numbers), np.int64)
    count[order] = places - np.maximum.accumulate(first)
    return count


def _bits(most: int, nodes: int) -> int:
    """As many bits for ties as leave sums exact in doubles, and in 64-bit numbers times the nodes, which cost scaling needs."""
    limit = min(EXACT, 2**61 // (nodes + 4)) // (2 * most + 2)
    return min(HASH_BITS, limit.bit_length() - 1)


def _mixed(market: Market, turn: int) -> tuple[Words, Words]:
    """The state of each seat, and the number of each mentor that it meets."""
    mixed = _mix(np.array([market.intake.seed], np.uint64) + np.uint64(turn))
    people = _mix(_mix(mixed ^ market.mentee.astype(np.uint64)) ^ market.track.astype(np.uint64))
    return people, market.mentor.astype(np.uint64)


def _drawn(state: Words, bits: int) -> Whole:
    drawn = _mix(state)
    drawn >>= np.uint64(64 - bits)
    drawn += np.uint64(1)
    return drawn.view(np.int64)


def _mix(state: Words) -> Words:
    """SplitMix64's step, in place; the arithmetic wraps around at 64 bits. A piece at a time, so that it stays at hand."""
    for begin in range(0, len(state), AT_ONCE):
        some = state[begin : begin + AT_ONCE]
        some += np.uint64(0x9E3779B97F4A7C15)
        some ^= some >> np.uint64(30)
        some *= np.uint64(0xBF58476D1CE4E5B9)
        some ^= some >> np.uint64(27)
        some *= np.uint64(0x94D049BB133111EB)
        some ^= some >> np.uint64(31)
    return state
