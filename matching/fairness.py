"""How a cohort treats people: the worst placed, who would rather have each other, the load of mentors; and two plain ways beside it."""

from dataclasses import dataclass

import numpy as np

from matching.goal import earlier_alike, every_lot
from matching.intake import Flags, Whole
from matching.market import Market

STRONG = 50
"""Points that both sides must gain before a blocking pair is called a strong one."""
LOT_BITS = 30
LEADING_BITS = 16
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
    gains = np.sort(market.for_mentee[pairs])
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
    for_mentee, for_mentor = market.short
    now = np.zeros(len(market.mentee), np.int16)
    now[market.seat[pairs]] = for_mentee[pairs]
    worst = np.full(mentors, np.iinfo(np.int16).max, np.int16)
    loose = pairs[~market.kept[pairs]]
    np.minimum.at(worst, market.host[loose], for_mentor[loose])
    worst[np.bincount(market.host[pairs], minlength=mentors) < market.capacity] = 0
    gain = np.minimum(for_mentee - market.of_seat(now), for_mentor - worst.take(market.host))
    both = np.flatnonzero(market.open & (gain > 0))
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


def greedy(market: Market, lot: Whole | None = None) -> Whole:
    """The best joint score first, then the best of those that are still possible, and so on."""
    score = market.joint << LOT_BITS
    score += lots_of(market) if lot is None else lot
    return _one_by_one(market, score)


def by_lot(market: Market, lot: Whole | None = None) -> Whole:
    """Pairs in an order drawn by lot, each taken if it is still possible."""
    return _one_by_one(market, lots_of(market) if lot is None else lot)


def plain_ways(market: Market) -> tuple[Figures, Figures]:
    """The figures of `greedy` and of `by_lot`, with lots drawn once."""
    lot = lots_of(market)
    return figures_of(market, greedy(market, lot)), figures_of(market, by_lot(market, lot))


def lots_of(market: Market) -> Whole:
    """The number that orders each pair at random."""
    return every_lot(market, BY_LOT, LOT_BITS)


def _one_by_one(market: Market, score: Whole) -> Whole:
    """The highest scores first. Taken in large handfuls: after each, most of what is left is no longer possible."""
    chosen, room = market.settled.copy(), market.places.copy()
    left = np.flatnonzero(market.open & (room > 0).take(market.host))
    while len(left):
        scores = score if len(left) == len(score) else score[left]
        handful = left[np.flatnonzero(_highest(scores, len(chosen)))]
        handful = handful[np.argsort(-score[handful], kind="stable")]
        while len(handful):
            safe = handful[_sure(market, handful, room)]
            chosen[market.seat[safe]] = safe
            room -= np.bincount(market.host[safe], minlength=len(room))
            handful = handful[_possible(market, handful, chosen, room)]
        left = left[np.flatnonzero(_possible(market, left, chosen, room))]
    return chosen


def _highest(scores: Whole, count: int) -> Flags:
    """At least so many of the highest scores, those with the same leading bits together; no other is higher than any of these."""
    leading = scores >> max(0, int(scores.max()).bit_length() - LEADING_BITS)
    beyond = np.cumsum(np.bincount(leading)[::-1])
    return leading >= len(beyond) - 1 - int(np.searchsorted(beyond, min(count, len(scores))))


def _possible(market: Market, pairs: Whole, chosen: Whole, room: Whole) -> Flags:
    if len(pairs) == len(market.host):  # All of them, in order: nothing is to be looked up.
        possible: Flags = (room > 0).take(market.host) & market.of_seat(chosen < 0)
    else:
        possible = (room > 0).take(market.host.take(pairs)) & (chosen < 0).take(market.seat.take(pairs))
    if market.overlaps:
        possible &= ~np.isin(market.couple[pairs], market.couple[chosen[chosen >= 0]])
    return possible


def _sure(market: Market, pairs: Whole, room: Whole) -> Flags:
    """Which of these pairs, in order, are taken whatever becomes of those before them."""
    host = market.host[pairs]
    sure: Flags = (earlier_alike(market.seat[pairs]) == 0) & (earlier_alike(host) < room[host])
    return sure & (earlier_alike(market.couple[pairs]) == 0) if market.overlaps else sure
