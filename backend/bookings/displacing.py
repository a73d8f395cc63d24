"""Who has to give way when there is less to book than before: those who booked last."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from backend.bookings import actions
from backend.bookings.alternatives import alternatives
from backend.bookings.free import Hold, Span, full, overlap
from backend.bookings.hours import with_hours
from backend.bookings.models import Allocation, Booking, Resource
from backend.bookings.serial import Locked, Outgrown
from backend.bookings.telling import tell_concerned
from backend.bookings.times import iso
from backend.bookings.wishes import Claim, Parts
from backend.errors import Conflict
from backend.members.models import Member
from backend.notices.models import Notice

# Beyond so many people each is told without being offered other times: working these out takes a while under the lock.
OFFERED_OTHER_TIMES = 50


def who_gives_way(rooms: Mapping[int, int], span: Span) -> list[Booking]:
    """The bookings that no longer fit when only so many units (by resource id) can be booked during the span.

    Whoever booked first stays: bookings are kept in the order in which they were made, as long as they fit.
    """
    rows = Allocation.objects.meeting(*span).filter(resource__in=list(rooms), booking__isnull=False)
    booked: dict[int, list[tuple[int, Hold]]] = defaultdict(list)
    for number, resource, start, until, units in rows.values_list(
        "booking", "resource", "busy_from", "busy_until", "quantity"
    ):
        if number is not None:
            booked[number].append((resource, Hold(start, until, units)))
    kept: dict[int, list[Hold]] = defaultdict(list)
    leaving: list[Booking] = []
    chosen = Booking.objects.filter(pk__in=list(booked)).select_related("member", "collective")
    for booking in chosen.order_by("created_at", "pk"):
        holds = booked[booking.pk]
        if all(_fits(kept[resource], hold, span, rooms[resource]) for resource, hold in holds):
            for resource, hold in holds:
                kept[resource].append(hold)
        else:
            leaving.append(booking)
    return leaving


def _fits(kept: list[Hold], hold: Hold, span: Span, room: int) -> bool:
    within = max(hold.start, span[0]), min(hold.end, span[1])
    near = [other for other in kept if overlap((other.start, other.end), within)]
    return hold.quantity <= room and not full(near, within, room=room - hold.quantity)


def held_with(bookings: Iterable[Booking]) -> set[int]:
    """Everything that these bookings hold, also beside what they have to give up."""
    rows = Allocation.objects.filter(booking__in=list(bookings), active=True)
    return set(rows.values_list("resource", flat=True))


def refuse_or_end(
    leaving: list[Booking],
    locked: Locked,
    *,
    displace: bool,
    ending: Booking.Ending,
    span: Span,
    by: Member,
    at: dt.datetime,
) -> list[Booking]:
    """End these bookings under the lock, or refuse with `people_have_booked` and name them when `displace` is not said.

    What is under way ends when the span begins; of what lies beside the span only the buffer goes, and it is nobody's loss. Gives whom
    it hits: they are told by `tell_displaced` once what is new is held.
    """
    hit = whom_it_hits(leaving, span, at)
    if hit and not displace:
        detail = _("People have booked this. Look at whom it concerns, and decide.")
        raise Conflict("people_have_booked", detail, bookings=[as_told(booking) for booking in hit])
    if not held_with(leaving) <= set(locked.known):
        raise Outgrown
    for booking in leaving:
        if booking not in hit:
            actions.give_buffer(booking, locked, span=(max(at, span[0]), span[1]))
        elif booking.starts_at < at:
            actions.cut_short(booking, locked, until=max(at, span[0]), keep_buffer=False)
        else:
            actions.end(booking, locked, ending=ending, by=by, at=at, kind=None)
    return hit


def whom_it_hits(leaving: list[Booking], span: Span, at: dt.datetime) -> list[Booking]:
    """Those of them who would have used it in the span itself: not who is done before, or comes after, and only has a buffer there."""
    return [one for one in leaving if overlap((one.starts_at, one.ends_at), (max(at, span[0]), span[1]))]


def tell_displaced(leaving: list[Booking], *, by: Member, at: dt.datetime) -> None:
    """Tell those concerned at once, with what is free instead."""
    for number, booking in enumerate(leaving):
        has_to_leave = number < OFFERED_OTHER_TIMES and booking.status == Booking.Status.CANCELLED
        offered = instead_of(booking, at) if has_to_leave else []
        tell_concerned(Notice.Kind.BOOKING_DISPLACED, booking, by=by, at=at, alternatives=offered)


def instead_of(booking: Booking, at: dt.datetime) -> list[dict[str, Any]]:
    """What is free instead of a booking that cannot take place as it is."""
    items = tuple(booking.items.order_by("resource").values_list("resource", "quantity"))
    ids = [resource for resource, _units in items]
    parts = Parts.read(ids)
    rows = with_hours(Resource.objects.filter(pk__in={*ids, *parts.leaves(ids)}))
    claim = Claim(member=booking.member, items=items, span=(booking.starts_at, booking.ends_at))
    return alternatives(claim, {row.pk: row for row in rows}, parts, at)


def as_told(booking: Booking) -> dict[str, Any]:
    """Whom it hits, JSON-ready, for who looks after the thing."""
    person = booking.member
    return {
        "id": booking.pk,
        "title": booking.title,
        "starts_at": iso(booking.starts_at),
        "ends_at": iso(booking.ends_at),
        "person": {"id": person.pk, "name": person.name},
        "collective": {"id": booking.collective.pk, "name": booking.collective.name} if booking.collective else None,
    }
