"""Changing and ending bookings that repeat: this one and those that follow, or all that are still to come."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from django.db.models import Q
from django.utils.translation import gettext as _

from backend.bookings import actions, granting, no_shows, rules
from backend.bookings.alternatives import Room
from backend.bookings.free import Span
from backend.bookings.models import Allocation, Booking, BookingItem, Resource, Series, SkippedOccurrence
from backend.bookings.recurrence import BadRule, Occurrence, Recurrence, occurrences, wall_of, wall_text
from backend.bookings.rules import Problem
from backend.bookings.serial import Holders, Locked, Outgrown, serially
from backend.bookings.series import NEAR, Planned, as_told, broken_by, rule_words, taken_since
from backend.bookings.telling import tell_concerned, tell_moved
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
        moved = []
        if first is not None or end is not None:
            moved = _move(series, affected, booking, locked, first, end, member=member, at=at, skip=skip_conflicts)
        words = {name: value for name, value in (("title", title), ("note", note)) if value is not None}
        if words:
            Booking.objects.filter(pk__in=[one.pk for one in affected]).update(**words)
        new = set() if guests is None else actions.invite(affected, guests, by=member, at=at)
        if moved:
            tell_moved(moved, by=member, at=at, but=new)
        locked.changed |= {one.pk for one in affected}
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
    """Cancel this occurrence and those that follow, or all still to come.

    Gives those cancelled, and those that stay: it is too late for them, or somebody is there already.
    """

    def write(locked: Locked) -> tuple[list[Booking], list[Booking]]:
        affected = _affected(_series_of(member, booking), booking, scope, at)
        if not held_by(affected) <= set(locked.known):
            raise Outgrown
        for one in affected:
            rules.refuse_unless_changeable(member, one, at)
        late = [one for one in affected if not _may_give_back(member, one, at)]
        gone = [one for one in affected if one not in late]
        if not gone:
            rules.refuse_unless_cancellable(member, late[0], at, _booked(late[0]))
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
) -> list[Booking]:
    """Give all affected occurrences their new times, in a series of their own when others stay behind; gives those that moved.

    What was split off before moves by as much and becomes as much longer: what follows a change is still the same wish.
    """
    was = wall_of(booking.occurrence)
    begins = first or was
    by = begins - was
    grows = (end or was + _length(series)) - begins - _length(series)
    shares = _shares(affected)
    if any(_length(share) + grows <= dt.timedelta() for share, _theirs in shares):
        raise rules.broken([Problem("ends_at", "ends_before_start", _("The end must come after the start."))])
    try:
        anew = [Recurrence.read(share.rule).moved(_whole_days(was, begins)) for share, _theirs in shares]
    except BadRule as bad:
        raise field_error("starts_at", bad.code, rule_words(bad.code)) from bad
    new = {
        one.pk: _one(wall_of(one.occurrence) + by, _length(share) + grows, share.timezone)
        for share, theirs in shares
        for one in theirs
        if _is_as_ruled(one, share, _length(share))
    }
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
    for (share, theirs), rule in zip(shares, anew, strict=True):
        if any(one.pk not in stay for one in theirs):
            _split(share, theirs, rule, by, _length(share) + grows)
    moved = []
    for one in sorted(affected, key=lambda it: it.starts_at, reverse=by > dt.timedelta()):
        span = None if one.pk in stay else new[one.pk].span
        if span is not None and span != (one.starts_at, one.ends_at):
            _retime(one, span, locked, at=at)
            moved.append(one)
    no_shows.watch(moved, _booked(affected[0]))
    return sorted(moved, key=lambda it: it.starts_at)


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
        too_late = rules.gives_back(one, span) and not _may_give_back(member, one, at)
        if too_late or broken_by(span, asked, claim, locked, was=(one.starts_at, one.ends_at)):
            failing[one.pk] = Reason.RULE
        elif not room.is_free(span):
            failing[one.pk] = Reason.TAKEN
        else:
            room.take(span)
            asked = replace(asked, also=(*asked.also, span))
    return failing


def _split(series: Series, affected: list[Booking], rule: Recurrence, by: dt.timedelta, lasts: dt.timedelta) -> None:
    """Other times for the affected occurrences and all that was left out or cancelled after the first of them.

    When something stays behind they are a series of their own. Otherwise it is the same series.
    """
    first = min(one.occurrence for one in affected)
    last = max(series.bookings.order_by("-occurrence").values_list("occurrence", flat=True)[:1])
    changed = {
        "rule": rule.ending((wall_of(last) + by).date()).text(),
        "starts_wall": wall_text(wall_of(first) + by),
        "ends_wall": wall_text(wall_of(first) + by + lasts),
    }
    following = series.bookings.filter(occurrence__gte=first).order_by("occurrence")
    left_out = series.skipped.filter(occurrence__gte=first)
    target = series
    if series.bookings.filter(occurrence__lt=first).exists():
        target = Series.objects.create(
            member=series.member, collective=series.collective, timezone=series.timezone,
            on_conflict=series.on_conflict, created_at=series.created_at, continues=series, **changed,
        )  # fmt: skip
        series.rule = Recurrence.read(series.rule).ending(wall_of(first).date() - dt.timedelta(days=1)).text()
        series.save(update_fields=["rule"])
    else:
        series.skipped.filter(occurrence__lt=first).delete()
        Series.objects.filter(pk=series.pk).update(**changed)
    # From the far end, so that none takes the name of one that has not moved yet.
    for booking in following.reverse() if by > dt.timedelta() else following:
        booking.series, booking.occurrence = target, wall_text(wall_of(booking.occurrence) + by)
        booking.save(update_fields=["series", "occurrence"])
    for skipped in left_out:
        skipped.series, skipped.occurrence = target, wall_text(wall_of(skipped.occurrence) + by)
        skipped.save(update_fields=["series", "occurrence"])


def _retime(booking: Booking, span: Span, locked: Locked, *, at: dt.datetime) -> None:
    """Another time for a booking that has room there; judged before."""
    items = tuple(booking.items.order_by("resource").values_list("resource", "quantity"))
    claim = Claim(member=booking.member, items=items, span=span, moved=(booking.pk,))
    asked = granting.asking(claim, locked, booking.collective, at)
    actions.put_at(booking, asked, locked.parts.demands(items, span, locked.known), locked)


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
    """What a change of this scope is about: still to come, and not cancelled; in order.

    `all` is also about what was split off by an earlier change, and about what it was split off from.
    """
    if scope not in ("following", "all"):
        raise field_error("scope", "invalid_choice", _("Choose what follows, or all."))
    coming = Booking.objects.filter(status__in=Booking.HOLDING, starts_at__gt=at)
    if scope == "following":
        coming = coming.filter(series=series, occurrence__gte=booking.occurrence)
    else:
        coming = coming.filter(series__in=_chain(series))
    told = coming.order_by("series", "occurrence").select_related("member", "collective", "series")
    found = list(told.prefetch_related("items__resource"))
    if not found:
        raise Conflict("already_over", _("This booking is already over."))
    return found


def _chain(series: Series) -> set[int]:
    """The series with all that it was split off from, and all that was split off from them."""
    known: set[int] = set()
    new = {series.pk}
    while new:
        known |= new
        near = Series.objects.filter(Q(pk__in=new) | Q(continues__in=new)).values_list("pk", "continues")
        new = {number for pair in near for number in pair if number is not None} - known
    return known


def _shares(affected: list[Booking]) -> list[tuple[Series, list[Booking]]]:
    """The affected bookings of each series."""
    shares: dict[int, tuple[Series, list[Booking]]] = {}
    for one in affected:
        assert one.series is not None
        shares.setdefault(one.series.pk, (one.series, []))[1].append(one)
    return list(shares.values())


def _length(series: Series) -> dt.timedelta:
    return wall_of(series.ends_wall) - wall_of(series.starts_wall)


def _booked(booking: Booking) -> list[Resource]:
    return [item.resource for item in booking.items.all()]


def _may_give_back(member: Member, booking: Booking, at: dt.datetime) -> bool:
    """Whether there is still time for it, and nobody is there yet."""
    is_there = booking.checked_in_at is not None
    return not is_there and (member.is_staff or rules.notice_given(booking, _booked(booking), at))


def _is_as_ruled(booking: Booking, series: Series, length: dt.timedelta) -> bool:
    """Whether it is at the time that its series gives it; otherwise somebody moved it alone."""
    ruled = _one(wall_of(booking.occurrence), length, series.timezone).span
    return ruled == (booking.starts_at, booking.ends_at)


def _one(wall: dt.datetime, length: dt.timedelta, zone: str) -> Occurrence:
    return occurrences(Recurrence("DAILY", count=1), wall, wall + length, zone)[0]


def _whole_days(was: dt.datetime, begins: dt.datetime) -> dt.timedelta:
    return begins.date() - was.date()
