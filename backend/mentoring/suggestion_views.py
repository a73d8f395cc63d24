"""Suggestions over HTTP: guides for me, people to work with, and why."""

from dataclasses import replace
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, viewsets
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.views import APIView

from backend.api import asking
from backend.collectives.models import Collective
from backend.errors import field_error
from backend.members.filters import TRACKS, MemberFilter
from backend.members.models import Member
from backend.members.serializers import MemberCardSerializer
from backend.mentoring import actions, habits, helping, rules, showings, suggestions
from backend.mentoring.models import Dismissal
from backend.mentoring.serializers import (
    DismissalSerializer,
    DismissSerializer,
    FoundSerializer,
    HelpedSerializer,
    MatchSerializer,
    ShownSerializer,
)
from backend.mentoring.suggestions import Found, Wish
from backend.mentoring.views import Wishing
from backend.mentoring.words import Words
from backend.skills.models import Skill
from backend.skills.serializers import NamedSerializer
from matching import Explanation

NARROWING = (
    "sector",
    "language",
    "min_level",
    "country",
    "not_country",
    "organisation",
    "online",
    "in_person",
    "search",
)
PARAMETERS = [
    OpenApiParameter("skill", int, description="Instead of my own wishes."),
    OpenApiParameter("sector", int),
    OpenApiParameter("language", str, description="Speaks it."),
    OpenApiParameter("min_level", int, description="1–7; goes with language."),
    OpenApiParameter("country", str),
    OpenApiParameter("not_country", str),
    OpenApiParameter("organisation", int),
    OpenApiParameter("online", bool),
    OpenApiParameter("in_person", bool),
    OpenApiParameter("search", str),
    OpenApiParameter("limit", int, description=f"At most {suggestions.LIMIT_MAX}."),
]
COLLECTIVE = OpenApiParameter("collective", int, description="For a collective of which I am a steward.")
TRACK = OpenApiParameter("track", OpenApiTypes.STR, enum=[track for track, _name in TRACKS])


class SuggestionsView(APIView):
    @extend_schema(
        operation_id="suggestions_list", parameters=[TRACK, COLLECTIVE, *PARAMETERS], responses=FoundSerializer
    )
    def get(self, request: Request) -> Response:
        """Guides who could help me, or my collective, best first, each with the reasons."""
        wish = replace(_wish(request), collective=_collective(request))
        found = suggestions.guides_for(asking(request), wish, at=timezone.now())
        return Response(_answer(found, request))


class ShownView(Wishing, APIView):
    @extend_schema(request=ShownSerializer, responses={204: None})
    def post(self, request: Request) -> Response:
        """These suggestions are in front of me now. Kept for half a year, so that what is learnt from choices is no circle."""
        showings.note_shown(member=asking(request), at=timezone.now(), **self.wish(ShownSerializer))
        return Response(status=204)


class HelpingView(APIView):
    @extend_schema(responses=HelpedSerializer)
    def get(self, request: Request) -> Response:
        """Whom I could help: members who look for what I offer, best first, each with the reasons."""
        done = helping.helped_by(asking(request), at=timezone.now())
        words = Words((explanation for _member, explanation in done.matches), helping=True)
        results = [_match(member, one, words, request, done.places_open) for member, one in done.matches]
        return Response({"results": results, "places_open": done.places_open})


class CollaboratorsView(APIView):
    @extend_schema(operation_id="collaborators_list", parameters=PARAMETERS, responses=FoundSerializer)
    def get(self, request: Request) -> Response:
        """People to work with, here and in other countries, best first."""
        found = suggestions.collaborators_for(asking(request), _wish(request), at=timezone.now())
        return Response(_answer(found, request))


class SuggestionView(APIView):
    @extend_schema(parameters=[TRACK], responses=MatchSerializer)
    def get(self, request: Request, member: int) -> Response:
        """Why this person, or why not."""
        me = asking(request)
        rows = Member.objects.visible_to(me).exclude(pk=me.pk).select_related("organisation", "profession")
        them = get_object_or_404(rows.prefetch_related("sectors", "languages", "offers__skill"), pk=member)
        at = timezone.now()
        explanation = suggestions.explained(me, them, track=_track(request), at=at)
        days = habits.usually_answer_within([them.pk], at=at)[them.pk]
        return Response(_match(them, explanation, Words([explanation]), request, rules.places_open(them), days=days))


class DismissalView(Wishing, mixins.ListModelMixin, viewsets.GenericViewSet[Dismissal]):
    """People whom I do not want suggested."""

    queryset = Dismissal.objects.none()
    serializer_class = DismissalSerializer
    pagination_class = None
    lookup_field, lookup_value_regex = "person", r"\d{1,18}"

    def get_queryset(self) -> QuerySet[Dismissal]:
        me = asking(self.request)
        return me.dismissals.filter(person__in=Member.objects.visible_to(me)).select_related("person").order_by("-pk")

    @extend_schema(request=DismissSerializer, responses={201: DismissalSerializer})
    def create(self, request: Request) -> Response:
        """Suggest someone to me no more; at once, and only I know."""
        made = actions.dismiss(member=asking(request), at=timezone.now(), **self.wish(DismissSerializer))
        return Response(DismissalSerializer(made, context=self.get_serializer_context()).data, status=201)

    @extend_schema(parameters=[OpenApiParameter("person", int, "path")], responses={204: None})
    def destroy(self, request: Request, person: str) -> Response:
        """Suggest them again."""
        actions.suggest_again(member=asking(request), person=int(person))
        return Response(status=204)


def _wish(request: Request) -> Wish:
    """The query as a wish; narrowing goes through the filters of the member directory."""
    query = request.query_params
    skill = Skill.objects.filter(pk=_number(query, "skill")).first() if "skill" in query else None
    if "skill" in query and skill is None:
        raise field_error("skill", "does_not_exist", _("There is no such skill."))
    narrowing = QueryDict(mutable=True)
    narrowing.update({name: query[name] for name in NARROWING if query.get(name)})
    among = None
    if narrowing:
        chosen = MemberFilter(narrowing, queryset=Member.objects.present(), request=request)
        if not chosen.is_valid():
            raise field_error(next(iter(chosen.errors)), "invalid", _("This cannot be searched for."))
        among = chosen.qs
    limit = min(max(_number(query, "limit") or suggestions.LIMIT, 1), suggestions.LIMIT_MAX)
    return Wish(track=_track(request), skill=skill, limit=limit, among=among)


def _collective(request: Request) -> Collective | None:
    number = _number(request.query_params, "collective")
    if not number:
        return None
    if number not in rules.steered_by(asking(request)):
        raise field_error("collective", "not_a_steward", _("Only stewards of this collective may do this."))
    return Collective.objects.get(pk=number)


def _track(request: Request) -> str | None:
    track = request.query_params.get("track") or None
    if track is not None and track not in dict(TRACKS):
        raise field_error("track", "invalid_choice", _("There is no such track."))
    return track


def _number(query: Any, name: str) -> int:
    text = query.get(name, "0") or "0"
    if not text.isdecimal() or len(text) > 18:
        raise field_error(name, "invalid", _("This is not a whole number."))
    return int(text)


def _answer(found: Found, request: Request) -> dict[str, Any]:
    everyone = [*found.matches, *found.elsewhere]
    words = Words(explanation for _member, explanation in everyone)
    places = rules.places_open_of([member for member, _explanation in everyone])
    usual = habits.usually_answer_within([member.pk for member, _explanation in everyone], at=timezone.now())

    def listed(matches: list[tuple[Member, Explanation]]) -> list[dict[str, Any]]:
        return [
            _match(
                member, e, words, request, places[member.pk], is_drawn=member.pk in found.chances, days=usual[member.pk]
            )
            for member, e in matches
        ]

    return {
        "results": listed(found.matches),
        "elsewhere": listed(found.elsewhere),
        "rung": found.rung.word,
        "missing": [
            NamedSerializer(one.skill).data | {"close": one.close and NamedSerializer(one.close).data}
            for one in found.missing
        ],
        "receipt": found.receipt,
        "programme": found.programme,
    }


def _match(
    member: Member,
    explanation: Explanation,
    words: Words,
    request: Request,
    places: int,
    *,
    is_drawn: bool = False,
    days: int | None = None,
) -> dict[str, Any]:
    card: BaseSerializer[Member] = MemberCardSerializer(member, context={"request": request})
    return {
        "member": card.data,
        "total": explanation.total,
        "sentence": words.line(explanation),
        "rows": [
            {
                "part": row.part.value,
                "points": row.points,
                "maximum": row.maximum,
                "sentence": words.sentence(row),
                "facts": row.facts,
            }
            for row in explanation.rows
        ],
        "places_open": places,
        "answers_within_days": days,
        "is_drawn": is_drawn,
        "why_not": [{"code": r.condition.value, "sentence": words.why_not(r)} for r in explanation.why_not],
        "may": {"ask": member.is_guide and not explanation.why_not},
    }
