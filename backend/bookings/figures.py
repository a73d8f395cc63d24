"""How much of what hosts look after is used, by thing, by collective and over time; pure arithmetic over few queries."""

import csv
import datetime as dt
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from backend.bookings import times
from backend.bookings.free import Span
from backend.bookings.hours import Hours, with_hours
from backend.bookings.models import Booking, BookingItem, Resource
from backend.members.models import Member
from backend.tables import harmless

HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
LATE = dt.timedelta(hours=24)
LONGEST = 400
"""Days that can be asked about at once."""


@dataclass
class Figures:
    """What was used of one thing, by one collective, or in one period. Hours count each unit of a pool."""

    id: int | None
    name: str
    place: str = ""
    bookings: int = 0
    booked_hours: float = 0.0
    open_hours: float = 0.0
    nobody_came: int = 0
    cancelled_late: int = 0

    @property
    def used(self) -> float | None:
        """The share of the open hours that was booked, 0 to 1 and more when it was used outside them; None when never open."""
        return self.booked_hours / self.open_hours if self.open_hours else None


@dataclass
class Report:
    first: dt.date
    last: dt.date
    resources: list[Figures] = field(default_factory=list)
    collectives: list[Figures] = field(default_factory=list)
    periods: list[Figures] = field(default_factory=list)


def report(host: Member, first: dt.date, last: dt.date, *, by: str = "week") -> Report:
    """All that this host looks after, from the first day to the last, on the clock of each place; periods are weeks or months.

    What is made of others counts by itself, and its parts only where they were booked alone. Cancelled bookings use nothing; those
    that nobody came for and those cancelled within a day of their start are counted beside.
    """
    things = with_hours(Resource.objects.shown().hosted_by(host).order_by("place__name", "name", "pk").distinct())
    known = {thing.pk: thing for thing in things}
    spans = {zone: _days(first, last, zone) for zone in {thing.place.timezone for thing in things}}
    found = Report(first, last)
    of_thing = {thing.pk: Figures(thing.pk, thing.name, thing.place.name) for thing in things}
    of_collective: dict[int | None, Figures] = {}
    of_period = {start: Figures(None, start.isoformat()) for start in _periods(first, last, by)}
    for thing in things:
        for day, hours in _open_hours(thing, first, last):
            of_thing[thing.pk].open_hours += hours
            of_period[_period(day, by, first)].open_hours += hours
    for row in _rows(known, spans.values()):
        thing = known[row["resource"]]
        span = spans[thing.place.timezone]
        start, end = max(row["booking__starts_at"], span[0]), min(row["booking__ends_at"], span[1])
        if start >= end:
            continue
        collective = of_collective.setdefault(
            row["booking__collective"], Figures(row["booking__collective"], row["booking__collective__name"] or "")
        )
        began = times.clock(start, thing.place.timezone)[0]
        for figures in (of_thing[thing.pk], collective, of_period[_period(began, by, first)]):
            _count(figures, row, (end - start) / HOUR * row["quantity"])
    found.resources = [of_thing[thing.pk] for thing in things]
    found.collectives = sorted(of_collective.values(), key=lambda one: (-one.booked_hours, one.name))
    found.periods = [of_period[start] for start in sorted(of_period)]
    return found


def as_csv(rows: Iterable[Figures]) -> str:
    """RFC 4180, a heading first. Cells that a spreadsheet would take for a formula are quoted with an apostrophe."""
    out = io.StringIO()
    write = csv.writer(out)
    write.writerow(
        ["name", "place", "bookings", "booked_hours", "open_hours", "used_percent", "nobody_came", "cancelled_late"]
    )
    for row in rows:
        used = "" if row.used is None else f"{100 * row.used:.1f}"
        numbers = [row.bookings, f"{row.booked_hours:.2f}", f"{row.open_hours:.2f}", used, row.nobody_came]
        write.writerow([harmless(row.name), harmless(row.place), *numbers, row.cancelled_late])
    return out.getvalue()


def _rows(known: dict[int, Resource], spans: Iterable[Span]) -> list[dict[str, Any]]:
    """What was booked of these, in one query."""
    bounds = list(spans)
    if not bounds:
        return []
    items = BookingItem.objects.filter(
        resource__in=list(known),
        booking__starts_at__lt=max(span[1] for span in bounds),
        booking__ends_at__gt=min(span[0] for span in bounds),
    ).exclude(booking__status=Booking.Status.OFFERED)
    return [
        dict(row)
        for row in items.values(
            "resource", "quantity", "booking__starts_at", "booking__ends_at", "booking__status", "booking__ending",
            "booking__cancelled_at", "booking__collective", "booking__collective__name",
        )
    ]  # fmt: skip


def _count(figures: Figures, row: dict[str, Any], hours: float) -> None:
    if row["booking__status"] != Booking.Status.CANCELLED:
        figures.bookings += 1
        figures.booked_hours += hours
    elif row["booking__ending"] == Booking.Ending.NOBODY_CAME:
        figures.nobody_came += 1
    elif row["booking__ending"] == Booking.Ending.BY_PERSON and row["booking__cancelled_at"] is not None:
        figures.cancelled_late += row["booking__starts_at"] - row["booking__cancelled_at"] < LATE


def _open_hours(thing: Resource, first: dt.date, last: dt.date) -> Iterator[tuple[dt.date, float]]:
    """Each day with the hours in which it can be used, times its units; a thing also counts the hours of its house."""
    hours = Hours.of(thing.place)
    day = first
    while day <= last:
        minutes = sum(
            max(0, min(closes, thing.closes_minute) - max(opens, thing.opens_minute)) for opens, closes in hours.on(day)
        )
        yield day, minutes / 60 * thing.capacity
        day += DAY


def _days(first: dt.date, last: dt.date, zone: str) -> Span:
    return times.midnight(first, zone), times.midnight(last + DAY, zone)


def _period(day: dt.date, by: str, first: dt.date) -> dt.date:
    """The first day of its week or month, or of what is asked about."""
    start = day.replace(day=1) if by == "month" else day - dt.timedelta(days=day.weekday())
    return max(start, first)


def _periods(first: dt.date, last: dt.date, by: str) -> list[dt.date]:
    starts: dict[dt.date, None] = defaultdict()
    day = first
    while day <= last:
        starts[_period(day, by, first)] = None
        day += DAY
    return list(starts)
