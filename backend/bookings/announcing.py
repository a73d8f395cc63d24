"""Open lists of bookings hear of a change: those whom it concerns, and who looks after what is booked."""

from collections.abc import Iterable
from functools import partial

from django.db import transaction

from backend.bookings.models import Booking, Resource
from backend.bookings.telling import hosts_of
from backend.collectives.models import CollectiveMembership
from backend.events import announce


def announce_bookings(bookings: Iterable[int]) -> None:
    """Tell the windows of everybody whose lists show any of them, once each, after commit.

    Who they are is asked then, so that no lock waits for it. A booking of many times is one announcement.
    """
    if numbers := sorted(set(bookings)):
        transaction.on_commit(partial(_announce, numbers), robust=True)


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
