"""Consultations over HTTP. To whom one does not concern, it does not exist."""

from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, Prefetch, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.generics import ListAPIView, get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.api import asking
from backend.bookings.once import once
from backend.collectives.models import Collective
from backend.consultations import actions, grouping, rules
from backend.consultations.filters import ConsultationFilter, RecommendationFilter
from backend.consultations.models import Consultation, Recommendation, Support, Theme
from backend.consultations.serializers import (
    BeginConsultationSerializer,
    ConsultationCardSerializer,
    ConsultationSerializer,
    DropThemeSerializer,
    EditConsultationSerializer,
    HandInSerializer,
    MayBeginSerializer,
    PlaceRecommendationSerializer,
    RecommendationSerializer,
    RoomNumberSerializer,
    SupportRecommendationSerializer,
    WhichPersonSerializer,
    WriteThemeSerializer,
)
from backend.errors import field_error
from backend.members.models import Member


class ConsultationView(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Consultation]):
    """Consultations that concern me, newest first."""

    queryset = Consultation.objects.none()
    serializer_class = ConsultationSerializer
    filterset_class = ConsultationFilter

    def get_queryset(self) -> QuerySet[Consultation]:
        rows = Consultation.objects.concerning(asking(self.request)).select_related("organisation")
        return rows if self.action == "list" else whole(rows)

    def get_serializer_class(self) -> Any:
        return ConsultationCardSerializer if self.action == "list" else ConsultationSerializer

    def get_throttles(self) -> Any:
        self.throttle_scope = "invitations" if self.action in ("create", "name_one") else None
        return super().get_throttles()

    @once
    @extend_schema(request=BeginConsultationSerializer, responses={201: ConsultationSerializer})
    def create(self, request: Request) -> Response:
        """Ask everyone in my organisation, or in all of them."""
        made = actions.begin(by=asking(request), at=timezone.now(), **self._wish(BeginConsultationSerializer))
        return self._answer(made, status=201)

    @extend_schema(request=EditConsultationSerializer, responses=ConsultationSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Other words, or another end of collecting."""
        wish = self._wish(EditConsultationSerializer)
        return self._answer(actions.edit(consultation=self.get_object(), by=asking(request), at=timezone.now(), **wish))

    @extend_schema(request=None, responses=ConsultationSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Go no further; everything stays to be read."""
        return self._answer(actions.withdraw(consultation=self.get_object(), by=asking(request), at=timezone.now()))

    @extend_schema(request=None, responses=ConsultationSerializer)
    @action(detail=True, methods=["post"])
    def discuss(self, request: Request, pk: str) -> Response:
        """Show the themes to everyone, each with a topic of its own."""
        return self._answer(grouping.discuss(consultation=self.get_object(), by=asking(request), at=timezone.now()))

    @extend_schema(request=WhichPersonSerializer, responses=ConsultationSerializer)
    @action(detail=True, methods=["post"], url_path="name")
    def name_one(self, request: Request, pk: str) -> Response:
        """Let somebody look after it as well."""
        consultation, number = self.get_object(), self._wish(WhichPersonSerializer)["member"]
        member = Member.objects.visible_to(asking(request)).filter(pk=number).first()
        if member is None:
            raise field_error("member", "not_found", "This person does not exist, or not for you.")
        actions.name_facilitator(consultation=consultation, by=asking(request), member=member, at=timezone.now())
        return self._answer(consultation)

    @extend_schema(request=WhichPersonSerializer, responses=ConsultationSerializer)
    @action(detail=True, methods=["post"], url_path="let-go")
    def let_go(self, request: Request, pk: str) -> Response:
        """Let somebody, or me, look after it no longer."""
        consultation, wish = self.get_object(), self._wish(WhichPersonSerializer)
        actions.let_facilitator_go(consultation=consultation, by=asking(request), at=timezone.now(), **wish)
        return self._answer(consultation)

    @extend_schema(request=None, responses=RoomNumberSerializer)
    @action(detail=True, methods=["post"], url_path="come-in")
    def come_in(self, request: Request, pk: str) -> Response:
        """Come into its room, where the themes are talked about."""
        room = actions.come_in(consultation=self.get_object(), by=asking(request), at=timezone.now())
        return Response({"room": room.pk})

    @extend_schema(responses=MayBeginSerializer)
    @action(detail=False, pagination_class=None, filter_backends=[], url_path="may-begin")
    def may_begin(self, request: Request) -> Response:
        """Whom I may ask."""
        organisation, federation = (rules.may_begin(asking(request), everywhere=far) for far in (False, True))
        return Response({"organisation": organisation, "federation": federation})

    @extend_schema(request=WriteThemeSerializer, responses=ConsultationSerializer)
    @action(detail=True, methods=["post"])
    def themes(self, request: Request, pk: str) -> Response:
        """Make a theme."""
        consultation, wish = self.get_object(), self._wish(WriteThemeSerializer)
        grouping.add_theme(consultation=consultation, by=asking(request), at=timezone.now(), **wish)
        return self._answer(consultation)

    def _wish(self, serializer_class: Any, **options: Any) -> dict[str, Any]:
        return wish_of(self.request, serializer_class, **options)

    def _answer(self, consultation: Consultation, status: int = 200) -> Response:
        return answer(self.request, consultation, status=status)


class ThemeView(APIView):
    @extend_schema(request=WriteThemeSerializer, responses=ConsultationSerializer)
    def patch(self, request: Request, number: int, theme: int) -> Response:
        """Another title or summary."""
        found, wish = _concerning(request, number), wish_of(request, WriteThemeSerializer, partial=True)
        grouping.change_theme(consultation=found, by=asking(request), theme=theme, at=timezone.now(), **wish)
        return answer(request, found)


class DropThemeView(APIView):
    @extend_schema(request=DropThemeSerializer, responses=ConsultationSerializer)
    def post(self, request: Request, number: int, theme: int) -> Response:
        """Do without it: what is in it goes into another one, or waits again."""
        found, into = _concerning(request, number), wish_of(request, DropThemeSerializer).get("into")
        grouping.drop_theme(consultation=found, by=asking(request), theme=theme, into=into, at=timezone.now())
        return answer(request, found)


class RecommendationsView(ListAPIView[Recommendation]):
    """What was recommended in a consultation, newest first; everything stays, also what was left out."""

    queryset = Recommendation.objects.none()
    serializer_class = RecommendationSerializer
    filterset_class = RecommendationFilter

    def get_queryset(self) -> QuerySet[Recommendation]:
        return recommended(asking(self.request), self._consultation())

    def get_serializer_context(self) -> dict[str, Any]:
        context = dict(super().get_serializer_context())
        return context | {"consultation": self._consultation()} if "number" in self.kwargs else context

    @once
    @extend_schema(request=HandInSerializer, responses={201: RecommendationSerializer})
    def post(self, request: Request, number: int) -> Response:
        """Recommend something, alone or for a local group."""
        wish = wish_of(request, HandInSerializer)
        group = wish.pop("collective", None)
        collective = Collective.objects.of(asking(request)).filter(pk=group).first() if group is not None else None
        if group is not None and collective is None:
            raise field_error("collective", "not_found", "This collective does not exist, or not for you.")
        made = actions.hand_in(
            consultation=self._consultation(), by=asking(request), collective=collective, at=timezone.now(), **wish
        )
        return told(request, self._consultation(), made.pk, status=201)

    def _consultation(self) -> Consultation:
        if not hasattr(self, "_found"):
            self._found = _concerning(self.request, self.kwargs["number"])
        return self._found


class RecommendationView(APIView):
    @extend_schema(request=None, responses={204: None})
    def delete(self, request: Request, number: int, recommendation: int) -> Response:
        """Take mine back, while it is collected."""
        found = _concerning(request, number)
        actions.take_back(consultation=found, by=asking(request), recommendation=recommendation, at=timezone.now())
        return Response(status=204)


class SupportView(APIView):
    @extend_schema(request=SupportRecommendationSerializer, responses=RecommendationSerializer)
    def post(self, request: Request, number: int, recommendation: int) -> Response:
        """Want the same, or no longer."""
        found, wish = _concerning(request, number), wish_of(request, SupportRecommendationSerializer)
        actions.support(
            consultation=found, by=asking(request), recommendation=recommendation, at=timezone.now(), **wish
        )
        return told(request, found, recommendation)


class PlaceView(APIView):
    @extend_schema(request=PlaceRecommendationSerializer, responses=RecommendationSerializer)
    def post(self, request: Request, number: int, recommendation: int) -> Response:
        """Put it into a theme, to another one, or leave it out with a reason."""
        found, wish = _concerning(request, number), wish_of(request, PlaceRecommendationSerializer)
        grouping.place(consultation=found, by=asking(request), recommendation=recommendation, at=timezone.now(), **wish)
        return told(request, found, recommendation)


def wish_of(request: Request, serializer_class: Any, **options: Any) -> dict[str, Any]:
    wish = serializer_class(data=request.data, **options)
    wish.is_valid(raise_exception=True)
    return dict(wish.validated_data)


def answer(request: Request, consultation: Consultation, status: int = 200) -> Response:
    """The consultation as it is now."""
    fresh = whole(Consultation.objects.select_related("organisation")).get(pk=consultation.pk)
    return Response(ConsultationSerializer(fresh, context={"request": request}).data, status=status)


def told(request: Request, consultation: Consultation, recommendation: int, status: int = 200) -> Response:
    """The recommendation as it is now."""
    fresh = recommended(asking(request), consultation).get(pk=recommendation)
    context = {"request": request, "consultation": consultation}
    return Response(RecommendationSerializer(fresh, context=context).data, status=status)


def whole(rows: QuerySet[Consultation]) -> QuerySet[Consultation]:
    """With everything that is told of one, in a fixed number of queries."""
    said = Recommendation.objects.filter(consultation=OuterRef("pk"))
    rows = rows.annotate(
        said=_number(said), waits=_number(said.filter(theme=None, merged_into=None, left_out_because="")),
        out=_number(said.exclude(left_out_because="")),
    )  # fmt: skip
    inside = Recommendation.objects.filter(theme=OuterRef("pk"))
    themes = Theme.objects.annotate(recommendations_count=_number(inside, "theme"))
    return rows.prefetch_related("facilitators", Prefetch("themes", themes))


def recommended(viewer: Member, consultation: Consultation) -> QuerySet[Recommendation]:
    """All of a consultation, each with what the viewer is told of it."""
    seen = Collective.objects.visible_to(viewer).filter(pk=OuterRef("collective"))
    supports = Support.objects.filter(recommendation=OuterRef("pk"))
    return (
        Recommendation.objects.filter(consultation=consultation)
        .annotate(
            supports_count=_number(supports, "recommendation"),
            i_support=Exists(supports.filter(member=viewer)),
            group_seen=Exists(seen),
        )
        .select_related("author", "collective")
    )


def _number(rows: QuerySet[Any], by: str = "consultation") -> Coalesce:
    counted = rows.order_by().values(by).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))


def _concerning(request: Request, number: int) -> Consultation:
    rows = Consultation.objects.concerning(asking(request)).prefetch_related("facilitators")
    return get_object_or_404(rows, pk=number)
