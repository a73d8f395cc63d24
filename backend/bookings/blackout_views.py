"""For who looks after things: out of use and back, fewer units, damages and repairs."""

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.api import Pages, asking
from backend.bookings import blackouts
from backend.bookings.blackout_serializers import (
    BlackoutSerializer,
    BlackoutWishSerializer,
    CapacitySerializer,
    CloseDamageSerializer,
    DamageSerializer,
    DamageWishSerializer,
    HitsSerializer,
    MakeBlackoutSerializer,
    PeopleHaveBookedSerializer,
    RepairSerializer,
)
from backend.bookings.displacing import as_told
from backend.bookings.fields import meant
from backend.bookings.models import Blackout, Damage, Place, Resource
from backend.bookings.once import once
from backend.bookings.rules import Problem, broken
from backend.bookings.serializers import ResourceSerializer
from backend.errors import NotFound


class Latest(Pages):
    ordering = ("-id",)  # type: ignore[assignment]


class BlackoutView(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Blackout]):
    """What I look after and is out of use, now or later."""

    serializer_class = BlackoutSerializer
    pagination_class = Latest
    queryset = Blackout.objects.none()

    def get_queryset(self) -> QuerySet[Blackout]:
        me = asking(self.request)
        things = Blackout.objects.filter(resource__in=Resource.objects.hosted_by(me))
        houses = Blackout.objects.filter(place__in=Place.objects.hosted_by(me))
        found = (things | houses).select_related("place", "resource__place")
        return found.filter(ends_at__gt=timezone.now(), lifted_at__isnull=True) if self.action == "list" else found

    @extend_schema(request=BlackoutWishSerializer, responses=HitsSerializer)
    @action(detail=False, methods=["post"], pagination_class=None, filter_backends=[])
    def preview(self, request: Request) -> Response:
        """Whose bookings would end; nothing is changed."""
        wish = _wish(BlackoutWishSerializer(data=request.data))
        hit = blackouts.affected(member=asking(request), at=timezone.now(), **wish)
        return Response(HitsSerializer({"bookings": [as_told(booking) for booking in hit]}).data)

    @once
    @extend_schema(request=MakeBlackoutSerializer, responses={201: BlackoutSerializer, 409: PeopleHaveBookedSerializer})
    def create(self, request: Request) -> Response:
        """Take something out of use for a time."""
        wish = _wish(MakeBlackoutSerializer(data=request.data))
        made = blackouts.black_out(member=asking(request), at=timezone.now(), **wish)
        return Response(BlackoutSerializer(made).data, status=201)

    @once
    @extend_schema(request=None, responses=BlackoutSerializer)
    @action(detail=True, methods=["post"])
    def lift(self, request: Request, pk: str) -> Response:
        """It can be booked again."""
        lifted = blackouts.lift(member=asking(request), blackout=self.get_object(), at=timezone.now())
        return Response(BlackoutSerializer(lifted).data)


class CapacityView(APIView):
    @once
    @extend_schema(request=CapacitySerializer, responses={200: ResourceSerializer, 409: PeopleHaveBookedSerializer})
    def put(self, request: Request, pk: int) -> Response:
        """How many units there are from now on."""
        asked = CapacitySerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        resource = Resource.objects.select_related("place").filter(pk=pk).first()
        if resource is None:
            raise NotFound()
        changed = blackouts.set_capacity(
            member=asking(request), resource=resource, at=timezone.now(), **asked.validated_data
        )
        return Response(ResourceSerializer(changed, context={"request": request}).data)


class DamageView(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Damage]):
    """What is broken of what I look after."""

    serializer_class = DamageSerializer
    throttle_scope = "reports"
    pagination_class = Latest
    queryset = Damage.objects.none()

    def get_queryset(self) -> QuerySet[Damage]:
        mine = Damage.objects.filter(resource__in=Resource.objects.hosted_by(asking(self.request)))
        mine = mine.select_related("resource", "unit", "reported_by", "blackout")
        is_closed = self.request.query_params.get("closed", "").lower() in ("true", "1")
        return mine.filter(closed_at__isnull=not is_closed) if self.action == "list" else mine

    @extend_schema(parameters=[OpenApiParameter("closed", bool, description="Mended ones instead of open ones.")])
    def list(self, request: Request, *args: Any, **options: Any) -> Response:
        return super().list(request, *args, **options)

    @once
    @extend_schema(request=DamageWishSerializer, responses={201: DamageSerializer})
    def create(self, request: Request) -> Response:
        """Say that something is broken."""
        asked = DamageWishSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        damage = blackouts.report_damage(member=asking(request), at=timezone.now(), **asked.validated_data)
        return Response(DamageSerializer(damage).data, status=201)

    @once
    @extend_schema(request=RepairSerializer, responses={200: DamageSerializer, 409: PeopleHaveBookedSerializer})
    @action(detail=True, methods=["post"])
    def repair(self, request: Request, pk: str) -> Response:
        """Out of use until it is mended."""
        damage = self.get_object()
        asked = RepairSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        until = _meant({"until": asked.validated_data["until"]}, damage.resource.place.timezone)["until"]
        displace = asked.validated_data["displace"]
        mended = blackouts.repair(
            member=asking(request), damage=damage, until=until, at=timezone.now(), displace=displace
        )
        return Response(DamageSerializer(mended).data)

    @once
    @extend_schema(request=CloseDamageSerializer, responses=DamageSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        """It is mended, or there was nothing to mend."""
        asked = CloseDamageSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        closed = blackouts.close_damage(
            member=asking(request), damage=self.get_object(), at=timezone.now(), **asked.validated_data
        )
        return Response(DamageSerializer(closed).data)


def _wish(asked: BlackoutWishSerializer) -> dict[str, Any]:
    """What was asked, with its times as UTC."""
    asked.is_valid(raise_exception=True)
    wish = dict(asked.validated_data)
    place = (
        Place.objects.filter(pk=wish["place"])
        if "place" in wish
        else Place.objects.filter(resources=wish.get("resource"))
    )
    zone = place.values_list("timezone", flat=True).first()
    return wish | _meant({name: wish[name] for name in ("starts_at", "ends_at")}, zone or "UTC")


def _meant(written: dict[str, dt.datetime], zone: str) -> dict[str, dt.datetime]:
    found = {name: meant(moment, zone, name) for name, moment in written.items()}
    if gaps := [problem for problem in found.values() if isinstance(problem, Problem)]:
        raise broken(gaps)
    return {name: moment for name, moment in found.items() if isinstance(moment, dt.datetime)}
