"""Which members: around a point, and free in some weeks."""

import datetime as dt
import math
from collections.abc import Collection, Sequence
from itertools import chain
from typing import Any

from django.db.models import BooleanField, F, FloatField, Func, Value
from django.db.models.expressions import CombinedExpression
from django.utils.translation import gettext_lazy as _

from backend.errors import field_error
from backend.members.models import MemberQuerySet
from backend.members.towns import Point, chord, on_sphere, tiles

USUAL_KM, MOST_KM = 50.0, 500.0
MOST_DAYS = 56
WEEK = 7


def point_of(text: str) -> Point:
    """From `50.85,4.35`."""
    try:
        point = Point(*(float(part) for part in text.split(",")))
        is_on_earth = abs(point.latitude) <= 90 and abs(point.longitude) <= 180
    except (TypeError, ValueError):
        is_on_earth = False
    if not is_on_earth:
        raise field_error("near", "invalid", _("Write a point as 50.85,4.35."))
    return point


def radius_of(text: str) -> float:
    """Kilometres, USUAL_KM when nothing is said."""
    try:
        km = float(text or USUAL_KM)
    except ValueError:
        km = math.nan
    if not 0 < km <= MOST_KM:
        raise field_error("within_km", "out_of_range", _("Write a number from 1 to 500."))
    return km


def within(members: MemberQuerySet, point: Point, km: float) -> MemberQuerySet:
    """Those whose town lies so near: first the tiles of the map, of which databases know how many people each has, then the exact distance
    (the haversine formula, by its chord).
    """
    reach = chord(km)
    x, y, z = (_squared(axis, value) for axis, value in zip("xyz", on_sphere(point), strict=True))
    return members.filter(_OnTiles(tiles(point, km))).alias(apart=x + y + z).filter(apart__lte=reach * reach)


class _OnTiles(Func):
    """Whether the town lies on one of these tiles, which are written out: neither engine has to be handed hundreds of numbers."""

    output_field = BooleanField()

    def __init__(self, numbers: Sequence[int]) -> None:
        super().__init__(F("tile"))
        self.numbers = numbers

    def as_sql(self, compiler: Any, connection: Any, **more: Any) -> tuple[str, list[Any]]:  # type: ignore[override]  # No template is filled in here.
        tile, given = compiler.compile(self.source_expressions[0])
        return f"{tile} IN ({', '.join(map(str, self.numbers))})", given


def _squared(axis: str, value: float) -> CombinedExpression:
    apart = F(axis) - Value(value, FloatField())
    return apart * apart


def free_between(members: MemberQuerySet, first: dt.date, last: dt.date) -> MemberQuerySet:
    """Those who have a day in each week of this time on which they usually meet people and are not away; the last day included."""
    if last < first:
        raise field_error("free_until", "ends_before_start", _("The end must come after the start."))
    if (last - first).days >= MOST_DAYS:
        raise field_error("free_until", "more_than_eight_weeks", _("Ask about eight weeks at most."))
    return members.filter(_Free(first, last))


class _Free(Func):
    """The condition of `free_between`, in SQL that is written down: Django takes longer to build it than the database to answer it."""

    output_field = BooleanField()

    def __init__(self, first: dt.date, last: dt.date) -> None:
        super().__init__(F("pk"), F("free_weekdays"))
        self.days = [first + dt.timedelta(ahead) for ahead in range((last - first).days + 1)]

    def as_sql(self, compiler: Any, connection: Any, **more: Any) -> tuple[str, list[Any]]:  # type: ignore[override]  # No template is filled in here.
        (member, given), (weekdays, _) = (compiler.compile(source) for source in self.source_expressions)
        weeks = [self.days[begin : begin + WEEK] for begin in range(0, len(self.days), WEEK)]
        usually = {sum(1 << day.weekday() for day in week) for week in weeks}
        free = " AND ".join(f"{weekdays} & {days} <> 0" for days in usually)
        there, params = zip(*(_on_one_of(week) for week in weeks), strict=True)
        # Few are away at all, and only of those is it asked day by day.
        away = f"SELECT 1 FROM members_away away WHERE away.member_id = {member} AND away.first_day <= %s AND away.last_day >= %s"
        return (
            f"({free} AND NOT EXISTS ({away} AND NOT ({' AND '.join(there)})))",
            [*given, self.days[-1], self.days[0], *chain.from_iterable(params)],
        )


def _hours(member: str, weekdays: Collection[int]) -> str:
    some = "" if len(weekdays) == WEEK else f" AND hours.weekday IN ({', '.join(map(str, sorted(weekdays)))})"
    return f"SELECT 1 FROM members_freehours hours WHERE hours.member_id = {member}{some}"


def _on_one_of(days: Sequence[dt.date]) -> tuple[str, list[Any]]:
    """Whether somebody who is away is usually free on one of these days, and not away on it."""
    free = _hours("away.member_id", [day.weekday() for day in days])
    day = f"CASE hours.weekday {' '.join(['WHEN %s THEN %s'] * len(days))} END"
    cases = [part for day in days for part in (day.weekday(), day)]
    gone = f"gone.member_id = hours.member_id AND gone.first_day <= {day} AND gone.last_day >= {day}"
    return f"EXISTS ({free} AND NOT EXISTS (SELECT 1 FROM members_away gone WHERE {gone}))", cases * 2
