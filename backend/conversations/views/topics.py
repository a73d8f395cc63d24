"""Topics inside a room."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backend.conversations import actions
from backend.conversations.inputs import TopicChangeSerializer, TopicMineSerializer, TopicWishSerializer
from backend.conversations.listing import topics_of
from backend.conversations.models import Room
from backend.conversations.serializers import ReadSerializer, TopicSerializer
from backend.conversations.views.asking import TOPIC, RoomBase

PATH = r"topics/(?P<topic>[0-9]{1,18})"


class TopicViews(RoomBase):
    @extend_schema(methods=["get"], responses=TopicSerializer(many=True))
    @extend_schema(methods=["post"], request=TopicWishSerializer, responses={201: TopicSerializer})
    @action(detail=True, methods=["get", "post"])
    def topics(self, request: Request, pk: str) -> Response:
        """The topics of the room, most recent first; or open one."""
        room = self.get_object()
        if request.method == "POST":
            wish = self.wish(TopicWishSerializer)
            row = actions.open_topic(room=room, by=self.me(), at=timezone.now(), **wish)
            return Response(self._row(room, row.pk), status=201)
        return Response(TopicSerializer(topics_of(room, self.me()), many=True).data)

    @extend_schema(parameters=[TOPIC], request=TopicChangeSerializer, responses=TopicSerializer)
    @action(detail=True, methods=["patch"], url_path=PATH)
    def topic(self, request: Request, pk: str, topic: str) -> Response:
        """Another title, or closed or open again."""
        room, wish = self.get_object(), self.wish(TopicChangeSerializer)
        actions.change_topic(room=room, topic=int(topic), by=self.me(), at=timezone.now(), **wish)
        return Response(self._row(room, int(topic)))

    @extend_schema(parameters=[TOPIC], request=TopicMineSerializer, responses=TopicSerializer)
    @action(detail=True, methods=["patch"], url_path=f"{PATH}/mine")
    def topic_mine(self, request: Request, pk: str, topic: str) -> Response:
        """How much of the topic I want to hear; an empty level: as in the room."""
        room, wish = self.get_object(), self.wish(TopicMineSerializer)
        actions.choose_topic(room=room, topic=int(topic), member=self.me(), **wish)
        return Response(self._row(room, int(topic)))

    @extend_schema(parameters=[TOPIC], request=ReadSerializer, responses=TopicSerializer)
    @action(detail=True, methods=["post"], url_path=f"{PATH}/read")
    def topic_read(self, request: Request, pk: str, topic: str) -> Response:
        """I have read the topic up to this number; the rest of the room stays as it is."""
        room, wish = self.get_object(), self.wish(ReadSerializer)
        actions.mark_read(room=room, topic=int(topic), member=self.me(), **wish)
        return Response(self._row(room, int(topic)))

    def _row(self, room: Room, topic: int) -> Any:
        return TopicSerializer(topics_of(room, self.me(), only=topic)[0]).data
