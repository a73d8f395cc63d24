"""The waiting line: who waits for a resource, and what they are offered when it frees.

An offer is a booking that holds its time for a while, made in the transaction that frees it: nobody can step in between.
"""

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db.models import Q

from backend.bookings.models import Booking, Component, Wait

if TYPE_CHECKING:
    from backend.bookings.serial import Locked

LONGEST_OFFER = dt.timedelta(hours=24)
SHORTEST_OFFER = dt.timedelta(minutes=15)


def with_who_waits(resources: Iterable[int]) -> list[int]:
    """These resources, and all else that has to be locked to offer them to who waits for a whole that they are part of."""
    numbers = set(resources)
    wholes = Wait.objects.filter(status=Wait.Status.WAITING, resource__components__part__in=numbers)
    waited = set(wholes.values_list("resource", flat=True))
    if waited:
        numbers |= waited | set(Component.objects.filter(whole__in=waited).values_list("part", flat=True))
    return sorted(numbers)


def move_up(locked: "Locked", *, at: dt.datetime) -> None:
    """Offer what was freed to who waits for it, in the order in which they came; each whose whole window has room now.

    Who may not book it any more, or beyond a quota, is passed over and stays in line. Raises Outgrown when somebody has come to wait for
    a whole while the lock was waited for, of which not all is locked.
    """
    from backend.bookings.offering import offer
    from backend.bookings.serial import Outgrown

    freed = {resource for resource, _span in locked.freed}
    about = Q(resource__in=freed) | Q(resource__components__part__in=freed)
    waiting = Wait.objects.filter(about, status=Wait.Status.WAITING, starts_at__gt=at).distinct()
    for wait in waiting.select_related("member", "collective").order_by("created_at", "pk"):
        if not {wait.resource_id, *locked.parts.leaves([wait.resource_id])} <= set(locked.known):
            raise Outgrown
        offer(wait, locked, at=at)


def held_until(starts_at: dt.datetime, at: dt.datetime) -> dt.datetime:
    """How long an offer made at this moment holds: half the time until it starts, a day at most, a quarter of an hour at least."""
    return at + max(SHORTEST_OFFER, min(LONGEST_OFFER, (starts_at - at) / 2))


def overdue(at: dt.datetime, *, of: Iterable[int] | None = None) -> list[Booking]:
    """Offers that have not been taken up in time; of these resources, or all."""
    late = Booking.objects.filter(status=Booking.Status.OFFERED, held_until__lte=at)
    if of is not None:
        late = late.filter(allocations__resource__in=list(of)).distinct()
    return list(late.order_by("held_until", "pk"))
