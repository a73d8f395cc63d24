"""Peer circles over HTTP."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from backend.api import asking
from backend.mentoring import circle_meetings, circles
from backend.mentoring.circle_calendar import calendar_of_one
from backend.mentoring.circle_serializers import (
    CircleCardSerializer,
    CircleSerializer,
    CircleWriteSerializer,
    MeetSerializer,
    WhoSerializer,
)
from backend.mentoring.filters import CircleFilter
from backend.mentoring.models import Circle, CircleMeeting, CircleSeat
from backend.mentoring.views import Wishing

CALENDAR = "text/calendar; charset=utf-8"


class CircleView(Wishing, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Circle]):
    """Circles that I may see, newest first."""

    queryset = Circle.objects.none()
    serializer_class = CircleSerializer
    filterset_class = CircleFilter

    def get_queryset(self) -> QuerySet[Circle]:
        seen = Circle.objects.visible_to(asking(self.request))  # type: ignore[attr-defined]
        rows: QuerySet[Circle] = seen.select_related("facilitator", "skill").prefetch_related(
            Prefetch("places", CircleSeat.objects.select_related("member")), "meetings__booking__items__resource__place"
        )
        return rows

    def get_serializer_class(self) -> Any:
        return CircleCardSerializer if self.action == "list" else CircleSerializer

    def get_throttles(self) -> Any:
        self.throttle_scope = "invitations" if self.action in ("create", "meetings") else None
        return super().get_throttles()

    @extend_schema(request=CircleWriteSerializer, responses={201: CircleSerializer})
    def create(self, request: Request) -> Response:
        """Open a circle and facilitate it."""
        wish = self.wish(CircleWriteSerializer)
        return self._answer(circles.open_circle(member=asking(request), at=timezone.now(), **wish), status=201)

    @extend_schema(request=CircleWriteSerializer, responses=CircleSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change what my circle says about itself, and how many seats it has."""
        serializer = CircleWriteSerializer(data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        wish = dict(serializer.validated_data)
        return self._answer(circles.change(circle=self.get_object(), by=asking(request), at=timezone.now(), **wish))

    @extend_schema(request=None, responses=CircleSerializer)
    @action(detail=True, methods=["post"])
    def join(self, request: Request, pk: str) -> Response:
        """Take a seat, or stand in line for one."""
        circle = self.get_object()
        circles.join(circle=circle, member=asking(request), at=timezone.now())
        return self._answer(circle)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def leave(self, request: Request, pk: str) -> Response:
        """Give my seat back, or leave the line."""
        circles.leave(circle=self.get_object(), member=asking(request), at=timezone.now())
        return Response(status=204)

    @extend_schema(request=WhoSerializer, responses=CircleSerializer)
    @action(detail=True, methods=["post"])
    def remove(self, request: Request, pk: str) -> Response:
        """End somebody's seat in my circle."""
        wish = self.wish(WhoSerializer)
        return self._answer(circles.remove(circle=self.get_object(), by=asking(request), at=timezone.now(), **wish))

    @extend_schema(request=WhoSerializer, responses=CircleSerializer)
    @action(detail=True, methods=["post"])
    def hand_on(self, request: Request, pk: str) -> Response:
        """Let somebody else facilitate my circle."""
        to = self.wish(WhoSerializer)["member"]
        return self._answer(circles.hand_on(circle=self.get_object(), by=asking(request), to=to, at=timezone.now()))

    @extend_schema(request=None, responses=CircleSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        """End my circle."""
        return self._answer(circles.close(circle=self.get_object(), by=asking(request), at=timezone.now()))

    @extend_schema(request=MeetSerializer, responses={201: CircleSerializer})
    @action(detail=True, methods=["post"])
    def meetings(self, request: Request, pk: str) -> Response:
        """Plan a meeting of my circle; with `resource` the room is booked in the same step."""
        circle = self.get_object()
        circle_meetings.plan(circle=circle, by=asking(request), at=timezone.now(), **self.wish(MeetSerializer))
        return self._answer(circle, status=201)

    @extend_schema(request=None, responses=CircleSerializer)
    @action(detail=True, methods=["post"], url_path="meetings/(?P<meeting>[0-9]+)/cancel")
    def cancel_meeting(self, request: Request, pk: str, meeting: str) -> Response:
        """Call a meeting of my circle off."""
        circle = self.get_object()
        found = get_object_or_404(circle.meetings.select_related("circle"), pk=meeting)
        circle_meetings.cancel(meeting=found, by=asking(request), at=timezone.now())
        return self._answer(circle)

    @extend_schema(responses={(200, "text/calendar"): OpenApiTypes.BYTE}, filters=False)
    @action(detail=True, methods=["get"], url_path="meetings/(?P<meeting>[0-9]+)/ics")
    def meeting_ics(self, request: Request, pk: str, meeting: str) -> HttpResponse:
        """One meeting as a file for a calendar, for those who have a seat."""
        me = asking(request)
        seated = CircleSeat.objects.filter(circle=self.get_object(), member=me, state=CircleSeat.State.SEATED)
        rows = CircleMeeting.objects.filter(circle__in=seated.values("circle")).select_related("circle")
        answer = HttpResponse(calendar_of_one(get_object_or_404(rows, pk=meeting), me), content_type=CALENDAR)
        answer["Content-Disposition"] = f'attachment; filename="meeting-{meeting}.ics"'
        return answer

    def _answer(self, circle: Circle, status: int = 200) -> Response:
        """The circle as it is now."""
        fresh = self.get_queryset().get(pk=circle.pk)
        return Response(CircleSerializer(fresh, context=self.get_serializer_context()).data, status=status)
