"""What open calendars show: held times of some resources, with a title only for those it concerns."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from backend.bookings.models import Allocation, Component
from backend.collectives.models import Collective
from backend.members.models import Member

LONGEST = dt.timedelta(days=62)


def busy(viewer: Member, resources: Iterable[int], start: dt.datetime, end: dt.datetime) -> list[dict[str, Any]]:
    """Held times that touch [start, end), in order of time; of wholes too, which are held where a part of them is."""
    wanted = set(resources)
    mine = set(Collective.objects.of(viewer).values_list("pk", flat=True))
    wholes: dict[int, set[int]] = defaultdict(set)
    for whole, part in Component.objects.filter(whole__in=wanted).values_list("whole", "part"):
        wholes[part].add(whole)
    rows = Allocation.objects.meeting(start, end).filter(resource__in={*wanted, *wholes})
    rows = rows.select_related("booking__member", "booking__collective", "blackout").order_by("busy_from", "pk")
    return [
        _told(viewer, row, mine, resource)
        for row in rows
        for resource in sorted(({row.resource_id} & wanted) | wholes[row.resource_id])
    ]


def _told(viewer: Member, row: Allocation, collectives: set[int], resource: int) -> dict[str, Any]:
    booking = row.booking
    mine = booking is not None and (booking.member_id == viewer.pk or booking.collective_id in collectives)
    return {
        "id": row.pk,
        "resource": resource,
        "from": row.busy_from,
        "until": row.busy_until,
        "booking": booking.pk if booking is not None and mine else None,
        "status": booking.status if booking is not None else None,
        "blackout": row.blackout.reason if row.blackout is not None else None,
        "title": _title(viewer, row, mine),
        "mine": mine,
        "quantity": row.quantity,
    }


def _title(viewer: Member, row: Allocation, mine: bool) -> str:
    """What it is for, else whom; for those whom it concerns."""
    booking = row.booking
    if booking is None:
        return str(row.blackout.note) if row.blackout is not None else ""
    if not (mine or _neighbours(viewer, booking.member)):
        return ""
    return str(booking.title or (booking.collective.name if booking.collective else booking.member.name))


def _neighbours(viewer: Member, booker: Member) -> bool:
    """Of the same organisation, and not hidden from it."""
    same = viewer.organisation_id is not None and viewer.organisation_id == booker.organisation_id
    return same and booker.seen_by != Member.SeenBy.NOBODY
