"""A day of who looks after things: who comes, who is there, what is out, what should be back."""

import datetime as dt
from collections.abc import Callable

from django.db.models import Q, QuerySet

from backend.bookings import times
from backend.bookings.models import Allocation, Booking, BookingItem, Handover, Resource
from backend.members.models import Member

# Wherever on earth a place is, its day lies within so much of the same day in UTC.
ZONES = dt.timedelta(hours=14)


def of_host(
    host: Member, at: dt.datetime, *, day: dt.date | None, rows: Callable[[QuerySet[Booking]], QuerySet[Booking]]
) -> dict[str, list[Booking]]:
    """The bookings of a day, in groups: `expected`, `out`, `overdue`, `done`; a constant number of queries.

    Without a `day` it is today, on the clock of each place. What is overdue is told whatever the day. `rows` adds what is to be shown.
    """
    first = day or at.date()
    around = (times.midnight(first, "UTC") - ZONES, times.midnight(first, "UTC") + dt.timedelta(days=1) + ZONES)
    held = [Allocation.objects.in_window(*around, is_long=it).exclude(booking=None) for it in (False, True)]
    out = Handover.objects.filter(returned_at__isnull=True)
    near = held[0].values("booking").union(held[1].values("booking"), out.values("booking"))
    mine = BookingItem.objects.filter(resource__in=Resource.objects.hosted_by(host))
    chosen = Booking.objects.filter(pk__in=near).filter(pk__in=mine.values("booking"))
    chosen = chosen.filter(~Q(status=Booking.Status.OFFERED))
    groups: dict[str, list[Booking]] = {"expected": [], "out": [], "overdue": [], "done": []}
    for booking in rows(chosen).order_by("starts_at", "pk"):
        if group := _group(booking, at, day):
            groups[group].append(booking)
    return groups


def _group(booking: Booking, at: dt.datetime, day: dt.date | None) -> str:
    """Where it stands on the page; "" when it is not of that day."""
    zone = booking.items.all()[0].resource.place.timezone
    date = day or times.clock(at, zone)[0]
    is_over = booking.ends_at <= at or booking.status == Booking.Status.CANCELLED
    if any(row.returned_at is None for row in booking.handovers.all()):
        return "overdue" if is_over else "out"
    # Who came a little early may have come on the evening before.
    begins = min(booking.starts_at, booking.checked_in_at or booking.starts_at)
    if not times.clock(begins, zone)[0] <= date <= times.closing_clock(booking.ends_at, zone)[0]:
        return ""
    if booking.checked_out_at is not None or is_over:
        return "done" if booking.checked_in_at is not None else ""
    return "out" if booking.checked_in_at is not None else "expected"
