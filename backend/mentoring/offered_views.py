"""Programmes as members meet them: what is offered, joining, wishes, and how a proposal was decided."""

from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backend.api import asking
from backend.members.models import Block
from backend.mentoring import programmes
from backend.mentoring.deciding import decided_for
from backend.mentoring.models import Cohort, PairWish, Participant, Programme
from backend.mentoring.programme_serializers import (
    DecidedSerializer,
    JoinSerializer,
    OfferedProgrammeSerializer,
    WishesSerializer,
)
from backend.mentoring.views import Wishing


class OfferedProgrammeView(
    Wishing, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Programme]
):
    """Programmes that I may join or have joined."""

    queryset = Programme.objects.none()
    serializer_class = OfferedProgrammeSerializer
    pagination_class = None

    def get_queryset(self) -> QuerySet[Programme]:
        me = asking(self.request)
        named = PairWish.objects.exclude(whom__in=Block.between(me)).select_related("whom")
        mine = (
            Participant.objects.filter(member=me).select_related("member").prefetch_related(Prefetch("wishes", named))
        )
        published = Cohort.objects.filter(programme=OuterRef("pk"), status=Cohort.Status.PUBLISHED)
        rows = (
            programmes.offered_to(me)
            .annotate(is_decided=Exists(published))
            .select_related("organisation")
            .order_by("name", "pk")
        )
        return rows.prefetch_related(Prefetch("participants", mine, to_attr="my_rows"))

    @extend_schema(request=JoinSerializer, responses=OfferedProgrammeSerializer)
    @action(detail=True, methods=["post"])
    def join(self, request: Request, pk: str) -> Response:
        """Take part, to be guided or to guide; said again, the last answers count."""
        wish: dict[str, Any] = self.wish(JoinSerializer)
        programmes.join(programme=self.get_object(), member=asking(request), at=timezone.now(), **wish)
        return Response(OfferedProgrammeSerializer(self.get_object()).data)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def leave(self, request: Request, pk: str) -> Response:
        """No longer take part; what I said is gone."""
        programmes.leave(programme=self.get_object(), member=asking(request))
        return Response(status=204)

    @extend_schema(request=WishesSerializer, responses=OfferedProgrammeSerializer)
    @action(detail=True, methods=["put"])
    def wishes(self, request: Request, pk: str) -> Response:
        """Say whom I would like, and whom not."""
        programmes.wish(programme=self.get_object(), member=asking(request), **self.wish(WishesSerializer))
        return Response(OfferedProgrammeSerializer(self.get_object()).data)

    @extend_schema(responses=DecidedSerializer)
    @action(detail=True, methods=["get"])
    def decided(self, request: Request, pk: str) -> Response:
        """How the last proposal was decided, and what became of me in it."""
        return Response(DecidedSerializer(decided_for(self.get_object(), asking(request))).data)
