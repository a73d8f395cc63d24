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
from backend.mentoring import actions
from backend.mentoring.filters import MentorshipFilter, RequestFilter
from backend.mentoring.models import Mentorship, MentorshipRequest
from backend.mentoring.serializers import (
    AskSerializer,
    CloseSerializer,
    DeclineSerializer,
    MentorshipRequestSerializer,
    MentorshipSerializer,
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
        rows = MentorshipRequest.objects.filter(Q(mentee=me) | Q(mentor=me))
        return rows.select_related("mentee", "mentor", "mentorship").prefetch_related("wishes")

    def get_throttles(self) -> Any:
        self.throttle_scope = "requests" if self.action == "create" else None
        return super().get_throttles()

    @extend_schema(request=AskSerializer, responses={201: MentorshipRequestSerializer})
    def create(self, request: Request) -> Response:
        """Ask someone to guide me."""
        wish = {"wishes": []} | self.wish(AskSerializer)
        return self._answer(actions.ask(mentee=asking(request), at=timezone.now(), **wish), status=201)

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
