"""Open lists of bookings hear of a change: those whom it concerns, and who looks after what is booked."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.db.models import F

from backend.bookings.models import Booking, Series
from backend.events import Fact, Topic, announce_all
from backend.plans import answers

# Who made them, who is invited, who is in their collective; the hosts of their places, and who owns something of them, as `telling.hosts_of`
# says. In one question, because it is asked after every change: one by one they took a fifth of what a booking takes.
CONCERNED = """
WITH about AS (SELECT id, member_id, collective_id FROM bookings_booking WHERE id IN ({numbers})),
booked AS (
    SELECT DISTINCT thing.place_id, thing.owner_member_id, thing.owner_collective_id FROM about
    JOIN bookings_bookingitem item ON item.booking_id = about.id JOIN bookings_resource thing ON thing.id = item.resource_id
)
SELECT member_id FROM about
UNION SELECT guest.member_id FROM about JOIN bookings_booking_people guest ON guest.booking_id = about.id
UNION SELECT inside.member_id FROM about
JOIN collectives_collectivemembership inside ON inside.collective_id = about.collective_id WHERE inside.state = 'member'
UNION SELECT host.member_id FROM booked JOIN bookings_place_hosts host ON host.place_id = booked.place_id
JOIN members_member person ON person.id = host.member_id WHERE person.is_active
UNION SELECT owner_member_id FROM booked WHERE owner_member_id IS NOT NULL
UNION SELECT steward.member_id FROM booked
JOIN collectives_collectivemembership steward ON steward.collective_id = booked.owner_collective_id
WHERE steward.state = 'member' AND steward.role = 'steward'
"""


def announce_bookings(bookings: Iterable[int], *, resources: Iterable[int] = ()) -> None:
    """Tell the windows of everybody whose lists show any of them, once each, after commit; and whoever watches these resources.

    Who they are is asked then, so that no lock waits for it. A booking of many times is one announcement.
    """
    shown = [_changed(resource) for resource in sorted(set(resources))]
    if numbers := sorted(set(bookings)):
        # Not a `partial`: Django asks what it is called when it fails.
        transaction.on_commit(lambda: _announce(numbers, shown), robust=True)
    elif shown:
        announce_all(shown)


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


def _announce(numbers: list[int], shown: list[tuple[Topic, Fact]]) -> None:
    facts = list(shown)
    try:
        people = answers(CONCERNED.format(numbers=", ".join(["%s"] * len(numbers))), numbers)
        facts += [(("member", person), {"type": "bookings.changed"}) for (person,) in sorted(people)]
    finally:  # Whoever is not found, calendars are told.
        announce_all(facts)


def _changed(resource: int) -> tuple[Topic, Fact]:
    return ("resource", resource), {"type": "calendar.changed", "resources": [resource]}
