"""What a booking may be and who may do what with it. Each rule is one small question with its own public code."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Any

from django.utils.translation import gettext as _

from backend.bookings import times
from backend.bookings.free import Span
from backend.bookings.hours import Hours
from backend.bookings.models import Booking, Place, Resource, Rule
from backend.collectives.models import Collective, CollectiveMembership
from backend.errors import Conflict, Invalid, NotAllowed
from backend.members.models import Member

MINUTE = dt.timedelta(minutes=1)
What = Rule.What


@dataclass(frozen=True)
class Problem:
    """One rule that a wish breaks: the field it is about, its code, a sentence, and facts that show the way out.

    `what` is the kind of rule that a host may have set, and from which they may let somebody off; empty for what nobody can lift.
    """

    field: str
    code: str
    detail: str
    facts: dict[str, Any] = dataclass_field(default_factory=dict)
    what: str = ""

    def as_dict(self) -> dict[str, Any]:
        return {"code": self.code, "detail": self.detail, **self.facts}


@dataclass(frozen=True)
class Wish:
    """A span wished for on one resource, at the moment `at`; `was` is the span it is moved from."""

    resource: Resource
    start: dt.datetime
    end: dt.datetime
    at: dt.datetime
    was: Span | None = None

    @property
    def starts_anew(self) -> bool:
        """False when only the end of a booking moves: its start was accepted before and is not judged again."""
        return self.was is None or self.was[0] != self.start


def past(wish: Wish) -> Problem | None:
    if (wish.starts_anew and wish.start < wish.at) or wish.end <= wish.at:
        name = "starts_at" if wish.starts_anew else "ends_at"
        return Problem(name, "in_the_past", _("This time is already over."))
    return None


def length(wish: Wish) -> Problem | None:
    """Lengths are judged in elapsed or in wall-clock minutes, whichever is kinder on the nights when the clocks change."""
    resource = wish.resource
    elapsed = (wish.end - wish.start) // MINUTE
    shown = times.wall_minutes(wish.start, wish.end, resource.place.timezone)
    if max(elapsed, shown) < resource.min_minutes:
        detail = _("%(name)s is booked for at least %(minutes)d minutes.")
        facts = {"min_minutes": resource.min_minutes}
        return Problem(
            "ends_at",
            "too_short",
            detail % {"name": resource.name, "minutes": resource.min_minutes},
            facts,
            What.LENGTH,
        )
    if min(elapsed, shown) > resource.max_minutes:
        detail = _("%(name)s is booked for at most %(minutes)d minutes.")
        facts = {"max_minutes": resource.max_minutes}
        return Problem(
            "ends_at", "too_long", detail % {"name": resource.name, "minutes": resource.max_minutes}, facts, What.LENGTH
        )
    return None


def opening(wish: Wish) -> Problem | None:
    """On the place's own clock. A workspace is used while the house is open; a thing may stay out overnight, but is fetched and
    brought back during opening hours."""
    resource = wish.resource
    opens, closes = resource.opens_minute, resource.closes_minute
    if (opens, closes) == (0, times.MINUTES_A_DAY):
        return None
    first, start = times.clock(wish.start, resource.place.timezone)
    last, end = times.closing_clock(wish.end, resource.place.timezone)
    overnight = resource.kind != Resource.Kind.WORKSPACE
    if opens <= start < closes and opens < end <= closes and (first == last or overnight):
        return None
    facts = {"opens": times.shown_minute(opens), "closes": times.shown_minute(closes)}
    detail = _("%(name)s is open from %(opens)s to %(closes)s.") % {"name": resource.name, **facts}
    return Problem("starts_at", "closed_then", detail, facts)


def house(wish: Wish) -> Problem | None:
    """The place itself: its week, its exceptions, public holidays. Things may stay out while it is closed."""
    place: Place = wish.resource.place
    throughout = wish.resource.kind == Resource.Kind.WORKSPACE
    hours = Hours.of(place)
    if hours.cover(wish.start, wish.end, zone=place.timezone, throughout=throughout):
        return None
    day = times.clock(wish.start, place.timezone)[0]
    opened = [[times.shown_minute(opens), times.shown_minute(closes)] for opens, closes in hours.on(day)]
    facts = {"day": day.isoformat(), "open": opened, "reason": hours.why_closed(day)}
    return Problem("starts_at", "place_closed", _("%(name)s is closed then.") % {"name": place.name}, facts)


def start_step(wish: Wish) -> Problem | None:
    """Starts and ends lie on steps counted from opening time, on the place's own clock."""
    return _step(wish, "starts_at", wish.start) if wish.starts_anew else None


def end_step(wish: Wish) -> Problem | None:
    """Closing time is always a good end, whatever the step."""
    shown = times.closing_clock(wish.end, wish.resource.place.timezone)[1]
    return (
        None
        if shown == wish.resource.closes_minute and wish.end.second == wish.end.microsecond == 0
        else _step(wish, "ends_at", wish.end)
    )


def _step(wish: Wish, name: str, moment: dt.datetime) -> Problem | None:
    resource = wish.resource
    minute = times.clock(moment, resource.place.timezone)[1]
    if (minute - resource.opens_minute) % resource.step_minutes == 0 and not (moment.second or moment.microsecond):
        return None
    facts = {"step_minutes": resource.step_minutes, "opens": times.shown_minute(resource.opens_minute)}
    return Problem(
        name,
        "off_step",
        _("Times are in steps of %(minutes)d minutes.") % {"minutes": resource.step_minutes},
        facts,
        What.LENGTH,
    )


def lead(wish: Wish) -> Problem | None:
    ahead = dt.timedelta(minutes=wish.resource.lead_minutes)
    if wish.starts_anew and wish.at <= wish.start < wish.at + ahead:
        facts = {"lead_minutes": wish.resource.lead_minutes}
        return Problem(
            "starts_at", "too_soon", _("This is booked some time before. Choose a later time."), facts, What.LEAD
        )
    return None


def ahead(wish: Wish) -> Problem | None:
    if wish.starts_anew and wish.start > wish.at + dt.timedelta(days=wish.resource.ahead_days):
        facts = {"ahead_days": wish.resource.ahead_days}
        detail = _("This can be booked up to %(days)d days ahead.") % {"days": wish.resource.ahead_days}
        return Problem("starts_at", "too_far_ahead", detail, facts, What.AHEAD)
    return None


RULES: tuple[Callable[[Wish], Problem | None], ...] = (
    past,
    length,
    opening,
    house,
    start_step,
    end_step,
    lead,
    ahead,
)


def problems(wish: Wish) -> Iterator[Problem]:
    """Every rule of the resource that this wish breaks; whether others hold it then is not asked here."""
    if wish.end <= wish.start:
        yield Problem("ends_at", "ends_before_start", _("The end must come after the start."))
        return
    for rule in RULES:
        found = rule(wish)
        if found is not None:
            yield found


def hosts(member: Member, resource: Resource) -> bool:
    """Whether this member looks after the resource; a query, for one resource at a time."""
    return Resource.objects.hosted_by(member).filter(pk=resource.pk).exists()


def may_book(member: Member, resource: Resource) -> bool:
    if not (resource.is_active and resource.place.is_active):
        return False
    return not resource.own_organisation_only or resource.place.organisation_id == member.organisation_id


def stewarded_by(member: Member) -> set[int]:
    """Collectives that this member is a steward of."""
    roles = CollectiveMembership.objects.filter(member=member, state=CollectiveMembership.State.MEMBER)
    return set(roles.filter(role=CollectiveMembership.Role.STEWARD).values_list("collective", flat=True))


def is_theirs(member: Member, booking: Booking, stewarded: set[int] | None = None) -> bool:
    """Whether this member answers for the booking: they made it, steward its collective, or are staff."""
    if booking.member_id == member.pk or member.is_staff:
        return True
    if booking.collective_id is None:
        return False
    return booking.collective_id in (stewarded_by(member) if stewarded is None else stewarded)


def notice_given(booking: Booking, resources: Iterable[Resource], at: dt.datetime) -> bool:
    """Whether there is still the notice that every resource of the booking asks for before its start."""
    minutes = max((resource.cancel_notice_minutes for resource in resources), default=0)
    return at + minutes * MINUTE <= booking.starts_at


def may_cancel(
    member: Member,
    booking: Booking,
    at: dt.datetime,
    *,
    resources: Iterable[Resource],
    stewarded: set[int] | None = None,
) -> bool:
    if booking.status not in Booking.HOLDING or not is_theirs(member, booking, stewarded):
        return False
    if booking.checked_in_at is not None:
        return False
    return at < booking.ends_at and (member.is_staff or notice_given(booking, resources, at))


def refuse_unless_cancellable(member: Member, booking: Booking, at: dt.datetime, resources: Iterable[Resource]) -> None:
    """Says why a booking cannot be cancelled, with the code of the first reason."""
    refuse_unless_changeable(member, booking, at)
    if booking.checked_in_at is not None:
        raise Conflict("checked_in", _("You have checked in. Check out to end this booking."))
    if not (member.is_staff or notice_given(booking, resources, at)):
        raise Conflict("too_late_to_cancel", _("It is too late to cancel this booking."))


def refuse_unless_changeable(member: Member, booking: Booking, at: dt.datetime) -> None:
    if not is_theirs(member, booking):
        raise NotAllowed()
    if booking.status == Booking.Status.CANCELLED:
        raise Conflict("already_cancelled", _("This booking is already cancelled."))
    if booking.ends_at <= at:
        raise Conflict("already_over", _("This booking is already over."))


def may_change(member: Member, booking: Booking, at: dt.datetime, *, stewarded: set[int] | None = None) -> bool:
    """Other words or another time; what is offered is taken up first."""
    open_to_change = (Booking.Status.CONFIRMED, Booking.Status.REQUESTED)
    return booking.status in open_to_change and at < booking.ends_at and is_theirs(member, booking, stewarded)


def may_restore(member: Member, booking: Booking, at: dt.datetime, *, stewarded: set[int] | None = None) -> bool:
    """Who has cancelled it may take that back before it would have started; an offer that was let go has gone to others."""
    return (
        booking.ending == Booking.Ending.BY_PERSON
        and booking.cancelled_by_id == member.pk
        and booking.held_until is None
        and at < booking.starts_at
        and is_theirs(member, booking, stewarded)
    )


def refuse_unless_restorable(member: Member, booking: Booking, at: dt.datetime) -> None:
    """Says why a cancelling cannot be taken back, with the code of the first reason."""
    if not is_theirs(member, booking):
        raise NotAllowed()
    if booking.status != Booking.Status.CANCELLED:
        raise Conflict("not_cancelled", _("This booking is not cancelled."))
    if booking.starts_at <= at:
        raise Conflict("already_over", _("This booking is already over."))
    if not may_restore(member, booking, at):
        raise NotAllowed()


def refuse_unless_movable(
    member: Member, booking: Booking, span: Span, at: dt.datetime, resources: Iterable[Resource]
) -> None:
    """Giving time back needs the notice that cancelling needs; holding more of it does not."""
    refuse_unless_changeable(member, booking, at)
    if booking.status == Booking.Status.OFFERED:
        raise Conflict("not_taken_up", _("Take this offer up first."))
    if gives_back(booking, span):
        refuse_unless_cancellable(member, booking, at, resources)


def gives_back(booking: Booking, span: Span) -> bool:
    """Whether somebody else could use some of the time of the booking when it has this span instead."""
    return span != (booking.starts_at, booking.ends_at) and (span[0] != booking.starts_at or span[1] < booking.ends_at)


def broken(found: Iterable[Problem]) -> Invalid:
    """The refusal that tells these problems, each once."""
    fields: dict[str, list[dict[str, Any]]] = {}
    for problem in found:
        entries = fields.setdefault(problem.field, [])
        if problem.as_dict() not in entries:
            entries.append(problem.as_dict())
    return Invalid(fields=fields)


def unknown_resource() -> Problem:
    return Problem("resources", "not_found", _("This does not exist, or cannot be booked any more."))


def collective_of(member: Member, collective: int) -> Collective:
    """The collective with this id, if the member is in it now; `not_in_collective` otherwise, whether it exists or not."""
    found: Collective | None = Collective.objects.of(member).filter(pk=collective).first()
    if found is None:
        raise broken([Problem("collective", "not_in_collective", _("You are not a member of this collective."))])
    return found


def people_of(member: Member, people: Iterable[int]) -> list[Member]:
    """The people with these ids, if the member may meet them all; `not_found` otherwise."""
    wanted = sorted(set(people) - {member.pk})
    found = list(Member.objects.visible_to(member).filter(pk__in=wanted).order_by("pk")) if wanted else []
    if len(found) < len(wanted):
        raise broken([Problem("people", "not_found", _("Somebody of them does not exist, or not for you."))])
    return found
