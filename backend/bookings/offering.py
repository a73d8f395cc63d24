"""Waiting for something that is taken, and what comes of it: an offer, taken up, let go, or over."""

import datetime as dt
from functools import partial

from django.db import transaction
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from backend.bookings import actions, granting, line, policy, rules
from backend.bookings.models import Booking, Wait
from backend.bookings.serial import Holders, Locked, conflicts_of, serially
from backend.bookings.telling import particulars, tell_concerned, tell_hosts
from backend.bookings.times import iso
from backend.bookings.waiting_tasks import let_offers_lapse
from backend.bookings.wishes import Claim
from backend.collectives.models import Collective
from backend.errors import Conflict, Invalid, NotFound
from backend.events import announce
from backend.members.models import Member
from backend.notices.actions import tell
from backend.notices.models import Notice

MOST_OPEN = 20


def wait_for(
    *,
    member: Member,
    resource: int,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    at: dt.datetime,
    quantity: int = 1,
    collective: int | None = None,
    title: str = "",
) -> tuple[Wait, bool]:
    """Stand in line for a resource in a window. Returns the wait and whether it is new: nobody stands there twice.

    Refused like a booking when it breaks a rule; `free_now` when there is nothing to wait for; `too_many_waits` beyond MOST_OPEN.
    """
    claim = Claim(member=member, items=((resource, quantity),), span=(starts_at, ends_at))

    def write(locked: Locked) -> tuple[Wait, bool]:
        found = rules.collective_of(member, collective) if collective is not None else None
        asked = granting.asking(claim, locked, found, at)
        granting.refuse_broken(asked, claim, locked)
        mine = Wait.objects.filter(member=member, status__in=[Wait.Status.WAITING, Wait.Status.OFFERED])
        same = mine.filter(resource=resource, starts_at=starts_at, ends_at=ends_at).first()
        if same is not None:
            return same, False
        if not conflicts_of(locked.parts.demands(claim.items, claim.span, locked.known)):
            raise Conflict("free_now", _("This is free now. Book it."))
        if mine.filter(starts_at__gt=at).count() >= MOST_OPEN:
            raise Invalid("too_many_waits", _("You wait for many things already. Leave one of the lines first."))
        return (
            Wait.objects.create(
                member=member, collective=found, resource=locked.known[resource], quantity=quantity,
                starts_at=starts_at, ends_at=ends_at, title=title, created_at=at,
            ),
            True,
        )  # fmt: skip

    return serially([resource], write, at=at, holders=Holders((member.pk,)))


def offer(wait: Wait, locked: Locked, *, at: dt.datetime) -> Booking | None:
    """Hold the window for who waits, if it has room and they may; to be called under the lock. None when it cannot be."""
    if not wait.member.is_active or not _is_still_inside(wait):
        return None
    claim = Claim(member=wait.member, items=((wait.resource_id, wait.quantity),), span=(wait.starts_at, wait.ends_at))
    asked = granting.asking(claim, locked, wait.collective, at)
    if not granting.is_bookable(asked, claim) or list(granting.problems(asked, claim, locked)):
        return None
    if conflicts_of(locked.parts.demands(claim.items, claim.span, locked.known)):
        return None
    until = line.held_until(wait.starts_at, at)
    fresh = Booking(
        member=wait.member, starts_at=wait.starts_at, ends_at=wait.ends_at, title=wait.title, created_at=at,
        status=Booking.Status.OFFERED, held_until=until,
    )  # fmt: skip
    actions.grant(fresh, claim, locked, collective=wait.collective_id, at=at)
    wait.status, wait.offer = Wait.Status.OFFERED, fresh
    wait.save(update_fields=["status", "offer"])
    data = particulars(fresh, None) | {"wait": wait.pk, "held_until": iso(until)}
    tell(member=wait.member, kind=Notice.Kind.BOOKING_OFFERED, data=data, at=at)
    transaction.on_commit(partial(let_offers_lapse.using(run_after=until).enqueue))
    return fresh


def take_up(*, member: Member, wait: Wait, at: dt.datetime) -> Booking:
    """What was offered becomes a booking; the rules are asked again, and a host where a risk rule wants one."""
    booking = _offer_of(member, wait)

    def write(locked: Locked) -> Booking:
        _refuse_unless_open(wait, booking, at)
        items = tuple(booking.items.order_by("resource").values_list("resource", "quantity"))
        claim = Claim(member=member, items=items, span=(booking.starts_at, booking.ends_at), moved=(booking.pk,))
        asked = granting.asking(claim, locked, booking.collective, at)
        granting.refuse_broken(asked, claim, locked, was=claim.span)
        booking.approval_rule = policy.needs_approval(asked)
        booking.status = Booking.Status.REQUESTED if booking.approval_rule else Booking.Status.CONFIRMED
        booking.held_until = None
        booking.save(update_fields=["approval_rule", "status", "held_until"])
        wait.status = Wait.Status.BOOKED
        wait.save(update_fields=["status"])
        tell_concerned(Notice.Kind.BOOKING_MADE, booking, by=member, at=at)
        if booking.status == Booking.Status.REQUESTED:
            tell_hosts(Notice.Kind.BOOKING_TO_APPROVE, booking, by=member, at=at)
        locked.changed.add(booking.pk)
        return booking

    collectives = (booking.collective_id,) if booking.collective_id else ()
    return serially(actions.held_of(booking), write, at=at, holders=Holders((member.pk,), collectives))


def let_go(*, member: Member, wait: Wait, at: dt.datetime) -> Wait:
    """Leave the line; what was offered goes to the next."""
    if wait.member_id != member.pk:
        raise NotFound()
    if wait.offer is None:
        changed = Wait.objects.filter(pk=wait.pk, status=Wait.Status.WAITING).update(status=Wait.Status.WITHDRAWN)
        wait.refresh_from_db()
        if changed:  # Who stands behind moves up.
            announce(("resource", wait.resource_id), {"type": "calendar.changed", "resources": [wait.resource_id]})
        if changed or wait.offer is None:
            return wait
    booking = _offer_of(member, wait)

    def write(locked: Locked) -> Wait:
        _refuse_unless_open(wait, booking, at)
        actions.end(booking, locked, ending=Booking.Ending.NOT_TAKEN_UP, by=member, at=at, kind=None)
        wait.refresh_from_db()
        return wait

    return serially(actions.held_of(booking), write, at=at)


def lapse(*, at: dt.datetime, booking: Booking) -> None:
    """An offer that was not taken up in time goes to the next in line, and who had it is told."""

    def write(locked: Locked) -> None:
        booking.refresh_from_db()
        if booking.status != Booking.Status.OFFERED or booking.held_until is None or booking.held_until > at:
            return
        actions.end(booking, locked, ending=Booking.Ending.NOT_TAKEN_UP, by=None, at=at, kind=None)
        tell(member=booking.member, kind=Notice.Kind.BOOKING_OFFER_OVER, data=particulars(booking, None), at=at)

    serially(actions.held_of(booking), write, at=at)


def lapse_all(*, at: dt.datetime) -> int:
    """All offers whose time is over, those too that were missed while nothing ran. Returns how many there were."""
    late = line.overdue(at)
    for booking in late:
        lapse(at=at, booking=booking)
    return len(late)


def in_line(waits: QuerySet[Wait]) -> QuerySet[Wait]:
    """Each with its `place`: 1 for who is asked first, among those who wait for some of the same window of the same thing."""
    same = Wait.objects.filter(
        status=Wait.Status.WAITING, resource=OuterRef("resource"), starts_at__lt=OuterRef("ends_at"),
        ends_at__gt=OuterRef("starts_at"),
    )  # fmt: skip
    earlier = Q(created_at__lt=OuterRef("created_at")) | Q(created_at=OuterRef("created_at"), pk__lt=OuterRef("pk"))
    before = same.filter(earlier).order_by().values("resource").annotate(many=Count("pk")).values("many")
    return waits.annotate(place=Coalesce(Subquery(before), 0) + 1)


def _offer_of(member: Member, wait: Wait) -> Booking:
    if wait.member_id != member.pk:
        raise NotFound()
    if wait.offer is None:
        raise Conflict("offer_over", _("This offer is over."))
    return wait.offer


def _refuse_unless_open(wait: Wait, booking: Booking, at: dt.datetime) -> None:
    booking.refresh_from_db()
    wait.refresh_from_db()
    is_late = booking.held_until is not None and booking.held_until <= at
    if booking.status != Booking.Status.OFFERED or wait.status != Wait.Status.OFFERED or is_late:
        raise Conflict("offer_over", _("This offer is over."))


def _is_still_inside(wait: Wait) -> bool:
    if wait.collective is None:
        return True
    return Collective.objects.of(wait.member).filter(pk=wait.collective.pk).exists()
