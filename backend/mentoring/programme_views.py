"""What coordinators do with a programme beside its runs: settings, states, health, notes, tables."""

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.api import asking
from backend.errors import field_error
from backend.members.models import Organisation
from backend.mentoring import coordinators, demand_table, health, programmes
from backend.mentoring.cohort_serializers import ProgrammeDetailSerializer
from backend.mentoring.models import Programme, ProgrammeNote
from backend.mentoring.programme_serializers import (
    CoordinatorSerializer,
    DemandsReadSerializer,
    DemandTableSerializer,
    GuideHealthSerializer,
    MoveSerializer,
    ProgrammeChangeSerializer,
    ProgrammeHealthSerializer,
    ProgrammeNoteSerializer,
)
from backend.mentoring.views import Wishing
from backend.tables import as_table, harmless

SHOWN = 50
FILTERS = [
    OpenApiParameter("organisation", int),
    OpenApiParameter("only", enum=list(health.SORTS), description="Guides with at least one of these."),
    OpenApiParameter("sort", enum=list(health.SORTS), description="Most of these first; waiting unless told."),
]


def coordinated(request: Request, programme: int) -> Programme:
    """The programme, for its coordinators; it exists for nobody else here."""
    mine = Programme.objects.filter(coordinators=asking(request)).select_related("organisation")
    return get_object_or_404(mine, pk=programme)


class SettingsView(Wishing, APIView):
    @extend_schema(request=ProgrammeChangeSerializer, responses=ProgrammeDetailSerializer)
    def patch(self, request: Request, programme: int) -> Response:
        """Change what it says of itself, and whom it takes."""
        wish = ProgrammeChangeSerializer(data=request.data, partial=True, context={"request": request})
        wish.is_valid(raise_exception=True)
        found = coordinated(request, programme)
        programmes.change(programme=found, by=asking(request), **wish.validated_data)
        return Response(_told(request, programme))


class CoordinatorsView(Wishing, APIView):
    @extend_schema(request=CoordinatorSerializer, responses=ProgrammeDetailSerializer)
    def post(self, request: Request, programme: int) -> Response:
        """Have somebody look after it as well, who is told."""
        wish, found = self.wish(CoordinatorSerializer), coordinated(request, programme)
        coordinators.name(programme=found, by=asking(request), at=timezone.now(), **wish)
        return Response(_told(request, programme))


class CoordinatorView(APIView):
    @extend_schema(request=None, responses={204: None})
    def delete(self, request: Request, programme: int, member: int) -> Response:
        """Somebody, or oneself, looks after it no longer."""
        found = coordinated(request, programme)
        coordinators.let_go(programme=found, member=member, by=asking(request), at=timezone.now())
        return Response(status=204)


class MoveView(Wishing, APIView):
    @extend_schema(request=MoveSerializer, responses=ProgrammeDetailSerializer)
    def post(self, request: Request, programme: int) -> Response:
        """Open it for joining, let it run, or close it."""
        found = coordinated(request, programme)
        programmes.move(programme=found, by=asking(request), **self.wish(MoveSerializer))
        return Response(_told(request, programme))


class HealthView(APIView):
    @extend_schema(parameters=FILTERS, responses=ProgrammeHealthSerializer)
    def get(self, request: Request, programme: int) -> Response:
        """How it goes: counts only."""
        found = coordinated(request, programme)
        at, organisation = timezone.now(), _organisation(request)
        homes = Organisation.objects.filter(pk=found.organisation_id) | Organisation.objects.filter(
            pk__in=found.partners.values("pk")
        )
        counts = health.health_of(found, at=at, organisation=organisation)
        shown = {"programme": found, "organisations": homes.order_by("name"), "counts": counts}
        return Response(ProgrammeHealthSerializer(shown | {"guides": _guides(request, found, first=SHOWN)}).data)


class HealthTableView(APIView):
    @extend_schema(parameters=FILTERS, responses={(200, "text/csv"): OpenApiTypes.STR})
    def get(self, request: Request, programme: int) -> HttpResponse:
        """Its guides and their counts, as a table for spreadsheets."""
        columns = ("places", "paused", "running", "waiting", "silent", "without_session")
        rows = _guides(request, coordinated(request, programme))
        cells = (
            (
                harmless(one["person"]["name"]),
                one["guide_capacity"],
                one["guide_paused"],
                *(one[name] for name in columns[2:]),
            )
            for one in GuideHealthSerializer(rows, many=True).data
        )
        return as_table("guides", ("name", *columns), cells)


class DemandTableView(Wishing, APIView):
    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.STR})
    def get(self, request: Request, programme: int) -> HttpResponse:
        """Who is kept together and who apart, as a table that can be sent back."""
        return as_table("demands", demand_table.COLUMNS, demand_table.written(coordinated(request, programme)))

    @extend_schema(request=DemandTableSerializer, responses=DemandsReadSerializer)
    def post(self, request: Request, programme: int) -> Response:
        """Keep together and apart whom a table names; all of it or nothing."""
        found = coordinated(request, programme)
        many = demand_table.read(programme=found, by=asking(request), **self.wish(DemandTableSerializer))
        return Response({"demands": many})


class ProgrammeNotesView(Wishing, APIView):
    @extend_schema(responses=ProgrammeNoteSerializer(many=True))
    def get(self, request: Request, programme: int) -> Response:
        """What its coordinators wrote down for each other, newest first."""
        rows = ProgrammeNote.objects.filter(programme=coordinated(request, programme)).select_related("author")
        return Response(ProgrammeNoteSerializer(rows.order_by("-pk")[:100], many=True).data)

    @extend_schema(request=ProgrammeNoteSerializer, responses={201: ProgrammeNoteSerializer})
    def post(self, request: Request, programme: int) -> Response:
        """Write something down for the other coordinators."""
        wish, found = self.wish(ProgrammeNoteSerializer), coordinated(request, programme)
        made = programmes.write_note(programme=found, by=asking(request), at=timezone.now(), **wish)
        return Response(ProgrammeNoteSerializer(made).data, status=201)


class ProgrammeNoteView(APIView):
    @extend_schema(request=None, responses={204: None})
    def delete(self, request: Request, programme: int, note: int) -> Response:
        """Take back a note of mine."""
        programmes.drop_note(programme=coordinated(request, programme), note=note, by=asking(request))
        return Response(status=204)


def _told(request: Request, programme: int) -> Any:
    """The programme as it is now."""
    return ProgrammeDetailSerializer(coordinated(request, programme), context={"request": request}).data


def _guides(request: Request, programme: Programme, first: int | None = None) -> list[health.GuideCounts]:
    chosen = {name: request.query_params.get(name, "") for name in ("only", "sort")}
    for name, value in chosen.items():
        if value and value not in health.SORTS:
            raise field_error(name, "invalid_choice", ", ".join(health.SORTS))
    return health.guides_of(
        programme,
        by=asking(request),
        at=timezone.now(),
        organisation=_organisation(request),
        only=chosen["only"],
        sort=chosen["sort"] or "waiting",
        first=first,
    )


def _organisation(request: Request) -> int | None:
    return number_in(request, "organisation") if request.query_params.get("organisation") else None


def number_in(request: Request, name: str) -> int:
    """A whole number of the query; refused where it is none."""
    given = request.query_params.get(name, "")
    if not given.isdecimal() or len(given) > 18:
        raise field_error(name, "invalid", "")
    return int(given)
