"""Interval sweeps, pure: who holds how much when, and where there is room. Spans are half-open [start, end)."""

import datetime as dt
from bisect import bisect_left
from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

Span = tuple[dt.datetime, dt.datetime]


class Hold(NamedTuple):
    """So many units are held from `start` until `end`."""

    start: dt.datetime
    end: dt.datetime
    quantity: int = 1


def overlap(one: Span, other: Span) -> bool:
    """Neighbours that only touch do not overlap."""
    return one[0] < other[1] and other[0] < one[1]


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same time as few spans as possible, in order; touching ones become one."""
    result: list[Span] = []
    for start, end in sorted(spans):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        elif start < end:
            result.append((start, end))
    return result


def levels(holds: Iterable[Hold], within: Span) -> list[tuple[dt.datetime, dt.datetime, int]]:
    """The span cut wherever the number of units held changes: (start, end, units held in that part)."""
    changes: dict[dt.datetime, int] = {within[0]: 0, within[1]: 0}
    for hold in holds:
        start, end = max(hold.start, within[0]), min(hold.end, within[1])
        if start < end:
            changes[start] = changes.get(start, 0) + hold.quantity
            changes[end] = changes.get(end, 0) - hold.quantity
    parts, held = [], 0
    moments = sorted(changes)
    for start, end in pairwise(moments):
        held += changes[start]
        parts.append((start, end, held))
    return parts


def peak(holds: Iterable[Hold], within: Span) -> int:
    """The most units held at one time within the span."""
    return max((held for _, _, held in levels(holds, within)), default=0)


def full(holds: Iterable[Hold], within: Span, *, room: int) -> list[Span]:
    """The parts of the span in which more than `room` units are held, merged."""
    return merged((start, end) for start, end, held in levels(holds, within) if held > room)


class Diary:
    """When one resource has no room for `quantity` more units; asked about many spans."""

    def __init__(self, holds: Iterable[Hold], *, capacity: int, quantity: int) -> None:
        known = [hold for hold in holds if hold.start < hold.end]
        self._possible = quantity <= capacity
        self._full: list[Span] = []
        if known:
            everything = (min(hold.start for hold in known), max(hold.end for hold in known))
            self._full = full(known, everything, room=capacity - quantity)
        self._starts = [start for start, _ in self._full]

    def has_room(self, span: Span) -> bool:
        """Whether the whole span has room. Full spans are apart and in order, so only the last one to start before its end matters."""
        number = bisect_left(self._starts, span[1]) - 1
        return self._possible and (number < 0 or not overlap(self._full[number], span))
