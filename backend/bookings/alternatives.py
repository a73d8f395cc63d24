"""What to offer instead of a taken slot: the nearest free times of the same length, and the same kind of thing in the same place."""

import datetime as dt
from collections.abc import Iterator
from itertools import islice
from typing import Any

from backend.bookings import availability, rules, times
from backend.bookings.free import Diary, Span
from backend.bookings.models import Resource
from backend.members.models import Member

NEAREST = 4
BESIDE = 2
LOOKED_AT_BESIDE = 50
DAYS_AROUND = 14
DAY = dt.timedelta(days=1)


def alternatives(
    member: Member, resources: list[Resource], span: Span, at: dt.datetime, *, quantity: int, booking: int | None = None
) -> list[dict[str, Any]]:
    """At most NEAREST other times on the same resources, nearest first, then at most BESIDE others of its kind at its place then.

    JSON-ready. All of them keep the rules of their resources and are free now; another member may still be quicker. `booking` is the one
    being moved, whose own time counts as free.
    """
    found = [(start, resources) for start in _nearest(resources, span, at, quantity, booking)]
    if len(resources) == 1:
        found += [(span[0], [other]) for other in islice(_beside(member, resources[0], span, at, quantity), BESIDE)]
    return [
        {
            "starts_at": times.iso(start),
            "ends_at": times.iso(start + (span[1] - span[0])),
            "resources": [{"id": resource.pk, "name": resource.name} for resource in offered],
        }
        for start, offered in found
    ]


def _nearest(
    resources: list[Resource], span: Span, at: dt.datetime, quantity: int, booking: int | None
) -> list[dt.datetime]:
    """Starts of free spans of the same length, nearest first, looked for in rings of days around the wished one."""
    reach = (DAYS_AROUND + 2) * DAY + (span[1] - span[0])
    held = availability.holds_of(
        [resource.pk for resource in resources], (span[0] - reach, span[1] + reach), but=booking
    )
    diaries = [Diary(held[it.pk], capacity=it.capacity, quantity=quantity) for it in resources]
    day = times.clock(span[0], resources[0].place.timezone)[0]
    found: list[dt.datetime] = []
    rings_after_enough = 0
    for ring in range(DAYS_AROUND + 1):
        # A start two rings further out is always further away than what is found already; one ring further may be nearer.
        rings_after_enough += len(found) >= NEAREST
        if rings_after_enough > 1:
            break
        for date in {day + ring * DAY, day - ring * DAY}:
            found += [start for start in _starts(resources[0], date) if _suits(resources, diaries, start, span, at)]
    return sorted(found, key=lambda start: (abs(start - span[0]), start))[:NEAREST]


def _starts(resource: Resource, date: dt.date) -> list[dt.datetime]:
    opens, closes, step = resource.opens_minute, resource.closes_minute, resource.step_minutes
    return list(times.starts_on(date, opens=opens, closes=closes, step=step, zone_name=resource.place.timezone))


def _suits(resources: list[Resource], diaries: list[Diary], start: dt.datetime, span: Span, at: dt.datetime) -> bool:
    end = start + (span[1] - span[0])
    if start == span[0] or start < at:
        return False
    if not all(diary.has_room(it.busy(start, end)) for it, diary in zip(resources, diaries, strict=True)):
        return False
    return all(_keeps_rules(it, start, end, at) for it in resources)


def _beside(member: Member, resource: Resource, span: Span, at: dt.datetime, quantity: int) -> Iterator[Resource]:
    same = Resource.objects.shown().filter(place=resource.place_id, kind=resource.kind, capacity__gte=quantity)
    others = list(same.exclude(pk=resource.pk).order_by("name", "pk")[:LOOKED_AT_BESIDE])
    if not others:
        return
    busy = {other.pk: other.busy(*span) for other in others}
    widest = (min(start for start, _ in busy.values()), max(end for _, end in busy.values()))
    held = availability.holds_of([other.pk for other in others], widest)
    for other in others:
        diary = Diary(held[other.pk], capacity=other.capacity, quantity=quantity)
        if diary.has_room(busy[other.pk]) and rules.may_book(member, other) and _keeps_rules(other, *span, at):
            yield other


def _keeps_rules(resource: Resource, start: dt.datetime, end: dt.datetime, at: dt.datetime) -> bool:
    return next(rules.problems(rules.Wish(resource, start, end, at)), None) is None
