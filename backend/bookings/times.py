"""Wall clocks and the moments they mean. Inside, all times are aware and UTC; a zone exists only here, at the edge."""

import datetime as dt
from collections.abc import Iterator
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

MINUTE = dt.timedelta(minutes=1)
MINUTES_A_DAY = 24 * 60


class DoesNotExist(Exception):
    """The clocks jump over this wall time. `instead` is the wall time the same way past the jump: 02:30 becomes 03:30."""

    def __init__(self, wall: dt.datetime, instead: dt.datetime) -> None:
        self.wall = wall
        self.instead = instead
        super().__init__(f"{wall} does not exist, {instead} does")


@lru_cache(maxsize=256)
def zone(name: str) -> ZoneInfo:
    """The IANA zone of this name; KeyError or ValueError when there is none."""
    return ZoneInfo(name)


def known_zone(name: str) -> None:
    """Django validator: an IANA zone such as Europe/Paris."""
    try:
        zone(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValidationError(_("This is not a time zone."), code="unknown_zone") from error


def moment(wall: dt.datetime, zone_name: str) -> dt.datetime:
    """The UTC moment at which the clock in this zone shows the naive `wall`.

    When the clock shows it twice (the night it is set back) the first time is meant. DoesNotExist when it never does.
    """
    there = zone(zone_name)
    found = wall.replace(tzinfo=there, fold=0).astimezone(dt.UTC)
    shown = found.astimezone(there).replace(tzinfo=None)
    if shown != wall:
        raise DoesNotExist(wall, shown)
    return found


def is_twice(wall: dt.datetime, zone_name: str) -> bool:
    """Whether the clock in this zone shows the naive `wall` twice: in the night in which it is set back."""
    there = wall.replace(tzinfo=zone(zone_name))
    before, after = there.replace(fold=0).utcoffset(), there.replace(fold=1).utcoffset()
    return before is not None and after is not None and before > after


def midnight(date: dt.date, zone_name: str) -> dt.datetime:
    """When that day begins there; where the clocks jump over midnight, the first moment after."""
    wall = dt.datetime.combine(date, dt.time())
    try:
        return moment(wall, zone_name)
    except DoesNotExist as gap:
        return moment(gap.instead, zone_name)


def clock(at: dt.datetime, zone_name: str) -> tuple[dt.date, int]:
    """What calendar and clock in this zone show at a moment: the date, and the minutes since midnight."""
    wall = at.astimezone(zone(zone_name))
    return wall.date(), wall.hour * 60 + wall.minute


def closing_clock(at: dt.datetime, zone_name: str) -> tuple[dt.date, int]:
    """The same for the end of something: midnight is 24:00 of the day before."""
    date, minute = clock(at, zone_name)
    return (date, minute) if minute else (date - dt.timedelta(days=1), MINUTES_A_DAY)


def wall_minutes(start: dt.datetime, end: dt.datetime, zone_name: str) -> int:
    """Minutes between two moments as the clock on the wall counts them: a day is 1,440 also when it lasts 23 or 25 hours."""
    there = zone(zone_name)
    shown = end.astimezone(there).replace(tzinfo=None) - start.astimezone(there).replace(tzinfo=None)
    return shown // MINUTE


def starts_on(date: dt.date, *, opens: int, closes: int, step: int, zone_name: str) -> Iterator[dt.datetime]:
    """The moments of that day at which something may start: every `step` wall minutes from opening, before closing."""
    midnight = dt.datetime.combine(date, dt.time())
    for minute in range(opens, min(closes, MINUTES_A_DAY), step):
        try:
            yield moment(midnight + minute * MINUTE, zone_name)
        except DoesNotExist:
            continue


def shown_minute(minute: int) -> str:
    """480 as "08:00", 1440 as "24:00"."""
    return f"{minute // 60:02}:{minute % 60:02}"


def iso(at: dt.datetime) -> str:
    """As the API writes moments: 2026-11-23T09:00:00Z."""
    return at.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
