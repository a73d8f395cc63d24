"""Using what was booked, over HTTP: by the code on a label, from a booking, and the day of a host."""

import datetime as dt

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.api import asking
from backend.bookings import condition, today, use
from backend.bookings.availability import free_window, holds_of
from backend.bookings.free import full
from backend.bookings.hosting import refuse_unless_hosting
from backend.bookings.models import Allocation, Booking, Component, Handover, Resource
from backend.bookings.once import once
from backend.bookings.rules import hosts, may_book
from backend.bookings.times import MINUTE
from backend.bookings.use_serializers import (
    FoundByCodeSerializer,
    HandOverSerializer,
    ReportConditionSerializer,
    ReturnSerializer,
    TodaySerializer,
    UseSerializer,
)
from backend.bookings.wishes import Parts
from backend.errors import NotFound, field_error
from backend.media import clean_photo
from backend.members.models import Member

SOON = dt.timedelta(hours=1)
MOST_FOUND = 10
AHEAD = dt.timedelta(hours=24)


def used(bookings: QuerySet[Booking]) -> QuerySet[Booking]:
    """With all that `UseSerializer` tells, in a fixed number of queries."""
    handovers = Handover.objects.select_related("resource", "unit", "taken_by", "returned_by").order_by("pk")
    held = Allocation.objects.filter(active=True).select_related("resource").order_by("resource__name", "pk")
    return bookings.select_related("member", "collective", "series").prefetch_related(
        "items__resource__place",
        "people",
        Prefetch("allocations", held),
        Prefetch("handovers", handovers.prefetch_related("reports__photos", "reports__reported_by")),
    )


class CodeView(APIView):
    @extend_schema(responses=FoundByCodeSerializer)
    def get(self, request: Request, code: str) -> Response:
        """What this label is on, and my bookings of it now."""
        me, at = asking(request), timezone.now()
        wanted = code.strip().lower()
        known = Resource.objects.shown().select_related("place")
        resource = known.filter(code=wanted).first() if wanted.isalnum() else None
        if resource is None or not (may_book(me, resource) or hosts(me, resource)):
            raise NotFound()
        told = {
            "resource": resource,
            "bookings": used(_near(me, resource, at)).order_by("starts_at", "pk")[:MOST_FOUND],
            "is_free": _is_free(resource, at),
            "busy_until": _busy_until(resource, at),
        }
        return Response(FoundByCodeSerializer(told, context={"request": request, "at": at}).data)


class UsedBookingView(APIView):
    @extend_schema(responses=UseSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """A booking at the door."""
        return self._told(request, self._booking(request, pk))

    def _booking(self, request: Request, pk: int) -> Booking:
        found = Booking.objects.visible_to(asking(request)).select_related("member", "collective").filter(pk=pk).first()
        if found is None:
            raise NotFound()
        return found

    def _told(self, request: Request, booking: Booking) -> Response:
        told = used(Booking.objects.filter(pk=booking.pk)).get()
        return Response(UseSerializer(told, context={"request": request, "at": timezone.now()}).data)


class CheckInView(UsedBookingView):
    http_method_names = ["post"]

    @once
    @extend_schema(request=None, responses=UseSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """I am here."""
        booking = self._booking(request, pk)
        return self._told(request, use.check_in(member=asking(request), booking=booking, at=timezone.now()))


class CheckOutView(UsedBookingView):
    http_method_names = ["post"]

    @once
    @extend_schema(request=None, responses=UseSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """All is back, and the rest of the time is free."""
        booking = self._booking(request, pk)
        return self._told(request, use.check_out(member=asking(request), booking=booking, at=timezone.now()))


class HandOverView(UsedBookingView):
    http_method_names = ["post"]

    @once
    @extend_schema(request=HandOverSerializer, responses=UseSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """These things are taken along, or all."""
        asked = HandOverSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        things = [use.Take(**thing) for thing in asked.validated_data["things"]]
        booking = self._booking(request, pk)
        return self._told(
            request, use.hand_over(member=asking(request), booking=booking, at=timezone.now(), things=things)
        )


class ReturnView(UsedBookingView):
    http_method_names = ["post"]

    @once
    @extend_schema(request=ReturnSerializer, responses=UseSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """It is back, or some of it."""
        asked = ReturnSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        handover = _handover(request, pk)
        use.take_back(member=asking(request), handover=handover, at=timezone.now(), **asked.validated_data)
        return self._told(request, handover.booking)


class ConditionView(UsedBookingView):
    http_method_names = ["post"]
    parser_classes = [MultiPartParser]
    throttle_scope = "conditions"

    @once
    @extend_schema(request={"multipart/form-data": ReportConditionSerializer}, responses={201: UseSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """How it was when it was taken, or when it came back."""
        asked = ReportConditionSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        handover = _handover(request, pk)
        wish = dict(asked.validated_data)
        photos = [
            clean_photo(photo, size=photo.size or 0, side=condition.SIDE, whole=True)
            for photo in wish.pop("photos", ())
        ]
        condition.report_condition(member=asking(request), handover=handover, at=timezone.now(), photos=photos, **wish)
        answer = self._told(request, handover.booking)
        answer.status_code = 201
        return answer


class TodayView(APIView):
    @extend_schema(
        parameters=[OpenApiParameter("day", OpenApiTypes.DATE, description="On the clocks of the places; else today.")],
        responses=TodaySerializer,
    )
    def get(self, request: Request) -> Response:
        """As a host: who comes, who is there, what is out and what should be back."""
        me, at = asking(request), timezone.now()
        refuse_unless_hosting(me)
        text = request.query_params.get("day", "")
        day = _date(text) if text else None
        groups = today.of_host(me, at, day=day, rows=used)
        return Response(TodaySerializer(groups, context={"request": request, "at": at}).data)


def _date(text: str) -> dt.date:
    try:
        found = parse_date(text)
    except ValueError:
        found = None
    if found is None or not 2000 <= found.year < 2200:
        raise field_error("day", "invalid", _("Write a day as 2026-11-24."))
    return found


def _handover(request: Request, pk: int) -> Handover:
    seen = Booking.objects.visible_to(asking(request))
    found = Handover.objects.filter(pk=pk, booking__in=seen).select_related("booking", "resource", "taken_by").first()
    if found is None:
        raise NotFound()
    return found


def _near(member: Member, resource: Resource, at: dt.datetime) -> QuerySet[Booking]:
    """Bookings that hold it, or something that it is part of, now or soon; and those that have not brought it back."""
    leaves = Parts.read([resource.pk]).leaves([resource.pk])
    wholes = Component.objects.filter(part=resource.pk).values("whole")
    about = Q(items__resource__in=[resource.pk, *leaves]) | Q(items__resource__in=wholes)
    due = Q(starts_at__lte=at + SOON, ends_at__gt=at) | Q(handovers__returned_at__isnull=True, handovers__isnull=False)
    seen = Booking.objects.visible_to(member).filter(about & due, status__in=Booking.HOLDING)
    return Booking.objects.filter(pk__in=seen.values("pk"))


def _is_free(resource: Resource, at: dt.datetime) -> bool:
    until = at + resource.min_minutes * MINUTE
    return bool(free_window(Resource.objects.filter(pk=resource.pk), at, until).exists())


def _busy_until(resource: Resource, at: dt.datetime) -> dt.datetime | None:
    """When what holds all of it now, or some part of it, ends; looked for a day ahead."""
    leaves = Resource.objects.filter(pk__in=Parts.read([resource.pk]).leaves([resource.pk]))
    held = holds_of([leaf.pk for leaf in leaves], (at, at + AHEAD))
    ends = []
    for leaf in leaves:
        taken = full(held[leaf.pk], (at, at + AHEAD), room=leaf.capacity - 1)
        ends += [end for start, end in taken if start <= at]
    return max(ends, default=None)
