"""Places, resources, calendars and bookings over HTTP."""

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.api import Pages, asking
from backend.bookings import actions, calendar, checking, search
from backend.bookings.calendar_serializers import BusySerializer, CalendarSerializer
from backend.bookings.closings import closings
from backend.bookings.fields import moments, parsed
from backend.bookings.filters import BookingFilter, PlaceFilter, ResourceFilter
from backend.bookings.hours import with_hours
from backend.bookings.models import Booking, Place, Resource, ResourceQuerySet
from backend.bookings.once import once
from backend.bookings.restoring import restore
from backend.bookings.serializers import (
    BookingSerializer,
    BookSerializer,
    CheckSerializer,
    FirstFreesSerializer,
    MoveSerializer,
    PlaceSerializer,
    QuoteSerializer,
    ResourceSerializer,
    SlotTakenSerializer,
    ThingSerializer,
)
from backend.errors import field_error

MOST_RESOURCES = 100
WINDOW = [
    OpenApiParameter("from", OpenApiTypes.DATETIME, required=True, description="A moment with Z or an offset."),
    OpenApiParameter("until", OpenApiTypes.DATETIME, required=True, description="At most 62 days later."),
]


class ByName(Pages):
    ordering = ("name", "id")  # type: ignore[assignment]


class ByTime(Pages):
    """The next one first when looking ahead, else the latest first."""

    def get_ordering(self, request: Request, queryset: Any, view: Any) -> tuple[str, ...]:
        asked = (request.query_params.get(name, "").lower() for name in ("upcoming", "to_decide"))
        ahead = any(value in ("true", "1") for value in asked)
        return ("starts_at", "id") if ahead else ("-starts_at", "-id")


class PlaceView(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Place]):
    """Places that share resources."""

    queryset = Place.objects.shown()
    serializer_class = PlaceSerializer
    filterset_class = PlaceFilter
    pagination_class = ByName


class ResourceView(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Resource]):
    """What can be booked."""

    queryset = Resource.objects.shown()
    serializer_class = ResourceSerializer
    filterset_class = ResourceFilter
    pagination_class = ByName

    @extend_schema(responses=ThingSerializer)
    def retrieve(self, request: Request, *args: Any, **options: Any) -> Response:
        """All about one thing."""
        return Response(ThingSerializer(self.get_object(), context=self.get_serializer_context()).data)

    @extend_schema(
        parameters=[
            OpenApiParameter("minutes", int, required=True, description="How long; 1 to 44640."),
            OpenApiParameter("from", str, description="From when; now unless told."),
            OpenApiParameter("until", str, description="At most 31 days later; a week unless told."),
        ],
        responses=FirstFreesSerializer,
    )
    @action(detail=False, url_path="first-free", pagination_class=None)
    def first_free(self, request: Request) -> Response:
        """When each is free for the first time, the soonest first: 20 at most. Bounds without an offset are on each place's clock."""
        asked, at = request.query_params, timezone.now()
        minutes = _whole(asked.get("minutes", ""), "minutes", most=31 * 24 * 60)
        quantity = _whole(asked.get("quantity", "1"), "quantity", most=1000)
        start, end = _bounds(asked, at)
        found, is_all = search.first_free(
            self.filter_queryset(self.get_queryset()), member=asking(request), minutes=minutes, start=start, end=end,
            at=at, quantity=quantity,
        )  # fmt: skip
        told = FirstFreesSerializer({"found": found, "is_all": is_all}, context=self.get_serializer_context())
        return Response(told.data)

    @extend_schema(parameters=WINDOW, responses=BusySerializer(many=True), filters=False)
    @action(detail=True, pagination_class=None, filter_backends=[])
    def busy(self, request: Request, pk: str) -> Response:
        """What holds this resource."""
        held = calendar.shown(asking(request), [self.get_object().pk], *_window(request))
        return Response(held.busy)


class CalendarView(APIView):
    @extend_schema(
        parameters=[
            *WINDOW,
            OpenApiParameter("resource", int, many=True, description="At most 100; repeat the parameter."),
            OpenApiParameter("place", int),
            OpenApiParameter("kind", enum=Resource.Kind.values),
        ],
        responses=CalendarSerializer,
    )
    def get(self, request: Request) -> Response:
        """Held times of up to 100 resources, side by side, and when their places are closed."""
        start, end = _window(request)
        chosen = with_hours(self._chosen(request)[:MOST_RESOURCES])
        held = calendar.shown(asking(request), [resource.pk for resource in chosen], start, end)
        closed = closings((resource.place for resource in chosen), start, end)
        told = ResourceSerializer(chosen, many=True, context={"request": request})
        return Response({"resources": told.data, "busy": held.busy, "full": held.full, "closed": closed})

    def _chosen(self, request: Request) -> ResourceQuerySet:
        resources = Resource.objects.shown().order_by("name", "pk")
        wanted, places = _numbers(request, "resource"), _numbers(request, "place")
        if len(wanted) > MOST_RESOURCES:
            raise field_error("resource", "too_many", _("A calendar shows 100 resources at most."))
        if wanted:
            resources = resources.filter(pk__in=wanted)
        if places:
            resources = resources.filter(place__in=places)
        if kind := request.query_params.get("kind"):
            resources = resources.filter(kind=kind)
        return resources


class BookingView(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Booking]):
    """My bookings, and those of my collectives."""

    queryset = Booking.objects.none()
    serializer_class = BookingSerializer
    filterset_class = BookingFilter
    pagination_class = ByTime
    throttle_scope = "bookings"

    def get_queryset(self) -> QuerySet[Booking]:
        return Booking.objects.visible_to(asking(self.request)).told()

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return super().filter_queryset(queryset) if self.action == "list" else queryset

    @once
    @extend_schema(
        request=BookSerializer,
        responses={201: BookingSerializer, 409: SlotTakenSerializer},
    )
    def create(self, request: Request) -> Response:
        """Book."""
        asked = BookSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        wish = dict(asked.validated_data)
        wish |= moments({name: wish[name] for name in ("starts_at", "ends_at")}, wish["resources"])
        booking = actions.book(member=asking(request), at=timezone.now(), **wish)
        return self._answer(booking, status=201, is_told=True)

    @extend_schema(request=CheckSerializer, responses={200: QuoteSerializer, 409: SlotTakenSerializer})
    @action(detail=False, methods=["post"], throttle_scope="checks")
    def check(self, request: Request) -> Response:
        """What would be refused, as it would be refused, or what it would cost; nothing is booked."""
        asked = CheckSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        wish = dict(asked.validated_data)
        wish |= moments({name: wish[name] for name in ("starts_at", "ends_at")}, wish["resources"])
        number = wish.pop("booking")
        moved = self.get_queryset().filter(pk=number).first() if number is not None else None
        quote = checking.check(member=asking(request), at=timezone.now(), moved=moved, **wish)
        return Response(QuoteSerializer(quote).data)

    @once
    @extend_schema(request=MoveSerializer, responses={200: BookingSerializer, 409: SlotTakenSerializer})
    def partial_update(self, request: Request, pk: str) -> Response:
        """Move a booking to another time, make it longer or shorter, or name it anew."""
        booking = self.get_object()
        asked = MoveSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        wish = dict(asked.validated_data)
        spans = {name: wish[name] for name in ("starts_at", "ends_at") if name in wish}
        wish |= moments(spans, [item.resource_id for item in booking.items.all()])
        return self._answer(actions.move(member=asking(request), booking=booking, at=timezone.now(), **wish))

    @once
    @extend_schema(request=None, responses=BookingSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        """Cancel a booking; its time is free at once."""
        booking = actions.cancel(member=asking(request), booking=self.get_object(), at=timezone.now())
        return self._answer(booking)

    @once
    @extend_schema(request=None, responses={200: BookingSerializer, 409: SlotTakenSerializer})
    @action(detail=True, methods=["post"])
    def restore(self, request: Request, pk: str) -> Response:
        """Take the cancelling of a booking back, while its time is still free."""
        booking = restore(member=asking(request), booking=self.get_object(), at=timezone.now())
        return self._answer(booking)

    @once
    @extend_schema(request=None, responses=BookingSerializer)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: str) -> Response:
        """As a host: grant a booking that a rule left open."""
        booking = actions.approve(member=asking(request), booking=self.get_object(), at=timezone.now())
        return self._answer(booking)

    @once
    @extend_schema(request=None, responses=BookingSerializer)
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, pk: str) -> Response:
        """As a host: do not grant a booking that a rule left open."""
        booking = actions.decline(member=asking(request), booking=self.get_object(), at=timezone.now())
        return self._answer(booking)

    def _answer(self, booking: Booking, *, status: int = 200, is_told: bool = False) -> Response:
        """What was granted, read again unless it remembers all that a card says."""
        told = booking if is_told else Booking.objects.told().get(pk=booking.pk)
        return Response(self.get_serializer(told).data, status=status)


def _window(request: Request) -> tuple[dt.datetime, dt.datetime]:
    """The moments `from` and `until` of a calendar."""
    found = []
    for name in ("from", "until"):
        moment = parsed(request.query_params.get(name, ""))
        if moment is None or moment.tzinfo is None:
            raise field_error(name, "invalid_time", _("Write a moment as 2026-11-24T14:00:00Z."))
        found.append(moment)
    start, end = found
    if end <= start:
        raise field_error("until", "ends_before_start", _("The end must come after the start."))
    if end - start > calendar.LONGEST:
        raise field_error("until", "window_too_long", _("A calendar shows 62 days at most."))
    return start, end


def _bounds(asked: Any, at: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
    """From when until when to look; from now, and for a week, unless told."""
    start: dt.datetime = at
    if text := asked.get("from", ""):
        start = _moment(text, "from")
    end = _moment(asked["until"], "until") if asked.get("until") else start + dt.timedelta(days=7)
    if (start.tzinfo is None) != (end.tzinfo is None):
        raise field_error("until", "invalid_time", _("Give both times with an offset, or neither."))
    if end <= start:
        raise field_error("until", "ends_before_start", _("The end must come after the start."))
    if end - start > search.LONGEST:
        raise field_error("until", "window_too_long", _("Choose a shorter time: 31 days at most."))
    return start, end


def _moment(text: str, name: str) -> dt.datetime:
    moment = parsed(text)
    if moment is None:
        raise field_error(name, "invalid_time", _("Write a time as 2026-11-24T14:00."))
    return moment


def _whole(text: str, name: str, *, most: int) -> int:
    if not text.isdecimal() or len(text) > 9 or not 1 <= int(text) <= most:
        raise field_error(name, "out_of_range", _("Write a number from 1 to %(most)d.") % {"most": most})
    return int(text)


def _numbers(request: Request, name: str) -> list[int]:
    values = request.query_params.getlist(name)
    if not all(value.isdecimal() and len(value) < 19 for value in values):
        raise field_error(name, "invalid", _("This is not a number."))
    return [int(value) for value in values]
