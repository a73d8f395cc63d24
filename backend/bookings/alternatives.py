"""What to offer instead of a taken slot: the nearest free times of the same length, and the same kind of thing in the same place."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple

from backend.bookings import availability, rules, times
from backend.bookings.free import Diary, Hold, Span
from backend.bookings.hours import with_hours
from backend.bookings.models import Resource
from backend.bookings.times import MINUTE
from backend.bookings.wishes import Claim, Parts

NEAREST = 4
BESIDE = 2
LOOKED_AT_BESIDE = 50
DAYS_AROUND = 14
DAY = dt.timedelta(days=1)
CLOCKS_MOVE = dt.timedelta(days=1)


def alternatives(claim: Claim, known: Mapping[int, Resource], parts: Parts, at: dt.datetime) -> list[dict[str, Any]]:
    """At most NEAREST other times for the same wish, nearest first, then at most BESIDE others of its kind at its place then.

    JSON-ready. All of them keep the rules of their resources and are free now; another member may still be quicker. `known` has the
    resources of the claim and their parts.
    """
    wanted = [known[resource] for resource, _ in claim.items if resource in known]
    if not wanted:
        return []
    room = Room(claim, known, parts, around(claim.span), but=claim.moved)
    found = [(start, wanted) for start in room.nearest(claim.span, at, NEAREST)]
    if len(wanted) == 1 and not wanted[0].is_composed:
        found += [(claim.span[0], [other]) for other in islice(_beside(claim, wanted[0], at), BESIDE)]
    return [
        {
            "starts_at": times.iso(start),
            "ends_at": times.iso(start + (claim.span[1] - claim.span[0])),
            "resources": [{"id": resource.pk, "name": resource.name} for resource in offered],
        }
        for start, offered in found
    ]


class Room:
    """Where a wish for some things has room: their diaries over a stretch of time, the buffers of the wish, and its own other times.

    One query, whatever is asked afterwards; none when it is given what is `held` of them.
    """

    def __init__(
        self,
        claim: Claim,
        known: Mapping[int, Resource],
        parts: Parts,
        reach: Span,
        *,
        but: Iterable[int] = (),
        held: Mapping[int, list[Hold]] | None = None,
    ) -> None:
        self.wanted = [known[resource] for resource, _ in claim.items if resource in known]
        demands = parts.demands(claim.items, claim.span, known)
        if held is None:
            held = availability.holds_of([demand.resource.pk for demand in demands], reach, but=but)
        self._free = [
            Around(
                Diary(held.get(demand.resource.pk, ()), capacity=demand.resource.capacity, quantity=demand.units),
                before=claim.span[0] - demand.busy[0],
                after=demand.busy[1] - claim.span[1],
            )
            for demand in demands
        ]
        self._own: list[Span] = []

    def take(self, span: Span) -> None:
        """The wish itself has this time from now on: no other of its times may meet it, buffers included."""
        self._own.append(span)

    def is_free(self, span: Span) -> bool:
        if not all(around.has_room(*span) for around in self._free):
            return False
        return not any(around.meets(span, own) for own in self._own for around in self._free)

    def nearest(self, span: Span, at: dt.datetime, most: int = 1) -> list[dt.datetime]:
        """Starts of free spans of the same length that keep the rules, nearest first, looked for in rings of days around it."""
        length = span[1] - span[0]

        def suits(start: dt.datetime) -> bool:
            return start != span[0] and self._suits(start, length, at)

        day = times.clock(span[0], self.wanted[0].place.timezone)[0]
        found: list[dt.datetime] = []
        rings_after_enough = 0
        for ring in range(DAYS_AROUND + 1):
            # A start two rings further out is always further away than what is found already; one ring further may be nearer.
            rings_after_enough += len(found) >= most
            if rings_after_enough > 1:
                break
            for date in {day + ring * DAY, day - ring * DAY}:
                found += filter(suits, _starts(self.wanted[0], date))
        return sorted(found, key=lambda start: (abs(start - span[0]), start))[:most]

    def first(self, within: Span, length: dt.timedelta, at: dt.datetime) -> dt.datetime | None:
        """The earliest start of a free span of that length within another, that keeps the rules."""
        earliest, latest = self._starting(within, length, at)
        zone = self.wanted[0].place.timezone
        day, last = (times.clock(moment, zone)[0] for moment in (earliest, latest))
        while earliest <= latest and day <= last:
            for start in _starts(self.wanted[0], day):
                if earliest <= start <= latest and self._suits(start, length, at):
                    return start
            day += DAY
        return None

    def _starting(self, within: Span, length: dt.timedelta, at: dt.datetime) -> Span:
        """The first and the last start that may do, both included; none when the last is before the first.

        What fails whatever the start is judged here once. On a wall clock a length is at most CLOCKS_MOVE more or less than elapsed.
        """
        for it in self.wanted:
            if not it.min_minutes * MINUTE - CLOCKS_MOVE <= length <= it.max_minutes * MINUTE + CLOCKS_MOVE:
                return within[1], within[0]
        lead = max(it.lead_minutes for it in self.wanted) * MINUTE
        ahead = min(it.ahead_days for it in self.wanted) * DAY
        return max(within[0], at + lead), min(within[1] - length, at + ahead)

    def _suits(self, start: dt.datetime, length: dt.timedelta, at: dt.datetime) -> bool:
        if start < at or not self.is_free((start, start + length)):
            return False
        return all(_keeps_rules(it, start, start + length, at) for it in self.wanted)


def around(span: Span) -> Span:
    """How far `Room.nearest` looks from a span."""
    reach = (DAYS_AROUND + 2) * DAY + (span[1] - span[0])
    return span[0] - reach, span[1] + reach


class Around(NamedTuple):
    """A diary of one thing, and the buffers that a booking of the wish holds around its own time."""

    diary: Diary
    before: dt.timedelta
    after: dt.timedelta

    def has_room(self, start: dt.datetime, end: dt.datetime) -> bool:
        return self.diary.has_room((start - self.before, end + self.after))

    def meets(self, one: Span, other: Span) -> bool:
        both = self.before + self.after
        return one[0] < other[1] + both and other[0] < one[1] + both


def _starts(resource: Resource, date: dt.date) -> list[dt.datetime]:
    opens, closes, step = resource.opens_minute, resource.closes_minute, resource.step_minutes
    return list(times.starts_on(date, opens=opens, closes=closes, step=step, zone_name=resource.place.timezone))


def _beside(claim: Claim, resource: Resource, at: dt.datetime) -> Iterator[Resource]:
    span, quantity = claim.span, claim.items[0][1]
    same = Resource.objects.shown().filter(place=resource.place_id, kind=resource.kind, is_composed=False)
    large = same.filter(capacity__gte=quantity).exclude(pk=resource.pk)
    others = with_hours(large.order_by("name", "pk")[:LOOKED_AT_BESIDE])
    if not others:
        return
    busy = {other.pk: other.busy(*span) for other in others}
    widest = (min(start for start, _ in busy.values()), max(end for _, end in busy.values()))
    held = availability.holds_of([other.pk for other in others], widest)
    for other in others:
        diary = Diary(held[other.pk], capacity=other.capacity, quantity=quantity)
        if diary.has_room(busy[other.pk]) and rules.may_book(claim.member, other) and _keeps_rules(other, *span, at):
            yield other


def _keeps_rules(resource: Resource, start: dt.datetime, end: dt.datetime, at: dt.datetime) -> bool:
    return next(rules.problems(rules.Wish(resource, start, end, at)), None) is None
