"""What open calendars show: held times of some resources, with a title only for those it concerns."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from backend.bookings.models import Allocation, Component
from backend.bookings.times import iso
from backend.collectives.models import Collective
from backend.members.models import Member

LONGEST = dt.timedelta(days=62)


def busy(viewer: Member, resources: Iterable[int], start: dt.datetime, end: dt.datetime) -> list[dict[str, Any]]:
    """Held times that touch [start, end), in order of time; of wholes too, which are held where a part of them is.

    JSON-ready, as `BusySerializer` says. Read as plain values: a timeline shows hundreds of them.
    """
    wanted = set(resources)
    mine = set(Collective.objects.of(viewer).values_list("pk", flat=True))
    wholes: dict[int, set[int]] = defaultdict(set)
    for whole, part in Component.objects.filter(whole__in=wanted).values_list("whole", "part"):
        wholes[part].add(whole)
    rows = Allocation.objects.meeting(start, end).filter(resource__in={*wanted, *wholes}).order_by("busy_from", "pk")
    told: list[dict[str, Any]] = []
    for row in map(Held._make, rows.values_list(*COLUMNS)):
        facts = _told(viewer, row, mine)
        told += [
            {**facts, "resource": it} for it in sorted(({row.resource} & wanted) | wholes.get(row.resource, set()))
        ]
    return told


class Held(NamedTuple):
    """What is read of one allocation, and of the booking or blackout that holds it."""

    id: int
    resource: int
    busy_from: dt.datetime
    busy_until: dt.datetime
    quantity: int
    booking: int | None
    status: str | None
    title: str | None
    member: int | None
    member_name: str | None
    organisation: int | None
    seen_by: str | None
    collective: int | None
    collective_name: str | None
    blackout: str | None
    note: str | None


COLUMNS = (
    "pk", "resource", "busy_from", "busy_until", "quantity", "booking", "booking__status", "booking__title", "booking__member",
    "booking__member__name", "booking__member__organisation", "booking__member__seen_by", "booking__collective",
    "booking__collective__name", "blackout__reason", "blackout__note",
)  # fmt: skip


def _told(viewer: Member, row: Held, collectives: set[int]) -> dict[str, Any]:
    mine = row.booking is not None and (row.member == viewer.pk or row.collective in collectives)
    return {
        "id": row.id,
        "from": iso(row.busy_from),
        "until": iso(row.busy_until),
        "booking": row.booking if mine else None,
        "status": row.status,
        "blackout": row.blackout,
        "title": _title(viewer, row, mine),
        "mine": mine,
        "quantity": row.quantity,
    }


def _title(viewer: Member, row: Held, mine: bool) -> str:
    """What it is for, else whom; for those whom it concerns."""
    if row.booking is None:
        return row.note or ""
    if not (mine or _neighbours(viewer, row)):
        return ""
    return row.title or row.collective_name or row.member_name or ""


def _neighbours(viewer: Member, row: Held) -> bool:
    """Booked by somebody of the same organisation who is not hidden from it."""
    same = viewer.organisation_id is not None and viewer.organisation_id == row.organisation
    return same and row.seen_by != Member.SeenBy.NOBODY
