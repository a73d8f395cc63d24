"""Skills, professions and sectors over HTTP."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from backend.api import IsSignedIn
from backend.skills import actions, typeahead
from backend.skills.models import Profession, Sector, Skill, SkillLink
from backend.skills.serializers import (
    ProfessionSerializer,
    ProposeSkillSerializer,
    SectorSerializer,
    SkillSerializer,
    SuggestionSerializer,
    reader_language,
)
from backend.skills.typeahead import Found

QUERY_MAX_LENGTH = 100
MODELS: dict[str, Any] = {"skill": Skill, "profession": Profession, "sector": Sector}


class SkillView(mixins.RetrieveModelMixin, viewsets.GenericViewSet[Skill]):
    """Skills; newcomers who are introducing themselves need them too.

    This service uses the ESCO classification of the European Commission, in an adapted version: with names, relations and skills
    of our own.
    """

    queryset = Skill.objects.select_related("family")
    serializer_class = SkillSerializer
    permission_classes = [IsSignedIn]
    pagination_class = None
    throttle_scope = "proposals"

    @extend_schema(
        parameters=[
            OpenApiParameter("q", str, description="What has been typed so far, in any language."),
            OpenApiParameter(
                "kind", str, description="Of skill, profession, sector; several with commas. Default: skill."
            ),
        ],
        responses=SuggestionSerializer(many=True),
    )
    def list(self, request: Request) -> Response:
        """Type-ahead: at most twelve concepts that fit what was typed, best first; something to begin with when nothing was."""
        asked = request.query_params.get("kind", "skill").split(",")
        kinds = frozenset(kind for kind in asked if kind in MODELS)
        query = request.query_params.get("q", "")[:QUERY_MAX_LENGTH]
        if query.strip():
            found = typeahead.search(query, language=reader_language(), kinds=kinds)  # type: ignore[arg-type]
            return Response([_suggestion(one) for one in found])
        return Response(_beginnings(kinds))

    @extend_schema(request=ProposeSkillSerializer, responses={200: SkillSerializer, 201: SkillSerializer})
    def create(self, request: Request) -> Response:
        """Propose a skill that is missing; 200 when it exists already under this label."""
        wish = ProposeSkillSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        skill, is_new = actions.propose_skill(name=wish.validated_data["name"], language=reader_language())
        return Response(SkillSerializer(skill).data, status=201 if is_new else 200)


def _beginnings(kinds: frozenset[str]) -> list[dict[str, Any]]:
    """Something to begin with before anything is typed: a broad skill of each family, then professions, then sectors."""
    broad = Skill.objects.filter(status=Skill.Status.ACTIVE, family__isnull=False)
    broad = broad.exclude(links_in__kind=SkillLink.Kind.BROADER).order_by("family__key", "pk").only("names", "family")
    by_family = {skill.family_id: skill for skill in reversed(broad)} if "skill" in kinds else {}
    rows: list[tuple[str, Any]] = sorted((("skill", row) for row in by_family.values()), key=lambda pair: pair[1].pk)
    for kind, model in (("profession", Profession), ("sector", Sector)):
        if kind in kinds:
            rows += [(kind, row) for row in model.objects.filter(is_retired=False).order_by("key")[: typeahead.ANSWERS]]
    named = {"matched": None, "matched_language": None, "is_proposed": False}
    return [
        {"kind": kind, "id": row.pk, "name": row.name_in(reader_language()), **named}
        for kind, row in rows[: typeahead.ANSWERS]
    ]


def _suggestion(found: Found) -> dict[str, Any]:
    name = found.concept.name_in(reader_language())
    other = found.text != name
    return {
        "kind": found.kind,
        "id": found.concept.pk,
        "name": name,
        "matched": found.text if other else None,
        "matched_language": found.language if other else None,
        "is_proposed": found.kind == "skill" and found.concept.status == Skill.Status.PROPOSED,
    }


class SectorView(mixins.ListModelMixin, viewsets.GenericViewSet[Sector]):
    """All sectors."""

    queryset = Sector.objects.filter(is_retired=False).order_by("nace", "key")
    serializer_class = SectorSerializer
    permission_classes = [IsSignedIn]
    pagination_class = None


class ProfessionView(mixins.RetrieveModelMixin, viewsets.GenericViewSet[Profession]):
    """A profession with its skills."""

    serializer_class = ProfessionSerializer
    permission_classes = [IsSignedIn]
    queryset = Profession.objects.none()

    def get_queryset(self) -> QuerySet[Profession]:
        return Profession.objects.select_related("sector").prefetch_related("skills")
