"""Collectives over HTTP."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backend.api import asking
from backend.collectives import actions
from backend.collectives.filters import CollectiveFilter
from backend.collectives.models import Collective, CollectiveMembership
from backend.collectives.serializers import (
    CollectiveCardSerializer,
    CollectiveSerializer,
    CollectiveWriteSerializer,
    NameStewardSerializer,
    WhichMemberSerializer,
)
from backend.errors import field_error
from backend.members.models import Member


class CollectiveView(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Collective]):
    """Work collectives that I may see."""

    queryset = Collective.objects.none()
    serializer_class = CollectiveSerializer
    filterset_class = CollectiveFilter

    def get_queryset(self) -> QuerySet[Collective]:
        people = CollectiveMembership.objects.select_related("member").order_by("id")
        seen = Collective.objects.visible_to(asking(self.request))  # type: ignore[attr-defined]
        rows: QuerySet[Collective] = seen.select_related("organisation").prefetch_related(
            Prefetch("memberships", people)
        )
        return rows

    def get_serializer_class(self) -> Any:
        return CollectiveCardSerializer if self.action == "list" else CollectiveSerializer

    def get_throttles(self) -> Any:
        self.throttle_scope = "invitations" if self.action in ("create", "invite") else None
        return super().get_throttles()

    @extend_schema(request=CollectiveWriteSerializer, responses={201: CollectiveSerializer})
    def create(self, request: Request) -> Response:
        """Found a collective."""
        made = actions.found(member=asking(request), at=timezone.now(), **self._wish(CollectiveWriteSerializer))
        return self._answer(made, status=201)

    @extend_schema(request=CollectiveWriteSerializer, responses=CollectiveSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change what a collective says about itself."""
        wish = self._wish(CollectiveWriteSerializer, partial=True)
        return self._answer(actions.edit(collective=self.get_object(), by=asking(request), at=timezone.now(), **wish))

    @extend_schema(request=WhichMemberSerializer, responses=CollectiveSerializer)
    @action(detail=True, methods=["post"])
    def invite(self, request: Request, pk: str) -> Response:
        """Invite a member."""
        collective, guest = self.get_object(), self._member()
        actions.invite(collective=collective, by=asking(request), guest=guest, at=timezone.now())
        return self._answer(collective)

    @extend_schema(request=None, responses=CollectiveSerializer)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: str) -> Response:
        """Accept my invitation."""
        joined = actions.accept_invitation(collective=self.get_object(), member=asking(request), at=timezone.now())
        return self._answer(joined)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, pk: str) -> Response:
        """Decline my invitation."""
        actions.decline_invitation(collective=self.get_object(), member=asking(request), at=timezone.now())
        return Response(status=204)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def leave(self, request: Request, pk: str) -> Response:
        """Leave the collective and its room."""
        actions.leave(collective=self.get_object(), member=asking(request), at=timezone.now())
        return Response(status=204)

    @extend_schema(request=WhichMemberSerializer, responses=CollectiveSerializer)
    @action(detail=True, methods=["post"])
    def remove(self, request: Request, pk: str) -> Response:
        """End someone's membership or take back an invitation."""
        collective = self.get_object()
        member = self._insider(collective)
        return self._answer(actions.remove(collective=collective, by=asking(request), member=member, at=timezone.now()))

    @extend_schema(request=NameStewardSerializer, responses=CollectiveSerializer)
    @action(detail=True, methods=["post"])
    def steward(self, request: Request, pk: str) -> Response:
        """Make a member a steward, or stop them being one."""
        collective = self.get_object()
        chosen = {"member": self._insider(collective), "is_steward": self._wish(NameStewardSerializer)["is_steward"]}
        return self._answer(
            actions.name_steward(collective=collective, by=asking(request), at=timezone.now(), **chosen)
        )

    def _wish(self, serializer_class: Any, **options: Any) -> dict[str, Any]:
        wish = serializer_class(data=self.request.data, **options)
        wish.is_valid(raise_exception=True)
        return dict(wish.validated_data)

    def _member(self) -> Member:
        """The named member, as far as the person asking may see them."""
        number = self._wish(WhichMemberSerializer)["member"]
        found = Member.objects.visible_to(asking(self.request)).filter(pk=number).first()
        if found is None:
            raise field_error("member", "not_found", "This person does not exist, or not for you.")
        return found

    def _insider(self, collective: Collective) -> Member:
        """The named member of this collective, who may be hidden elsewhere."""
        number = self._wish(WhichMemberSerializer)["member"]
        return get_object_or_404(collective.memberships.select_related("member"), member=number).member

    def _answer(self, collective: Collective, status: int = 200) -> Response:
        """The collective as it is now."""
        fresh = self.get_queryset().get(pk=collective.pk)
        return Response(CollectiveSerializer(fresh, context=self.get_serializer_context()).data, status=status)
