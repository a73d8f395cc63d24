"""Looks over all that is held, in case something was written around the actions or the database was repaired by hand."""

import datetime as dt
from collections.abc import Iterator
from itertools import groupby

from django.db.models import Exists, F, OuterRef, Q

from backend.bookings.free import Hold, full, merged
from backend.bookings.models import SHORT, Allocation, Booking


def faults(at: dt.datetime) -> Iterator[str]:
    """One line for each thing that must not be. What is held beyond the units there are is looked for from `at` on."""
    yield from _overlaps()
    yield from _beyond_units(at)
    held = Exists(Allocation.objects.filter(booking=OuterRef("pk"), active=True))
    for booking in Booking.objects.filter(~held, status__in=Booking.HOLDING).values_list("pk", flat=True):
        yield f"Booking {booking} is confirmed but holds nothing."
    for booking in Booking.objects.filter(held, status=Booking.Status.CANCELLED).values_list("pk", flat=True):
        yield f"Booking {booking} is cancelled but still holds something."
    short = Q(busy_from__gt=F("booking__starts_at")) | Q(busy_until__lt=F("booking__ends_at"))
    for allocation, booking in Allocation.objects.filter(short, active=True).values_list("pk", "booking"):
        yield f"Allocation {allocation} does not cover its booking {booking}."
    rows = Allocation.objects.filter(active=True, is_long=False).values_list("pk", "busy_from", "busy_until")
    for allocation, start, end in rows.iterator():
        if end - start > SHORT:
            yield f"Allocation {allocation} is longer than a day but not marked so."


def _overlaps() -> Iterator[str]:
    rows = Allocation.objects.filter(active=True, exclusive=True).order_by("resource", "busy_from", "pk")
    last: tuple[int, int, dt.datetime] | None = None
    for pk, resource, start, end in rows.values_list("pk", "resource", "busy_from", "busy_until").iterator():
        if last is not None and last[1] == resource and start < last[2]:
            yield f"Resource {resource} is held twice: allocations {last[0]} and {pk} overlap."
        if last is None or last[1] != resource or end > last[2]:
            last = (pk, resource, end)


def _beyond_units(at: dt.datetime) -> Iterator[str]:
    rows = Allocation.objects.filter(active=True, busy_until__gt=at).order_by("resource", "busy_from")
    fields = rows.values_list("resource", "resource__capacity", "busy_from", "busy_until", "quantity")
    for (resource, capacity), held in groupby(fields.iterator(), key=lambda row: (row[0], row[1])):
        holds = [Hold(*row[2:]) for row in held]
        within = (at, max(hold.end for hold in holds))
        for start, end in merged(full(holds, within, room=capacity)):
            yield f"Resource {resource} is held beyond its {capacity} units from {start:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M} UTC."
