"""When two people are both free: pure interval arithmetic in UTC; a zone is only needed to read a weekly clock."""

import datetime as dt
from collections.abc import Iterable, Sequence

from backend.bookings import times
from backend.bookings.free import Span, merged

DAY = dt.timedelta(days=1)
Weekly = tuple[int, int, int]
"""Weekday (0 is Monday), from and until in minutes of that day, on the member's own clock."""


def weekly_spans(hours: Iterable[Weekly], zone: str, within: Span) -> list[Span]:
    """The moments within the window at which the clock in this zone shows one of these weekly hours, merged.

    In the night when the clocks jump ahead the hours that do not exist are not there; when they are set back an hour that is shown twice
    counts from its first time.
    """
    rows = list(hours)
    first, last = times.clock(within[0], zone)[0] - DAY, times.clock(within[1], zone)[0] + DAY
    found = []
    for number in range((last - first).days + 1):
        day = first + number * DAY
        for weekday, opens, closes in rows:
            if day.weekday() == weekday:
                found.append((edge(day, opens, zone), edge(day, closes, zone)))
    return in_both(merged(found), [within])


def whole_days(first: dt.date, last: dt.date, zone: str) -> Span:
    """From the beginning of the first day to the end of the last in this zone."""
    return times.midnight(first, zone), times.midnight(last + DAY, zone)


def edge(day: dt.date, minute: int, zone: str) -> dt.datetime:
    """The first moment of that day at which the clock shows this minute or a later one."""
    wall = dt.datetime.combine(day, dt.time()) + minute * times.MINUTE
    try:
        return times.moment(wall, zone)
    except times.DoesNotExist:
        there = times.zone(zone)
        # The clock jumps somewhere between these two, which lie as far apart as it jumps.
        before = wall.replace(tzinfo=there, fold=1).astimezone(dt.UTC)
        after = wall.replace(tzinfo=there, fold=0).astimezone(dt.UTC)
        while after - before > times.MINUTE:
            middle = before + (after - before) / 2
            middle = middle.replace(second=0, microsecond=0)
            is_past = middle.astimezone(there).replace(tzinfo=None) >= wall
            before, after = (before, middle) if is_past else (middle, after)
        return after


def in_both(one: Sequence[Span], other: Sequence[Span]) -> list[Span]:
    """What lies in both; each of the two merged and in order."""
    found, first, second = [], 0, 0
    while first < len(one) and second < len(other):
        start, end = max(one[first][0], other[second][0]), min(one[first][1], other[second][1])
        if start < end:
            found.append((start, end))
        if one[first][1] < other[second][1]:
            first += 1
        else:
            second += 1
    return found


def without(spans: Iterable[Span], taken: Iterable[Span]) -> list[Span]:
    """What is left of these spans when all that is taken is cut out."""
    cuts = merged(taken)
    left = []
    for start, end in merged(spans):
        for cut_start, cut_end in cuts:
            if cut_end <= start or cut_start >= end:
                continue
            if start < cut_start:
                left.append((start, cut_start))
            start = max(start, cut_end)
        if start < end:
            left.append((start, end))
    return left


def long_enough(spans: Iterable[Span], length: dt.timedelta) -> list[Span]:
    return [(start, end) for start, end in spans if end - start >= length]


def starts(spans: Iterable[Span], length: dt.timedelta, step: dt.timedelta, most: int) -> list[dt.datetime]:
    """The first moments, on whole steps of the clock, at which something of this length fits into one of the spans."""
    found: list[dt.datetime] = []
    for start, end in spans:
        moment = start + (dt.datetime.min.replace(tzinfo=dt.UTC) - start) % step
        while moment + length <= end:
            found.append(moment)
            if len(found) == most:
                return found
            moment += step
    return found
