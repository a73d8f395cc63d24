"""When places are closed, as calendars show it: what `rules.house` would refuse, with why."""

import datetime as dt
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from backend.bookings import times
from backend.bookings.hours import DAY, Hours
from backend.bookings.models import Place
from backend.bookings.times import iso


def closings(places: Iterable[Place], start: dt.datetime, end: dt.datetime) -> list[dict[str, Any]]:
    """The closed times of each place within [start, end), in order; JSON-ready, as `ClosedSerializer` says.

    `reason` is that of an exception or the name of a public holiday, empty outside the usual hours. No query when the openings of the
    places are prefetched.
    """
    told: list[dict[str, Any]] = []
    for place in {place.pk: place for place in places}.values():
        for since, until, reason in _joined(_closed(place, start, end)):
            told.append({"place": place.pk, "from": iso(since), "until": iso(until), "reason": reason})
    return told


Closed = tuple[dt.datetime, dt.datetime, str]


def _closed(place: Place, start: dt.datetime, end: dt.datetime) -> Iterator[Closed]:
    """Day by day, because each has a reason of its own."""
    hours = Hours.of(place)
    if hours.is_always_open:
        return
    day, last = times.clock(start, place.timezone)[0], times.clock(end, place.timezone)[0]
    open_then = hours.spans(day, last)
    while day <= last:
        midnight = dt.datetime.combine(day, dt.time())
        since, tomorrow = midnight, midnight + DAY
        reason = hours.why_closed(day)
        for opens, closes in [*open_then, (tomorrow, tomorrow)]:
            if since < (until := min(opens, tomorrow)):
                moments = max(start, _moment(since, place.timezone)), min(end, _moment(until, place.timezone))
                if moments[0] < moments[1]:
                    yield (*moments, reason)
            since = max(since, closes)
        day += DAY


def _joined(closed: Iterable[Closed]) -> list[Closed]:
    """Days after one another that are closed for the same reason, as one."""
    found: list[Closed] = []
    for since, until, reason in closed:
        if found and found[-1][1] == since and found[-1][2] == reason:
            found[-1] = (found[-1][0], until, reason)
        else:
            found.append((since, until, reason))
    return found


@lru_cache(maxsize=4096)
def _moment(wall: dt.datetime, zone: str) -> dt.datetime:
    """That of a wall time; where the clocks jump over it, the one as much later."""
    try:
        return times.moment(wall, zone)
    except times.DoesNotExist as gap:
        return times.moment(gap.instead, zone)
