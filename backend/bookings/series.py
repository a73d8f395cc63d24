"""Bookings that repeat: looked at before they are made, then made, changed and ended together, this one alone, or from this one on."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from backend.bookings import actions, granting, no_shows, policy, rules
from backend.bookings.alternatives import DAYS_AROUND, Room, around
from backend.bookings.free import Span
from backend.bookings.hours import with_hours
from backend.bookings.models import Allocation, Booking, BookingItem, Resource, Series, SkippedOccurrence
from backend.bookings.policy import Asking
from backend.bookings.recurrence import BadRule, Occurrence, Recurrence, occurrences, wall_text
from backend.bookings.rules import Problem
from backend.bookings.serial import Conflicts, Holders, Locked, serially
from backend.bookings.telling import tell_concerned, tell_hosts
from backend.bookings.times import iso
from backend.bookings.wishes import Claim, Items, Parts
from backend.errors import Conflict, field_error
from backend.members.models import Member
from backend.notices.models import Notice

OnConflict = Series.OnConflict
Reason = SkippedOccurrence.Reason
# A time that is shifted stays within these days.
AROUND = dt.timedelta(days=DAYS_AROUND + 2)
# Longer than any buffer: what holds a thing that near before or after a time of the series matters to it.
NEAR = dt.timedelta(days=8)


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What is to repeat: so many units of some resources from one wall time to another on the clock of their place, by a rule.

    `without` are wall times of the rule that are left out.
    """

    member: Member
    items: Items
    first: dt.datetime
    end: dt.datetime
    rule: str
    on_conflict: str = OnConflict.SKIP
    collective: int | None = None
    without: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Planned:
    """One occurrence as it would be booked: `span` is None when it would not be, and `reason` says why; `shifted` when at another time."""

    occurrence: Occurrence
    span: Span | None
    reason: str = ""
    problems: tuple[Problem, ...] = ()
    shifted: bool = False


def preview(wish: Wish, *, at: dt.datetime) -> list[Planned]:
    """Every occurrence of the wish as it would be booked now; nothing is changed."""
    ids = [resource for resource, _units in wish.items]
    parts = Parts.read(ids)
    rows = with_hours(Resource.objects.filter(pk__in={*ids, *parts.leaves(ids)}))
    locked = Locked({row.pk: row for row in rows}, parts)
    return _plan(wish, locked, at)[1]


def book_series(
    *,
    wish: Wish,
    at: dt.datetime,
    title: str = "",
    note: str = "",
    people: Sequence[int] = (),
) -> Series:
    """Book every occurrence that can be, as `on_conflict` says; all in one transaction.

    Refuses with `series_has_conflicts` and the preview when nothing may be left out and something would be, or when nothing is left.
    """
    member = wish.member

    def write(locked: Locked) -> Series:
        rule, planned = _plan(wish, locked, at)
        _refuse_conflicts(wish, planned)
        series = Series.objects.create(
            member=member,
            collective_id=wish.collective,
            timezone=_zone(wish, locked),
            rule=rule.text(),
            starts_wall=wall_text(wish.first),
            ends_wall=wall_text(wish.end),
            on_conflict=wish.on_conflict,
            created_at=at,
        )
        guests = rules.people_of(member, people)
        bookings = _stored(series, wish, planned, locked, title=title, note=note, at=at)
        for booking in bookings if guests else ():
            booking.people.set(guests)
        SkippedOccurrence.objects.bulk_create(
            SkippedOccurrence(series=series, occurrence=one.occurrence.wall, reason=one.reason)
            for one in planned
            if one.span is None
        )
        tell_concerned(Notice.Kind.BOOKING_MADE, bookings[0], by=member, at=at, times=len(bookings))
        if waiting := [one for one in bookings if one.status == Booking.Status.REQUESTED]:
            tell_hosts(Notice.Kind.BOOKING_TO_APPROVE, waiting[0], by=member, at=at, times=len(waiting))
        return series

    holders = Holders((member.pk,), (wish.collective,) if wish.collective is not None else ())
    return serially([resource for resource, _ in wish.items], write, at=at, holders=holders, refusal=taken_since)


def as_told(planned: Iterable[Planned]) -> list[dict[str, object]]:
    """The preview, JSON-ready."""
    return [
        {
            "occurrence": one.occurrence.wall,
            "starts_at": iso(one.span[0]) if one.span else _iso_or_none(one.occurrence.span, 0),
            "ends_at": iso(one.span[1]) if one.span else _iso_or_none(one.occurrence.span, 1),
            "booked": one.span is not None,
            "reason": one.reason or None,
            "shifted": one.shifted,
            "clock_moved": one.occurrence.was_moved,
            "clock_twice": one.occurrence.is_twice,
            "problems": [{"field": problem.field, **problem.as_dict()} for problem in one.problems],
        }
        for one in planned
    ]


def _plan(wish: Wish, locked: Locked, at: dt.datetime) -> tuple[Recurrence, list[Planned]]:
    zone = _zone(wish, locked)
    rule, times = _expanded(wish, zone)
    collective = rules.collective_of(wish.member, wish.collective) if wish.collective is not None else None
    spans = [one.span for one in times if one.span is not None]
    if not spans:
        raise field_error("starts_at", "no_such_time", _("No time of this series exists."))
    claim = Claim(member=wish.member, items=wish.items, span=spans[0])
    asked = granting.asking(claim, locked, collective, at)
    granting.refuse_unbookable(asked, claim)
    reach = around((spans[0][0], spans[-1][1])) if wish.on_conflict == OnConflict.SHIFT else (spans[0][0], spans[-1][1])
    asked = replace(asked, reach=(spans[0][0] - AROUND, spans[-1][1] + AROUND))
    room = Room(claim, locked.known, locked.parts, (reach[0] - NEAR, reach[1] + NEAR))
    planned: list[Planned] = []
    for one in times:
        found = _planned(one, wish, asked, claim, locked, room, at)
        if found.span is not None:
            room.take(found.span)
            asked = replace(asked, also=(*asked.also, found.span))
        planned.append(found)
    return rule, planned


def _planned(
    one: Occurrence, wish: Wish, asked: Asking, claim: Claim, locked: Locked, room: Room, at: dt.datetime
) -> Planned:
    if one.wall in wish.without:
        return Planned(one, None, Reason.CHOSEN)
    if one.span is None:
        return Planned(one, None, Reason.NO_SUCH_TIME)
    broken = broken_by(one.span, asked, claim, locked)
    if broken:
        return Planned(one, None, Reason.RULE, broken)
    if room.is_free(one.span):
        return Planned(one, one.span)
    if wish.on_conflict == OnConflict.SHIFT:
        length = one.span[1] - one.span[0]
        for start in room.nearest(one.span, at, most=1):
            if not broken_by((start, start + length), asked, claim, locked):
                return Planned(one, (start, start + length), shifted=True)
    return Planned(one, None, Reason.TAKEN)


def broken_by(
    span: Span, asked: Asking, claim: Claim, locked: Locked, *, was: Span | None = None
) -> tuple[Problem, ...]:
    """The rules that one time of many breaks; `was` is the time it is moved from."""
    asked, claim = replace(asked, span=span), replace(claim, span=span)
    return tuple(granting.problems(asked, claim, locked, was=was))


def _refuse_conflicts(wish: Wish, planned: list[Planned]) -> None:
    left = [one for one in planned if one.span is not None]
    missing = [one for one in planned if one.span is None and one.reason != Reason.CHOSEN]
    if missing and (not left or wish.on_conflict == OnConflict.ALL_OR_NOTHING):
        detail = _("Some of these times cannot be booked.")
        raise Conflict("series_has_conflicts", detail, occurrences=as_told(planned))
    if not left:
        raise field_error("without", "no_occurrences", _("Nothing is left of this series."))


def taken_since(conflicts: Conflicts) -> Conflict:
    return Conflict("series_has_conflicts", _("Somebody has booked one of these times just now."), occurrences=[])


def _stored(
    series: Series, wish: Wish, planned: list[Planned], locked: Locked, *, title: str, note: str, at: dt.datetime
) -> list[Booking]:
    """The bookings of all planned times with what they are of and what they hold, in a fixed number of statements."""
    collective = rules.collective_of(wish.member, wish.collective) if wish.collective is not None else None
    asked = granting.asking(Claim(member=wish.member, items=wish.items, span=_some(planned)), locked, collective, at)
    fresh: list[Booking] = []
    for one in planned:
        if one.span is None:
            continue
        here = replace(asked, span=one.span)
        booking = Booking(
            member=wish.member, collective=collective, series=series, occurrence=one.occurrence.wall, title=title,
            note=note, starts_at=one.span[0], ends_at=one.span[1], created_at=at,
            **policy.contribution(here, dict(wish.items)),
        )  # fmt: skip
        booking.approval_rule = policy.needs_approval(here)
        booking.status = Booking.Status.REQUESTED if booking.approval_rule else Booking.Status.CONFIRMED
        fresh.append(booking)
    Booking.objects.bulk_create(fresh)
    BookingItem.objects.bulk_create(
        BookingItem(booking=booking, resource_id=resource, quantity=units)
        for booking in fresh
        for resource, units in wish.items
    )
    Allocation.objects.bulk_create(
        actions.allocated(demand, booking=booking)
        for booking in fresh
        for demand in locked.parts.demands(wish.items, (booking.starts_at, booking.ends_at), locked.known)
    )
    locked.made |= {booking.pk for booking in fresh}
    locked.changed |= locked.made
    no_shows.watch(fresh, asked.resources)
    return fresh


def _expanded(wish: Wish, zone: str) -> tuple[Recurrence, list[Occurrence]]:
    if wish.end <= wish.first:
        raise rules.broken([Problem("ends_at", "ends_before_start", _("The end must come after the start."))])
    try:
        rule = Recurrence.read(wish.rule)
        return rule, occurrences(rule, wish.first, wish.end, zone)
    except BadRule as bad:
        raise field_error("rule", bad.code, rule_words(bad.code)) from bad


def rule_words(code: str) -> str:
    return {
        "series_without_end": _("Say how often, or until when."),
        "too_many_occurrences": _("A series has at most 400 times."),
        "series_too_long": _("A series goes on for two years at most."),
        "no_occurrences": _("Nothing is left of this series."),
        "change_day_alone": _("Of a monthly series only the time of day can be changed."),
    }.get(code, _("A series cannot repeat like this."))


def _zone(wish: Wish, locked: Locked) -> str:
    zones = {locked.known[resource].place.timezone for resource, _units in wish.items if resource in locked.known}
    if len(zones) > 1:
        detail = _("These are in places with different clocks. Book them one by one.")
        raise field_error("resources", "different_clocks", detail)
    if not zones:
        raise rules.broken([rules.unknown_resource()])
    return zones.pop()


def _some(planned: list[Planned]) -> Span:
    return next(one.span for one in planned if one.span is not None)


def _iso_or_none(span: Span | None, side: int) -> str | None:
    return iso(span[side]) if span else None
