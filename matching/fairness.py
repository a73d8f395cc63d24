"""How a cohort treats people: the worst placed, who would rather have each other, the load of mentors; and two plain ways beside it."""

from dataclasses import dataclass

import numpy as np

from matching.goal import AT_ONCE, every_lot
from matching.intake import Flags, Whole
from matching.market import Market
from matching.places import ascend

STRONG = 50
"""Points that both sides must gain before a blocking pair is called a strong one."""
LOT_BITS = 30
SOME = 1 << 12
"""So many scores tell about how high the others are."""
SURE_TIMES = 4
"""So often the pairs of a handful that come first for both people are taken together; each time leaves about two fifths of them."""
BY_LOT = 1_000
"""The turn of lots that orders pairs at random, apart from those that settle ties."""


@dataclass(frozen=True)
class Figures:
    """`points` is the sum of joint points. `worst_off` and `fifth` are the least and the 5th percentile (nearest rank) of what
    matched mentees gain, in points; None when nobody is matched. `blocking` counts the candidates that would both gain by
    leaving what they have for each other, `strongly_blocking` those that would both gain 50 points. `most_load` is the largest
    number of mentees of one mentor, `load_gini` the Gini coefficient of that number among mentors who have places.
    """

    matched: int
    points: int
    worst_off: int | None
    fifth: int | None
    blocking: int
    strongly_blocking: int
    most_load: int
    load_gini: float


def figures_of(market: Market, chosen: Whole) -> Figures:
    """The figures of a matching, given as the pair of each seat or -1."""
    pairs = chosen[chosen >= 0]
    gains = np.sort(market.for_mentee[pairs], kind="stable")  # few different ones, in 16 bits: counted, not compared
    load = np.bincount(market.host[pairs], minlength=len(market.mentor))
    _, gain = _gains(market, chosen)
    return Figures(
        matched=len(pairs),
        points=int(market.joint[pairs].sum()),
        worst_off=int(gains[0]) if len(gains) else None,
        fifth=int(gains[-(-len(gains) // 20) - 1]) if len(gains) else None,
        blocking=len(gain),
        strongly_blocking=int((gain >= STRONG).sum()),
        most_load=int(load.max(initial=0)),
        load_gini=gini(load[market.capacity > 0]),
    )


def mutual_gain(market: Market, chosen: Whole) -> Whole:
    """For each pair, the points that both would gain at least by leaving what they have for each other; 0 where they cannot.

    An empty seat and a free place count 0 points. Kept pairs are not left.
    """
    gain = np.zeros(len(market.seat), np.int64)
    pairs, points = _gains(market, chosen)
    gain[pairs] = points
    return gain


def _gains(market: Market, chosen: Whole) -> tuple[Whole, Whole]:
    """The pairs of whom both would gain by that, and how many points."""
    pairs = chosen[chosen >= 0]
    mentors = len(market.mentor)
    for_mentee, for_mentor = market.for_mentee, market.for_mentor
    now = np.zeros(len(market.mentee), np.int16)
    now[market.seat[pairs]] = for_mentee[pairs]
    worst = np.full(mentors, np.iinfo(np.int16).max, np.int16)
    loose = pairs[~market.kept[pairs]]
    np.minimum.at(worst, market.host[loose], for_mentor[loose])
    worst[np.bincount(market.host[pairs], minlength=mentors) < market.capacity] = 0
    gain, theirs = market.of_seat(now), worst.take(market.host)
    np.subtract(for_mentee, gain, out=gain)
    np.subtract(for_mentor, theirs, out=theirs)
    np.minimum(gain, theirs, out=gain)
    both = np.flatnonzero(gain > 0)
    both = both[market.open[both]]
    if market.overlaps:
        both = both[~np.isin(market.couple[both], market.couple[pairs])]
    return both, gain[both].astype(np.int64)


def gini(loads: Whole) -> float:
    """0 when all carry the same, towards 1 when one carries all; to four digits."""
    total = int(loads.sum())
    if not total:
        return 0.0
    ranks = np.arange(1, len(loads) + 1)
    return round(float(2 * (ranks * np.sort(loads)).sum() / (len(loads) * total) - (len(loads) + 1) / len(loads)), 4)


def greedy(market: Market) -> Whole:
    """The best joint score first, then the best of those that are still possible, and so on."""
    return _one_by_one(market, _points_first(market, lots_of(market)))


def by_lot(market: Market) -> Whole:
    """Pairs in an order drawn by lot, each taken if it is still possible."""
    return _one_by_one(market, lots_of(market))


def plain_ways(market: Market) -> tuple[Figures, Figures]:
    """The figures of `greedy` and of `by_lot`, with lots drawn once."""
    lot = lots_of(market)
    drawn = figures_of(market, _one_by_one(market, lot))
    return figures_of(market, _one_by_one(market, _points_first(market, lot))), drawn


def _points_first(market: Market, lot: Whole) -> Whole:
    """The same array, now with joint scores above the lots."""
    for begin in range(0, len(lot), AT_ONCE):
        some = slice(begin, begin + AT_ONCE)
        lot[some] += market.joint[some].astype(np.int64) << LOT_BITS
    return lot


def lots_of(market: Market) -> Whole:
    """The number that orders each pair at random."""
    return every_lot(market, BY_LOT, LOT_BITS)


def _one_by_one(market: Market, score: Whole) -> Whole:
    """The highest scores first. Taken in large handfuls: after each, most of what is left is no longer possible."""
    chosen, room = market.settled.copy(), market.places.copy()
    handful = np.flatnonzero(market.open & (score >= _bar(score, len(chosen))))
    left: Whole | None = None
    while left is None or len(left):
        _take(market, handful[_highest_first(score[handful])], chosen, room)
        left = _left(market, left, chosen, room)
        scores = score[left]
        handful = left[scores >= _bar(scores, len(chosen))]
    return chosen


def _bar(scores: Whole, count: int) -> int:
    """A score that about so many reach, and at least one, as far as a few of them tell; lower than all where they are hardly more."""
    if len(scores) <= 2 * count:
        return -1
    some = ascend(scores[:: 1 + len(scores) // SOME].copy())
    return int(some[-1 - count * len(some) // len(scores)])


def _highest_first(scores: Whole) -> Whole:
    """The places of these scores in descending order, the first of equals first. A score and its place are one number meanwhile, which
    is sorted sooner; scores have 40 bits, and a handful is far from the 2²³ for whom that would leave no room.
    """
    bits = len(scores).bit_length()
    return ascend(np.arange(len(scores)) - (scores << bits)) & ((1 << bits) - 1)


def _take(market: Market, pairs: Whole, chosen: Whole, room: Whole) -> None:
    """Takes each of these pairs if it is possible after all before it: writes it into `chosen`, and its place out of `room`.

    Which comes first for both of its people is taken whatever becomes of the others, and again so among those that are still
    possible. Soon few are left; these are looked at one by one.
    """
    seat, host = market.seat[pairs], market.host[pairs]
    # Where someone could be given the same mentor twice, only the first time: what comes first then may just have become impossible.
    for _ in range(1 if market.overlaps else SURE_TIMES):
        sure = _first(seat, len(chosen)) & _first(host, len(room)) & (room > 0)[host]
        chosen[seat[sure]] = pairs[sure]
        room[host[sure]] -= 1
        rest = np.flatnonzero((chosen < 0)[seat] & (room > 0)[host])
        seat, host, pairs = seat[rest], host[rest], pairs[rest]
    empty, places = (chosen < 0).tolist(), room.tolist()
    couples, guided = range(len(pairs)), set[int]()
    if market.overlaps:
        couples, guided = market.couple[pairs].tolist(), set(market.couple[chosen[chosen >= 0]].tolist())
    taken = []
    for at, (one, other, couple) in enumerate(zip(seat.tolist(), host.tolist(), couples, strict=True)):
        if empty[one] and places[other] and couple not in guided:
            empty[one] = False
            places[other] -= 1
            guided.add(couple)
            taken.append(at)
    chosen[seat[taken]] = pairs[taken]
    room -= np.bincount(host[taken], minlength=len(room))


def _first(numbers: Whole, many: int) -> Flags:
    """Which of these, all below `many`, do not stand there before."""
    at, places = np.empty(many, np.int64), np.arange(len(numbers))
    at[numbers[::-1]] = places[::-1]
    first: Flags = at[numbers] == places
    return first


def _left(market: Market, pairs: Whole | None, chosen: Whole, room: Whole) -> Whole:
    """Those of these pairs, or of all, that are still possible."""
    has_room, is_empty = room > 0, chosen < 0
    if pairs is None or len(pairs) > len(market.seat) // 4:  # In order: no seat is to be looked up.
        left = np.flatnonzero(market.open & has_room.take(market.host) & market.of_seat(is_empty))
    else:
        left = pairs[has_room.take(market.host.take(pairs)) & is_empty.take(market.seat.take(pairs))]
    if market.overlaps:
        left = left[~np.isin(market.couple[left], market.couple[chosen[chosen >= 0]])]
    return left
