"""The room that is booked in one step with a talk or a meeting: how it is told, and giving it back."""

import datetime as dt

from backend.bookings import actions as bookings
from backend.bookings.free import Span
from backend.bookings.models import Booking, Resource
from backend.errors import Conflict
from backend.members.models import Member

STATES = {Booking.Status.CONFIRMED: "held", Booking.Status.REQUESTED: "asked"}
# What keeps a booking from being called off without anybody having done wrong.
STAYS = ("too_late_to_cancel", "checked_in")


def give_back(booking: Booking | None, at: dt.datetime) -> None:
    """The room is free again, unless its rules no longer let its booking go, or somebody is in it; then who booked it keeps it."""
    if booking is None or booking.status not in Booking.HOLDING or booking.ends_at <= at:
        return
    try:
        bookings.cancel(member=booking.member, booking=booking, at=at)
    except Conflict as refusal:
        if refusal.code not in STAYS:
            raise


def pass_on(booking: Booking | None, to: Member, at: dt.datetime) -> None:
    """Who leads from now on answers for the room, too."""
    if booking is not None and booking.status in Booking.HOLDING:
        bookings.pass_on(booking=booking, to=to, at=at)


def as_told(booking: Booking | None, span: Span) -> dict[str, str] | None:
    """What `BookedRoomSerializer` shows of it; prefetch `booking__items__resource__place` for many."""
    if booking is None:
        return None
    resource = _resource(booking)
    place = resource.place
    state = STATES.get(Booking.Status(booking.status), "gone")
    if state == "held" and not (booking.starts_at <= span[0] and span[1] <= booking.ends_at):
        state = "elsewhen"
    address = ", ".join(filter(None, [place.address, place.city]))
    return {"name": resource.name, "place": place.name, "address": address, "state": state}


def where(booking: Booking | None) -> str:
    """In one line, for a calendar; empty where nothing is held any more."""
    if booking is None or booking.status not in Booking.HOLDING:
        return ""
    resource = _resource(booking)
    return ", ".join(filter(None, [resource.name, resource.place.name, resource.place.address, resource.place.city]))


def _resource(booking: Booking) -> Resource:
    return booking.items.all()[0].resource
