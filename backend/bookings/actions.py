"""Booking, moving and cancelling: the only writers of bookings and allocations, and all through `serially`."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import IntegrityError

from backend.bookings import rules
from backend.bookings.models import SHORT, Allocation, Booking, Resource
from backend.bookings.serial import Claim, refuse_taken, serially
from backend.bookings.times import iso
from backend.collectives.models import Collective, CollectiveMembership
from backend.errors import NotFound
from backend.members.models import Member
from backend.notices.actions import tell
from backend.notices.models import Notice


def book(
    *,
    member: Member,
    resources: Sequence[int],
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    at: dt.datetime,
    quantity: int = 1,
    title: str = "",
    note: str = "",
    collective: int | None = None,
    key: UUID | None = None,
) -> tuple[Booking, bool]:
    """Hold all these resources for the member, or for a collective they are in; all of them or none.

    Returns the booking and whether it is new: the same `key` of the same member gives the first booking again. Refuses with
    the codes of `rules.py`, and `slot_taken` with what is in the way and what is free instead.
    """
    if earlier := _granted(member, key):
        return earlier, False
    claim = Claim(member=member, span=(starts_at, ends_at), quantity=quantity)
    wanted = sorted(set(resources))
    fresh = Booking(member=member, starts_at=starts_at, ends_at=ends_at, title=title, note=note)
    fresh.created_at, fresh.idempotency_key = at, key

    def write(locked: list[Resource]) -> Booking:
        # Asked again under the lock: the same wish may have been granted while this one waited.
        if earlier := _granted(member, key):
            return earlier
        if len(locked) < len(wanted):
            raise rules.broken([rules.unknown_resource()])
        rules.refuse_broken(member, locked, claim.span, at, quantity=quantity)
        fresh.collective = rules.collective_of(member, collective) if collective is not None else None
        refuse_taken(locked, claim)
        fresh.pk = None
        fresh.save(force_insert=True)
        Allocation.objects.bulk_create(_allocation(fresh, resource, quantity) for resource in locked)
        _tell_collective(Notice.Kind.BOOKING_MADE, fresh, locked[0], member, at)
        return fresh

    try:
        booking = serially(wanted, write, claim=claim, at=at)
    except IntegrityError:
        # The same key at the same time for other resources: no lock was shared, the unique key decided.
        earlier = _granted(member, key)
        if earlier is None:
            raise
        return earlier, False
    return booking, booking is fresh


def move(
    *,
    member: Member,
    booking: Booking,
    at: dt.datetime,
    starts_at: dt.datetime | None = None,
    ends_at: dt.datetime | None = None,
    title: str | None = None,
    note: str | None = None,
) -> Booking:
    """Give a booking another time, or other words. Giving time back needs the notice that cancelling needs; extending does not."""
    _visible(member, booking)
    held = list(booking.allocations.values_list("resource", "quantity"))
    quantity = max((units for _, units in held), default=1)
    span = (starts_at or booking.starts_at, ends_at or booking.ends_at)
    claim = Claim(member=member, span=span, quantity=quantity, moved=booking.pk)

    def write(locked: list[Resource]) -> Booking:
        booking.refresh_from_db()
        rules.refuse_unless_changeable(member, booking, at)
        was = (booking.starts_at, booking.ends_at)
        if span != was:
            if span[0] != was[0] or span[1] < was[1]:
                rules.refuse_unless_cancellable(member, booking, at, locked)
            rules.refuse_broken(member, locked, span, at, quantity=quantity, was=was)
            refuse_taken(locked, claim)
        booking.starts_at, booking.ends_at = span
        booking.title = booking.title if title is None else title
        booking.note = booking.note if note is None else note
        booking.save(update_fields=["starts_at", "ends_at", "title", "note"])
        if span != was:
            for resource in locked:
                anew = _allocation(booking, resource, quantity)
                times = {"busy_from": anew.busy_from, "busy_until": anew.busy_until, "is_long": anew.is_long}
                booking.allocations.filter(resource=resource).update(**times, exclusive=anew.exclusive)
        return booking

    return serially([resource for resource, _ in held], write, claim=claim, at=at)


def cancel(*, member: Member, booking: Booking, at: dt.datetime) -> Booking:
    """Give everything that the booking holds back at once, and tell those it was for, except who cancels."""
    _visible(member, booking)

    def write(locked: list[Resource]) -> Booking:
        booking.refresh_from_db()
        rules.refuse_unless_cancellable(member, booking, at, locked)
        booking.status, booking.cancelled_at, booking.cancelled_by = Booking.Status.CANCELLED, at, member
        booking.save(update_fields=["status", "cancelled_at", "cancelled_by"])
        booking.allocations.update(active=False)
        _tell_collective(Notice.Kind.BOOKING_CANCELLED, booking, locked[0], member, at)
        return booking

    held = list(booking.allocations.values_list("resource", flat=True))
    claim = Claim(member=member, span=(booking.starts_at, booking.ends_at), moved=booking.pk)
    return serially(held, write, claim=claim, at=at)


def _allocation(booking: Booking, resource: Resource, quantity: int) -> Allocation:
    busy_from, busy_until = resource.busy(booking.starts_at, booking.ends_at)
    return Allocation(
        booking=booking,
        resource=resource,
        busy_from=busy_from,
        busy_until=busy_until,
        quantity=quantity,
        exclusive=resource.is_exclusive,
        is_long=busy_until - busy_from > SHORT,
    )


def _granted(member: Member, key: UUID | None) -> Booking | None:
    return Booking.objects.filter(member=member, idempotency_key=key).first() if key else None


def _visible(member: Member, booking: Booking) -> None:
    """What a member may not see does not exist for them; staff look after all bookings."""
    if not member.is_staff and not Booking.objects.visible_to(member).filter(pk=booking.pk).exists():
        raise NotFound()


def _tell_collective(kind: Notice.Kind, booking: Booking, resource: Resource, by: Member, at: dt.datetime) -> None:
    """Tell the members of the booking's collective, and who made it; never the one who acts."""
    concerned = {booking.member_id: booking.member} if kind == Notice.Kind.BOOKING_CANCELLED else {}
    collective: Collective | None = booking.collective
    if collective is not None:
        inside = collective.memberships.filter(state=CollectiveMembership.State.MEMBER).select_related("member")
        concerned |= {membership.member_id: membership.member for membership in inside}
    for number, person in sorted(concerned.items()):
        if number != by.pk:
            tell(member=person, kind=kind, data=_notice(booking, resource, by), at=at)


def _notice(booking: Booking, resource: Resource, by: Member) -> dict[str, Any]:
    collective = booking.collective
    return {
        "booking": booking.pk,
        "resource": {"id": resource.pk, "name": resource.name},
        "starts_at": iso(booking.starts_at),
        "ends_at": iso(booking.ends_at),
        "timezone": resource.place.timezone,
        "person": {"id": by.pk, "name": by.name, "photo": by.photo.url if by.photo else None},
        "collective": {"id": collective.pk, "name": collective.name} if collective else None,
    }
