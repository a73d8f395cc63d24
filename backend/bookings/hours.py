"""When a place is open: its usual week, the exceptions to it, and public holidays. Pure once the rows are read."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import holidays

from backend.bookings import times
from backend.bookings.models import Opening, OpeningException, Place, Resource, ResourceQuerySet
from backend.plans import answers

Minutes = tuple[int, int]
WallSpan = tuple[dt.datetime, dt.datetime]
Exceptional = tuple[dt.date, dt.date, int | None, int | None, str]
"""First and last day, opening and closing minute (none: closed), reason."""
ALL_DAY: tuple[Minutes, ...] = ((0, times.MINUTES_A_DAY),)
DAY = dt.timedelta(days=1)
# Written in SQL, for both at once: it is asked at each booking, and a week of fifty places has 350 rows that nobody needs as objects.
OPEN = """
SELECT place_id, id, weekday, opens_minute, closes_minute, CAST(NULL AS date), CAST(NULL AS date), ''
FROM bookings_opening WHERE place_id IN ({marks})
UNION ALL SELECT place_id, id, NULL, opens_minute, closes_minute, first_day, last_day, reason
FROM bookings_openingexception WHERE place_id IN ({marks}) ORDER BY 2
"""


@dataclass(frozen=True)
class Hours:
    """Opening hours on a wall clock. `week` is (weekday, opens, closes), minutes from midnight of that day, beyond 1,440 of the next.

    `holidays_of` is the country and region whose public holidays are kept; none are when it is None.
    """

    week: tuple[tuple[int, int, int], ...] = ()
    exceptions: tuple[Exceptional, ...] = ()
    holidays_of: tuple[str, str] | None = None

    @classmethod
    def of(cls, place: Place) -> "Hours":
        """Read once for each place in hand; see `with_hours` for many."""
        if "_hours" not in place.__dict__:
            _read([place])
        known: Hours = place.__dict__["_hours"]
        return known

    @property
    def is_always_open(self) -> bool:
        return not (self.week or self.exceptions or self.holidays_of)

    def on(self, day: dt.date) -> tuple[Minutes, ...]:
        """From which minutes of that day until which it is open, in order.

        An exception goes before a public holiday, a holiday before the usual week. Of several exceptions on a day, those that open
        it count.
        """
        special = [row for row in self.exceptions if row[0] <= day <= row[1]]
        if special:
            return tuple(sorted((row[2], row[3]) for row in special if row[2] is not None and row[3] is not None))
        if self.holidays_of and holiday(*self.holidays_of, day):
            return ()
        return tuple((row[1], row[2]) for row in self.week if row[0] == day.weekday()) if self.week else ALL_DAY

    def why_closed(self, day: dt.date) -> str:
        """The reason of an exception or the name of the holiday on that day; empty when it is a usual day."""
        for first, last, _opens, _closes, reason in self.exceptions:
            if first <= day <= last:
                return reason
        return holiday(*self.holidays_of, day) if self.holidays_of else ""

    def spans(self, first: dt.date, last: dt.date) -> list[WallSpan]:
        """Wall times of opening that touch the days from `first` to `last`, merged where one ends as the next begins."""
        found: list[WallSpan] = []
        for start, end in self._spans(first - DAY, last):
            if found and start <= found[-1][1]:
                found[-1] = (found[-1][0], max(end, found[-1][1]))
            else:
                found.append((start, end))
        return found

    def _spans(self, first: dt.date, last: dt.date) -> Iterator[WallSpan]:
        day = first
        while day <= last:
            midnight = dt.datetime.combine(day, dt.time())
            for opens, closes in self.on(day):
                yield midnight + opens * times.MINUTE, midnight + closes * times.MINUTE
            day += DAY

    def cover(self, start: dt.datetime, end: dt.datetime, *, zone: str, throughout: bool) -> bool:
        """Whether it is open from one UTC moment to the other; with `throughout` off, at both but perhaps not in between."""
        if self.is_always_open:
            return True
        there = times.zone(zone)
        first, last = (moment.astimezone(there).replace(tzinfo=None) for moment in (start, end))
        if throughout:
            return any(opens <= first and last <= closes for opens, closes in self.spans(first.date(), last.date()))
        fetched = any(opens <= first < closes for opens, closes in self.spans(first.date(), first.date()))
        return fetched and any(opens < last <= closes for opens, closes in self.spans(last.date() - DAY, last.date()))


def with_hours(resources: ResourceQuerySet) -> list[Resource]:
    """These, each with its place and all that says when that is open: two queries for any number."""
    found = list(resources.select_related("place"))
    _read([resource.place for resource in found])
    return found


def _read(places: list[Place]) -> None:
    numbers = sorted({place.pk for place in places})
    week: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    special: dict[int, list[Exceptional]] = defaultdict(list)
    if numbers:
        rows = answers(OPEN.format(marks=", ".join(["%s"] * len(numbers))), [*numbers, *numbers])
        for place, _pk, weekday, opens, closes, first, last, reason in rows:
            if weekday is None:
                special[place].append((_day(first), _day(last), opens, closes, reason))
            else:
                week[place].append((weekday, opens, closes))
    for one in places:
        kept = (one.country, one.region) if one.closed_on_holidays else None
        one.__dict__["_hours"] = Hours(tuple(sorted(week[one.pk])), tuple(special[one.pk]), kept)


def _day(written: dt.date | str) -> dt.date:
    """SQLite knows no dates."""
    return written if isinstance(written, dt.date) else dt.date.fromisoformat(written)


def places_closed(zone: str, start: dt.datetime, end: dt.datetime) -> tuple[list[int], list[int]]:
    """The places on this clock that are closed at one of these moments, and those that are not open throughout.

    Three queries; places with the same hours are asked once.
    """
    here = Place.objects.filter(timezone=zone, is_active=True)
    week: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    usual = Opening.objects.filter(place__in=here).order_by("weekday", "opens_minute")
    for place, *row in usual.values_list("place", "weekday", "opens_minute", "closes_minute"):
        week[place].append((row[0], row[1], row[2]))
    special: dict[int, list[Exceptional]] = defaultdict(list)
    days = times.clock(start, zone)[0] - DAY, times.clock(end, zone)[0]
    exceptions = OpeningException.objects.filter(place__in=here, first_day__lte=days[1], last_day__gte=days[0])
    columns = ("place", "first_day", "last_day", "opens_minute", "closes_minute", "reason")
    for place, *rest in exceptions.order_by("pk").values_list(*columns):
        special[place].append((rest[0], rest[1], rest[2], rest[3], rest[4]))
    keeping = here.filter(closed_on_holidays=True).values_list("pk", "country", "region")
    kept = {place: (country, region) for place, country, region in keeping}
    alike: dict[Hours, list[int]] = defaultdict(list)
    for place in {*week, *special, *kept}:
        alike[Hours(tuple(week[place]), tuple(special[place]), kept.get(place))].append(place)
    closed: dict[bool, list[int]] = {False: [], True: []}
    for hours, places in alike.items():
        for throughout, found in closed.items():
            if not hours.cover(start, end, zone=zone, throughout=throughout):
                found += places
    return closed[False], closed[True]


def holiday(country: str, region: str, day: dt.date) -> str:
    """The public holiday that this day is there, in the country's own language; empty when it is none or the country is not known."""
    return _holidays(country, region, day.year).get(day, "")


@lru_cache(maxsize=512)
def _holidays(country: str, region: str, year: int) -> dict[dt.date, str]:
    """`region` is left out where the calendar does not know it."""
    for subdivision in (region or None, None):
        try:
            return dict(holidays.country_holidays(country, subdiv=subdivision, years=year))
        except NotImplementedError:
            continue
    return {}
