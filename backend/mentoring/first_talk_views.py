"""Short talks before pairs are worked out, over HTTP."""

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.api import asking
from backend.errors import NotFound
from backend.members.models import Member
from backend.mentoring import first_talks
from backend.mentoring.first_talk_serializers import (
    BeginTalksSerializer,
    EndTalksSerializer,
    FirstTalkSerializer,
    TalkRoundSerializer,
    TalkWordSerializer,
)
from backend.mentoring.models import FirstTalk, Programme, TalkRound
from backend.mentoring.views import Wishing


class TalkRoundView(Wishing, APIView):
    """The short talks of a programme that I coordinate."""

    @extend_schema(responses={200: TalkRoundSerializer, 204: None})
    def get(self, request: Request, programme: int) -> Response:
        """The last round; nothing where there was none yet."""
        found = _coordinated(request, programme).talk_rounds.order_by("-pk").first()
        return Response(status=204) if found is None else Response(TalkRoundSerializer(found).data)

    @extend_schema(request=BeginTalksSerializer, responses={201: TalkRoundSerializer})
    def post(self, request: Request, programme: int) -> Response:
        """Have short talks proposed."""
        wish, found = self.wish(BeginTalksSerializer), _coordinated(request, programme)
        made = first_talks.begin(programme=found, by=asking(request), at=timezone.now(), **wish)
        return Response(TalkRoundSerializer(made).data, status=201)


class EndTalksView(Wishing, APIView):
    @extend_schema(request=EndTalksSerializer, responses=TalkRoundSerializer)
    def post(self, request: Request, programme: int) -> Response:
        """End the talks and have the pairs worked out from what was said."""
        wish, found = self.wish(EndTalksSerializer), _coordinated(request, programme)
        first_talks.end(programme=found, by=asking(request), at=timezone.now(), **wish)
        return Response(TalkRoundSerializer(_last(found)).data)


class FirstTalkView(Wishing, mixins.ListModelMixin, viewsets.GenericViewSet[FirstTalk]):
    """Short talks that are proposed to me now."""

    queryset = FirstTalk.objects.none()
    serializer_class = FirstTalkSerializer
    pagination_class = None

    def get_queryset(self) -> QuerySet[FirstTalk]:
        """Without those with whom one cannot meet any more, whatever the reason."""
        me = asking(self.request)
        there = Member.objects.visible_to(me).values("pk")
        mine = FirstTalk.objects.of(me).with_steps().select_related("round__programme", "mentee", "mentor")
        return (mine.filter(mentee=me, mentor__in=there) | mine.filter(mentor=me, mentee__in=there)).order_by("pk")

    @extend_schema(request=TalkWordSerializer, responses=FirstTalkSerializer)
    @action(detail=True, methods=["post"])
    def rate(self, request: Request, pk: str) -> Response:
        """Say how gladly I would go on with this person; they are not told."""
        said = first_talks.rate(
            talk=self._mine(pk), by=asking(request), at=timezone.now(), **self.wish(TalkWordSerializer)
        )
        return Response(self.get_serializer(said).data)

    def _mine(self, pk: str) -> FirstTalk:
        """Also of a round that has just ended: that is for the action to say."""
        found = FirstTalk.objects.filter(pk=pk).first() if pk.isdecimal() and len(pk) < 19 else None
        if found is None:
            raise NotFound
        return found


def _coordinated(request: Request, programme: int) -> Programme:
    return get_object_or_404(Programme.objects.filter(coordinators=asking(request)), pk=programme)


def _last(programme: Programme) -> TalkRound:
    found = programme.talk_rounds.order_by("-pk").first()
    if found is None:
        raise NotFound
    return found
