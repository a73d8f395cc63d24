"""Open hours over HTTP."""

from typing import Any
from zoneinfo import ZoneInfo

import django_filters
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backend.api import Pages, asking
from backend.errors import NotFound
from backend.members.serializers import PersonSerializer
from backend.mentoring import open_hours
from backend.mentoring.lifecycle import OPEN_HOURS, can
from backend.mentoring.models import OpenHour
from backend.mentoring.views import Wishing


class OpenHourMaySerializer(serializers.Serializer[Any]):
    take = serializers.BooleanField()
    cancel = serializers.BooleanField(help_text="Call it off as the guide, or give it back.")


class OpenHourSerializer(serializers.ModelSerializer[OpenHour]):
    """A time that a guide keeps free. Who took it, the link and the question are told only to the two."""

    guide = PersonSerializer(read_only=True)
    taken_by = serializers.SerializerMethodField()
    link = serializers.SerializerMethodField()
    question = serializers.SerializerMethodField()
    is_online = serializers.SerializerMethodField()
    may = serializers.SerializerMethodField()

    class Meta:
        model = OpenHour
        fields = [
            "id", "guide", "starts_at", "ends_at", "place", "about", "is_online", "status", "taken_by", "link", "question",
            "may",
        ]  # fmt: skip

    @extend_schema_field(PersonSerializer(allow_null=True))
    def get_taken_by(self, hour: OpenHour) -> Any:
        if hour.taken_by is None or not self._is_mine(hour):
            return None
        return PersonSerializer(hour.taken_by, context=self.context).data

    def get_link(self, hour: OpenHour) -> str:
        return hour.link if self._is_mine(hour) else ""

    def get_question(self, hour: OpenHour) -> str:
        return hour.question if self._is_mine(hour) else ""

    def get_is_online(self, hour: OpenHour) -> bool:
        return bool(hour.link)

    @extend_schema_field(OpenHourMaySerializer())
    def get_may(self, hour: OpenHour) -> dict[str, bool]:
        is_ahead = hour.starts_at > self.context["at"]
        mine = self._is_mine(hour)
        return {
            "take": is_ahead and can(OPEN_HOURS, hour.status, "take") and self.context["me"] != hour.guide_id,
            "cancel": is_ahead and mine and can(OPEN_HOURS, hour.status, "cancel"),
        }

    def _is_mine(self, hour: OpenHour) -> bool:
        return self.context["me"] in (hour.guide_id, hour.taken_by_id)


class OfferHoursSerializer(serializers.Serializer[Any]):
    starts_at = serializers.DateTimeField()
    minutes = serializers.IntegerField(min_value=open_hours.MINUTES[0], max_value=open_hours.MINUTES[1])
    weeks = serializers.IntegerField(
        min_value=1,
        max_value=open_hours.WEEKS_MAX,
        default=1,
        help_text="At the same time on my clock, week after week.",
    )
    link = serializers.URLField(max_length=300, required=False, allow_blank=True)
    place = serializers.CharField(max_length=160, required=False, allow_blank=True)
    about = serializers.CharField(max_length=200, required=False, allow_blank=True)


class TakeHourSerializer(serializers.Serializer[Any]):
    question = serializers.CharField(max_length=1000, required=False, allow_blank=True)


class OpenHourFilter(django_filters.FilterSet):
    mine = django_filters.BooleanFilter(method="kept", help_text="Those that I offered or took; otherwise those open.")

    class Meta:
        model = OpenHour
        fields = ["mine", "guide"]

    def kept(self, rows: QuerySet[OpenHour], name: str, value: bool) -> QuerySet[OpenHour]:
        """The view tells the two lists apart: it also has to when nothing is said."""
        return rows


class SoonestFirst(Pages):
    ordering = ("starts_at", "id")


class OpenHourView(Wishing, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[OpenHour]):
    """Open hours to come, the soonest first."""

    queryset = OpenHour.objects.none()
    serializer_class = OpenHourSerializer
    filterset_class = OpenHourFilter
    pagination_class = SoonestFirst

    def get_queryset(self) -> QuerySet[OpenHour]:
        rows: QuerySet[OpenHour] = OpenHour.objects.visible_to(asking(self.request))  # type: ignore[attr-defined]
        if self.action == "list":
            rows = _listed(rows.filter(ends_at__gt=timezone.now()), self.request)
        return rows.select_related("guide", "taken_by")

    def get_serializer_context(self) -> dict[str, Any]:
        user = self.request.user
        return {**super().get_serializer_context(), "me": user.pk, "at": timezone.now()}

    @extend_schema(request=OfferHoursSerializer, responses={201: OpenHourSerializer(many=True)})
    def create(self, request: Request) -> Response:
        """Keep hours free for whoever comes first."""
        me, wish = asking(request), self.wish(OfferHoursSerializer)
        weeks = open_hours.weekly(wish.pop("starts_at"), wish.pop("weeks"), ZoneInfo(me.timezone))
        made = open_hours.offer(guide=me, starts_at=weeks, at=timezone.now(), **wish)
        return Response(self.get_serializer(made, many=True).data, status=201)

    @extend_schema(request=TakeHourSerializer, responses=OpenHourSerializer)
    @action(detail=True, methods=["post"])
    def take(self, request: Request, pk: str) -> Response:
        """Come to an open hour."""
        wish = self.wish(TakeHourSerializer)
        taken = open_hours.take(hour=self.get_object(), member=asking(request), at=timezone.now(), **wish)
        return Response(self.get_serializer(taken).data)

    @extend_schema(request=None, responses=OpenHourSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        """Call it off, or give it back."""
        hour = open_hours.cancel(hour=self.get_object(), by=asking(request), at=timezone.now())
        return Response(self.get_serializer(hour).data)

    @extend_schema(responses={(200, "text/calendar"): OpenApiTypes.BYTE})
    @action(detail=True)
    def ics(self, request: Request, pk: str) -> HttpResponse:
        """One open hour that is mine, as a file for a calendar."""
        me = asking(request)
        hour = self.get_object()
        if me.pk not in (hour.guide_id, hour.taken_by_id):
            raise NotFound
        answer = HttpResponse(open_hours.as_calendar(hour, me), content_type="text/calendar; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="open-hour-{hour.pk}.ics"'
        return answer


def _listed(rows: QuerySet[OpenHour], request: Request) -> QuerySet[OpenHour]:
    """Those that are mine, where they are asked for; otherwise those that can be taken."""
    me = asking(request).pk
    if request.query_params.get("mine") == "true":
        return rows.filter(Q(guide=me) | Q(taken_by=me)).exclude(status=OpenHour.Status.CANCELLED)
    return rows.filter(status=OpenHour.Status.OPEN).exclude(guide=me)
