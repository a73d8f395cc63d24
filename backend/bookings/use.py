"""Being there, taking things along, bringing them back. Who booked it may, who is invited, their collective, and its hosts."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from django.db import transaction
from django.db.models import F, Sum
from django.utils.translation import gettext as _

from backend.bookings import actions
from backend.bookings.models import Booking, Damage, Handover, Resource, Unit
from backend.bookings.serial import Locked, serially
from backend.bookings.times import MINUTE, iso
from backend.bookings.use_tasks import look_after_return
from backend.errors import Conflict, field_error
from backend.members.models import Member

EARLY = 15 * MINUTE


@dataclass(frozen=True)
class Take:
    """So many units of one thing to take along; a host may say which unit of a pool."""

    resource: int
    quantity: int = 1
    unit: int | None = None


def check_in(*, member: Member, booking: Booking, at: dt.datetime) -> Booking:
    """Somebody is there; a second time nothing changes. From EARLY before the start until the end.

    Refuses with `too_early` (and `opens_at`), `already_over`, `already_cancelled`, `awaits_approval`, `not_taken_up`.
    """
    actions.visible(member, booking)

    def write(locked: Locked) -> Booking:
        booking.refresh_from_db()
        _refuse_unless_usable(booking, at)
        _arrive(booking, locked, at)
        return booking

    return serially(actions.held_of(booking), write, at=at)


def hand_over(*, member: Member, booking: Booking, at: dt.datetime, things: Sequence[Take] = ()) -> Booking:
    """Things of the booking are with who booked them from now on: these, or all that have not been taken yet.

    Of a pool whose units have labels the system says which: the least used that is here and not broken. Taking is checking in too.
    Refuses as `check_in` does, and with `still_out` when somebody has not brought it back.
    """
    actions.visible(member, booking)

    def write(locked: Locked) -> Booking:
        booking.refresh_from_db()
        _refuse_unless_usable(booking, at)
        is_first = not booking.handovers.exists()
        taken = [row for take in _wanted(booking, things, locked) for row in _handed(booking, take, locked)]
        for row in taken:
            row.taken_at, row.taken_by = at, member
        Handover.objects.bulk_create(taken)
        _arrive(booking, locked, at)
        locked.changed.add(booking.pk)
        if is_first and taken:
            look = look_after_return.using(run_after=booking.ends_at)
            transaction.on_commit(partial(look.enqueue, booking.pk))
        return booking

    return serially(actions.held_of(booking), write, at=at)


def take_back(*, member: Member, handover: Handover, at: dt.datetime, quantity: int | None = None) -> Handover:
    """So many of it are back, or all; twice changes nothing. Returns the row of what came back."""
    booking = handover.booking
    actions.visible(member, booking)

    def write(locked: Locked) -> Handover:
        handover.refresh_from_db()
        if handover.returned_at is not None:
            return handover
        units = handover.quantity if quantity is None else quantity
        if not 1 <= units <= handover.quantity:
            raise _too_many("quantity", handover.quantity)
        back = handover
        if units < handover.quantity:
            handover.quantity -= units
            handover.save(update_fields=["quantity"])
            back = Handover(
                booking=booking, resource=handover.resource, quantity=units, taken_at=handover.taken_at,
                taken_by=handover.taken_by,
            )  # fmt: skip
        _return(back, by=member, at=at)
        return back

    return serially(actions.held_of(booking), write, at=at)


def check_out(*, member: Member, booking: Booking, at: dt.datetime) -> Booking:
    """Done: all that is still out is back, and the time that is left can be booked by others. Twice changes nothing.

    Refuses with `not_checked_in` who has never been there.
    """
    actions.visible(member, booking)

    def write(locked: Locked) -> Booking:
        booking.refresh_from_db()
        if booking.checked_out_at is not None:
            return booking
        if booking.checked_in_at is None:
            raise Conflict("not_checked_in", _("Nobody has checked in yet."))
        for handover in booking.handovers.filter(returned_at__isnull=True).order_by("pk"):
            _return(handover, by=member, at=at)
        booking.checked_out_at = at
        booking.save(update_fields=["checked_out_at"])
        locked.changed.add(booking.pk)
        until = max(_whole_minute(at), booking.starts_at + MINUTE)
        if booking.status != Booking.Status.CANCELLED and until < booking.ends_at:
            actions.cut_short(booking, locked, until=until)
        return booking

    return serially(actions.held_of(booking), write, at=at)


def still_out(booking: Booking) -> Counter[int]:
    """Units that somebody has now, by resource."""
    out = Counter[int]()
    for row in booking.handovers.all():
        if row.returned_at is None:
            out[row.resource_id] += row.quantity
    return out


def is_usable(booking: Booking, at: dt.datetime) -> bool:
    """Whether one can check in and take things now."""
    try:
        _refuse_unless_usable(booking, at)
    except Conflict:
        return False
    return True


def _refuse_unless_usable(booking: Booking, at: dt.datetime) -> None:
    if booking.status == Booking.Status.CANCELLED:
        raise Conflict("already_cancelled", _("This booking is already cancelled."))
    if booking.status == Booking.Status.REQUESTED:
        raise Conflict("awaits_approval", _("A host has to approve this booking first."))
    if booking.status == Booking.Status.OFFERED:
        raise Conflict("not_taken_up", _("Take this offer up first."))
    if booking.ends_at <= at or booking.checked_out_at is not None:
        raise Conflict("already_over", _("This booking is already over."))
    if at < booking.starts_at - EARLY:
        raise Conflict("too_early", _("It is too early for this."), opens_at=iso(booking.starts_at - EARLY))


def _arrive(booking: Booking, locked: Locked, at: dt.datetime) -> None:
    if booking.checked_in_at is None:
        booking.checked_in_at = at
        booking.save(update_fields=["checked_in_at"])
        locked.changed.add(booking.pk)


def _wanted(booking: Booking, things: Sequence[Take], locked: Locked) -> list[Take]:
    """What is asked for, or all that is left; refused when it is more than the booking holds."""
    held = dict(booking.allocations.filter(active=True).values_list("resource", "quantity"))
    out = still_out(booking)
    left = {
        resource: units - out[resource]
        for resource, units in sorted(held.items())
        if locked.known[resource].kind != Resource.Kind.WORKSPACE
    }
    asked = Counter[int]()
    for take in things:
        asked[take.resource] += take.quantity
        if take.resource not in left:
            raise field_error("things", "not_found", _("This is not part of the booking."))
        if take.quantity < 1 or asked[take.resource] > left[take.resource]:
            raise _too_many("things", left[take.resource])
    return list(things) or [Take(resource, units) for resource, units in left.items() if units > 0]


def _handed(booking: Booking, take: Take, locked: Locked) -> list[Handover]:
    """The rows for one thing, not yet stored."""
    resource = locked.known[take.resource]
    gone = Handover.objects.filter(resource=resource, returned_at__isnull=True)
    if take.quantity + (gone.aggregate(units=Sum("quantity"))["units"] or 0) > resource.capacity:
        raise _missing(resource)
    if not resource.units.filter(is_active=True).exists():
        return [Handover(booking=booking, resource=resource, quantity=take.quantity)]
    broken = Damage.objects.filter(resource=resource, unit__isnull=False, closed_at__isnull=True)
    here = resource.units.filter(is_active=True).exclude(pk__in=gone.exclude(unit=None).values("unit"))
    here = here.exclude(pk__in=broken.values("unit"))
    if take.unit is not None:
        here = here.filter(pk=take.unit)
    units = list(here.order_by("minutes_used", "pk")[: take.quantity])
    if len(units) < take.quantity:
        raise _missing(resource)
    return [Handover(booking=booking, resource=resource, unit=unit) for unit in units]


def _return(handover: Handover, *, by: Member, at: dt.datetime) -> None:
    handover.returned_at, handover.returned_by = max(at, handover.taken_at), by
    handover.save()
    if handover.unit_id is not None:
        minutes = (handover.returned_at - handover.taken_at) // MINUTE
        Unit.objects.filter(pk=handover.unit_id).update(minutes_used=F("minutes_used") + minutes)


def _missing(resource: Resource) -> Conflict:
    detail = _("%(name)s is not here: it has not come back yet, or it is broken.") % {"name": resource.name}
    return Conflict("still_out", detail, resource=resource.pk)


def _too_many(field: str, units: int) -> Exception:
    return field_error(field, "quantity_too_large", _("There are only %(units)d.") % {"units": units})


def _whole_minute(at: dt.datetime) -> dt.datetime:
    """The first minute that is not before."""
    return at if not (at.second or at.microsecond) else at.replace(second=0, microsecond=0) + MINUTE
