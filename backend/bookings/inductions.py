"""Being shown something before using it on one's own: sessions with seats, and what a host grants after them."""

import datetime as dt
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from backend.bookings import actions
from backend.bookings.hosting import refuse_unless_place_hosted
from backend.bookings.models import (
    Booking,
    Induction,
    InductionGrant,
    InductionSeat,
    InductionSession,
    Resource,
    Rule,
)
from backend.bookings.serial import Locked, serially
from backend.bookings.showing import show_changed
from backend.bookings.times import iso
from backend.errors import Conflict, field_error
from backend.events import announce
from backend.members.models import Member
from backend.notices.actions import tell
from backend.notices.models import Notice
from backend.patience import patiently

MOST_SEATS = 200
LONGEST = dt.timedelta(days=2)


@patiently
def add_induction(
    *, member: Member, place: int, name: str, description: str = "", valid_days: int | None = None
) -> Induction:
    """Something that a host shows; it is asked for only where a rule says so. `valid_days`: none is for good."""
    refuse_unless_place_hosted(member, place)
    return Induction.objects.create(place_id=place, name=name, description=description, valid_days=valid_days)


@patiently
def change_induction(*, member: Member, induction: Induction, at: dt.datetime, **changes: Any) -> Induction:
    """Other words, another validity (of grants from now on), or no longer given: then its sessions to come are cancelled.

    Refuses with `still_needed` while a rule asks for it: nobody new could keep that rule.
    """
    refuse_unless_place_hosted(member, induction.place_id)
    if changes.get("is_active") is False and induction.is_active:
        Induction.objects.select_for_update(no_key=True).get(pk=induction.pk)
        if Rule.objects.filter(what=Rule.What.INDUCTION, is_active=True, terms__induction=induction.pk).exists():
            raise Conflict("still_needed", _("A rule still asks for this induction. Take the rule away first."))
        coming = induction.sessions.filter(cancelled_at__isnull=True, starts_at__gt=at).select_related("induction")
        for session in coming.order_by("starts_at", "pk"):
            cancel_session(member=member, session=session, at=at)
    for name, value in changes.items():
        setattr(induction, name, value)
    induction.save(update_fields=list(changes))
    return induction


@patiently
def plan_session(
    *,
    member: Member,
    induction: Induction,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    at: dt.datetime,
    seats: int = 4,
    resource: int | None = None,
) -> InductionSession:
    """The member, a host of its place, will show it to up to `seats` people.

    With a `resource` of the place this is booked for the session, by the rules that every booking has; nobody else has it then.
    """
    refuse_unless_place_hosted(member, induction.place_id)
    if ends_at <= starts_at:
        raise field_error("ends_at", "ends_before_start", _("The end must come after the start."))
    if starts_at < at:
        raise field_error("starts_at", "in_the_past", _("This time is already over."))
    if ends_at - starts_at > LONGEST:
        raise field_error("ends_at", "too_long", _("An induction takes two days at most."))
    if not 1 <= seats <= MOST_SEATS:
        raise field_error("seats", "out_of_range", _("Write a number from 1 to 200."))
    booking = None
    if resource is not None:
        if not Resource.objects.shown().filter(pk=resource, place=induction.place_id).exists():
            raise field_error("resource", "not_found", _("This does not exist, or cannot be booked any more."))
        booking = actions.book(
            member=member, resources=[resource], starts_at=starts_at, ends_at=ends_at, at=at, title=induction.name
        )
    return InductionSession.objects.create(
        induction=induction, starts_at=starts_at, ends_at=ends_at, seats=seats, host=member, booking=booking
    )


@patiently
def cancel_session(*, member: Member, session: InductionSession, at: dt.datetime) -> InductionSession:
    """It does not take place; everybody who has a seat is told. Twice is once."""
    refuse_unless_place_hosted(member, session.induction.place_id)
    session = _locked(session)
    if session.cancelled_at is not None:
        return session
    if session.starts_at <= at:
        raise _over()
    session.cancelled_at = at
    session.save(update_fields=["cancelled_at"])
    _give_back(session, by=member, at=at)
    data = _particulars(session.induction, member, session)
    for seat in session.booked.select_related("member").order_by("pk"):
        tell(member=seat.member, kind=Notice.Kind.INDUCTION_CANCELLED, data=data, at=at)
    _show_seats(session)
    return session


@patiently
def take_seat(*, member: Member, session: InductionSession, at: dt.datetime) -> InductionSeat:
    """A seat for the member; never more than there are, whoever asks at the same time. Who has one keeps it.

    Refuses with `session_full`, and with `session_over` once it has begun or is cancelled.
    """
    session = _locked(session)
    if mine := session.booked.filter(member=member).first():
        return mine
    if session.cancelled_at is not None or session.starts_at <= at or not session.induction.is_active:
        raise _over()
    if session.booked.count() >= session.seats:
        raise Conflict("session_full", _("All seats of this induction are taken."))
    seat = InductionSeat.objects.create(session=session, member=member, booked_at=at)
    if session.host_id != member.pk:
        data = _particulars(session.induction, member, session)
        tell(member=session.host, kind=Notice.Kind.INDUCTION_BOOKED, data=data, at=at)
    _show_seats(session)
    return seat


@patiently
def leave_seat(*, member: Member, session: InductionSession, at: dt.datetime) -> None:
    """Somebody else may come instead; without a seat nothing happens."""
    session = _locked(session)
    if session.starts_at <= at:
        raise _over()
    session.booked.filter(member=member).delete()
    _show_seats(session, member.pk)


@patiently
def grant(*, member: Member, induction: Induction, to: Member, at: dt.datetime) -> InductionGrant:
    """A host lets somebody use it on their own, for as long as the induction is valid; granted again it counts from now."""
    refuse_unless_place_hosted(member, induction.place_id)
    Induction.objects.select_for_update(no_key=True).get(pk=induction.pk)
    InductionGrant.objects.filter(valid(at), induction=induction, member=to).update(revoked_at=at)
    days = induction.valid_days
    granted = InductionGrant.objects.create(
        induction=induction,
        member=to,
        granted_by=member,
        granted_at=at,
        expires_at=at + dt.timedelta(days=days) if days is not None else None,
    )
    if to.pk != member.pk:
        tell(member=to, kind=Notice.Kind.INDUCTION_GRANTED, data=_particulars(induction, member), at=at)
    return granted


@patiently
def revoke(*, member: Member, granted: InductionGrant, at: dt.datetime) -> InductionGrant:
    """Not any more; bookings that exist stay."""
    refuse_unless_place_hosted(member, granted.induction.place_id)
    if granted.revoked_at is None:
        granted.revoked_at = at
        granted.save(update_fields=["revoked_at"])
    return granted


def valid(at: dt.datetime) -> Q:
    """Grants that count at that moment."""
    return Q(revoked_at__isnull=True) & (Q(expires_at__isnull=True) | Q(expires_at__gt=at))


def _give_back(session: InductionSession, *, by: Member, at: dt.datetime) -> None:
    """What was booked for the session is free again."""
    booking = session.booking
    if booking is None:
        return

    def write(locked: Locked) -> None:
        booking.refresh_from_db()
        if booking.status in Booking.HOLDING and booking.checked_in_at is None:
            actions.end(booking, locked, ending=Booking.Ending.BY_PERSON, by=by, at=at)

    serially(actions.held_of(booking), write, at=at)


def _show_seats(session: InductionSession, *others: int) -> None:
    """On the open screens of those whom it concerns, and of all who watch the room that it is held in."""
    people = {session.host_id, *others, *session.booked.values_list("member", flat=True)}
    people |= set(session.induction.place.hosts.values_list("pk", flat=True))
    for person in sorted(people):
        announce(("member", person), {"type": "bookings.changed"})
    if session.booking is not None:
        show_changed(session.booking.items.values_list("resource", flat=True))


def _locked(session: InductionSession) -> InductionSession:
    """The session as it is now, locked until the transaction ends: seats are counted under it."""
    InductionSession.objects.select_for_update(no_key=True).get(pk=session.pk)
    return InductionSession.objects.select_related("induction__place", "host", "booking").get(pk=session.pk)


def _over() -> Conflict:
    return Conflict("session_over", _("This induction is over, or does not take place."))


def _particulars(induction: Induction, by: Member, session: InductionSession | None = None) -> dict[str, Any]:
    """What the sentence of a notice needs, JSON-ready; the induction stands where the thing does in others."""
    when = (
        {"starts_at": iso(session.starts_at), "ends_at": iso(session.ends_at), "timezone": induction.place.timezone}
        if session is not None
        else {}
    )
    person = {"id": by.pk, "name": by.name, "photo": by.photo.url if by.photo else None}
    return {
        "induction": induction.pk,
        "resource": {"id": induction.pk, "name": induction.name},
        "person": person,
        **when,
    }
