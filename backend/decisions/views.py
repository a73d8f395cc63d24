"""Proposals and the register of decisions over HTTP."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backend.api import asking
from backend.collectives.models import Collective
from backend.consultations.models import Consultation
from backend.decisions import actions, closing
from backend.decisions.filters import ProposalFilter
from backend.decisions.models import Proposal, Voter
from backend.decisions.serializers import (
    ConcludeSerializer,
    DelegateSerializer,
    EditProposalSerializer,
    OpenVoteSerializer,
    ProposalCardSerializer,
    ProposalSerializer,
    ProposeSerializer,
    VoteSerializer,
)
from backend.errors import field_error
from backend.tables import as_table, harmless

REGISTER_MAX = 10_000


class DecisionView(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Proposal]):
    """Proposals of my collectives and of consultations that concern me, newest first."""

    queryset = Proposal.objects.none()
    serializer_class = ProposalSerializer
    filterset_class = ProposalFilter

    def get_queryset(self) -> QuerySet[Proposal]:
        me = asking(self.request)
        awaits_me = Voter.objects.filter(proposal=OuterRef("pk"), member=me, voted_at=None)
        rows = Proposal.objects.visible_to(me).annotate(awaits_me=Exists(awaits_me))
        rows = rows.select_related("collective", "consultation__organisation", "author")
        if self.action in ("list", "register"):
            return rows
        rows = rows.select_related("collective__room", "consultation__room")
        return rows.prefetch_related("options", "changes", "outcomes__written_by", "consultation__facilitators")

    def get_serializer_class(self) -> Any:
        return ProposalCardSerializer if self.action == "list" else ProposalSerializer

    @extend_schema(request=ProposeSerializer, responses={201: ProposalSerializer})
    def create(self, request: Request) -> Response:
        """Write a draft, which only I see; of a consultation, those who look after it."""
        wish, me = self._wish(ProposeSerializer), asking(request)
        if "consultation" in wish:
            asked = Consultation.objects.concerning(me).filter(pk=wish.pop("consultation")).first()
            if asked is None:
                raise field_error("consultation", "not_found", "This consultation does not exist, or not for you.")
            made = actions.propose(member=me, consultation=asked, at=timezone.now(), **wish)
        else:
            ours = Collective.objects.of(me).filter(pk=wish.pop("collective")).first()
            if ours is None:
                raise field_error("collective", "not_found", "This collective does not exist, or not for you.")
            made = actions.propose(member=me, collective=ours, at=timezone.now(), **wish)
        return self._answer(made, status=201)

    @extend_schema(request=EditProposalSerializer, responses=ProposalSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change a proposal that is not voted on yet; `options` and `effects` are given whole."""
        wish = self._wish(EditProposalSerializer, partial=True)
        return self._answer(actions.edit(proposal=self.get_object(), by=asking(request), at=timezone.now(), **wish))

    @extend_schema(request=None, responses=ProposalSerializer)
    @action(detail=True, methods=["post"])
    def discuss(self, request: Request, pk: str) -> Response:
        """Show it to everyone, with a topic of its own."""
        return self._answer(actions.discuss(proposal=self.get_object(), by=asking(request), at=timezone.now()))

    @extend_schema(request=None, responses=ProposalSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Take it back before it is voted on."""
        return self._answer(actions.withdraw(proposal=self.get_object(), by=asking(request), at=timezone.now()))

    @extend_schema(request=OpenVoteSerializer, responses=ProposalSerializer)
    @action(detail=True, methods=["post"])
    def open(self, request: Request, pk: str) -> Response:
        """Begin the vote, until a moment."""
        wish = self._wish(OpenVoteSerializer)
        return self._answer(
            actions.open_vote(proposal=self.get_object(), by=asking(request), at=timezone.now(), **wish)
        )

    @extend_schema(request=VoteSerializer, responses=ProposalSerializer)
    @action(detail=True, methods=["post"])
    def vote(self, request: Request, pk: str) -> Response:
        """Vote, or vote anew: the last ballot counts."""
        proposal = self.get_object()
        actions.vote(proposal=proposal, by=asking(request), at=timezone.now(), **self._wish(VoteSerializer))
        return self._answer(proposal)

    @extend_schema(request=None, responses=ProposalSerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        """Count at once, as everyone has voted."""
        return self._answer(actions.end_early(proposal=self.get_object(), by=asking(request), at=timezone.now()))

    @extend_schema(request=DelegateSerializer, responses=ProposalSerializer)
    @action(detail=True, methods=["post"])
    def delegate(self, request: Request, pk: str) -> Response:
        """Let another voter vote for me too, or take that back with null."""
        proposal, to = self.get_object(), self._wish(DelegateSerializer)["member"]
        actions.delegate(proposal=proposal, by=asking(request), to=to, at=timezone.now())
        return self._answer(proposal)

    @extend_schema(request=ConcludeSerializer, responses=ProposalSerializer)
    @action(detail=True, methods=["post"])
    def conclude(self, request: Request, pk: str) -> Response:
        """Write down what came of it, and when it is looked at again."""
        proposal = self.get_object()
        closing.conclude(proposal=proposal, by=asking(request), at=timezone.now(), **self._wish(ConcludeSerializer))
        return self._answer(proposal)

    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.STR})
    @action(detail=False, pagination_class=None)
    def register(self, request: Request) -> HttpResponse:
        """The register of decisions as a table (CSV), filtered as the list is."""
        rows = self.filter_queryset(self.get_queryset()).prefetch_related("outcomes").order_by("-id")[:REGISTER_MAX]
        columns = ("id", "collective", "title", "method", "state", "verdict", "closed_at", "outcome", "review_on")
        return as_table("decisions", columns, map(_cells, rows))

    def _wish(self, serializer_class: Any, **options: Any) -> dict[str, Any]:
        wish = serializer_class(data=self.request.data, **options)
        wish.is_valid(raise_exception=True)
        return dict(wish.validated_data)

    def _answer(self, proposal: Proposal, status: int = 200) -> Response:
        """The proposal as it is now."""
        fresh = self.get_queryset().get(pk=proposal.pk)
        return Response(ProposalSerializer(fresh, context=self.get_serializer_context()).data, status=status)


def _cells(row: Proposal) -> list[str]:
    newest = next(iter(row.outcomes.all()), None)
    ending = (row.closed_at or "", newest.text if newest else "", (newest.review_on if newest else None) or "")
    whose = row.collective.name if row.collective is not None else row.consultation.title if row.consultation else ""
    cells = (row.pk, whose, row.title, row.method, row.state, row.verdict, *ending)
    return [harmless(str(cell)) for cell in cells]
