"""The one way to change what is held: locked in order, counted, refused by the database too, tried again when it may help."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils.translation import gettext as _

from backend.bookings import availability, line
from backend.bookings.alternatives import alternatives
from backend.bookings.announcing import announce_bookings, stamp
from backend.bookings.free import Span, full
from backend.bookings.hours import with_hours
from backend.bookings.models import Component, Resource
from backend.bookings.times import iso
from backend.bookings.wishes import Claim, Demand, Parts, widest
from backend.collectives.models import Collective
from backend.errors import Busy, Conflict, is_passing
from backend.members.models import Member
from backend.patience import ATTEMPTS, in_turn, limit_waiting, pause

HELD_TWICE = ("a_resource_is_held_once", "a_resource_is_not_held_beyond_its_units")
Conflicts = list[tuple[int, dt.datetime, dt.datetime]]
T = TypeVar("T")


class Taken(Exception):
    """Somebody holds (parts of) the span: (resource id, from, until) of each part without room."""

    def __init__(self, conflicts: Conflicts) -> None:
        self.conflicts = conflicts
        super().__init__(f"taken: {conflicts}")


class Outgrown(Exception):
    """More has to be locked than was: what is booked or what a whole is made of has changed while the lock was waited for."""


@dataclass
class Locked:
    """What nobody else can change until the transaction ends: the resources that were named and the parts that they are made of.

    Whoever gives time back writes it down with `free`, so that who waits for it is offered it in the same transaction.
    """

    known: dict[int, Resource]
    parts: Parts
    freed: list[tuple[int, Span]] = field(default_factory=list)
    changed: set[int] = field(default_factory=set)
    """Bookings that open lists show differently from now on."""
    made: set[int] = field(default_factory=set)
    """Those of them that are new."""

    def free(self, resource: int, span: Span) -> None:
        self.freed.append((resource, span))


@dataclass(frozen=True)
class Holders:
    """Whose quotas are counted: also locked, before the resources."""

    members: tuple[int, ...] = ()
    collectives: tuple[int, ...] = ()


def serially(
    resources: Iterable[int] | Callable[[], Iterable[int]],
    write: Callable[[Locked], T],
    *,
    at: dt.datetime,
    holders: Holders | None = None,
    refusal: Callable[[Conflicts], Conflict] | None = None,
) -> T:
    """Run `write` while nobody else can change what is held of these resources, and tell open calendars after commit.

    All rows are locked in the order of their ids, so that two wishes for the same two things wait instead of blocking each
    other. `write` raises Taken for what has no room; what the database refuses in spite of that, because somebody wrote around us, is
    the same. `refusal` puts it into words, after the locks are given back. Where the resources themselves hang on what is booked they
    are given as a function, and `write` raises Outgrown when they have become more.
    """
    is_inside = connection.in_atomic_block
    for attempt in range(1, ATTEMPTS + 1):
        wanted = sorted(set(resources() if callable(resources) else resources))
        parts = Parts.read(wanted)
        ids = line.with_who_waits({*wanted, *parts.leaves(wanted)}) if parts.are_shared else wanted
        try:
            with in_turn(), transaction.atomic():
                locked = _locked(ids, holders or Holders())
                if any(resource.is_composed for resource in locked.known.values()):
                    locked.parts = Parts.read(ids)
                    if not locked.parts.leaves(ids) <= set(ids):
                        raise Outgrown
                result = write(locked)
                if locked.freed:
                    line.move_up(locked, at=at)
                stamp(locked.changed - locked.made, at=at)
                announce_bookings(locked.changed, resources=_showing(ids, are_shared=parts.are_shared))
                return result
        except Outgrown:
            continue
        except Taken as taken:
            conflicts = taken.conflicts
            if attempt < ATTEMPTS and _made_good(conflicts, at):
                continue
        except IntegrityError as error:
            if not any(name in str(error) for name in HELD_TWICE):
                raise
            conflicts = []
        except OperationalError as error:
            # Inside somebody's transaction nothing can be tried again: PostgreSQL has given it up as a whole.
            if is_inside or not is_passing(error):
                raise
            pause(error, attempt)
            continue
        raise refusal(conflicts) if refusal else Conflict("slot_taken", _("Someone has booked this already."))
    raise Busy()


def _made_good(conflicts: Conflicts, at: dt.datetime) -> bool:
    """Whether something in the way should have been given back: no task has come to do it, so it is done now."""
    from backend.bookings import no_shows
    from backend.bookings.offering import lapse

    taken = {resource for resource, _, _ in conflicts}
    late, unclaimed = line.overdue(at, of=taken), no_shows.unclaimed(at, of=taken)
    for booking in late:
        lapse(at=at, booking=booking)
    for booking in unclaimed:
        no_shows.release(booking=booking, at=at)
    return bool(late or unclaimed)


def refuse_taken(demands: Iterable[Demand], *, moved: Iterable[int] = ()) -> None:
    """Raises Taken unless everything has room; to be asked under the lock."""
    if found := conflicts_of(demands, moved=moved):
        raise Taken(found)


def conflicts_of(demands: Iterable[Demand], *, moved: Iterable[int] = ()) -> Conflicts:
    """The parts of each demand that have no room, what these bookings hold left aside."""
    asked = list(demands)
    held = availability.holds_of([demand.resource.pk for demand in asked], widest(asked), but=moved)
    return [
        (demand.resource.pk, start, end)
        for demand in asked
        for start, end in full(held[demand.resource.pk], demand.busy, room=demand.resource.capacity - demand.units)
    ]


def slot_taken(claim: Claim, at: dt.datetime) -> Callable[[Conflicts], Conflict]:
    """The refusal with what is in the way and what is free instead."""

    def said(conflicts: Conflicts) -> Conflict:
        ids = [resource for resource, _units in claim.items]
        parts = Parts.read(ids)
        everything = with_hours(Resource.objects.filter(pk__in={*ids, *parts.leaves(ids)}))
        known = {resource.pk: resource for resource in everything}
        found = conflicts or conflicts_of(parts.demands(claim.items, claim.span, known), moved=claim.moved)
        return Conflict(
            "slot_taken",
            _("Someone has booked this already."),
            conflicts=[{"resource": resource, "from": iso(start), "until": iso(end)} for resource, start, end in found],
            alternatives=alternatives(claim, known, parts, at),
            may_wait=len(claim.items) == 1 and not claim.moved,
        )

    return said


def _locked(ids: Iterable[int], holders: Holders) -> Locked:
    """These resources as they are now, locked until the transaction ends. SQLite locks the whole file when it begins."""
    limit_waiting((Member, holders.members), (Collective, holders.collectives))
    rows = Resource.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=list(ids)).order_by("pk")
    known = {resource.pk: resource for resource in with_hours(rows)}
    return Locked(known, Parts({}))


def _showing(ids: Iterable[int], *, are_shared: bool) -> set[int]:
    """What shows a change of these resources: also the wholes of which they are part."""
    numbers = set(ids)
    if are_shared:
        numbers |= set(Component.objects.filter(part__in=numbers).values_list("whole", flat=True))
    return numbers
