"""Taking a cancelling back: the same booking, when its time is still free and the rules still let it be."""

import datetime as dt

from backend.bookings import actions, granting, no_shows, policy, rules
from backend.bookings.models import Booking
from backend.bookings.serial import Holders, Locked, refuse_taken, serially, slot_taken
from backend.bookings.telling import tell_concerned, tell_hosts
from backend.bookings.wishes import Claim
from backend.members.models import Member
from backend.notices.models import Notice


def restore(*, member: Member, booking: Booking, at: dt.datetime) -> Booking:
    """Hold again what this member has cancelled, before it would have started.

    All rules are asked as for a new booking, and who waited has had their turn: `slot_taken` with what is free instead when somebody
    holds it meanwhile. A risk that no host has looked at leads to `requested`. Those who were told of the end are told of this.
    """
    actions.visible(member, booking)
    items = tuple(booking.items.order_by("resource").values_list("resource", "quantity"))
    claim = Claim(member=booking.member, items=items, span=(booking.starts_at, booking.ends_at))

    def write(locked: Locked) -> Booking:
        booking.refresh_from_db()
        rules.refuse_unless_restorable(member, booking, at)
        of = booking.collective_id
        booking.collective = rules.collective_of(booking.member, of) if of is not None else None
        asked = granting.asking(claim, locked, booking.collective, at)
        granting.refuse_broken(asked, claim, locked)
        demands = locked.parts.demands(claim.items, claim.span, locked.known)
        refuse_taken(demands)
        risk = policy.needs_approval(asked) if booking.approved_at is None else None
        booking.status = Booking.Status.CONFIRMED if risk is None else Booking.Status.REQUESTED
        booking.approval_rule = risk if booking.approved_at is None else booking.approval_rule
        booking.cancelled_at, booking.cancelled_by, booking.ending = None, None, ""
        recorded = policy.contribution(asked, dict(items))
        for name, value in recorded.items():
            setattr(booking, name, value)
        booking.save(
            update_fields=["status", "approval_rule", "cancelled_at", "cancelled_by", "ending", *recorded],
        )
        actions.hold(demands, booking=booking)
        locked.changed.add(booking.pk)
        no_shows.watch([booking], asked.resources)
        tell_concerned(Notice.Kind.BOOKING_RESTORED, booking, by=member, at=at)
        if booking.status == Booking.Status.REQUESTED:
            tell_hosts(Notice.Kind.BOOKING_TO_APPROVE, booking, by=member, at=at)
        return booking

    collectives = (booking.collective_id,) if booking.collective_id else ()
    holders = Holders((booking.member_id,), collectives)
    numbers = [resource for resource, _units in items]
    return serially(numbers, write, at=at, holders=holders, refusal=slot_taken(claim, at))
