"""Which days a series falls on, and when that is: RFC 5545 rules on the wall clock of a place. Pure.

Of the RFC's rules we take those that people mean: daily, weekly on days, monthly on a date or on the nth weekday, yearly; every so many of
them; so many times or until a day. An occurrence at a time that the clocks jump over is as much later as they jump; one that the
clocks show twice means the first time. The end is a wall time too: a day's loan is 23 or 25 hours long when the clocks change.
"""

import datetime as dt
import re
from dataclasses import dataclass, replace
from itertools import islice

from dateutil.rrule import rrulestr

from backend.bookings import times
from backend.bookings.free import Span

MOST = 400
LONGEST = dt.timedelta(days=731)
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
KNOWN = {"FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "WKST", "COUNT", "UNTIL"}
WALL = "%Y-%m-%dT%H:%M"


class BadRule(ValueError):
    """A rule that is not taken; `code` says why."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True)
class Recurrence:
    """A checked rule. `days` are weekday numbers, 0 is Monday; `nth` is 1 to 5 or -1 (the last) of its only day in the month."""

    every: str
    interval: int = 1
    days: tuple[int, ...] = ()
    nth: int = 0
    month_day: int = 0
    count: int | None = None
    until: dt.date | None = None

    @classmethod
    def read(cls, text: str) -> "Recurrence":
        """Reads a rule such as FREQ=WEEKLY;BYDAY=TU;COUNT=12. Raises BadRule: rule_not_supported, series_without_end."""
        parts = [part.partition("=") for part in text.upper().removeprefix("RRULE:").split(";") if part]
        given = {name: value for name, _, value in parts}
        if len(given) < len(parts) or not set(given) <= KNOWN or given.get("WKST", "MO") not in DAYS:
            raise BadRule("rule_not_supported")
        if given.get("WKST", "MO") != "MO":
            raise BadRule("rule_not_supported")
        if ("COUNT" in given) == ("UNTIL" in given):
            raise BadRule("series_without_end" if "COUNT" not in given else "rule_not_supported")
        days, nth = _days(given.get("BYDAY", ""))
        rule = cls(
            every=given.get("FREQ", ""),
            interval=_number(given.get("INTERVAL", "1"), 1, 99),
            days=days,
            nth=nth,
            month_day=_month_day(given.get("BYMONTHDAY", "")),
            count=_number(given["COUNT"], 1, 10**9) if "COUNT" in given else None,
            until=_day(given["UNTIL"]) if "UNTIL" in given else None,
        )
        if not rule._makes_sense():
            raise BadRule("rule_not_supported")
        return rule

    def _makes_sense(self) -> bool:
        if self.every == "WEEKLY":
            return not (self.nth or self.month_day)
        if self.every == "MONTHLY":
            return bool(self.nth) == bool(self.days) and not (self.nth and self.month_day)
        return self.every in ("DAILY", "YEARLY") and not (self.days or self.month_day)

    def text(self) -> str:
        """The rule as RFC 5545 writes it; UNTIL is the end of its day on the wall clock."""
        parts = [f"FREQ={self.every}"]
        if self.interval > 1:
            parts.append(f"INTERVAL={self.interval}")
        if self.days:
            parts.append("BYDAY=" + ",".join(f"{self.nth or ''}{DAYS[day]}" for day in self.days))
        if self.month_day:
            parts.append(f"BYMONTHDAY={self.month_day}")
        parts.append(f"COUNT={self.count}" if self.until is None else f"UNTIL={self.until:%Y%m%d}T235959")
        return ";".join(parts)

    def walls(self, first: dt.datetime) -> list[dt.datetime]:
        """The wall times from `first` on; the first of them is the first that keeps the rule.

        Raises BadRule: too_many_occurrences beyond MOST, series_too_long beyond LONGEST, no_occurrences.
        """
        found = list(islice(rrulestr(self.text(), dtstart=first), MOST + 1))
        if not found:
            raise BadRule("no_occurrences")
        if len(found) > MOST:
            raise BadRule("too_many_occurrences")
        if found[-1] - first > LONGEST:
            raise BadRule("series_too_long")
        return found

    def moved(self, by: dt.timedelta) -> "Recurrence":
        """The rule of the same series so many days later; BadRule change_day_alone where a month has no such rule."""
        if not by.days:
            return self
        if self.every in ("MONTHLY", "YEARLY"):
            raise BadRule("change_day_alone")
        until = self.until + dt.timedelta(days=by.days) if self.until else None
        days = tuple(sorted((day + by.days) % 7 for day in self.days))
        return replace(self, days=days, until=until)

    def ending(self, last: dt.date) -> "Recurrence":
        """The rule with another last day."""
        return replace(self, count=None, until=last)


@dataclass(frozen=True)
class Occurrence:
    """One time of a series: its wall time, what that is in UTC (None when it cannot be), and what the clocks do to it.

    They jump over its start or its end (`was_moved`), or show one of them twice (`is_twice`).
    """

    wall: str
    span: Span | None
    was_moved: bool = False
    is_twice: bool = False


def occurrences(rule: Recurrence, first: dt.datetime, end: dt.datetime, zone: str) -> list[Occurrence]:
    """All times of a series whose first one begins at the wall time `first` and ends at the wall time `end`."""
    length = end - first
    return [_occurrence(wall, wall + length, zone) for wall in rule.walls(first)]


def _occurrence(start: dt.datetime, end: dt.datetime, zone: str) -> Occurrence:
    (begins, early), (ends, late) = _moment(start, zone), _moment(end, zone)
    name = start.strftime(WALL)
    is_twice = times.is_twice(start, zone) or times.is_twice(end, zone)
    return Occurrence(name, (begins, ends) if begins < ends else None, early or late, is_twice)


def _moment(wall: dt.datetime, zone: str) -> tuple[dt.datetime, bool]:
    try:
        return times.moment(wall, zone), False
    except times.DoesNotExist as gap:
        return times.moment(gap.instead, zone), True


def wall_of(text: str) -> dt.datetime:
    """2027-03-28T02:30 as a naive time."""
    return dt.datetime.strptime(text, WALL)  # noqa: DTZ007 -- a wall time has no zone.


def wall_text(wall: dt.datetime) -> str:
    """A naive time as 2027-03-28T02:30."""
    return wall.strftime(WALL)


def _number(text: str, least: int, most: int) -> int:
    if not re.fullmatch(r"\d{1,9}", text) or not least <= int(text) <= most:
        raise BadRule("rule_not_supported")
    return int(text)


def _days(text: str) -> tuple[tuple[int, ...], int]:
    """The weekdays, and which of them in the month when that is said of one."""
    found: list[int] = []
    nth = 0
    for word in filter(None, text.split(",")):
        match = re.fullmatch(r"(-1|[1-5])?(MO|TU|WE|TH|FR|SA|SU)", word)
        if match is None or (match[1] and "," in text):
            raise BadRule("rule_not_supported")
        nth = int(match[1] or 0)
        found.append(DAYS.index(match[2]))
    return tuple(sorted(set(found))), nth


def _month_day(text: str) -> int:
    if text == "-1":
        return -1
    return _number(text, 1, 31) if text else 0


def _day(text: str) -> dt.date:
    """20271031, or 20271031T190000 on the wall clock; a time in UTC is not on it."""
    match = re.fullmatch(r"(\d{4})(\d\d)(\d\d)(T\d{6})?", text)
    try:
        return dt.date(int(match[1]), int(match[2]), int(match[3])) if match else _no_day()
    except ValueError as error:
        raise BadRule("rule_not_supported") from error


def _no_day() -> dt.date:
    raise BadRule("rule_not_supported")
