"""What open calendars show: held times of some resources, with a title only for those it concerns, and when a whole has no room."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Q

from backend.bookings import times
from backend.bookings.free import Hold, Span, full, merged
from backend.bookings.models import SHORT, Allocation, BookingItem, Component
from backend.bookings.times import iso
from backend.collectives.models import Collective
from backend.members.models import Member

LONGEST = dt.timedelta(days=62)


class Shown(NamedTuple):
    """JSON-ready, as `BusySerializer` and `FullSerializer` say, in order of time."""

    busy: list[dict[str, Any]]
    full: list[dict[str, Any]]


def shown(viewer: Member, resources: Iterable[int], start: dt.datetime, end: dt.datetime) -> Shown:
    """What holds these resources in times that touch [start, end), and when wholes among them have no room.

    One row for each booking or blackout of each resource. A part is held by what books the whole; a whole is not held by what books a
    part of it: it has no room (`full`) while any of its parts has fewer units left than it needs. At most five queries, read
    as plain values: a timeline shows hundreds of them.
    """
    wanted = set(resources)
    mine = set(Collective.objects.of(viewer).values_list("pk", flat=True))
    made_of: dict[int, list[Part]] = defaultdict(list)
    for row in Component.objects.filter(whole__in=wanted).values_list(*PART_COLUMNS):
        made_of[row[0]].append(Part(*row[1:]))
    parts = {part.id for row in made_of.values() for part in row}
    rows = Allocation.objects.meeting(start, end).filter(resource__in=(wanted - set(made_of)) | parts)
    if connection.vendor == "postgresql":
        # True of all of them. Without it PostgreSQL expects many times as many rows, and sends for workers.
        rows = rows.filter(Q(is_long=True) | Q(busy_until__lt=end + SHORT))
    held = [Held._make(row) for row in rows.order_by("busy_from", "pk").values_list(*COLUMNS)]
    told = [row for row in held if row.resource in wanted] + _of_wholes(held, made_of)
    return Shown(
        [_told(viewer, row, mine) for row in sorted(told, key=lambda row: (row.busy_from, row.id, row.resource))],
        _full(held, made_of),
    )


class Part(NamedTuple):
    """So many units of a thing in a whole that is at `place`; minutes of the buffers of both."""

    id: int
    units: int
    place: int
    capacity: int
    before: int
    after: int
    whole_before: int
    whole_after: int

    @property
    def wider(self) -> tuple[dt.timedelta, dt.timedelta]:
        """How much longer than the whole's own buffers it is held after and before a booking of the whole."""
        return max(0, self.after - self.whole_after) * times.MINUTE, max(
            0, self.before - self.whole_before
        ) * times.MINUTE


PART_COLUMNS = (
    "whole", "part", "quantity", "whole__place", "part__capacity", "part__buffer_before_minutes", "part__buffer_after_minutes",
    "whole__buffer_before_minutes", "whole__buffer_after_minutes",
)  # fmt: skip


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
    starts_at: dt.datetime | None
    ends_at: dt.datetime | None
    member: int | None
    member_name: str | None
    organisation: int | None
    seen_by: str | None
    collective: int | None
    collective_name: str | None
    collective_listed: bool | None
    blackout: int | None
    reason: str | None
    note: str | None
    blackout_of: int | None
    blackout_place: int | None


COLUMNS = (
    "pk", "resource", "busy_from", "busy_until", "quantity", "booking", "booking__status", "booking__title", "booking__starts_at",
    "booking__ends_at", "booking__member", "booking__member__name", "booking__member__organisation", "booking__member__seen_by",
    "booking__collective", "booking__collective__name", "booking__collective__is_listed", "blackout", "blackout__reason", "blackout__note", "blackout__resource",
    "blackout__place",
)  # fmt: skip


def _of_wholes(held: Sequence[Held], made_of: Mapping[int, Sequence[Part]]) -> list[Held]:
    """One row for each booking or blackout of a whole, from the first moment that any of its parts is held for it to the last."""
    if not made_of:
        return []
    asked = BookingItem.objects.filter(
        resource__in=made_of, booking__in={row.booking for row in held if row.booking is not None}
    )
    rows = asked.values_list("booking", "resource", "quantity")
    units = {(booking, whole): quantity for booking, whole, quantity in rows}
    found: dict[tuple[int, int | None, int | None], Held] = {}
    for whole, parts in made_of.items():
        numbers, place = {part.id for part in parts}, parts[0].place
        for row in held:
            if row.resource not in numbers:
                continue
            if row.booking is None and row.blackout_of != whole and row.blackout_place != place:
                continue
            if row.booking is not None and (row.booking, whole) not in units:
                continue
            key = (whole, row.booking, row.blackout)
            known = found.get(key, row)
            found[key] = row._replace(
                id=min(known.id, row.id),
                resource=whole,
                busy_from=min(known.busy_from, row.busy_from),
                busy_until=max(known.busy_until, row.busy_until),
                quantity=1 if row.booking is None else units[row.booking, whole],
            )
    return list(found.values())


def _full(held: Sequence[Held], made_of: Mapping[int, Sequence[Part]]) -> list[dict[str, Any]]:
    """When each whole has no room for one more booking, so that its own buffers still have to be kept around it."""
    holds: dict[int, list[Hold]] = defaultdict(list)
    for row in held:
        holds[row.resource].append(Hold(row.busy_from, row.busy_until, row.quantity))
    told = []
    for whole, parts in sorted(made_of.items()):
        spans = [
            (start - wider_after, end + wider_before)
            for part in parts
            for wider_after, wider_before in [part.wider]
            for start, end in _without_room(holds.get(part.id, []), part)
        ]
        told += [{"resource": whole, "from": iso(start), "until": iso(end)} for start, end in merged(spans)]
    return told


def _without_room(holds: Sequence[Hold], part: Part) -> list[Span]:
    if not holds:
        return []
    within = min(hold.start for hold in holds), max(hold.end for hold in holds)
    return full(holds, within, room=part.capacity - part.units)


def _told(viewer: Member, row: Held, collectives: set[int]) -> dict[str, Any]:
    mine = row.booking is not None and (row.member == viewer.pk or row.collective in collectives)
    since, until = iso(row.busy_from), iso(row.busy_until)
    return {
        "id": row.id,
        "resource": row.resource,
        "from": since,
        "until": until,
        "starts_at": since if row.starts_at in (None, row.busy_from) else iso(row.starts_at),
        "ends_at": until if row.ends_at in (None, row.busy_until) else iso(row.ends_at),
        "booking": row.booking if mine else None,
        "status": row.status,
        "blackout": row.reason,
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
    """Booked by somebody of the same organisation who is not hidden from it, nor for a collective that is."""
    if row.collective_listed is False:
        return False
    same = viewer.organisation_id is not None and viewer.organisation_id == row.organisation
    return same and row.seen_by != Member.SeenBy.NOBODY
