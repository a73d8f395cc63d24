"""Requests and mentorships over HTTP."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from backend.api import asking
from backend.mentoring import actions, rules
from backend.mentoring.asking import Further, choose_next
from backend.mentoring.filters import MentorshipFilter, RequestFilter
from backend.mentoring.models import Mentorship, MentorshipRequest
from backend.mentoring.serializers import (
    AskSerializer,
    CloseSerializer,
    DeclineSerializer,
    MentorshipRequestSerializer,
    MentorshipSerializer,
    NextChoicesSerializer,
)


class Wishing:
    """Reads what was sent as a serializer, for views that then call an action."""

    def wish(self, serializer_class: type[Serializer[Any]]) -> dict[str, Any]:
        request: Request = self.request  # type: ignore[attr-defined]
        serializer = serializer_class(data=request.data, context={"request": request})
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)


class MentorshipRequestView(
    Wishing, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[MentorshipRequest]
):
    """Requests that I made or received, newest first."""

    queryset = MentorshipRequest.objects.none()
    serializer_class = MentorshipRequestSerializer
    filterset_class = RequestFilter

    def get_queryset(self) -> QuerySet[MentorshipRequest]:
        me = asking(self.request)
        mine = Q(mentee=me) | Q(mentor=me)
        if steered := rules.steered_by(me):
            mine |= Q(by_collective__in=steered)
        rows = MentorshipRequest.objects.filter(mine)
        rows = rows.select_related("mentee", "mentor", "mentorship", "wish", "collective", "by_collective")
        return rows.prefetch_related("wishes", "next_choices__mentor", "wish__next_choices__mentor")

    def get_throttles(self) -> Any:
        self.throttle_scope = "requests" if self.action == "create" else None
        return super().get_throttles()

    def get_serializer_context(self) -> dict[str, Any]:
        user = self.request.user
        steered = rules.steered_by(user) if user.is_authenticated else set()
        return {**super().get_serializer_context(), "steered": steered}

    @extend_schema(request=AskSerializer, responses={201: MentorshipRequestSerializer})
    def create(self, request: Request) -> Response:
        """Ask someone to guide me."""
        wish = {"wishes": []} | self.wish(AskSerializer)
        further = Further(
            choices=wish.pop("next_choices", ()), joins=wish.pop("joins"), collective=wish.pop("collective"),
            by_collective=wish.pop("by_collective"),
        )  # fmt: skip
        made = actions.ask(mentee=asking(request), at=timezone.now(), further=further, **wish)
        return self._answer(made, status=201)

    @extend_schema(request=None, responses=MentorshipRequestSerializer)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: str) -> Response:
        """Accept: opens the mentorship and its room."""
        wanted = self.get_object()
        actions.accept(request=wanted, by=asking(request), at=timezone.now())
        return self._answer(wanted)

    @extend_schema(request=DeclineSerializer, responses=MentorshipRequestSerializer)
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, pk: str) -> Response:
        """Decline with a reason."""
        wanted = self.get_object()
        return self._answer(
            actions.decline(request=wanted, by=asking(request), at=timezone.now(), **self.wish(DeclineSerializer))
        )

    @extend_schema(request=None, responses=MentorshipRequestSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Take my request back."""
        return self._answer(actions.withdraw(request=self.get_object(), by=asking(request), at=timezone.now()))

    @extend_schema(request=NextChoicesSerializer, responses=MentorshipRequestSerializer)
    @action(detail=True, methods=["put"], url_path="next-choices")
    def next_choices(self, request: Request, pk: str) -> Response:
        """Name anew whom my wish goes on to when the answer is no or does not come."""
        wanted, wish = self.get_object(), self.wish(NextChoicesSerializer)
        choose_next(request=wanted, by=asking(request), choices=wish["next_choices"], at=timezone.now())
        return self._answer(wanted)

    def _answer(self, wanted: MentorshipRequest, status: int = 200) -> Response:
        """The request as it is now."""
        fresh = self.get_queryset().get(pk=wanted.pk)
        return Response(MentorshipRequestSerializer(fresh, context=self.get_serializer_context()).data, status=status)


class MentorshipView(Wishing, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Mentorship]):
    """Mentorships in which I guide or am guided, newest first."""

    queryset = Mentorship.objects.none()
    serializer_class = MentorshipSerializer
    filterset_class = MentorshipFilter

    def get_queryset(self) -> QuerySet[Mentorship]:
        me = asking(self.request)
        return Mentorship.objects.filter(Q(mentee=me) | Q(mentor=me)).select_related("mentee", "mentor")

    @extend_schema(request=CloseSerializer, responses=MentorshipSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        """End a mentorship, with a word of thanks if I like."""
        ended = actions.close(
            mentorship=self.get_object(), by=asking(request), at=timezone.now(), **self.wish(CloseSerializer)
        )
        return Response(self.get_serializer(ended).data)
