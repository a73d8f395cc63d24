"""Booking, moving, cancelling, approving: written by nobody else, and all through `serially`."""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from backend.bookings import granting, no_shows, policy, rules
from backend.bookings.free import Span
from backend.bookings.models import SHORT, Allocation, Blackout, Booking, BookingItem, Resource, Wait
from backend.bookings.policy import Asking
from backend.bookings.serial import Holders, Locked, refuse_taken, serially, slot_taken
from backend.bookings.telling import tell_concerned, tell_hosts, tell_invited, tell_moved
from backend.bookings.wishes import Claim, Demand, Wanted, items_of
from backend.errors import Conflict, NotAllowed, NotFound
from backend.events import announce
from backend.members.models import Member
from backend.notices.models import Notice


def book(
    *,
    member: Member,
    resources: Wanted,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    at: dt.datetime,
    quantity: int = 1,
    title: str = "",
    note: str = "",
    collective: int | None = None,
    people: Sequence[int] = (),
) -> Booking:
    """Hold all these resources for the member, or for a collective they are in; all of them or none.

    `resources` are ids, then of each `quantity`, or how many units of each by its id. Refuses with the codes of
    `rules.py` and `policy.py`, and `slot_taken` with what is in the way and what is free instead. A booking for which a risk rule wants a
    host's approval holds its time, with the status `requested`.
    """
    claim = Claim(member=member, items=items_of(resources, quantity), span=(starts_at, ends_at))
    fresh = Booking(member=member, starts_at=starts_at, ends_at=ends_at, title=title, note=note, created_at=at)

    def write(locked: Locked) -> Booking:
        fresh.pk = None  # It may be tried again.
        return grant(fresh, claim, locked, collective=collective, people=people, at=at)

    holders = Holders((member.pk,), (collective,) if collective is not None else ())
    return serially(
        [resource for resource, _units in claim.items], write, at=at, holders=holders, refusal=slot_taken(claim, at)
    )


def grant(
    fresh: Booking,
    claim: Claim,
    locked: Locked,
    *,
    collective: int | None,
    people: Sequence[int] = (),
    at: dt.datetime,
) -> Booking:
    """Store a booking that keeps every rule and has room; to be called under the lock. Raises what `book` refuses with."""
    fresh.collective = rules.collective_of(claim.member, collective) if collective is not None else None
    guests = rules.people_of(claim.member, people)
    asked = granting.asking(claim, locked, fresh.collective, at)
    granting.refuse_broken(asked, claim, locked)
    demands = locked.parts.demands(claim.items, claim.span, locked.known)
    refuse_taken(demands)
    for name, value in policy.contribution(asked, dict(claim.items)).items():
        setattr(fresh, name, value)
    if fresh.status == Booking.Status.CONFIRMED:
        fresh.approval_rule = policy.needs_approval(asked)
        fresh.status = Booking.Status.REQUESTED if fresh.approval_rule else Booking.Status.CONFIRMED
    fresh.save(force_insert=True)
    items = BookingItem.objects.bulk_create(
        BookingItem(booking=fresh, resource=locked.known[resource], quantity=units) for resource, units in claim.items
    )
    hold(demands, booking=fresh)
    no_shows.watch([fresh], asked.resources)
    if guests:
        fresh.people.set(guests)
    if fresh.status != Booking.Status.OFFERED and (guests or fresh.collective is not None):
        tell_concerned(Notice.Kind.BOOKING_MADE, fresh, by=claim.member, at=at)
    if fresh.status == Booking.Status.REQUESTED:
        tell_hosts(Notice.Kind.BOOKING_TO_APPROVE, fresh, by=claim.member, at=at)
    locked.changed.add(fresh.pk)
    locked.made.add(fresh.pk)
    fresh.is_told_with(items, guests)
    return fresh


def move(
    *,
    member: Member,
    booking: Booking,
    at: dt.datetime,
    starts_at: dt.datetime | None = None,
    ends_at: dt.datetime | None = None,
    title: str | None = None,
    note: str | None = None,
    people: Sequence[int] | None = None,
) -> Booking:
    """Give a booking another time, or other words, and tell those concerned of another time, and whoever is invited now.

    Giving time back needs the notice that cancelling needs; extending does not. A risk that the new time brings asks a host again.
    """
    visible(member, booking)
    items = tuple(booking.items.order_by("resource").values_list("resource", "quantity"))
    span = (starts_at or booking.starts_at, ends_at or booking.ends_at)
    claim = Claim(member=booking.member, items=items, span=span, moved=(booking.pk,))

    def write(locked: Locked) -> Booking:
        booking.refresh_from_db()
        rules.refuse_unless_movable(member, booking, span, at, locked.known.values())
        has_moved = span != (booking.starts_at, booking.ends_at)
        if has_moved:
            shift(booking, claim, locked, at=at)
        booking.title = booking.title if title is None else title
        booking.note = booking.note if note is None else note
        booking.save(update_fields=["title", "note"])
        guests = None if people is None else rules.people_of(booking.member, people)
        new = set() if guests is None else invite([booking], guests, by=member, at=at)
        if has_moved:
            tell_moved([booking], by=member, at=at, but=new)
        locked.changed.add(booking.pk)
        return booking

    collectives = (booking.collective_id,) if booking.collective_id else ()
    holders = Holders((booking.member_id,), collectives)
    return serially(_numbers(items), write, at=at, holders=holders, refusal=slot_taken(claim, at))


def shift(booking: Booking, claim: Claim, locked: Locked, *, at: dt.datetime) -> None:
    """Hold the claimed time instead of that of the booking, if it keeps the rules and has room; to be called under the lock."""
    was = (booking.starts_at, booking.ends_at)
    asked = granting.asking(claim, locked, booking.collective, at)
    granting.refuse_broken(asked, claim, locked, was=was)
    demands = locked.parts.demands(claim.items, claim.span, locked.known)
    refuse_taken(demands, moved=claim.moved)
    put_at(booking, asked, demands, locked)
    no_shows.watch([booking], asked.resources)


def put_at(booking: Booking, asked: Asking, demands: Sequence[Demand], locked: Locked) -> None:
    """Hold these instead, with what that time costs, and with a host's approval where it brings a new risk; judged before."""
    risk = granting.risk_at(asked, booking)
    if booking.status == Booking.Status.REQUESTED or risk is not None:
        booking.status = Booking.Status.CONFIRMED if risk is None else Booking.Status.REQUESTED
        booking.approval_rule, booking.approved_by, booking.approved_at = risk, None, None
    booking.starts_at, booking.ends_at = asked.span
    items = dict(booking.items.values_list("resource", "quantity"))
    recorded = policy.contribution(asked, items)
    for name, value in recorded.items():
        setattr(booking, name, value)
    booking.save(
        update_fields=["starts_at", "ends_at", "status", "approval_rule", "approved_by", "approved_at", *recorded]
    )
    rehold(booking, demands, locked)


def invite(bookings: Sequence[Booking], guests: Sequence[Member], *, by: Member, at: dt.datetime) -> set[int]:
    """These people and no others are invited to all of the bookings; gives those who were to none before. They are told, once."""
    known = set(Booking.people.through.objects.filter(booking__in=bookings).values_list("member", flat=True))
    for booking in bookings:
        booking.people.set(guests)
    new = [guest for guest in guests if guest.pk not in known]
    tell_invited(new, bookings, by=by, at=at)
    return {guest.pk for guest in new}


def rehold(booking: Booking, demands: Sequence[Demand], locked: Locked) -> None:
    """Hold these instead of what the booking holds; to be called under the lock, after asking for room."""
    locked.changed.add(booking.pk)
    held = {allocation.resource_id: allocation for allocation in booking.allocations.filter(active=True)}
    if set(held) == {demand.resource.pk for demand in demands}:
        for demand in demands:
            before, anew = held[demand.resource.pk], allocated(demand, booking=booking)
            locked.free(demand.resource.pk, (before.busy_from, before.busy_until))
            anew.pk = before.pk
            anew.save(force_update=True)
    else:  # The whole is made of other parts than when it was booked.
        release(booking, locked)
        hold(demands, booking=booking)


def cancel(*, member: Member, booking: Booking, at: dt.datetime) -> Booking:
    """Give everything that the booking holds back at once, and tell those it was for, except who cancels."""
    visible(member, booking)

    def write(locked: Locked) -> Booking:
        booking.refresh_from_db()
        rules.refuse_unless_cancellable(member, booking, at, locked.known.values())
        end(booking, locked, ending=Booking.Ending.BY_PERSON, by=member, at=at)
        return booking

    return serially(held_of(booking), write, at=at)


def pass_on(*, booking: Booking, to: Member, at: dt.datetime) -> Booking:
    """Somebody else answers for it from now on. It was granted; no rule is asked again, and nobody is told: who calls this tells why."""

    def write(locked: Locked) -> Booking:
        booking.refresh_from_db()
        announce(("member", booking.member_id), {"type": "bookings.changed"})
        booking.member = to
        booking.save(update_fields=["member"])
        booking.people.remove(to)
        locked.changed.add(booking.pk)
        return booking

    return serially(held_of(booking), write, at=at)


def approve(*, member: Member, booking: Booking, at: dt.datetime) -> Booking:
    """A host grants what a risk rule left open; it has held its time all along."""
    visible(member, booking)

    def write(locked: Locked) -> Booking:
        _refuse_unless_open(member, booking, at)
        booking.status, booking.approved_by, booking.approved_at = Booking.Status.CONFIRMED, member, at
        booking.save(update_fields=["status", "approved_by", "approved_at"])
        no_shows.watch([booking], [item.resource for item in booking.items.select_related("resource")])
        tell_concerned(Notice.Kind.BOOKING_APPROVED, booking, by=member, at=at)
        locked.changed.add(booking.pk)
        return booking

    return serially(held_of(booking), write, at=at)


def decline(*, member: Member, booking: Booking, at: dt.datetime) -> Booking:
    """A host does not grant it; its time is free at once."""
    visible(member, booking)

    def write(locked: Locked) -> Booking:
        _refuse_unless_open(member, booking, at)
        end(booking, locked, ending=Booking.Ending.NOT_APPROVED, by=member, at=at)
        return booking

    return serially(held_of(booking), write, at=at)


def end(
    booking: Booking,
    locked: Locked,
    *,
    ending: Booking.Ending,
    by: Member | None,
    at: dt.datetime,
    kind: Notice.Kind | None = Notice.Kind.BOOKING_CANCELLED,
) -> None:
    """Cancel under the lock: give the time back, and tell those concerned except who does it (nobody without a `kind`)."""
    if booking.status == Booking.Status.OFFERED:
        wait = Wait.objects.filter(offer=booking, status=Wait.Status.OFFERED)
        if ending in (Booking.Ending.OUT_OF_USE, Booking.Ending.FEWER_UNITS):
            wait.update(status=Wait.Status.WAITING, offer=None)  # Where they stood before: it is none of their doing.
        else:
            wait.update(status=Wait.Status.EXPIRED if by is None else Wait.Status.WITHDRAWN)
    booking.status, booking.cancelled_at, booking.cancelled_by = Booking.Status.CANCELLED, at, by
    booking.ending = ending
    booking.save(update_fields=["status", "cancelled_at", "cancelled_by", "ending"])
    release(booking, locked)
    locked.changed.add(booking.pk)
    if kind is not None:
        tell_concerned(kind, booking, by=by, at=at)


def cut_short(booking: Booking, locked: Locked, *, until: dt.datetime, keep_buffer: bool = True) -> None:
    """End a booking under way earlier; the time after is given back, except the buffer that follows every booking.

    What has ended by then keeps its end: only its buffer is cut.
    """
    spare = booking.ends_at - until
    for allocation in booking.allocations.filter(active=True, busy_until__gt=until):
        ends = max(until, allocation.busy_until - spare) if keep_buffer else until
        locked.free(allocation.resource_id, (ends, allocation.busy_until))
        allocation.busy_until = ends
        allocation.save(update_fields=["busy_until"])
    if until < booking.ends_at:
        booking.ends_at = until
        booking.save(update_fields=["ends_at"])
    locked.changed.add(booking.pk)


def give_buffer(booking: Booking, locked: Locked, *, span: Span) -> None:
    """Hold nothing of this span, beside which the booking takes place: the buffer before or after it is cut, its time stays."""
    for allocation in booking.allocations.meeting(*span):
        if booking.ends_at <= span[0]:
            gone, allocation.busy_until = (span[0], allocation.busy_until), span[0]
        else:
            gone, allocation.busy_from = (allocation.busy_from, span[1]), span[1]
        locked.free(allocation.resource_id, gone)
        allocation.save(update_fields=["busy_from", "busy_until"])
    locked.changed.add(booking.pk)


def hold(demands: Iterable[Demand], *, booking: Booking | None = None, blackout: Blackout | None = None) -> None:
    """Write what is held; one row for each thing. To be called under the lock, after asking for room."""
    Allocation.objects.bulk_create(allocated(demand, booking=booking, blackout=blackout) for demand in demands)


def release(held_by: Booking | Blackout, locked: Locked) -> None:
    """Give back all that a booking or a blackout holds."""
    rows = held_by.allocations.filter(active=True)
    for resource, start, until in rows.values_list("resource", "busy_from", "busy_until"):
        locked.free(resource, (start, until))
    rows.update(active=False)


def visible(member: Member, booking: Booking) -> None:
    """What a member may not see does not exist for them; staff look after all bookings."""
    if not member.is_staff and not Booking.objects.visible_to(member).filter(pk=booking.pk).exists():
        raise NotFound()


def allocated(demand: Demand, *, booking: Booking | None = None, blackout: Blackout | None = None) -> Allocation:
    """The row that holds it, not yet stored."""
    busy_from, busy_until = demand.busy
    return Allocation(
        booking=booking,
        blackout=blackout,
        resource=demand.resource,
        busy_from=busy_from,
        busy_until=busy_until,
        quantity=demand.units,
        exclusive=demand.resource.is_exclusive,
        is_long=busy_until - busy_from > SHORT,
    )


def _refuse_unless_open(member: Member, booking: Booking, at: dt.datetime) -> None:
    booking.refresh_from_db()
    if not Resource.objects.hosted_by(member).filter(booking_items__booking=booking).exists():
        raise NotAllowed()
    if booking.status != Booking.Status.REQUESTED:
        raise Conflict("already_decided", _("Somebody has decided this already."))
    if booking.ends_at <= at:
        raise Conflict("already_over", _("This booking is already over."))


def held_of(booking: Booking) -> set[int]:
    """What a booking is of, and what it holds: the parts may have changed since."""
    asked = booking.items.values_list("resource", flat=True)
    return {*asked, *booking.allocations.values_list("resource", flat=True)}


def _numbers(items: Iterable[tuple[int, int]]) -> list[int]:
    return [resource for resource, _units in items]
