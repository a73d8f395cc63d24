"""What has not come back in time: who has it is told, and so is who booked it next, with what is free instead."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from typing import Any

from backend.bookings.availability import holds_of
from backend.bookings.displacing import instead_of
from backend.bookings.free import peak
from backend.bookings.models import Allocation, Booking, Handover
from backend.bookings.telling import tell_concerned
from backend.notices.models import Notice

AGAIN = dt.timedelta(hours=1)
NEAR = dt.timedelta(hours=24)
GIVEN_UP = dt.timedelta(days=30)


def look_after(*, booking: int, at: dt.datetime) -> dt.datetime | None:
    """Tell who has it and who needs it next, each once. Returns when to look again; None when all is back, or it was given up."""
    found = Booking.objects.filter(pk=booking).select_related("member", "collective").first()
    if found is None or at > found.ends_at + GIVEN_UP:
        return None
    still_out = Counter[int]()
    for resource, units in found.handovers.filter(returned_at__isnull=True).values_list("resource", "quantity"):
        still_out[resource] += units
    if not still_out:
        return None
    if found.status != Booking.Status.CANCELLED and at < found.ends_at:
        return found.ends_at
    _tell_once(Notice.Kind.BOOKING_OVERDUE, found, at)
    for waiting in _without_it(found, still_out, at):
        _tell_once(Notice.Kind.BOOKING_LATE, waiting, at)
    return at + AGAIN


def _without_it(late: Booking, still_out: Counter[int], at: dt.datetime) -> Iterator[Booking]:
    """For each thing who is the next to lack it, within a day."""
    capacities = dict(Handover.objects.filter(booking=late).values_list("resource", "resource__capacity"))
    for resource, units in sorted(still_out.items()):
        coming = Allocation.objects.meeting(at, at + NEAR).filter(resource=resource, booking__isnull=False)
        coming = coming.exclude(booking=late).exclude(booking__handovers__resource=resource)
        for row in coming.select_related("booking__member", "booking__collective").order_by("busy_from", "pk"):
            span = (row.busy_from, row.busy_until)
            held = holds_of([resource], span, but=[late.pk])[resource]
            if peak(held, span) + units > capacities[resource] and row.booking is not None:
                yield row.booking
                break


def _tell_once(kind: Notice.Kind, booking: Booking, at: dt.datetime) -> None:
    if Notice.objects.filter(member=booking.member_id, kind=kind, data__booking=booking.pk).exists():
        return
    more: dict[str, Any] = {"alternatives": instead_of(booking, at)} if kind == Notice.Kind.BOOKING_LATE else {}
    tell_concerned(kind, booking, by=None, at=at, **more)
