"""Looking for something to book: near a point on the map, and the first time that it is free."""

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Mapping
from typing import Any, NamedTuple

from django.db.models import Case, FloatField, QuerySet, Value, When
from django.utils.translation import gettext as _

from backend.bookings import times
from backend.bookings.alternatives import Room
from backend.bookings.free import Hold, Span
from backend.bookings.hours import with_hours
from backend.bookings.models import Allocation, Place, Resource, ResourceQuerySet
from backend.bookings.wishes import Claim, Parts
from backend.errors import field_error
from backend.members import around
from backend.members.models import Member
from backend.members.towns import Point, distance_km

DEGREE_KM = 111.2
MOST_PLACES = 300
LONGEST = dt.timedelta(days=31)
MOST_LOOKED_AT = 300
MOST_FOUND = 20


class FirstFree(NamedTuple):
    resource: Resource
    starts_at: dt.datetime
    ends_at: dt.datetime


def near(resources: ResourceQuerySet, point: Point, km: float) -> ResourceQuerySet:
    """Those at places within so many kilometres, annotated with `distance_km`; of very many places the nearest MOST_PLACES."""
    high = km / DEGREE_KM
    box = Place.objects.filter(
        is_active=True, latitude__range=(point.latitude - high, point.latitude + high), longitude__isnull=False
    )
    wide = high / max(0.01, math.cos(math.radians(point.latitude)))
    if abs(point.longitude) + wide < 180:  # Else the box meets the date line.
        box = box.filter(longitude__range=(point.longitude - wide, point.longitude + wide))
    rows = box.values_list("pk", "latitude", "longitude")
    far = ((distance_km(point, Point(lat or 0.0, lon or 0.0)), place) for place, lat, lon in rows)
    found = sorted(pair for pair in far if pair[0] <= km)[:MOST_PLACES]
    cases = [When(place=place, then=Value(round(distance, 1))) for distance, place in found]
    told = Case(*cases, output_field=FloatField()) if cases else Value(None, output_field=FloatField())
    return resources.filter(place__in=[place for _, place in found]).annotate(distance_km=told)


def point_of(asked: Mapping[str, Any]) -> Point:
    """The middle of a search by distance: a place with a position, or a point on the map."""
    if number := str(asked.get("near_place") or ""):
        known = Place.objects.shown().filter(pk=int(number)) if number.isdecimal() and len(number) < 19 else None
        row = known.values_list("latitude", "longitude").first() if known is not None else None
        if row is None or row[0] is None or row[1] is None:
            raise field_error("near_place", "no_position", _("Nobody has said where this place is."))
        return Point(row[0], row[1])
    return around.point_of(str(asked.get("near", "")))


def radius_of(asked: Mapping[str, Any]) -> float:
    return around.radius_of(str(asked.get("within_km") or ""))


def first_free(
    resources: QuerySet[Resource],
    *,
    member: Member,
    minutes: int,
    start: dt.datetime,
    end: dt.datetime,
    at: dt.datetime,
    quantity: int = 1,
) -> tuple[list[FirstFree], bool]:
    """The first free span of so many minutes of each resource, the soonest first; and whether all were looked at.

    Naive bounds are wall times of each place. Rules of time, opening hours, buffers, pools and parts are kept; quotas and inductions
    are asked when it is booked. A constant number of queries; at most MOST_LOOKED_AT resources are looked at, by name.
    """
    chosen = list(resources.filter(capacity__gte=quantity).order_by("name", "pk")[: MOST_LOOKED_AT + 1])
    looked_at, is_all = chosen[:MOST_LOOKED_AT], len(chosen) <= MOST_LOOKED_AT
    ids = [resource.pk for resource in looked_at]
    parts = Parts.read(ids)
    known = {row.pk: row for row in with_hours(Resource.objects.filter(pk__in={*ids, *parts.leaves(ids)}))}
    length = minutes * times.MINUTE
    spans = {zone: _meant(start, end, zone) for zone in {row.place.timezone for row in known.values()}}
    if not spans:
        return [], is_all
    spare = max(max(row.buffer_before_minutes, row.buffer_after_minutes) for row in known.values()) * times.MINUTE
    reach = (min(span[0] for span in spans.values()) - spare, max(span[1] for span in spans.values()) + spare)
    held = _held(parts.leaves(ids), reach)
    found = []
    for resource in looked_at:
        within = spans[resource.place.timezone]
        span = (max(within[0], at), within[1])
        claim = Claim(member=member, items=((resource.pk, quantity),), span=(span[0], span[0] + length))
        if span[1] - span[0] < length:
            continue
        began = Room(claim, known, parts, span, held=held).first(span, length, at)
        if began is not None:
            found.append(FirstFree(resource, began, began + length))
    return sorted(found, key=lambda one: (one.starts_at, one.resource.name, one.resource.pk))[:MOST_FOUND], is_all


def _meant(start: dt.datetime, end: dt.datetime, zone: str) -> Span:
    """Bounds on the clock of a zone; one that the clocks jump over is the moment after it."""
    meant = []
    for moment in (start, end):
        if moment.tzinfo is None:
            try:
                moment = times.moment(moment, zone)
            except times.DoesNotExist as gap:
                moment = times.moment(gap.instead, zone)
        meant.append(moment)
    return meant[0], meant[1]


def _held(things: set[int], span: Span) -> dict[int, list[Hold]]:
    held: dict[int, list[Hold]] = defaultdict(list)
    for is_long in (False, True):
        rows = Allocation.objects.in_window(*span, is_long=is_long).filter(resource__in=things)
        for resource, since, until, units in rows.values_list("resource", "busy_from", "busy_until", "quantity"):
            held[resource].append(Hold(since, until, units))
    return held
