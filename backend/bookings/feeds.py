"""Calendars for other programs, as RFC 5545 says: of a member, a collective, or a resource.

A series is one event with its rule; what was left out are its exceptions, what was moved or renamed alone its overrides. Nobody's
address or telephone number is ever in it.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import override
from icalendar import Calendar, Event, vRecur

from backend.bookings import times
from backend.bookings.calendar import shown
from backend.bookings.models import Allocation, Booking, BookingQuerySet, Feed, Resource, Series
from backend.bookings.recurrence import BadRule, Occurrence, Recurrence, occurrences, wall_of
from backend.bookings.rules import may_book
from backend.collectives.models import Collective
from backend.errors import NotFound
from backend.members.models import Member
from backend.patience import patiently

PAST = dt.timedelta(days=90)
AHEAD = dt.timedelta(days=731)
Source = Callable[[Member, dt.datetime, dt.datetime], Iterable[Event]]
SharedSource = Callable[[Collective, Member, dt.datetime, dt.datetime], Iterable[Event]]
_sources: list[Source] = []
_shared_sources: list[SharedSource] = []


def also(source: Source) -> None:
    """What other rooms have for a member's own calendar: called with the member and the window that is shown."""
    if source not in _sources:
        _sources.append(source)


def also_shared(source: SharedSource) -> None:
    """What other rooms have for the calendar of a collective, as one of its members may see it: called with both and the window."""
    if source not in _shared_sources:
        _shared_sources.append(source)


@patiently
def open_feed(
    *, member: Member, at: dt.datetime, collective: int | None = None, resource: int | None = None
) -> tuple[Feed, bool]:
    """The secret address of a calendar, and whether it is new; there is one for each thing at a time."""
    if collective is not None and not Collective.objects.of(member).filter(pk=collective).exists():
        raise NotFound()
    if resource is not None and not _may_see(member, resource):
        raise NotFound()
    Member.objects.select_for_update(no_key=True).filter(pk=member.pk).first()
    known = Feed.objects.filter(
        member=member, collective=collective, resource=resource, revoked_at__isnull=True
    ).first()
    if known is not None:
        return known, False
    return Feed.objects.create(member=member, collective_id=collective, resource_id=resource, created_at=at), True


@patiently
def revoke(*, feed: Feed, at: dt.datetime) -> None:
    """The address shows nothing any more, and never will again."""
    Feed.objects.filter(pk=feed.pk, revoked_at__isnull=True).update(revoked_at=at)


def calendar_of(token: str, *, at: dt.datetime) -> bytes:
    """What the address shows now, in the language of its member: calendars ask without one.

    NotFound when there is none, when it was revoked, and when its member may not see it any more.
    """
    feed = Feed.objects.select_related("member", "collective", "resource__place").filter(token=token).first()
    if feed is None or feed.revoked_at is not None or not feed.member.is_active:
        raise NotFound()
    with override(feed.member.language):
        return _shown_by(feed, at)


def _shown_by(feed: Feed, at: dt.datetime) -> bytes:
    window = at - PAST, at + AHEAD
    if feed.resource is not None:
        if not _may_see(feed.member, feed.resource.pk):
            raise NotFound()
        return written(feed.resource.name, _of_resource(feed.member, feed.resource, at))
    if feed.collective is not None:
        if not Collective.objects.of(feed.member).filter(pk=feed.collective.pk).exists():
            raise NotFound()
        rows = Booking.objects.filter(collective=feed.collective)
        more = chain.from_iterable(source(feed.collective, feed.member, *window) for source in _shared_sources)
        return written(feed.collective.name, chain(_of_bookings(rows, at), more))
    member = feed.member
    rows = Booking.objects.filter(
        Q(member=member) | Q(people=member) | Q(collective__in=Collective.objects.of(member))
    ).distinct()
    more = chain.from_iterable(source(member, *window) for source in _sources)
    return written(_("My bookings"), chain(_of_bookings(rows, at), more))


def calendar_of_one(booking: Booking) -> bytes:
    """One booking, to be put into a calendar by hand."""
    return written("Compagnon", [_event(booking)])


def _of_bookings(rows: BookingQuerySet, at: dt.datetime) -> Iterator[Event]:
    shown = (Booking.Status.CONFIRMED, Booking.Status.REQUESTED)
    near = rows.filter(status__in=shown, ends_at__gt=at - PAST, starts_at__lt=at + AHEAD)
    repeating: dict[int, list[Booking]] = defaultdict(list)
    for booking in near.told().order_by("starts_at", "pk"):
        if booking.series_id is None:
            yield _event(booking)
        else:
            repeating[booking.series_id].append(booking)
    for series in Series.objects.filter(pk__in=list(repeating)).order_by("pk"):
        yield from _events(series, repeating[series.pk])


def _events(series: Series, bookings: list[Booking]) -> Iterator[Event]:
    """The series as one event with exceptions and overrides; one by one when its rule cannot be read any more."""
    first, end = wall_of(series.starts_wall), wall_of(series.ends_wall)
    try:
        ruled = {one.wall: one for one in occurrences(Recurrence.read(series.rule), first, end, series.timezone)}
    except BadRule:
        yield from map(_event, bookings)
        return
    mine = {booking.occurrence: booking for booking in bookings}
    if not set(mine) <= set(ruled):
        yield from map(_event, bookings)
        return
    usual = next((one for one in bookings if _is_usual(one, ruled[one.occurrence], None)), None)
    if usual is None:
        yield from map(_event, bookings)
        return
    zone = times.zone(series.timezone)
    start = wall_of(next(iter(ruled)))
    master = _event(usual, uid=uid_of("series", series.pk), of=series)
    master.start, master.end = start.replace(tzinfo=zone), (start + (end - first)).replace(tzinfo=zone)
    master.add("rrule", vRecur.from_ical(_rule_in_utc(series)))
    for wall in ruled:
        if wall not in mine:
            master.add("exdate", wall_of(wall).replace(tzinfo=zone))
    yield master
    for wall, booking in mine.items():
        if not _is_usual(booking, ruled[wall], usual):
            override = _event(booking, uid=uid_of("series", series.pk))
            override.add("recurrence-id", wall_of(wall).replace(tzinfo=zone))
            yield override


def _is_usual(booking: Booking, ruled: Occurrence, usual: Booking | None) -> bool:
    """Whether the rule says all that there is to say about it."""
    if ruled.was_moved or ruled.span != (booking.starts_at, booking.ends_at):
        return False
    return usual is None or (booking.title, booking.note, booking.status) == (usual.title, usual.note, usual.status)


def _rule_in_utc(series: Series) -> str:
    """The rule with its end in UTC, as RFC 5545 wants it beside a start with a zone."""
    rule = Recurrence.read(series.rule)
    if rule.until is None:
        return rule.text()
    end = times.midnight(rule.until + dt.timedelta(days=1), series.timezone) - dt.timedelta(seconds=1)
    return rule.text().rpartition("UNTIL=")[0] + f"UNTIL={end:%Y%m%dT%H%M%SZ}"


def _event(booking: Booking, *, uid: str = "", of: Series | None = None) -> Event:
    """One booking on the clock of its place; the version is that of the series that it stands for."""
    items = list(booking.items.all())
    place = items[0].resource.place
    names = ", ".join(item.resource.name for item in items)
    zone = times.zone(place.timezone)
    event = Event()
    event.add("uid", uid or uid_of("booking", booking.pk))
    event.add("summary", booking.title or names)
    version = of or booking
    stamp(event, version.updated_at or version.created_at, version.sequence)
    event.start, event.end = booking.starts_at.astimezone(zone), booking.ends_at.astimezone(zone)
    event.add(
        "location", ", ".join(filter(None, [names if booking.title else "", place.name, place.address, place.city]))
    )
    if booking.note:
        event.add("description", booking.note)
    event.add("status", "TENTATIVE" if booking.status == Booking.Status.REQUESTED else "CONFIRMED")
    return event


def _of_resource(viewer: Member, resource: Resource, at: dt.datetime) -> Iterator[Event]:
    """When it is held, with a title only for those whom it concerns, as in the timeline."""
    zone = times.zone(resource.place.timezone)
    held = shown(viewer, [resource.pk], at - PAST, at + AHEAD)
    # A whole cannot be had either while a part of it is held for something else.
    known = {(row["from"], row["until"]) for row in held.busy}
    versions = _versions(row["id"] for row in held.busy)
    for row in [*held.busy, *(row for row in held.full if (row["from"], row["until"]) not in known)]:
        event = Event()
        event.add("uid", uid_of("held", row["id"]) if "id" in row else uid_of(f"full-{resource.pk}", row["from"]))
        event.add("summary", row.get("title") or (_("Out of use") if row.get("blackout") else _("Booked")))
        stamp(event, *versions.get(row.get("id", 0), (dt.datetime.fromisoformat(row["from"]), 0)))
        event.start = dt.datetime.fromisoformat(row["from"]).astimezone(zone)
        event.end = dt.datetime.fromisoformat(row["until"]).astimezone(zone)
        event.add("location", f"{resource.name}, {resource.place.name}")
        yield event


def _versions(allocations: Iterable[int]) -> dict[int, tuple[dt.datetime, int]]:
    """When what each of these is held for has changed last, and how often."""
    about = ("pk", "booking__updated_at", "booking__created_at", "blackout__created_at", "booking__sequence")
    rows = Allocation.objects.filter(pk__in=list(allocations)).values_list(*about)
    return {row: (updated or made or blacked, sequence or 0) for row, updated, made, blacked, sequence in rows}


def stamp(event: Event, changed: dt.datetime, sequence: int) -> None:
    """The version of an event, by which other programs know what is newer."""
    event.add("dtstamp", changed)
    event.add("last-modified", changed)
    event.add("sequence", sequence)


def written(name: str, events: Iterable[Event]) -> bytes:
    """A calendar with these events."""
    calendar = Calendar()
    calendar.add("prodid", "-//Compagnon//Bookings//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", dt.timedelta(minutes=15), parameters={"VALUE": "DURATION"})
    for event in events:
        calendar.add_component(event)
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _may_see(member: Member, resource: int) -> bool:
    found = Resource.objects.shown().filter(pk=resource).first()
    return found is not None and may_book(member, found)


def uid_of(kind: str, number: int | str) -> str:
    """The same as long as the booking is the same, and nobody else's."""
    return f"{kind}-{number}@{urlsplit(settings.PUBLIC_URL).hostname}"
