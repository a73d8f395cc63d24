"""How it goes, calling for help, and going on, over HTTP."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.api import asking
from backend.members.serializers import PersonSerializer
from backend.mentoring import calls, pulses, quiet
from backend.mentoring.models import HelpCall, Mentorship, Pulse
from backend.mentoring.pulse_serializers import (
    AnsweredSerializer,
    CallSerializer,
    HelpCallSerializer,
    PulseAnswerSerializer,
    PulseSerializer,
)
from backend.mentoring.views import Wishing


class PulseView(Wishing, mixins.ListModelMixin, viewsets.GenericViewSet[Pulse]):
    """What I am asked about how it goes, newest first. Nobody else reads it."""

    queryset = Pulse.objects.none()
    serializer_class = PulseSerializer

    def get_queryset(self) -> QuerySet[Pulse]:
        return pulses.open_to(asking(self.request), at=timezone.now())

    @extend_schema(request=PulseAnswerSerializer, responses=AnsweredSerializer)
    @action(detail=True, methods=["post"])
    def answer(self, request: Request, pk: str) -> Response:
        """Say how it goes. Who is in difficulty is told who could help."""
        me = asking(request)
        rows = Pulse.objects.filter(member=me).select_related("mentorship__mentor", "mentorship__mentee")
        asked = get_object_or_404(rows, pk=pk)
        said = pulses.answer(pulse=asked, by=me, at=timezone.now(), **self.wish(PulseAnswerSerializer))
        said.mentorship = asked.mentorship
        helpers = list(calls.helpers(asked.mentorship, me)) if said.is_in_difficulty else []
        answer = {"pulse": said, "offers_help": bool(helpers), "helpers": helpers}
        return Response(AnsweredSerializer(answer, context=self.get_serializer_context()).data)


class HelpCallView(Wishing, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[HelpCall]):
    """Calls for help that I made, and those that I may read as a coordinator, newest first."""

    queryset = HelpCall.objects.none()
    serializer_class = HelpCallSerializer

    def get_queryset(self) -> QuerySet[HelpCall]:
        me = asking(self.request)
        addressed = HelpCall.objects.addressed_to(me)  # type: ignore[attr-defined]
        rows = HelpCall.objects.filter(Q(member=me) | Q(pk__in=addressed.values("pk")))
        return rows.select_related(
            "member", "mentorship__mentor", "mentorship__mentee", "pulse", "taken_by"
        ).prefetch_related("coordinators")

    def get_throttles(self) -> Any:
        self.throttle_scope = "reports" if self.action == "create" else None
        return super().get_throttles()

    @extend_schema(request=CallSerializer, responses={201: HelpCallSerializer})
    def create(self, request: Request) -> Response:
        """Ask a coordinator for help, with what I choose to share."""
        return self._answer(calls.call(by=asking(request), at=timezone.now(), **self.wish(CallSerializer)), status=201)

    @extend_schema(request=None, responses=HelpCallSerializer)
    @action(detail=True, methods=["post"])
    def take(self, request: Request, pk: str) -> Response:
        """Look after it: opens a room of the two of us."""
        return self._answer(calls.take(call=self.get_object(), by=asking(request), at=timezone.now()))

    @extend_schema(request=None, responses=HelpCallSerializer)
    @action(detail=True, methods=["post"])
    def settle(self, request: Request, pk: str) -> Response:
        """It is looked after."""
        return self._answer(calls.settle(call=self.get_object(), by=asking(request), at=timezone.now()))

    @extend_schema(request=None, responses=HelpCallSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Take my call back: nobody else reads it any more."""
        return self._answer(calls.withdraw(call=self.get_object(), by=asking(request), at=timezone.now()))

    def _answer(self, call: HelpCall, status: int = 200) -> Response:
        """The call as it is now."""
        fresh = self.get_queryset().get(pk=call.pk)
        return Response(HelpCallSerializer(fresh, context=self.get_serializer_context()).data, status=status)


class HelpersView(APIView):
    @extend_schema(operation_id="mentorship_helpers", responses=PersonSerializer(many=True))
    def get(self, request: Request, mentorship: int) -> Response:
        """Who would read a call for help about this mentorship of mine."""
        me = asking(request)
        pair = get_object_or_404(Mentorship.objects.of(me), pk=mentorship)
        return Response(PersonSerializer(calls.helpers(pair, me), many=True).data)


class KeepOnView(APIView):
    @extend_schema(operation_id="mentorship_keep_on", request=None, responses={204: None})
    def post(self, request: Request, mentorship: int) -> Response:
        """Say that we go on, where it has been quiet: it does not end by itself."""
        me = asking(request)
        pair = get_object_or_404(Mentorship.objects.of(me), pk=mentorship)
        quiet.keep_on(mentorship=pair, by=me, at=timezone.now())
        return Response(status=204)
