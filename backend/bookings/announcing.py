"""Open lists of bookings hear of a change: those whom it concerns, and who looks after what is booked."""

import datetime as dt
from collections.abc import Iterable
from functools import partial

from django.db import transaction
from django.db.models import F

from backend.bookings.models import Booking, Resource, Series
from backend.bookings.telling import hosts_of
from backend.collectives.models import CollectiveMembership
from backend.events import announce


def announce_bookings(bookings: Iterable[int]) -> None:
    """Tell the windows of everybody whose lists show any of them, once each, after commit.

    Who they are is asked then, so that no lock waits for it. A booking of many times is one announcement.
    """
    if numbers := sorted(set(bookings)):
        transaction.on_commit(partial(_announce, numbers), robust=True)


def stamp(bookings: Iterable[int], *, at: dt.datetime) -> None:
    """These have changed: calendars of other programs take them, and what they repeat in, for newer than before (RFC 5545, SEQUENCE).

    A series that others were split off from ends earlier, so it has changed with them.
    """
    if not (numbers := sorted(set(bookings))):
        return
    newer = {"sequence": F("sequence") + 1, "updated_at": at}
    Booking.objects.filter(pk__in=numbers).update(**newer)
    theirs = Booking.objects.filter(pk__in=numbers, series__isnull=False).values_list("series", "series__continues")
    if repeating := {number for pair in theirs for number in pair if number is not None}:
        Series.objects.filter(pk__in=repeating).update(**newer)


def _announce(numbers: list[int]) -> None:
    about = Booking.objects.filter(pk__in=numbers)
    inside = CollectiveMembership.objects.filter(
        collective__bookings__in=about, state=CollectiveMembership.State.MEMBER
    )
    guests = Booking.people.through.objects.filter(booking__in=about)
    people = set(about.values_list("member", flat=True)) | set(guests.values_list("member", flat=True))
    people |= set(inside.values_list("member", flat=True))
    booked = Resource.objects.filter(booking_items__booking__in=about).distinct()
    for thing in booked.select_related("place", "owner_member", "owner_collective"):
        people |= {host.pk for host in hosts_of(thing)}
    for person in sorted(people):
        announce(("member", person), {"type": "bookings.changed"})
