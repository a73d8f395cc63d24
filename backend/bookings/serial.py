"""The one way to change what is held: locked in order, counted, refused by the database too, tried again when it may help."""

import datetime as dt
import random
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils.translation import gettext as _

from backend.bookings import availability
from backend.bookings.alternatives import alternatives
from backend.bookings.free import Span, full
from backend.bookings.models import Booking, Resource
from backend.bookings.times import iso
from backend.errors import Conflict
from backend.events import announce
from backend.members.models import Member

ATTEMPTS = 4
LOCK_TIMEOUT = "3s"
# Serialization failure, deadlock, lock not available: gone when tried again.
PASSING = {"40001", "40P01", "55P03"}
HELD_TWICE = ("a_resource_is_held_once", "a_resource_is_not_held_beyond_its_units")
Conflicts = list[tuple[int, dt.datetime, dt.datetime]]


@dataclass(frozen=True, kw_only=True)
class Claim:
    """Who wants how many units when; `moved` is the booking that already holds some of it."""

    member: Member
    span: Span
    quantity: int = 1
    moved: int | None = None


class Taken(Exception):
    """Somebody holds (parts of) the span: (resource id, from, until) of each part without room."""

    def __init__(self, conflicts: Conflicts) -> None:
        self.conflicts = conflicts
        super().__init__(f"taken: {conflicts}")


def serially(
    resources: Iterable[int], write: Callable[[list[Resource]], Booking], *, claim: Claim, at: dt.datetime
) -> Booking:
    """Run `write` while nobody else can change what is held of these resources, and tell open calendars after commit.

    The resources are locked in the order of their ids, so that two wishes for the same two things wait instead of blocking
    each other. What the database refuses in spite of that, because somebody wrote around us, is the same refusal: `slot_taken`.
    """
    ids = sorted(set(resources))
    # Inside somebody's transaction nothing can be tried again: PostgreSQL has given it up as a whole.
    attempts = 1 if connection.in_atomic_block else ATTEMPTS
    for attempt in range(1, attempts + 1):
        try:
            with transaction.atomic():
                booking = write(_locked(ids))
                for resource in ids:
                    announce(("resource", resource), {"type": "calendar.changed", "resources": [resource]})
                return booking
        except Taken as taken:
            conflicts = taken.conflicts
        except IntegrityError as error:
            if not any(name in str(error) for name in HELD_TWICE):
                raise
            conflicts = []
        except OperationalError as error:
            if "database is locked" in str(error):
                break  # SQLite has waited long already.
            if getattr(error.__cause__, "sqlstate", None) not in PASSING or attempts == 1:
                raise
            time.sleep(random.uniform(0, 0.02 * 2**attempt))
            continue
        raise _slot_taken(ids, conflicts, claim, at)
    raise Conflict("try_again", _("Many people are booking right now. Please try again."))


def refuse_taken(resources: list[Resource], claim: Claim) -> None:
    """Raises Taken unless every resource has room; to be asked under the lock."""
    if conflicts := _conflicts(resources, claim):
        raise Taken(conflicts)


def _locked(ids: list[int]) -> list[Resource]:
    """These resources as they are now, locked until the transaction ends. SQLite locks the whole file when it begins."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
    locked = Resource.objects.select_for_update(no_key=True, of=("self",)).select_related("place")
    return list(locked.filter(pk__in=ids).order_by("pk"))


def _conflicts(resources: list[Resource], claim: Claim) -> Conflicts:
    busy = {resource.pk: resource.busy(*claim.span) for resource in resources}
    widest = (min(start for start, _ in busy.values()), max(end for _, end in busy.values()))
    held = availability.holds_of(busy, widest, but=claim.moved)
    return [
        (resource.pk, start, end)
        for resource in resources
        for start, end in full(held[resource.pk], busy[resource.pk], room=resource.capacity - claim.quantity)
    ]


def _slot_taken(ids: list[int], conflicts: Conflicts, claim: Claim, at: dt.datetime) -> Conflict:
    """The refusal with what is in the way and what is free instead, worked out after the locks are given back."""
    resources = list(Resource.objects.select_related("place").filter(pk__in=ids).order_by("pk"))
    return Conflict(
        "slot_taken",
        _("Someone has booked this already."),
        conflicts=[
            {"resource": resource, "from": iso(start), "until": iso(end)}
            for resource, start, end in conflicts or _conflicts(resources, claim)
        ],
        alternatives=alternatives(
            claim.member, resources, claim.span, at, quantity=claim.quantity, booking=claim.moved
        ),
    )
