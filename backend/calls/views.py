"""Calls for collaborators over HTTP."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backend.api import asking
from backend.calls import actions, answering, fitting
from backend.calls.filters import CallFilter
from backend.calls.models import Call, CallAnswer, CallChoice
from backend.calls.serializers import CallCardSerializer, CallFitsSerializer, CallSerializer
from backend.calls.wishes import (
    AnswerCallSerializer,
    EditCallSerializer,
    GatherSerializer,
    OpenCallSerializer,
    WantSuggestionsSerializer,
    WhichAnswerSerializer,
)
from backend.errors import NotFound
from backend.skills.models import Sector, Skill
from matching import Part

LONGEST_NUMBER = 18
WRITES = {"create": "invitations", "answer": "requests", "gather": "invitations"}


class CallView(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Call]):
    """Calls for collaborators that I may see, newest first."""

    queryset = Call.objects.none()
    serializer_class = CallSerializer
    filterset_class = CallFilter

    def get_queryset(self) -> QuerySet[Call]:
        return _whole(Call.objects.visible_to(asking(self.request)))

    def get_serializer_class(self) -> Any:
        return CallCardSerializer if self.action == "list" else CallSerializer

    def get_throttles(self) -> Any:
        self.throttle_scope = WRITES.get(self.action)
        return super().get_throttles()

    @extend_schema(request=OpenCallSerializer, responses={201: CallSerializer})
    def create(self, request: Request) -> Response:
        """Look for people, in my name or that of my collective."""
        made = actions.open_call(member=asking(request), at=timezone.now(), **self._wish(OpenCallSerializer))
        return self._answer(made, status=201)

    @extend_schema(request=EditCallSerializer, responses=CallSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Say it differently; lists replace what was there."""
        wish = self._wish(EditCallSerializer)
        return self._answer(actions.edit(call=self.get_object(), by=asking(request), at=timezone.now(), **wish))

    @extend_schema(request=None, responses=CallSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        """Take no more answers."""
        return self._answer(actions.close(call=self.get_object(), by=asking(request), at=timezone.now()))

    @extend_schema(request=AnswerCallSerializer, responses=CallSerializer)
    @action(detail=True, methods=["post"])
    def answer(self, request: Request, pk: str) -> Response:
        """Say that I would come, once."""
        call, wish = self.get_object(), self._wish(AnswerCallSerializer)
        answering.answer(call=call, member=asking(request), at=timezone.now(), **wish)
        return self._answer(call)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Take my answer back, also where I do not see the call any more."""
        if not pk.isdecimal() or len(pk) > LONGEST_NUMBER:
            raise NotFound
        answering.withdraw(call=Call(pk=int(pk)), member=asking(request), at=timezone.now())
        return Response(status=204)

    @extend_schema(request=WhichAnswerSerializer, responses=CallSerializer)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: str) -> Response:
        """Take somebody in: a room of the two of us opens."""
        call, wish = self.get_object(), self._wish(WhichAnswerSerializer)
        return self._answer(answering.accept(call=call, by=asking(request), at=timezone.now(), **wish))

    @extend_schema(request=WhichAnswerSerializer, responses=CallSerializer)
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, pk: str) -> Response:
        """Not this time."""
        call, wish = self.get_object(), self._wish(WhichAnswerSerializer)
        return self._answer(answering.decline(call=call, by=asking(request), at=timezone.now(), **wish))

    @extend_schema(request=GatherSerializer, responses=CallSerializer)
    @action(detail=True, methods=["post"])
    def gather(self, request: Request, pk: str) -> Response:
        """Invite everyone who was taken in, to the collective that calls, to one of mine, or to a new one."""
        call, wish = self.get_object(), self._wish(GatherSerializer)
        answering.gather(call=call, by=asking(request), at=timezone.now(), **wish)
        return self._answer(call)

    @extend_schema(responses=CallFitsSerializer)
    @action(detail=False, pagination_class=None, filterset_class=None)
    def suggested(self, request: Request) -> Response:
        """Open calls that fit me, best first, each with the reasons."""
        return Response(self._suggested(request))

    @extend_schema(request=WantSuggestionsSerializer, responses=CallFitsSerializer)
    @suggested.mapping.put
    def want_suggested(self, request: Request) -> Response:
        """Whether calls are suggested to me, here and by notices."""
        actions.want_suggestions(member=asking(request), **self._wish(WantSuggestionsSerializer))
        return Response(self._suggested(request))

    def _suggested(self, request: Request) -> dict[str, Any]:
        me = asking(request)
        found = fitting.fits(me, at=timezone.now())
        rows = [row for one in found for row in one.why.rows]
        skills = Skill.objects.in_bulk({pk for row in rows for pk in (row.skill, row.met_with) if pk is not None})
        sectors = Sector.objects.in_bulk({pk for row in rows for pk in row.sectors or ()})
        whole = _whole(Call.objects.all()).in_bulk([one.call.pk for one in found])
        results = [
            {
                "call": whole[one.call.pk],
                "points": one.why.total,
                "covers": [
                    {"skill": skills[row.skill], "offered": skills[row.met_with], "percent": row.percent}
                    for row in one.why.rows
                    if row.part == Part.WISHES and row.points and row.skill is not None and row.met_with is not None
                ],
                "languages": [code for row in one.why.rows for code in row.languages or ()],
                "sectors": [sectors[pk] for row in one.why.rows for pk in row.sectors or ()],
                "is_abroad": one.why.points(Part.ABROAD) > 0,
            }
            for one in found
        ]
        is_wanted = not CallChoice.objects.filter(member=me, is_suggested=False).exists()
        answer = {"is_wanted": is_wanted, "results": results}
        return CallFitsSerializer(answer, context=self.get_serializer_context()).data

    def _wish(self, serializer_class: Any) -> dict[str, Any]:
        wish = serializer_class(data=self.request.data, context=self.get_serializer_context())
        wish.is_valid(raise_exception=True)
        return dict(wish.validated_data)

    def _answer(self, call: Call, status: int = 200) -> Response:
        """The call as it is now."""
        fresh = self.get_queryset().get(pk=call.pk)
        return Response(CallSerializer(fresh, context=self.get_serializer_context()).data, status=status)


def _whole(calls: QuerySet[Call]) -> QuerySet[Call]:
    """With all that a card tells, in a fixed number of queries."""
    answers = Prefetch("answers", CallAnswer.objects.select_related("member", "skill"))
    lists = ("skills__skill", "languages", "countries", "collective__memberships")
    return calls.select_related("author", "collective").prefetch_related(answers, *lists)
