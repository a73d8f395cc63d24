"""Which resources are free then, and who holds what: few queries, whatever the number of resources."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models import Q
from django.db.models.expressions import RawSQL

from backend.bookings import times
from backend.bookings.free import Hold, Span, overlap, peak
from backend.bookings.hours import places_closed
from backend.bookings.models import SHORT, Allocation, Component, Place, Resource, ResourceQuerySet
from backend.many import these
from backend.plans import answers

# Written in SQL: it is asked at each booking, and building this question took longer than answering it.
HELD_OF = """
SELECT resource_id, busy_from, busy_until, quantity FROM bookings_allocation
WHERE active AND resource_id IN ({resources}) AND busy_until > %s AND busy_from < %s
"""
BUT = "AND (booking_id IS NULL OR booking_id NOT IN ({bookings}))"


def holds_of(resources: Iterable[int], span: Span, *, but: Iterable[int] = ()) -> dict[int, list[Hold]]:
    """What is held of each resource within the span, by blackouts and by all bookings except `but`."""
    asked, left_aside = sorted(set(resources)), sorted(set(but))
    held: dict[int, list[Hold]] = defaultdict(list)
    if not asked:
        return held
    words = HELD_OF.format(resources=", ".join(["%s"] * len(asked)))
    given = [*asked, *(connection.ops.adapt_datetimefield_value(moment) for moment in span)]
    if left_aside:
        others = these(left_aside)
        words, given = words + BUT.format(bookings=others.sql), [*given, *others.params]
    for resource, start, end, units in answers(words, given):
        # SQLite gives the UTC moment without its zone.
        held[resource].append(Hold(start.replace(tzinfo=dt.UTC), end.replace(tzinfo=dt.UTC), units))
    return held


# No thing has more: see the type of `Resource.capacity`.
MOST_UNITS = 32_767
# Two halves, because one with OR between them reads all that ends later: see `AllocationQuerySet.in_window`.
HELD = """
SELECT {columns} FROM bookings_allocation
WHERE active AND NOT is_long AND busy_until > %s AND busy_until < %s AND busy_from < %s
UNION ALL SELECT {columns} FROM bookings_allocation WHERE active AND is_long AND busy_until > %s AND busy_from < %s
"""
TAKEN = HELD.format(columns="resource_id")
MORE_TO_ASK = "(capacity > 1 OR buffer_before_minutes > 0 OR buffer_after_minutes > 0)"
# The window leads: read from the side of the things, all that each has ever lent out would be looked through.
NEAR = f"""
SELECT thing.id, thing.capacity, thing.buffer_before_minutes, thing.buffer_after_minutes, busy_from, busy_until, quantity
FROM ({HELD.format(columns="resource_id, busy_from, busy_until, quantity")}) near CROSS JOIN bookings_resource thing
WHERE thing.id = near.resource_id AND {MORE_TO_ASK}
"""
WIDEST = f"""
SELECT MAX(buffer_before_minutes), MAX(buffer_after_minutes), EXISTS (SELECT 1 FROM bookings_component)
FROM bookings_resource WHERE {MORE_TO_ASK}
"""


def free_then(
    resources: ResourceQuerySet, start: dt.datetime, end: dt.datetime, *, quantity: int = 1
) -> ResourceQuerySet:
    """Those resources with room for `quantity` units during all of [start, end), their buffers included.

    Of single things those that are held then are left out by an anti-join that reads only the index around the window. Pools, and what has
    buffers, are decided one by one by what is held near the window, and wholes by their parts: the exact answer, for few rows.

    Written in SQL where the words never change: building these queries took longer than answering them. PostgreSQL is a way away and is
    asked once (`migrations/0005_things_without_room_at_once`, which decides in the same way); SQLite has no exact sums of time.
    """
    if connection.vendor == "postgresql":
        full = RawSQL("SELECT things_without_room(%s, %s, %s)", [start, end, min(quantity, MOST_UNITS)])
        found = resources.filter(~Q(pk__in=full))
        return found if quantity == 1 else found.filter(capacity__gte=quantity)  # Everything has one unit at least.
    with connection.cursor() as cursor:
        cursor.execute(WIDEST)
        before, after, has_wholes = cursor.fetchone()
        cursor.execute(NEAR, _bounds(start - (before or 0) * times.MINUTE, end + (after or 0) * times.MINUTE))
        lacking = _without_room(cursor.fetchall(), start, end, quantity)
    if has_wholes:
        lacking += _broken_wholes(start, end, quantity)
    taken = RawSQL(TAKEN, _bounds(start, end))
    return resources.filter(~Q(capacity=1, pk__in=taken), ~Q(pk__in=lacking), capacity__gte=quantity)


def _bounds(start: dt.datetime, end: dt.datetime) -> list[Any]:
    """What HELD asks for."""
    since, until, short = (connection.ops.adapt_datetimefield_value(it) for it in (start, end, end + SHORT))
    return [since, short, until, since, until]


def _without_room(rows: Iterable[tuple[Any, ...]], start: dt.datetime, end: dt.datetime, quantity: int) -> list[int]:
    """Those things of NEAR that lack room then."""
    held: dict[int, list[Hold]] = defaultdict(list)
    rules: dict[int, Sequence[int]] = {}
    for pk, capacity, before, after, since, until, units in rows:
        # SQLite gives the UTC moment without its zone.
        held[pk].append(Hold(since.replace(tzinfo=dt.UTC), until.replace(tzinfo=dt.UTC), units))
        rules[pk] = (capacity, before, after)
    return [pk for pk, holds in held.items() if _lacks_room(holds, rules[pk], start, end, quantity)]


def _broken_wholes(start: dt.datetime, end: dt.datetime, quantity: int) -> list[int]:
    """Wholes and kits of which a part lacks room then, with the wider buffers of both."""
    columns = ("capacity", "buffer_before_minutes", "buffer_after_minutes")
    named = [f"{side}__{column}" for side in ("part", "whole") for column in columns[1:]]
    rows = list(Component.objects.values_list("whole", "part", "quantity", "part__capacity", *named))
    if not rows:
        return []
    before = max(max(row[4], row[6]) for row in rows) * times.MINUTE
    after = max(max(row[5], row[7]) for row in rows) * times.MINUTE
    held = holds_of({part for _, part, *_ in rows}, (start - before, end + after))
    broken = set()
    for whole, part, units, capacity, part_before, part_after, whole_before, whole_after in rows:
        rules = (capacity, max(part_before, whole_before), max(part_after, whole_after))
        if _lacks_room(held.get(part, []), rules, start, end, units * quantity):
            broken.add(whole)
    return sorted(broken)


def _lacks_room(holds: list[Hold], rules: Sequence[int], start: dt.datetime, end: dt.datetime, quantity: int) -> bool:
    """`rules` are the capacity and the buffers before and after, in minutes."""
    capacity, before, after = rules
    busy = start - before * times.MINUTE, end + after * times.MINUTE
    within = [hold for hold in holds if overlap((hold.start, hold.end), busy)]
    if not within or quantity >= capacity:
        return bool(within) or quantity > capacity
    # The sum of what is held is never below the peak, and settles most.
    return sum(hold.quantity for hold in within) + quantity > capacity and peak(within, busy) + quantity > capacity


def free_window(
    resources: ResourceQuerySet,
    start: dt.datetime,
    end: dt.datetime,
    *,
    quantity: int = 1,
    at: dt.datetime | None = None,
) -> ResourceQuerySet:
    """Those resources that are open from `start` until `end` and have `quantity` units free then.

    With `at`, the present moment, only those whose length, lead and how far ahead allow it; who is let off a rule may book more.

    Naive times are wall times: each place's own clock is meant, so that "tomorrow from 9 to 11" finds a studio in any country.
    """
    zones = Place.objects.filter(is_active=True).order_by().values_list("timezone", flat=True).distinct()
    windows: dict[Span, Q] = {}
    for zone in zones:
        try:
            span = (_meant(start, zone), _meant(end, zone))
        except times.DoesNotExist:
            continue
        if span[0] < span[1]:
            allowed = _open(*span, zone) & (_allowed(*span, zone, at) if at is not None else Q())
            windows[span] = windows.get(span, Q(pk__in=[])) | (Q(place__timezone=zone) & allowed)
    if len(windows) == 1:
        ((span, is_open),) = windows.items()
        return free_then(resources.filter(is_open), *span, quantity=quantity)
    chosen = Q(pk__in=[])
    for span, is_open in windows.items():
        chosen |= Q(pk__in=free_then(Resource.objects.filter(is_open), *span, quantity=quantity).values("pk"))
    return resources.filter(chosen)


def _allowed(start: dt.datetime, end: dt.datetime, zone: str, at: dt.datetime) -> Q:
    """As `rules.past`, `rules.length`, `rules.lead` and `rules.ahead` judge it."""
    if start < at:
        return Q(pk__in=[])
    elapsed, shown = (end - start) // times.MINUTE, times.wall_minutes(start, end, zone)
    length = Q(min_minutes__lte=max(elapsed, shown), max_minutes__gte=min(elapsed, shown))
    days = -((at - start) // dt.timedelta(days=1))
    return length & Q(lead_minutes__lte=(start - at) // times.MINUTE, ahead_days__gte=days)


def _meant(moment: dt.datetime, zone: str) -> dt.datetime:
    return times.moment(moment, zone) if moment.tzinfo is None else moment


def _open(start: dt.datetime, end: dt.datetime, zone: str) -> Q:
    """The rules of opening hours (rules.opening, rules.house) as a filter, for places on this clock."""
    first, opening = times.clock(start, zone)
    last, closing = times.closing_clock(end, zone)
    hours = Q(opens_minute__lte=opening, closes_minute__gt=opening) & Q(
        opens_minute__lt=closing, closes_minute__gte=closing
    )
    if first != last:
        hours &= ~Q(kind=Resource.Kind.WORKSPACE)
    is_open = hours | Q(opens_minute=0, closes_minute=times.MINUTES_A_DAY)
    closed, shut = places_closed(zone, start, end)
    if closed:
        is_open &= ~Q(place__in=closed)
    if shut:
        is_open &= ~Q(kind=Resource.Kind.WORKSPACE, place__in=shut)
    return is_open


def most_held(resource: int, at: dt.datetime) -> int:
    """The most units of a resource that are booked at one time from now on."""
    rows = Allocation.objects.filter(resource=resource, active=True, busy_until__gt=at)
    holds = [Hold(*row) for row in rows.values_list("busy_from", "busy_until", "quantity")]
    return peak(holds, (at, max(hold.end for hold in holds))) if holds else 0
