"""What open calendars show: held times of some resources, with a title only for those it concerns."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from backend.bookings.models import Allocation, Booking
from backend.collectives.models import Collective
from backend.members.models import Member

LONGEST = dt.timedelta(days=62)


def busy(viewer: Member, resources: Iterable[int], start: dt.datetime, end: dt.datetime) -> list[dict[str, Any]]:
    """Held times that touch [start, end), in order of time."""
    mine = set(Collective.objects.of(viewer).values_list("pk", flat=True))
    rows = Allocation.objects.meeting(start, end).filter(resource__in=resources)
    rows = rows.select_related("booking__member", "booking__collective").order_by("busy_from", "pk")
    return [_told(viewer, row, mine) for row in rows]


def _told(viewer: Member, row: Allocation, collectives: set[int]) -> dict[str, Any]:
    booking = row.booking
    mine = booking.member_id == viewer.pk or booking.collective_id in collectives
    return {
        "id": row.pk,
        "resource": row.resource_id,
        "from": row.busy_from,
        "until": row.busy_until,
        "booking": booking.pk if mine else None,
        "title": _title(booking) if mine or _neighbours(viewer, booking.member) else "",
        "mine": mine,
        "quantity": row.quantity,
    }


def _neighbours(viewer: Member, booker: Member) -> bool:
    """Of the same organisation, and not hidden from it."""
    same = viewer.organisation_id is not None and viewer.organisation_id == booker.organisation_id
    return same and booker.seen_by != Member.SeenBy.NOBODY


def _title(booking: Booking) -> str:
    """What it is for, else whom."""
    return booking.title or (booking.collective.name if booking.collective else booking.member.name)
