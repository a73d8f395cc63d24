"""Which members: around a point, and free in some weeks."""

import datetime as dt
import math
from collections.abc import Sequence

from django.db.models import Case, DateField, Exists, F, FloatField, OuterRef, Q, QuerySet, Value, When
from django.db.models.expressions import CombinedExpression
from django.utils.translation import gettext_lazy as _

from backend.errors import field_error
from backend.members.models import Away, FreeHours, MemberQuerySet
from backend.members.towns import Point, chord, on_sphere

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
    """Those whose town lies so near: first a box that an index answers, then the exact distance (the haversine formula, by its chord)."""
    middle, reach = dict(zip("xyz", on_sphere(point), strict=True)), chord(km)
    box = {f"{axis}__range": (value - reach, value + reach) for axis, value in middle.items()}
    x, y, z = (_squared(axis, value) for axis, value in middle.items())
    return members.filter(**box).alias(apart=x + y + z).filter(apart__lte=reach * reach)


def _squared(axis: str, value: float) -> CombinedExpression:
    apart = F(axis) - Value(value, FloatField())
    return apart * apart


def free_between(members: MemberQuerySet, first: dt.date, last: dt.date) -> MemberQuerySet:
    """Those who have a day in each week of this time on which they usually meet people and are not away; the last day included."""
    if last < first:
        raise field_error("free_until", "ends_before_start", _("The end must come after the start."))
    if (last - first).days >= MOST_DAYS:
        raise field_error("free_until", "more_than_eight_weeks", _("Ask about eight weeks at most."))
    weeks = [
        range(begin, min(begin + WEEK, (last - first).days + 1)) for begin in range(0, (last - first).days + 1, WEEK)
    ]
    days = [[first + dt.timedelta(ahead) for ahead in week] for week in weeks]
    for weekdays in dict.fromkeys(tuple(day.weekday() for day in week) for week in days):
        members = members.filter(Exists(_usually_free("pk", weekdays)))
    # Few are away at all, and only of those is it asked day by day.
    away = Away.objects.filter(member=OuterRef("pk"), first_day__lte=last, last_day__gte=first)
    there = [Q(Exists(_free_on_one_of(week))) for week in days]
    return members.filter(~Exists(away.filter(~Q(*there))))


def _usually_free(member: str, weekdays: Sequence[int]) -> QuerySet[FreeHours]:
    """The hours of the member whom this field of the outer query names, on these days of the week."""
    hours = FreeHours.objects.filter(member=OuterRef(member)).order_by()
    return hours if len(weekdays) == WEEK else hours.filter(weekday__in=weekdays)


def _free_on_one_of(days: Sequence[dt.date]) -> QuerySet[FreeHours]:
    """The hours, of the member of the outer query, of those of these days on which they are not away."""
    cases = [When(weekday=day.weekday(), then=Value(day, DateField())) for day in days]
    free = _usually_free("member", [day.weekday() for day in days])
    gone = Away.objects.filter(member=OuterRef("member"), first_day__lte=OuterRef("day"), last_day__gte=OuterRef("day"))
    return free.annotate(day=Case(*cases, output_field=DateField())).filter(~Exists(gone))
