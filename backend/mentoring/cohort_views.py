"""Programmes and their cohorts over HTTP; they exist for their coordinators only."""

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backend.api import Pages, asking
from backend.mentoring import cohorts, programmes, publishing
from backend.mentoring.cohort_serializers import (
    AskForCohortSerializer,
    CohortSeatSerializer,
    CohortSerializer,
    DemandSerializer,
    PairDemandSerializer,
    ProgrammeDetailSerializer,
    ProgrammeSerializer,
)
from backend.mentoring.models import Cohort, CohortSeat, Programme
from backend.mentoring.programme_serializers import ProgrammeChangeSerializer
from backend.mentoring.views import Wishing


class ProgrammeView(Wishing, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Programme]):
    """Programmes that I coordinate."""

    queryset = Programme.objects.none()
    serializer_class = ProgrammeSerializer
    pagination_class = None

    def get_queryset(self) -> QuerySet[Programme]:
        me = asking(self.request)
        return Programme.objects.filter(coordinators=me).select_related("organisation").order_by("name", "pk")

    def get_serializer_class(self) -> type[ProgrammeSerializer]:
        return ProgrammeDetailSerializer if self.action == "retrieve" else ProgrammeSerializer

    @extend_schema(request=ProgrammeChangeSerializer, responses={201: ProgrammeDetailSerializer})
    def create(self, request: Request) -> Response:
        """Begin a programme of my organisation: a draft, which only I see."""
        made = programmes.begin(by=asking(request), at=timezone.now(), **self.wish(ProgrammeChangeSerializer))
        return Response(ProgrammeDetailSerializer(made, context=self.get_serializer_context()).data, status=201)

    @extend_schema(request=AskForCohortSerializer, responses={201: CohortSerializer})
    @action(detail=True, methods=["post"], url_path="match")
    def match(self, request: Request, pk: str) -> Response:
        """Have the pairs worked out in the background."""
        wish = {"objective": None} | self.wish(AskForCohortSerializer)
        cohort = cohorts.ask_for(programme=self.get_object(), by=asking(request), at=timezone.now(), **wish)
        return Response(CohortSerializer(cohort).data, status=201)

    @extend_schema(responses=PairDemandSerializer(many=True))
    @action(detail=True, methods=["get"])
    def demands(self, request: Request, pk: str) -> Response:
        """Who is kept together, and who apart, in every run."""
        rows = self.get_object().demands.select_related("mentee", "mentor").order_by("pk")
        return Response(PairDemandSerializer(rows, many=True).data)

    @extend_schema(request=DemandSerializer, responses={201: PairDemandSerializer})
    @demands.mapping.post
    def demand(self, request: Request, pk: str) -> Response:
        """Keep two people together, or apart."""
        made = cohorts.demand(programme=self.get_object(), by=asking(request), **self.wish(DemandSerializer))
        return Response(PairDemandSerializer(made).data, status=201)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["delete"], url_path=r"demands/(?P<demand>\d{1,18})")
    def drop_demand(self, request: Request, pk: str, demand: str) -> Response:
        """No longer demand it."""
        cohorts.drop_demand(programme=self.get_object(), demand=int(demand), by=asking(request))
        return Response(status=204)


class InOrder(Pages):
    """In the order in which they were written: pairs first, then those without a guide."""

    ordering = "id"


class CohortView(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Cohort]):
    """Cohorts of the programmes that I coordinate, newest first."""

    queryset = Cohort.objects.none()
    serializer_class = CohortSerializer
    filterset_fields = ["programme", "status"]

    def get_queryset(self) -> QuerySet[Cohort]:
        rows = Cohort.objects.filter(programme__coordinators=asking(self.request)).defer("intake")
        return rows.select_related("programme__organisation")

    @extend_schema(responses=CohortSeatSerializer(many=True), filters=False)
    @action(detail=True, methods=["get"])
    def seats(self, request: Request, pk: str) -> Response:
        """Everyone who looked for a guide, with the guide found or why there is none; those without one last."""
        cohort = self.get_object()
        rows = CohortSeat.objects.filter(cohort=cohort).select_related("mentee", "mentor")
        ranked, pages = cohort.objective == Cohort.Objective.OWN_RANKINGS, InOrder()
        page = pages.paginate_queryset(rows, request, view=self)
        return pages.get_paginated_response(CohortSeatSerializer(page, many=True, context={"ranked": ranked}).data)

    @extend_schema(responses=OpenApiTypes.OBJECT, filters=False)
    @action(detail=True, methods=["get"])
    def record(self, request: Request, pk: str) -> Response:
        """All that the engine was given and what it answered: `manage.py check_cohort FILE` needs no more to check the result."""
        cohort = self.get_object()
        return Response({"intake": cohort.intake, "cohort": cohort.certificate})

    @extend_schema(request=None, responses=CohortSerializer)
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, pk: str) -> Response:
        """Propose to each mentee the guide that was found."""
        cohort = publishing.publish(cohort=self.get_object(), by=asking(request), at=timezone.now())
        return Response(CohortSerializer(cohort).data)
