"""Bookings that repeat, over HTTP."""

import datetime as dt
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.api import asking
from backend.bookings import series
from backend.bookings.models import Booking, Place, Series
from backend.bookings.once import once
from backend.bookings.recurrence import wall_of
from backend.bookings.series_changes import cancel_series, change_series
from backend.bookings.series_serializers import (
    BookSeriesSerializer,
    CancelledSeriesSerializer,
    ChangedSeriesSerializer,
    ChangeSeriesSerializer,
    ScopeSerializer,
    SeriesConflictsSerializer,
    SeriesPreviewSerializer,
    SeriesSerializer,
    SeriesWishSerializer,
)
from backend.bookings.wishes import items_of
from backend.errors import field_error
from backend.members.models import Member

TIMES = ("starts_at", "ends_at")


class SeriesView(mixins.RetrieveModelMixin, viewsets.GenericViewSet[Series]):
    """Bookings that repeat: those I may see at least one of."""

    queryset = Series.objects.none()
    serializer_class = SeriesSerializer
    throttle_scope = "bookings"

    def get_queryset(self) -> QuerySet[Series]:
        shown = Booking.objects.visible_to(asking(self.request))
        rows = Series.objects.filter(pk__in=shown.filter(series__isnull=False).values("series"))
        return rows.prefetch_related(Prefetch("bookings", shown.told().order_by("occurrence")), "skipped")

    @extend_schema(request=SeriesWishSerializer, responses=SeriesPreviewSerializer)
    @action(detail=False, methods=["post"])
    def preview(self, request: Request) -> Response:
        """Every time of a series as it would be booked now; nothing is changed."""
        asked = SeriesWishSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        planned = series.preview(_wish(asking(request), asked.validated_data), at=timezone.now())
        zone = Place.objects.filter(resources__in=list(asked.validated_data["resources"])).values_list(
            "timezone", flat=True
        )
        return Response({"timezone": zone.first(), "occurrences": series.as_told(planned)})

    @once
    @extend_schema(
        request=BookSeriesSerializer,
        responses={201: SeriesSerializer, 409: SeriesConflictsSerializer},
    )
    def create(self, request: Request) -> Response:
        """Book a series."""
        asked = BookSeriesSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        words = {name: given[name] for name in ("title", "note", "people") if name in given}
        made = series.book_series(wish=_wish(asking(request), given), at=timezone.now(), **words)
        told = self.get_queryset().get(pk=made.pk)
        return Response(self.get_serializer(told).data, status=201)


class BookingSeriesView(APIView):
    """The series of which a booking is one occurrence."""

    throttle_scope = "bookings"

    @once
    @extend_schema(
        request=ChangeSeriesSerializer, responses={200: ChangedSeriesSerializer, 409: SeriesConflictsSerializer}
    )
    def patch(self, request: Request, pk: int) -> Response:
        """Change this occurrence and those that follow, or all that are still to come."""
        asked = ChangeSeriesSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        wish = dict(asked.validated_data)
        walls = {name: _wall(wish.pop(name), name) for name in TIMES if name in wish}
        changed = change_series(
            member=asking(request), booking=_booking(request, pk), at=timezone.now(), first=walls.get("starts_at"),
            end=walls.get("ends_at"), **wish,
        )  # fmt: skip
        told = Booking.objects.told().filter(pk__in=[row.pk for row in changed]).order_by("starts_at")
        return Response(ChangedSeriesSerializer({"bookings": told}, context={"request": request}).data)


class CancelSeriesView(APIView):
    throttle_scope = "bookings"

    @once
    @extend_schema(request=ScopeSerializer, responses=CancelledSeriesSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Cancel this occurrence and those that follow, or all that are still to come."""
        asked = ScopeSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        gone, late = cancel_series(
            member=asking(request), booking=_booking(request, pk), at=timezone.now(), **asked.validated_data
        )
        kept = Booking.objects.told().filter(pk__in=[row.pk for row in late]).order_by("starts_at")
        answer = CancelledSeriesSerializer({"cancelled": len(gone), "kept": kept}, context={"request": request})
        return Response(answer.data)


def _booking(request: Request, pk: int) -> Booking:
    booking: Booking = get_object_or_404(Booking.objects.visible_to(asking(request)), pk=pk)
    return booking


def _wish(member: Member, given: dict[str, Any]) -> series.Wish:
    first, end = (_wall(given[name], name) for name in TIMES)
    return series.Wish(
        member=member, items=items_of(given["resources"]), first=first, end=end, rule=given["rule"],
        on_conflict=given["on_conflict"], collective=given["collective"], without=frozenset(given["without"]),
    )  # fmt: skip


def _wall(text: str, field: str) -> dt.datetime:
    try:
        return wall_of(text)
    except ValueError as error:
        raise field_error(field, "invalid_time", _("Write a time as 2026-11-24T14:00.")) from error
