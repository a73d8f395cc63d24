"""Inductions over HTTP: what there is, seats, and what hosts plan and grant."""

from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backend.api import Pages, asking
from backend.bookings import inductions
from backend.bookings.fields import meant
from backend.bookings.hosting import refuse_unless_place_hosted
from backend.bookings.hosting_serializers import (
    AddInductionSerializer,
    ChangeInductionSerializer,
    GrantSerializer,
    InductionSerializer,
    InductionSessionSerializer,
    PlanSessionSerializer,
    ToGrantSerializer,
)
from backend.bookings.models import BookingItem, Induction, InductionGrant, InductionSeat, InductionSession, Place
from backend.bookings.once import once
from backend.bookings.rules import Problem, broken
from backend.errors import NotFound
from backend.members.models import Member


class ByName(Pages):
    ordering = ("name", "id")  # type: ignore[assignment]


class InductionView(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Induction]):
    """Inductions with their coming sessions; `mine` are those that I have, or have a seat for."""

    serializer_class = InductionSerializer
    pagination_class = ByName
    queryset = Induction.objects.none()

    def get_queryset(self) -> QuerySet[Induction]:
        me, at = asking(self.request), timezone.now()
        seats = Prefetch("booked", InductionSeat.objects.select_related("member").order_by("pk"))
        coming = InductionSession.objects.filter(ends_at__gt=at, cancelled_at__isnull=True)
        if self.action != "list":  # Who came is granted it after the session.
            coming = InductionSession.objects.filter(cancelled_at__isnull=True)
        rooms = Prefetch("booking__items", BookingItem.objects.select_related("resource").order_by("pk"))
        sessions = coming.select_related("host", "induction", "booking").prefetch_related(seats, rooms)
        sessions = sessions.order_by("starts_at", "pk")
        found = Induction.objects.filter(is_active=True, place__is_active=True).select_related("place")
        if place := self.request.query_params.get("place", ""):
            found = found.filter(place=int(place) if place.isdecimal() and len(place) < 19 else 0)
        if self.request.query_params.get("mine", "").lower() in ("true", "1"):
            granted = InductionGrant.objects.filter(inductions.valid(at), member=me).values("induction")
            seated = InductionSeat.objects.filter(member=me, session__in=coming).values("session__induction")
            found = found.filter(Q(pk__in=granted) | Q(pk__in=seated))
        return found.prefetch_related(Prefetch("sessions", sessions))

    def get_serializer_context(self) -> dict[str, Any]:
        context = dict(super().get_serializer_context())
        if getattr(self, "swagger_fake_view", False):
            return context
        me = asking(self.request)
        mine = InductionGrant.objects.filter(inductions.valid(timezone.now()), member=me)
        return context | {
            "grants": dict(mine.values_list("induction", "expires_at")),
            "hosted": set(Place.objects.hosted_by(me).values_list("pk", flat=True)),
        }

    @extend_schema(parameters=[OpenApiParameter("place", int), OpenApiParameter("mine", bool)])
    def list(self, request: Request, *args: Any, **options: Any) -> Response:
        return super().list(request, *args, **options)

    @once
    @extend_schema(request=AddInductionSerializer, responses={201: InductionSerializer})
    def create(self, request: Request) -> Response:
        """As a host: something that I show."""
        asked = AddInductionSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        made = inductions.add_induction(member=asking(request), **asked.validated_data)
        return self._told(made.pk, 201)

    @once
    @extend_schema(request=ChangeInductionSerializer, responses=InductionSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """As a host: other words, another validity from now on, or no longer given."""
        induction = self.get_object()
        asked = ChangeInductionSerializer(induction, data=request.data, partial=True)
        asked.is_valid(raise_exception=True)
        changed = inductions.change_induction(
            member=asking(request),
            induction=Induction.objects.get(pk=induction.pk),
            at=timezone.now(),
            **asked.validated_data,
        )
        return Response(self.get_serializer(changed).data)

    @once
    @extend_schema(request=PlanSessionSerializer, responses={201: InductionSerializer})
    @action(detail=True, methods=["post"])
    def sessions(self, request: Request, pk: str) -> Response:
        """As a host: when I show it."""
        induction = self.get_object()
        asked = PlanSessionSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        wish = dict(asked.validated_data)
        for name in ("starts_at", "ends_at"):
            moment = meant(wish[name], induction.place.timezone, name)
            if isinstance(moment, Problem):
                raise broken([moment])
            wish[name] = moment
        inductions.plan_session(member=asking(request), induction=induction, at=timezone.now(), **wish)
        return self._told(induction.pk, 201)

    @once
    @extend_schema(methods=["GET"], responses=GrantSerializer(many=True), filters=False)
    @extend_schema(methods=["POST"], request=ToGrantSerializer, responses={201: GrantSerializer})
    @action(detail=True, methods=["get", "post"], pagination_class=None, filter_backends=[])
    def grants(self, request: Request, pk: str) -> Response:
        """As a host: who may use it, and letting somebody."""
        me, at, induction = asking(request), timezone.now(), self.get_object()
        refuse_unless_place_hosted(me, induction.place_id)
        if request.method == "GET":
            rows = induction.grants.filter(inductions.valid(at)).select_related("member").order_by("member__name", "pk")
            return Response(GrantSerializer(rows, many=True).data)
        asked = ToGrantSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        seated = Q(induction_seats__session__induction=induction)
        number = asked.validated_data["member"]
        seen = Q(pk__in=Member.objects.visible_to(me).values("pk"))
        to = Member.objects.filter(seen | seated, pk=number).distinct().first()
        if to is None:
            raise NotFound()
        granted = inductions.grant(member=me, induction=induction, to=to, at=at)
        return Response(GrantSerializer(granted).data, status=201)

    def _told(self, number: int, status: int = 200) -> Response:
        return Response(self.get_serializer(self.get_queryset().get(pk=number)).data, status=status)


class SessionView(viewsets.GenericViewSet[InductionSession]):
    serializer_class = InductionSessionSerializer
    queryset = InductionSession.objects.filter(induction__place__is_active=True).select_related("induction__place")

    @once
    @extend_schema(methods=["POST"], request=None, responses={204: None})
    @extend_schema(methods=["DELETE"], responses={204: None})
    @action(detail=True, methods=["post", "delete"])
    def seat(self, request: Request, pk: str) -> Response:
        """Take a seat, or leave it."""
        act = inductions.take_seat if request.method == "POST" else inductions.leave_seat
        act(member=asking(request), session=self.get_object(), at=timezone.now())
        return Response(status=204)

    @once
    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        """As a host: it does not take place."""
        inductions.cancel_session(member=asking(request), session=self.get_object(), at=timezone.now())
        return Response(status=204)


class GrantView(viewsets.GenericViewSet[InductionGrant]):
    serializer_class = GrantSerializer
    queryset = InductionGrant.objects.select_related("induction")

    @once
    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        """As a host: not any more."""
        inductions.revoke(member=asking(request), granted=self.get_object(), at=timezone.now())
        return Response(status=204)
