"""Nobody came: what was booked is given back some time after its start, where the rules say so."""

import datetime as dt
from collections.abc import Iterable, Sequence
from functools import partial

from django.db import transaction

from backend.bookings.models import Allocation, Booking, Resource
from backend.bookings.times import MINUTE
from backend.bookings.use_tasks import release_unclaimed
from backend.notices.models import Notice
from backend.patience import patiently


def deadline(booking: Booking, resources: Iterable[Resource]) -> dt.datetime | None:
    """Until when somebody must have checked in; None when all of it, or some of it, is kept for who booked it.

    Who had to wait for a host's yes has the same time from then on.
    """
    minutes = [resource.release_minutes for resource in resources]
    if not minutes or None in minutes:
        return None
    since = max(booking.starts_at, booking.approved_at or booking.starts_at)
    return since + max(grace for grace in minutes if grace is not None) * MINUTE


def watch(bookings: Iterable[Booking], resources: Sequence[Resource]) -> None:
    """See to it that somebody looks when the time has come; to be called when bookings of these are made, moved or approved."""
    if moments := [moment for booking in bookings if (moment := deadline(booking, resources)) is not None]:
        transaction.on_commit(partial(_look_at, moments))


@patiently
def _look_at(moments: Iterable[dt.datetime]) -> None:
    for moment in moments:
        release_unclaimed.using(run_after=moment).enqueue()


def unclaimed(at: dt.datetime, *, of: Iterable[int] | None = None) -> list[Booking]:
    """Bookings under way to which nobody came in time; those that hold some of these resources, or all."""
    halves = [Allocation.objects.in_window(at, at + MINUTE, is_long=it).exclude(booking=None) for it in (False, True)]
    if of is not None:
        halves = [half.filter(resource__in=list(of)) for half in halves]
    running = halves[0].values("booking").union(halves[1].values("booking"))
    quiet = Booking.objects.filter(
        pk__in=running, status=Booking.Status.CONFIRMED, checked_in_at__isnull=True, starts_at__lte=at
    ).prefetch_related("items__resource")
    return [booking for booking in quiet.order_by("pk") if _is_over(booking, at)]


def release(*, booking: Booking, at: dt.datetime) -> None:
    """Give back what nobody came for, and tell those concerned; nothing when somebody has come meanwhile."""
    from backend.bookings import actions
    from backend.bookings.serial import Locked, serially

    def write(locked: Locked) -> None:
        booking.refresh_from_db()
        came = booking.checked_in_at is not None or booking.status != Booking.Status.CONFIRMED
        if not came and _is_over(booking, at):
            ending, kind = Booking.Ending.NOBODY_CAME, Notice.Kind.BOOKING_RELEASED
            actions.end(booking, locked, ending=ending, by=None, at=at, kind=kind)

    serially(actions.held_of(booking), write, at=at)


def release_all(*, at: dt.datetime) -> int:
    """All that nobody came for, those too that were missed while nothing ran. Returns how many there were."""
    quiet = unclaimed(at)
    for booking in quiet:
        release(booking=booking, at=at)
    return len(quiet)


def _is_over(booking: Booking, at: dt.datetime) -> bool:
    limit = deadline(booking, [item.resource for item in booking.items.all()])
    return limit is not None and limit <= at < booking.ends_at
