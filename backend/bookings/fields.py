"""Times as members and programs write them: exact moments, or what the clock on the wall of the place shows."""

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request

from backend.bookings import times
from backend.bookings.models import Place
from backend.bookings.rules import Problem, broken, unknown_resource
from backend.errors import Invalid, field_error

YEARS = range(2000, 2200)


def parsed(text: str) -> dt.datetime | None:
    """ISO 8601: with `Z` or an offset a UTC moment, without one a naive wall time; None for anything else.

    A `+` that an address turned into a space is mended. Years in which nobody books are refused, so that no zone can overflow.
    """
    try:
        found = parse_datetime(text.strip().replace(" ", "+")) if "T" in text else None
    except ValueError:
        return None
    if found is None or found.year not in YEARS:
        return None
    return found if found.tzinfo is None else found.astimezone(dt.UTC)


@extend_schema_field(
    {
        "type": "string",
        "example": "2026-11-24T14:00",
        "description": "ISO 8601. Without an offset: the place's own clock.",
    }
)
class MomentField(serializers.CharField):
    """A string that becomes a UTC moment, or a naive datetime when it is a wall time."""

    default_error_messages = {"invalid_time": _("Write a time as 2026-11-24T14:00.")}

    def to_internal_value(self, data: Any) -> Any:
        found = parsed(super().to_internal_value(data))
        if found is None:
            self.fail("invalid_time")
        return found


def meant(moment: dt.datetime, zone: str, field: str) -> dt.datetime | Problem:
    """The UTC moment that was written, or the problem that this wall time is jumped over by the clocks of the place."""
    if moment.tzinfo is not None:
        return moment
    try:
        return times.moment(moment, zone)
    except times.DoesNotExist as gap:
        detail = _("The clocks are set forward that night: %(wall)s does not exist. Did you mean %(instead)s?")
        wall, instead = gap.wall.strftime("%H:%M"), gap.instead.strftime("%H:%M")
        facts = {"instead": gap.instead.isoformat(timespec="minutes")}
        return Problem(field, "time_does_not_exist", str(detail) % {"wall": wall, "instead": instead}, facts)


def idempotency_key(request: Request) -> UUID | None:
    """The UUID of the header Idempotency-Key: the same wish sent again is granted once. None without one."""
    text = request.headers.get("Idempotency-Key", "")
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise Invalid("invalid_idempotency_key", _("The Idempotency-Key must be a UUID.")) from error


def moments(written: dict[str, dt.datetime], resources: Iterable[int]) -> dict[str, dt.datetime]:
    """What was written as UTC; wall times are on the clock of the place of the resources."""
    if all(moment.tzinfo is not None for moment in written.values()):
        return written
    zones = set(Place.objects.filter(resources__in=list(resources)).values_list("timezone", flat=True))
    if not zones:
        raise broken([unknown_resource()])
    if len(zones) > 1:
        raise field_error(
            "resources", "different_clocks", _("These are in places with different clocks. Book them one by one.")
        )
    found = {name: meant(moment, next(iter(zones)), name) for name, moment in written.items()}
    if gaps := [problem for problem in found.values() if isinstance(problem, Problem)]:
        raise broken(gaps)
    return {name: moment for name, moment in found.items() if isinstance(moment, dt.datetime)}
