"""Who takes part in a programme, and why two people were given to each other, for its coordinators."""

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import ListAPIView, get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.api import asking, typed
from backend.errors import NotFound, field_error
from backend.members.models import Block, Member
from backend.mentoring import participants
from backend.mentoring.cohort_views import InOrder
from backend.mentoring.explained import explained
from backend.mentoring.models import Cohort, Participant
from backend.mentoring.participant_serializers import (
    AddParticipantSerializer,
    DemandOfGuideSerializer,
    ExplainedSerializer,
    GuideOfRunSerializer,
    ParticipantRowSerializer,
    ParticipantsReadSerializer,
    ParticipantTableSerializer,
)
from backend.mentoring.programme_views import coordinated, number_in
from backend.mentoring.views import Wishing
from backend.tables import as_table

FILTERS = [
    OpenApiParameter("role", enum=Participant.Role.values),
    OpenApiParameter("only", enum=list(participants.ONLY)),
    OpenApiParameter("q", str, description="Part of the name."),
]
CHOICES = {"role": Participant.Role.values, "only": list(participants.ONLY)}


class ParticipantsView(Wishing, ListAPIView[Participant]):
    serializer_class = ParticipantRowSerializer
    pagination_class = InOrder
    filter_backends = ()

    @extend_schema(parameters=FILTERS)
    def get(self, request: Request, programme: int) -> Response:
        """Who takes part, what they answered, whom they would like or avoid, and how many would like them."""
        chosen = {name: request.query_params.get(name, "") for name in CHOICES}
        for name, value in chosen.items():
            if value and value not in CHOICES[name]:
                raise field_error(name, "invalid_choice", ", ".join(CHOICES[name]))
        words = typed(request, "q").strip()
        rows = participants.shown(coordinated(request, programme), by=asking(request), words=words, **chosen)
        return self.get_paginated_response(ParticipantRowSerializer(self.paginate_queryset(rows), many=True).data)

    @extend_schema(request=AddParticipantSerializer, responses={201: ParticipantRowSerializer})
    def post(self, request: Request, programme: int) -> Response:
        """Have somebody take part, who is told."""
        wish, found, me = self.wish(AddParticipantSerializer), coordinated(request, programme), asking(request)
        made = participants.add(programme=found, by=me, at=timezone.now(), **wish)
        shown = participants.shown(found, by=me).get(pk=made.pk)
        return Response(ParticipantRowSerializer(shown).data, status=201)


class ParticipantView(Wishing, APIView):
    @extend_schema(request=DemandOfGuideSerializer, responses=ParticipantRowSerializer)
    def patch(self, request: Request, programme: int, participant: int) -> Response:
        """Have every run give a guide at least so many mentees."""
        found, me, wish = coordinated(request, programme), asking(request), self.wish(DemandOfGuideSerializer)
        changed = participants.demand(programme=found, participant=participant, by=me, **wish)
        return Response(ParticipantRowSerializer(participants.shown(found, by=me).get(pk=changed.pk)).data)

    @extend_schema(request=None, responses={204: None})
    def delete(self, request: Request, programme: int, participant: int) -> Response:
        """Have somebody no longer take part; they are told."""
        found = coordinated(request, programme)
        participants.remove(programme=found, participant=participant, by=asking(request), at=timezone.now())
        return Response(status=204)


class ParticipantTableView(Wishing, APIView):
    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.STR})
    def get(self, request: Request, programme: int) -> HttpResponse:
        """Everyone who takes part, as a table for spreadsheets that can be sent back."""
        heading, cells = participants.written(coordinated(request, programme), by=asking(request))
        return as_table("participants", heading, cells)

    @extend_schema(request=ParticipantTableSerializer, responses=ParticipantsReadSerializer)
    def post(self, request: Request, programme: int) -> Response:
        """Have everyone take part who stands in a table; all of them or nobody."""
        found, wish = coordinated(request, programme), self.wish(ParticipantTableSerializer)
        many = participants.read(programme=found, by=asking(request), at=timezone.now(), **wish)
        return Response({"people": many})


class WhyView(APIView):
    @extend_schema(
        parameters=[OpenApiParameter("mentee", int, required=True), OpenApiParameter("mentor", int, required=True)],
        responses=ExplainedSerializer,
    )
    def get(self, request: Request, cohort: int) -> Response:
        """Why these two were paired, or why they were not."""
        found = ended(request, cohort)
        mentee, mentor = number_in(request, "mentee"), number_in(request, "mentor")
        return Response(ExplainedSerializer(explained(found, mentee, mentor, at=timezone.now())).data)


class GuidesOfRunView(APIView):
    @extend_schema(responses=GuideOfRunSerializer(many=True))
    def get(self, request: Request, cohort: int) -> Response:
        """Everyone whom a run could give, by name, with the places that were open."""
        found = ended(request, cohort)
        assert found.intake is not None
        places = dict(zip(found.intake["mentors"], found.intake["capacity"], strict=True))
        people = Member.objects.present().filter(pk__in=places).exclude(pk__in=Block.between(asking(request)))
        rows = [{"person": one, "places": places[one.pk]} for one in people.order_by("name", "pk")]
        return Response(GuideOfRunSerializer(rows, many=True).data)


def ended(request: Request, cohort: int) -> Cohort:
    """A run that came to an end, for the coordinators of its programme; it exists for nobody else."""
    rows = Cohort.objects.filter(programme__coordinators=asking(request)).select_related("programme")
    found = get_object_or_404(rows, pk=cohort)
    if found.intake is None:
        raise NotFound
    return found
