"""Which resources are free then, and who holds what: few queries, whatever the number of resources."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db.models import Q

from backend.bookings import times
from backend.bookings.free import Hold, Span, overlap, peak
from backend.bookings.hours import places_closed
from backend.bookings.models import Allocation, Component, Place, Resource, ResourceQuerySet


def holds_of(resources: Iterable[int], span: Span, *, but: Iterable[int] = ()) -> dict[int, list[Hold]]:
    """What is held of each resource within the span, by blackouts and by all bookings except `but`."""
    rows = Allocation.objects.meeting(*span).filter(resource__in=list(resources))
    if left_aside := list(but):
        rows = rows.filter(Q(booking__isnull=True) | ~Q(booking__in=left_aside))
    held: dict[int, list[Hold]] = defaultdict(list)
    for resource, start, end, units in rows.values_list("resource", "busy_from", "busy_until", "quantity"):
        held[resource].append(Hold(start, end, units))
    return held


def free_then(
    resources: ResourceQuerySet, start: dt.datetime, end: dt.datetime, *, quantity: int = 1
) -> ResourceQuerySet:
    """Those resources with room for `quantity` units during all of [start, end), their buffers included.

    What is held outright is left out by an anti-join that reads only the index around the window. Pools and resources with
    buffers that have something near the window are then decided by a sweep: the exact answer, for few rows.
    """
    free = resources.filter(capacity__gte=quantity)
    for is_long in (False, True):
        outright = Allocation.objects.in_window(start, end, is_long=is_long).filter(exclusive=True)
        free = free.exclude(capacity=1, pk__in=outright.values("resource"))
    return free.exclude(pk__in=_crowded(start, end, quantity))


def _crowded(start: dt.datetime, end: dt.datetime, quantity: int) -> list[int]:
    """Pools, wholes and resources with buffers that lack room then."""
    kinds = Q(capacity__gt=1) | Q(buffer_before_minutes__gt=0) | Q(buffer_after_minutes__gt=0) | Q(is_composed=True)
    fields = ("pk", "capacity", "buffer_before_minutes", "buffer_after_minutes")
    special = {pk: rest for pk, *rest in Resource.objects.filter(kinds).values_list(*fields)}
    needs = _needs(special, quantity)
    before = max((before for _, before, _ in special.values()), default=0) * times.MINUTE
    after = max((after for _, _, after in special.values()), default=0) * times.MINUTE
    span = (start - before, end + after)
    parts = {part for asked in needs.values() for part, *_ in asked}
    # First only the numbers, from the index alone: reading times is dear, and most of what is near is not special.
    near = {
        resource
        for is_long in (False, True)
        for resource in Allocation.objects.in_window(*span, is_long=is_long).values_list("resource", flat=True)
        if resource in parts
    }
    held = holds_of(near, span) if near else {}
    return [
        resource
        for resource, asked in needs.items()
        if any(part in near and _lacks_room(held[part], rules, start, end, units) for part, units, rules in asked)
    ]


def _needs(special: dict[int, list[int]], quantity: int) -> dict[int, list[tuple[int, int, Sequence[int]]]]:
    """What each special resource needs: (thing, units of it, its capacity and the buffers around it)."""
    needs: dict[int, list[tuple[int, int, Sequence[int]]]] = {
        resource: [(resource, quantity, rules)] for resource, rules in special.items()
    }
    columns = ("part__capacity", "part__buffer_before_minutes", "part__buffer_after_minutes")
    rows = Component.objects.values_list("whole", "part", "quantity", *columns)
    for whole in {whole for whole, *_ in rows}:
        needs[whole] = []
    for whole, part, units, capacity, before, after in rows:
        _, widest_before, widest_after = special.get(whole, (1, 0, 0))
        rules = (capacity, max(before, widest_before), max(after, widest_after))
        needs[whole].append((part, units * quantity, rules))
    return needs


def _lacks_room(holds: list[Hold], rules: Sequence[int], start: dt.datetime, end: dt.datetime, quantity: int) -> bool:
    """`rules` are the capacity and the buffers before and after, in minutes."""
    capacity, before, after = rules
    busy = start - before * times.MINUTE, end + after * times.MINUTE
    within = [hold for hold in holds if overlap((hold.start, hold.end), busy)]
    # The sum is an upper bound of the peak and often settles it.
    return sum(hold.quantity for hold in within) + quantity > capacity and peak(within, busy) + quantity > capacity


def free_window(resources: ResourceQuerySet, start: dt.datetime, end: dt.datetime) -> ResourceQuerySet:
    """Those resources that are open and free from `start` until `end`.

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
            windows[span] = windows.get(span, Q(pk__in=[])) | (Q(place__timezone=zone) & _open(*span, zone))
    if len(windows) == 1:
        ((span, is_open),) = windows.items()
        return free_then(resources.filter(is_open), *span)
    chosen = Q(pk__in=[])
    for span, is_open in windows.items():
        chosen |= Q(pk__in=free_then(Resource.objects.filter(is_open), *span).values("pk"))
    return resources.filter(chosen)


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
    if closed := places_closed(zone, start, end, throughout=False):
        is_open &= ~Q(place__in=closed)
    if shut := places_closed(zone, start, end, throughout=True):
        is_open &= ~Q(kind=Resource.Kind.WORKSPACE, place__in=shut)
    return is_open


def most_held(resource: int, at: dt.datetime) -> int:
    """The most units of a resource that are booked at one time from now on."""
    rows = Allocation.objects.filter(resource=resource, active=True, busy_until__gt=at)
    holds = [Hold(*row) for row in rows.values_list("busy_from", "busy_until", "quantity")]
    return peak(holds, (at, max(hold.end for hold in holds))) if holds else 0
