"""Collectives over HTTP."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from backend.api import asking
from backend.collectives import actions, agreements, belonging, rules
from backend.collectives.filters import CollectiveFilter
from backend.collectives.models import Collective, CollectiveMembership
from backend.collectives.serializers import (
    AcceptSerializer,
    AgreeSerializer,
    ApplySerializer,
    CollectiveCardSerializer,
    CollectiveSerializer,
    CollectiveWriteSerializer,
    InviteSerializer,
    NameStewardSerializer,
    OurAgreementSerializer,
    WhichMemberSerializer,
    WriteAgreementSerializer,
)
from backend.errors import NotFound, field_error
from backend.members.models import Member


class CollectiveView(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Collective]):
    """Work collectives that I may see."""

    queryset = Collective.objects.none()
    serializer_class = CollectiveSerializer
    filterset_class = CollectiveFilter

    def get_queryset(self) -> QuerySet[Collective]:
        people = CollectiveMembership.objects.select_related("member__profession").order_by("id")
        if self.action != "list":
            people = people.prefetch_related("member__languages")
        seen = Collective.objects.visible_to(asking(self.request))
        rows: QuerySet[Collective] = seen.select_related("organisation").prefetch_related(
            Prefetch("memberships", people)
        )
        return rows if self.action == "list" else rows.prefetch_related("agreements")

    def get_serializer_class(self) -> Any:
        return CollectiveCardSerializer if self.action == "list" else CollectiveSerializer

    def get_throttles(self) -> Any:
        self.throttle_scope = "invitations" if self.action in ("create", "invite", "apply") else None
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

    @extend_schema(request=InviteSerializer, responses=CollectiveSerializer)
    @action(detail=True, methods=["post"])
    def invite(self, request: Request, pk: str) -> Response:
        """Invite a member, or say yes to one who asked."""
        collective = self.get_object()
        guest, is_guest = self._member(collective), self._wish(InviteSerializer)["is_guest"]
        actions.invite(collective=collective, by=asking(request), guest=guest, is_guest=is_guest, at=timezone.now())
        return self._answer(collective)

    @extend_schema(request=AcceptSerializer, responses=CollectiveSerializer)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: str) -> Response:
        """Accept my invitation, and with it the agreement that I have read."""
        wish = self._wish(AcceptSerializer)
        joined = actions.accept_invitation(
            collective=self.get_object(), member=asking(request), at=timezone.now(), **wish
        )
        return self._answer(joined)

    @extend_schema(request=ApplySerializer, responses=CollectiveSerializer)
    @action(detail=True, methods=["post"])
    def apply(self, request: Request, pk: str) -> Response:
        """Ask to join."""
        collective = self.get_object()
        belonging.apply(collective=collective, member=asking(request), at=timezone.now(), **self._wish(ApplySerializer))
        return self._answer(collective)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def unapply(self, request: Request, pk: str) -> Response:
        """Ask no longer."""
        belonging.withdraw_application(collective=self.get_object(), member=asking(request), at=timezone.now())
        return Response(status=204)

    @extend_schema(request=None, responses=CollectiveSerializer)
    @action(detail=True, methods=["post"])
    def rest(self, request: Request, pk: str) -> Response:
        """Be on leave for a while."""
        away = belonging.go_on_leave(collective=self.get_object(), member=asking(request), at=timezone.now())
        return self._answer(away)

    @extend_schema(request=None, responses=CollectiveSerializer)
    @action(detail=True, methods=["post"], url_path="come-back")
    def come_back(self, request: Request, pk: str) -> Response:
        """Be a member again."""
        back = belonging.come_back(collective=self.get_object(), member=asking(request), at=timezone.now())
        return self._answer(back)

    @extend_schema(request=AgreeSerializer, responses=CollectiveSerializer)
    @action(detail=True, methods=["post"])
    def agree(self, request: Request, pk: str) -> Response:
        """Accept the agreement as it is now."""
        wish = self._wish(AgreeSerializer)
        agreed = agreements.agree(collective=self.get_object(), member=asking(request), at=timezone.now(), **wish)
        return self._answer(agreed)

    @extend_schema(request=WriteAgreementSerializer, responses=CollectiveSerializer)
    @action(detail=True, methods=["post"], url_path="write-agreement")
    def write_agreement(self, request: Request, pk: str) -> Response:
        """Write the first agreement."""
        collective, wish = self.get_object(), self._wish(WriteAgreementSerializer)
        agreements.write_first(collective=collective, by=asking(request), at=timezone.now(), **wish)
        return self._answer(collective)

    @extend_schema(responses=OurAgreementSerializer(many=True))
    @action(detail=True, pagination_class=None, filter_backends=[])
    def agreements(self, request: Request, pk: str) -> Response:
        """Every text that was in force, the newest first; for those in the collective."""
        collective = self.get_object()
        if not rules.belongs(asking(request), collective):
            raise NotFound()
        return Response(OurAgreementSerializer(collective.agreements.all(), many=True).data)

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
        chosen = self._wish(NameStewardSerializer) | {"member": self._insider(collective)}
        return self._answer(
            actions.name_steward(collective=collective, by=asking(request), at=timezone.now(), **chosen)
        )

    @extend_schema(request=WhichMemberSerializer, responses=CollectiveSerializer)
    @action(detail=True, methods=["post"], url_path="give-vote")
    def give_vote(self, request: Request, pk: str) -> Response:
        """Make a guest a full member."""
        collective = self.get_object()
        member = self._insider(collective)
        return self._answer(
            belonging.give_vote(collective=collective, by=asking(request), member=member, at=timezone.now())
        )

    def _wish(self, serializer_class: Any, **options: Any) -> dict[str, Any]:
        wish = serializer_class(data=self.request.data, **options)
        wish.is_valid(raise_exception=True)
        return dict(wish.validated_data)

    def _member(self, collective: Collective) -> Member:
        """The named member: one who asked to join, or as far as the person asking may see them."""
        number = self._wish(WhichMemberSerializer)["member"]
        asked = collective.memberships.filter(member=number, state=CollectiveMembership.State.APPLIED)
        row = asked.select_related("member").first() if rules.belongs(asking(self.request), collective) else None
        if row is not None:
            return row.member
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
