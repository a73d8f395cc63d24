"""What ends in bookings when somebody leaves the cooperative: what only they would have used is there for others again."""

import datetime as dt

from django.db.models import Q

from backend.bookings import actions
from backend.bookings.models import Booking, Wait
from backend.bookings.serial import Locked, serially
from backend.members.models import Member


def end_bookings(*, member: Member, at: dt.datetime) -> None:
    """Their places in lines end, and what they booked for themselves and has not begun; whom they invited is told.

    What they booked for a collective stays the collective's. Done twice, it is the same.
    """
    Wait.objects.filter(member=member, status=Wait.Status.WAITING).update(status=Wait.Status.WITHDRAWN)
    theirs = Q(collective=None) | Q(status=Booking.Status.OFFERED)
    ahead = Booking.objects.filter(theirs, member=member, status__in=Booking.HOLDING, starts_at__gt=at)
    for booking in ahead.order_by("starts_at", "pk"):
        _end(booking, member, at)


def _end(booking: Booking, member: Member, at: dt.datetime) -> None:
    def write(locked: Locked) -> None:
        booking.refresh_from_db()
        if booking.status in Booking.HOLDING:
            actions.end(booking, locked, ending=Booking.Ending.BY_PERSON, by=member, at=at)

    serially(actions.held_of(booking), write, at=at)
