"""Rooms over HTTP: the log page by page, and everything that the socket can do too."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from backend.api import asking
from backend.conversations import actions, history
from backend.conversations.facts import as_fact
from backend.conversations.listing import ROOMS_MAX, furnished, rooms_of
from backend.conversations.models import Room
from backend.conversations.serializers import (
    DirectSerializer,
    EventPageSerializer,
    EventSerializer,
    MessageEditSerializer,
    MessageSerializer,
    ReadSerializer,
    RoomDetailSerializer,
    RoomSerializer,
    UnreadMessagesSerializer,
)
from backend.errors import field_error

SEQ = OpenApiParameter("seq", int, OpenApiParameter.PATH)


class RoomView(viewsets.GenericViewSet[Room]):
    """The rooms that I am in."""

    queryset = Room.objects.none()
    serializer_class = RoomSerializer
    pagination_class = None

    def get_queryset(self) -> QuerySet[Room]:
        return rooms_of(asking(self.request))

    def get_throttles(self) -> Any:
        writes = self.action in ("messages", "message")
        self.throttle_scope = "messages" if writes else None
        return super().get_throttles()

    @extend_schema(responses=RoomSerializer(many=True))
    def list(self, request: Request) -> Response:
        """My rooms, most recent first."""
        rooms = furnished(self.get_queryset()[:ROOMS_MAX], asking(request))
        return Response(RoomSerializer(rooms, many=True, context=self.get_serializer_context()).data)

    @extend_schema(responses=RoomDetailSerializer)
    def retrieve(self, request: Request, pk: str) -> Response:
        """One of my rooms with the people in it."""
        return self._room(self.get_object())

    @extend_schema(
        parameters=[
            OpenApiParameter("since", int, description="Only what came after this number."),
            OpenApiParameter("before", int, description="The page that ends before this number."),
            OpenApiParameter("limit", int, description="At most 300; 50 unless told."),
        ],
        responses=EventPageSerializer,
    )
    @action(detail=True)
    def events(self, request: Request, pk: str) -> Response:
        """The log: what came after `since`, a page before `before`, or the newest page; always oldest first."""
        room = self.get_object()
        after, until = self._number("since"), self._number("before")
        if after is not None:
            facts, older = history.since(room, after, limit=self._limit(history.PAGE_MAX)), False
        else:
            facts, older = history.before(room, until, limit=self._limit(history.PAGE))
        return Response({"events": facts, "head": room.last_seq, "has_older": older})

    @extend_schema(request=MessageSerializer, responses={200: EventSerializer, 201: EventSerializer})
    @action(detail=True, methods=["post"])
    def messages(self, request: Request, pk: str) -> Response:
        """Write a message. Sending again with the same `client_id` answers 200 with what was stored."""
        room = self.get_object()
        event, is_new = actions.post_message(
            room=room, author=asking(request), at=timezone.now(), **self._wish(MessageSerializer)
        )
        return Response(as_fact(event), status=201 if is_new else 200)

    @extend_schema(methods=["patch"], parameters=[SEQ], request=MessageEditSerializer, responses=EventSerializer)
    @extend_schema(methods=["delete"], parameters=[SEQ], responses={200: EventSerializer})
    @action(detail=True, methods=["patch", "delete"], url_path=r"messages/(?P<seq>[0-9]{1,18})")
    def message(self, request: Request, pk: str, seq: str) -> Response:
        """Change or delete a message of mine."""
        room, me, at = self.get_object(), asking(request), timezone.now()
        if request.method == "DELETE":
            return Response(as_fact(actions.delete_message(room=room, seq=int(seq), by=me, at=at)))
        wish = self._wish(MessageEditSerializer)
        return Response(as_fact(actions.edit_message(room=room, seq=int(seq), by=me, at=at, **wish)))

    @extend_schema(request=ReadSerializer, responses=UnreadMessagesSerializer)
    @action(detail=True, methods=["post"])
    def read(self, request: Request, pk: str) -> Response:
        """I have read up to this number."""
        wish = self._wish(ReadSerializer)
        return Response({"unread": actions.mark_read(room=self.get_object(), member=asking(request), **wish)})

    @extend_schema(request=DirectSerializer, responses=RoomDetailSerializer)
    @action(detail=False, methods=["post"])
    def direct(self, request: Request) -> Response:
        """The room between me and someone else, opened if there is none yet."""
        partner = self._wish(DirectSerializer)["member"]
        room = actions.direct_room(member=asking(request), partner=partner, at=timezone.now())
        return self._room(get_object_or_404(self.get_queryset(), pk=room.pk))

    def _room(self, room: Room) -> Response:
        shown = furnished([room], asking(self.request))[0]
        return Response(RoomDetailSerializer(shown, context=self.get_serializer_context()).data)

    def _wish(self, serializer_class: type[Serializer[Any]]) -> dict[str, Any]:
        wish = serializer_class(data=self.request.data, context=self.get_serializer_context())
        wish.is_valid(raise_exception=True)
        return dict(wish.validated_data)

    def _number(self, name: str) -> int | None:
        text = self.request.query_params.get(name)
        if text is None:
            return None
        if not text.isdecimal() or len(text) > 18:
            raise field_error(name, "invalid", _("This is not a whole number."))
        return int(text)

    def _limit(self, default: int) -> int:
        wanted = self._number("limit")
        return min(max(default if wanted is None else wanted, 1), history.PAGE_MAX)
