"""Changing and ending bookings that repeat: this one and those that follow, or all that are still to come."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from backend.bookings import actions, granting, policy, rules
from backend.bookings.alternatives import Room
from backend.bookings.free import Span
from backend.bookings.models import Allocation, Booking, BookingItem, Series, SkippedOccurrence
from backend.bookings.recurrence import BadRule, Occurrence, Recurrence, occurrences, wall_of, wall_text
from backend.bookings.rules import Problem
from backend.bookings.serial import Holders, Locked, Outgrown, serially
from backend.bookings.series import NEAR, Planned, as_told, broken_by, rule_words, taken_since
from backend.bookings.telling import tell_concerned
from backend.bookings.wishes import Claim
from backend.errors import Conflict, field_error
from backend.members.models import Member
from backend.notices.models import Notice

Reason = SkippedOccurrence.Reason


def change_series(
    *,
    member: Member,
    booking: Booking,
    scope: str,
    at: dt.datetime,
    first: dt.datetime | None = None,
    end: dt.datetime | None = None,
    title: str | None = None,
    note: str | None = None,
    people: Sequence[int] | None = None,
    skip_conflicts: bool = False,
) -> list[Booking]:
    """Change this occurrence and those that follow (`following`), or all that are still to come (`all`); gives those that changed.

    `first` and `end` are new wall times of this occurrence; the others move by as much. Occurrences that somebody moved alone keep
    their own time, cancelled ones stay cancelled, past ones are as they were. Other words judge no time again. When a new time
    is taken or breaks a rule everything stays as it was (`series_has_conflicts`), unless `skip_conflicts` lets such ones keep theirs.
    """
    series = _series_of(member, booking)
    guests = None if people is None else rules.people_of(series.member, people)

    def write(locked: Locked) -> list[Booking]:
        # Asked again under the lock: somebody may have changed the series while this waited.
        series = _series_of(member, booking)
        affected = _affected(series, booking, scope, at)
        if not held_by(affected) <= set(locked.known):
            raise Outgrown
        for one in affected:
            rules.refuse_unless_changeable(member, one, at)
        if first is not None or end is not None:
            _move(series, affected, booking, locked, first, end, member=member, at=at, skip=skip_conflicts)
        words = {name: value for name, value in (("title", title), ("note", note)) if value is not None}
        if words:
            Booking.objects.filter(pk__in=[one.pk for one in affected]).update(**words)
        if guests is not None:
            for one in affected:
                one.people.set(guests)
        return list(Booking.objects.filter(pk__in=[one.pk for one in affected]).order_by("starts_at"))

    collectives = (series.collective_id,) if series.collective_id else ()
    holders = Holders((series.member_id,), collectives)
    return serially(
        lambda: held_by(_affected(_series_of(member, booking), booking, scope, at)),
        write,
        at=at,
        holders=holders,
        refusal=taken_since,
    )


def cancel_series(
    *, member: Member, booking: Booking, scope: str, at: dt.datetime
) -> tuple[list[Booking], list[Booking]]:
    """Cancel this occurrence and those that follow, or all still to come. Gives those cancelled, and those for which it is too late."""

    def write(locked: Locked) -> tuple[list[Booking], list[Booking]]:
        affected = _affected(_series_of(member, booking), booking, scope, at)
        if not held_by(affected) <= set(locked.known):
            raise Outgrown
        late = [
            one
            for one in affected
            if not (member.is_staff or rules.notice_given(one, [item.resource for item in one.items.all()], at))
        ]
        gone = [one for one in affected if one not in late]
        if not gone:
            raise Conflict("too_late_to_cancel", _("It is too late to cancel this booking."))
        for one in gone:
            actions.end(one, locked, ending=Booking.Ending.BY_PERSON, by=member, at=at, kind=None)
        tell_concerned(Notice.Kind.BOOKING_CANCELLED, gone[0], by=member, at=at, times=len(gone))
        return gone, late

    return serially(lambda: held_by(_affected(_series_of(member, booking), booking, scope, at)), write, at=at)


def _move(
    series: Series,
    affected: list[Booking],
    booking: Booking,
    locked: Locked,
    first: dt.datetime | None,
    end: dt.datetime | None,
    *,
    member: Member,
    at: dt.datetime,
    skip: bool,
) -> None:
    """Give all affected occurrences their new times, in a series of their own when others stay behind."""
    was = wall_of(booking.occurrence)
    length = wall_of(series.ends_wall) - wall_of(series.starts_wall)
    begins = first or was
    by = begins - was
    lasts = (end or was + length) - begins
    if lasts <= dt.timedelta():
        raise rules.broken([Problem("ends_at", "ends_before_start", _("The end must come after the start."))])
    try:
        rule = Recurrence.read(series.rule).moved(_whole_days(was, begins))
    except BadRule as bad:
        raise field_error("starts_at", bad.code, rule_words(bad.code)) from bad
    usual = [one for one in affected if _is_as_ruled(one, series, length)]
    new = {one.pk: _one(wall_of(one.occurrence) + by, lasts, series.timezone) for one in usual}
    stay = {one.pk for one in affected} - set(new)
    while True:
        failing = _failing(affected, new, stay, locked, series, member=member, at=at)
        if not failing:
            break
        if not skip:
            detail = _("Some of these times cannot be booked.")
            told = as_told(Planned(new[pk], None, reason) for pk, reason in failing.items())
            raise Conflict("series_has_conflicts", detail, occurrences=told)
        stay |= set(failing)
    if not set(new) - stay:
        raise Conflict("series_has_conflicts", _("None of these times can be booked."), occurrences=[])
    _split(series, affected, rule, by, lasts)
    for one in sorted(affected, key=lambda it: it.starts_at, reverse=by > dt.timedelta()):
        span = None if one.pk in stay else new[one.pk].span
        if span is not None and span != (one.starts_at, one.ends_at):
            _retime(one, span, locked, at=at)


def _failing(
    affected: list[Booking],
    new: dict[int, Occurrence],
    stay: set[int],
    locked: Locked,
    series: Series,
    *,
    member: Member,
    at: dt.datetime,
) -> dict[int, str]:
    """Which of the new times cannot be, and why, when those in `stay` keep theirs."""
    moving = [one for one in affected if one.pk not in stay]
    spans = {one.pk: new[one.pk].span for one in moving}
    known = [span for span in spans.values() if span is not None]
    failing: dict[int, str] = {pk: Reason.NO_SUCH_TIME for pk, span in spans.items() if span is None}
    if not known:
        return failing
    items = tuple(affected[0].items.order_by("resource").values_list("resource", "quantity"))
    numbers = tuple(one.pk for one in moving)
    claim = Claim(member=series.member, items=items, span=known[0], moved=numbers)
    asked = granting.asking(claim, locked, series.collective, at)
    asked = replace(asked, reach=(min(known)[0], max(known)[1]))
    granting.refuse_unbookable(asked, claim)
    room = Room(claim, locked.known, locked.parts, (min(known)[0] - NEAR, max(known)[1] + NEAR), but=numbers)
    for one in moving:
        span = spans[one.pk]
        if span is None:
            continue
        gives_back = span[0] != one.starts_at or span[1] < one.ends_at
        booked = [item.resource for item in one.items.all()]
        if (gives_back and not (member.is_staff or rules.notice_given(one, booked, at))) or broken_by(
            span, asked, claim, locked
        ):
            failing[one.pk] = Reason.RULE
        elif not room.is_free(span):
            failing[one.pk] = Reason.TAKEN
        else:
            room.take(span)
            asked = replace(asked, also=(*asked.also, span))
    return failing


def _split(series: Series, affected: list[Booking], rule: Recurrence, by: dt.timedelta, lasts: dt.timedelta) -> None:
    """A series of their own for the affected occurrences and all that was left out or cancelled after the first of them."""
    first = min(one.occurrence for one in affected)
    last = max(series.bookings.order_by("-occurrence").values_list("occurrence", flat=True)[:1])
    fresh = Series.objects.create(
        member=series.member, collective=series.collective, timezone=series.timezone,
        rule=rule.ending((wall_of(last) + by).date()).text(),
        starts_wall=wall_text(wall_of(first) + by), ends_wall=wall_text(wall_of(first) + by + lasts),
        on_conflict=series.on_conflict, created_at=series.created_at, continues=series,
    )  # fmt: skip
    for booking in series.bookings.filter(occurrence__gte=first):
        booking.series, booking.occurrence = fresh, wall_text(wall_of(booking.occurrence) + by)
        booking.save(update_fields=["series", "occurrence"])
    for left_out in series.skipped.filter(occurrence__gte=first):
        left_out.series, left_out.occurrence = fresh, wall_text(wall_of(left_out.occurrence) + by)
        left_out.save(update_fields=["series", "occurrence"])
    if series.bookings.exists():
        series.rule = Recurrence.read(series.rule).ending(wall_of(first).date() - dt.timedelta(days=1)).text()
        series.save(update_fields=["rule"])
    else:
        series.skipped.all().delete()
        Series.objects.filter(pk=fresh.pk).update(continues=series.continues, idempotency_key=None)
        series.delete()


def _retime(booking: Booking, span: Span, locked: Locked, *, at: dt.datetime) -> None:
    """Another time for a booking that has room there; judged before."""
    items = tuple(booking.items.order_by("resource").values_list("resource", "quantity"))
    claim = Claim(member=booking.member, items=items, span=span, moved=(booking.pk,))
    recorded = policy.contribution(granting.asking(claim, locked, booking.collective, at), dict(items))
    booking.starts_at, booking.ends_at = span
    for name, value in recorded.items():
        setattr(booking, name, value)
    booking.save(update_fields=["starts_at", "ends_at", *recorded])
    actions.rehold(booking, locked.parts.demands(items, span, locked.known), locked)


def held_by(bookings: list[Booking]) -> set[int]:
    """What these are of, and what they hold."""
    asked = BookingItem.objects.filter(booking__in=bookings).values_list("resource", flat=True)
    return {*asked, *Allocation.objects.filter(booking__in=bookings, active=True).values_list("resource", flat=True)}


def _series_of(member: Member, booking: Booking) -> Series:
    actions.visible(member, booking)
    booking.refresh_from_db()
    if booking.series is None:
        raise Conflict("not_in_a_series", _("This booking does not repeat."))
    return booking.series


def _affected(series: Series, booking: Booking, scope: str, at: dt.datetime) -> list[Booking]:
    """What a change of this scope is about: still to come, and not cancelled; in order."""
    if scope not in ("following", "all"):
        raise field_error("scope", "invalid_choice", _("Choose what follows, or all."))
    coming = Booking.objects.filter(series=series, status__in=Booking.HOLDING, starts_at__gt=at)
    if scope == "following":
        coming = coming.filter(occurrence__gte=booking.occurrence)
    found = list(
        coming.order_by("occurrence").select_related("member", "collective").prefetch_related("items__resource")
    )
    if not found:
        raise Conflict("already_over", _("This booking is already over."))
    return found


def _is_as_ruled(booking: Booking, series: Series, length: dt.timedelta) -> bool:
    """Whether it is at the time that its series gives it; otherwise somebody moved it alone."""
    ruled = _one(wall_of(booking.occurrence), length, series.timezone).span
    return ruled == (booking.starts_at, booking.ends_at)


def _one(wall: dt.datetime, length: dt.timedelta, zone: str) -> Occurrence:
    return occurrences(Recurrence("DAILY", count=1), wall, wall + length, zone)[0]


def _whole_days(was: dt.datetime, begins: dt.datetime) -> dt.timedelta:
    return begins.date() - was.date()
