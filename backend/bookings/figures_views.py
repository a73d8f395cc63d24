"""Figures for hosts over HTTP: as data, and as a table for spreadsheets."""

import datetime as dt
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.api import asking
from backend.bookings import figures
from backend.bookings.hosting import refuse_unless_hosting
from backend.errors import field_error

USUAL_DAYS = 28
WINDOW = [
    OpenApiParameter("from", OpenApiTypes.DATE, description="Four weeks ago unless told."),
    OpenApiParameter(
        "until", OpenApiTypes.DATE, description="The last day; today unless told. At most 400 days later."
    ),
    OpenApiParameter("by", enum=["week", "month"]),
]


class UsageSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField(allow_null=True)
    name = serializers.CharField(help_text="Of a period its first day; of a collective empty: members for themselves.")
    place = serializers.CharField()
    bookings = serializers.IntegerField()
    booked_hours = serializers.FloatField()
    open_hours = serializers.FloatField()
    used = serializers.FloatField(allow_null=True, help_text="Booked of open hours.")
    nobody_came = serializers.IntegerField()
    cancelled_late = serializers.IntegerField(help_text="Within a day of the start.")


class UsageReportSerializer(serializers.Serializer[Any]):
    first = serializers.DateField()
    last = serializers.DateField()
    resources = UsageSerializer(many=True)
    collectives = UsageSerializer(many=True)
    periods = UsageSerializer(many=True)


class FiguresView(APIView):
    @extend_schema(parameters=WINDOW, responses=UsageReportSerializer)
    def get(self, request: Request) -> Response:
        """As a host: how much is used."""
        return Response(UsageReportSerializer(_report(request)).data)


class FiguresTableView(APIView):
    @extend_schema(
        parameters=[*WINDOW, OpenApiParameter("of", enum=["resources", "collectives", "periods"])],
        responses={(200, "text/csv"): OpenApiTypes.STR},
    )
    def get(self, request: Request) -> HttpResponse:
        """The same as a table for spreadsheets."""
        of = request.query_params.get("of", "resources")
        if of not in ("resources", "collectives", "periods"):
            raise field_error("of", "invalid_choice", "resources, collectives, periods")
        found = _report(request)
        answer = HttpResponse(figures.as_csv(getattr(found, of)), content_type="text/csv; charset=utf-8")
        name = f"{of}-{found.first}-{found.last}.csv"
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer


def _report(request: Request) -> figures.Report:
    me = asking(request)
    refuse_unless_hosting(me)
    last = _day(request, "until") or timezone.now().date()
    first = _day(request, "from") or last - dt.timedelta(days=USUAL_DAYS - 1)
    by = request.query_params.get("by", "week")
    if by not in ("week", "month"):
        raise field_error("by", "invalid_choice", "week, month")
    if last < first:
        raise field_error("until", "ends_before_start", _("The end must come after the start."))
    if (last - first).days >= figures.LONGEST:
        raise field_error("until", "window_too_long", _("Choose a shorter time: 400 days at most."))
    return figures.report(me, first, last, by=by)


def _day(request: Request, name: str) -> dt.date | None:
    text = request.query_params.get(name, "")
    if not text:
        return None
    try:
        found = parse_date(text)
    except ValueError:
        found = None
    if found is None or not 2000 <= found.year < 2200:
        raise field_error(name, "invalid", _("Write a day as 2026-11-24."))
    return found
