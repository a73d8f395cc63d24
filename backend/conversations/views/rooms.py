"""My rooms, the log of each, the directory; opening, changing, coming and going."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backend.api import typed
from backend.conversations import actions, history
from backend.conversations.inputs import (
    DirectSerializer,
    GuestSerializer,
    MineSerializer,
    RoomChangeSerializer,
    RoomWishSerializer,
)
from backend.conversations.listing import ROOMS_MAX, directory, furnished, people_in, seen_by
from backend.conversations.models import Room
from backend.conversations.serializers import (
    DirectoryRoomSerializer,
    EventPageSerializer,
    ReadSerializer,
    RoomDetailSerializer,
    RoomMemberSerializer,
    RoomSerializer,
    SeenSerializer,
    UnreadMessagesSerializer,
)
from backend.conversations.views.asking import start_of_day
from backend.conversations.views.files import FileViews
from backend.conversations.views.messages import MessageViews
from backend.conversations.views.moderation import ModerationViews
from backend.conversations.views.topics import TopicViews
from backend.errors import NotFound

SCOPES = {
    "messages": "messages",
    "one_message": "messages",
    "reactions": "reactions",
    "attachments": "uploads",
    "report": "reports",
    "create": "invitations",
    "members": "invitations",
}


class RoomView(MessageViews, TopicViews, ModerationViews, FileViews):
    """The rooms that I am in."""

    def get_throttles(self) -> Any:
        self.throttle_scope = SCOPES.get(self.action)
        return super().get_throttles()

    @extend_schema(responses=RoomSerializer(many=True))
    def list(self, request: Request) -> Response:
        """My rooms, most recent first."""
        rooms = furnished(self.get_queryset()[:ROOMS_MAX], self.me())
        return Response(RoomSerializer(rooms, many=True, context=self.get_serializer_context()).data)

    @extend_schema(request=RoomWishSerializer, responses={201: RoomDetailSerializer})
    def create(self, request: Request) -> Response:
        """Open a room about something; I am its steward."""
        room = actions.create_room(by=self.me(), at=timezone.now(), **self.wish(RoomWishSerializer))
        return self.room_answer(room, status=201)

    @extend_schema(responses=RoomDetailSerializer)
    def retrieve(self, request: Request, pk: str) -> Response:
        """One of my rooms with the people in it."""
        return self.room_answer(self.get_object())

    @extend_schema(request=RoomChangeSerializer, responses=RoomDetailSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """What stewards decide: name, purpose, who comes in, slow mode, a pause."""
        wish = self.wish(RoomChangeSerializer)
        return self.room_answer(actions.change_room(room=self.get_object(), by=self.me(), at=timezone.now(), **wish))

    @extend_schema(
        parameters=[
            OpenApiParameter("q", str),
            OpenApiParameter("kind", str, enum=[str(kind) for kind in Room.Kind]),
            OpenApiParameter("about_kind", str),
            OpenApiParameter("about_id", int),
        ],
        responses=DirectoryRoomSerializer(many=True),
    )
    @action(detail=False)
    def directory(self, request: Request) -> Response:
        """Rooms that can be found, mine and others', busiest first; a hundred at most."""
        rooms = directory(
            self.me(),
            q=typed(request, "q"),
            kind=typed(request, "kind"),
            about_kind=typed(request, "about_kind"),
            about_id=self.number("about_id"),
        )
        return Response(DirectoryRoomSerializer(rooms, many=True, context=self.get_serializer_context()).data)

    @extend_schema(request=None, responses=RoomDetailSerializer)
    @action(detail=True, methods=["post"])
    def join(self, request: Request, pk: str) -> Response:
        """Come into an open room."""
        room = Room.objects.filter(pk=pk).first() if pk.isdecimal() and len(pk) < 19 else None
        if room is None:
            raise NotFound
        actions.come_in(room=room, member=self.me(), at=timezone.now())
        return self.room_answer(room)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def leave(self, request: Request, pk: str) -> Response:
        """Go out of a room."""
        actions.go_out(room=self.get_object(), member=self.me(), at=timezone.now())
        return Response(status=204)

    @extend_schema(methods=["get"], parameters=[OpenApiParameter("q", str)], responses=RoomMemberSerializer(many=True))
    @extend_schema(methods=["post"], request=GuestSerializer, responses=RoomDetailSerializer)
    @action(detail=True, methods=["get", "post"])
    def members(self, request: Request, pk: str) -> Response:
        """Who is in the room; or bring someone in."""
        room = self.get_object()
        if request.method == "POST":
            guest = self.wish(GuestSerializer)["member"]
            actions.bring_in(room=room, by=self.me(), guest=guest, at=timezone.now())
            return self.room_answer(room)
        people = people_in(room, q=request.query_params.get("q", ""))[:50]
        return Response(RoomMemberSerializer(people, many=True, context=self.get_serializer_context()).data)

    @extend_schema(request=MineSerializer, responses=RoomDetailSerializer)
    @action(detail=True, methods=["patch"])
    def mine(self, request: Request, pk: str) -> Response:
        """How much of the room I want to hear, and whether others see how far I have read."""
        room = self.get_object()
        actions.choose(room=room, member=self.me(), **self.wish(MineSerializer))
        return self.room_answer(room)

    @extend_schema(
        parameters=[
            OpenApiParameter("since", int, description="Only what came after this number."),
            OpenApiParameter("before", int, description="The page that ends before this number."),
            OpenApiParameter("around", int, description="The page with this number in the middle."),
            OpenApiParameter(
                "on", str, description="The page around the first event of this day (YYYY-MM-DD) or later."
            ),
            OpenApiParameter("zone", str, description="The time zone of that day; UTC unless told."),
            OpenApiParameter("topic", int, description="Only what belongs to this topic."),
            OpenApiParameter("limit", int, description="At most 300; 50 unless told."),
        ],
        responses=EventPageSerializer,
    )
    @action(detail=True)
    def events(self, request: Request, pk: str) -> Response:
        """The log: what came after `since`, a page before `before` or around a place, or the newest page; always oldest first."""
        room = self.get_object()
        log = history.log_of(room, topic=self.number("topic"))
        after, around = self.number("since"), self.number("around")
        day = start_of_day(request.query_params.get("on"), "on", request.query_params.get("zone"))
        if day is not None:
            around = history.first_on(log, day)
        if after is not None:
            page = history.page_after(log, after, limit=self._limit(history.PAGE_MAX))
        elif around is not None:
            page = history.page_around(log, around, limit=self._limit(history.PAGE))
        else:
            page = history.page_before(log, self.number("before"), limit=self._limit(history.PAGE))
        return self._page(room, page)

    @extend_schema(parameters=[OpenApiParameter("before", int)], responses=EventPageSerializer)
    @action(detail=True)
    def record(self, request: Request, pk: str) -> Response:
        """What the stewards did here, for everyone in the room."""
        room = self.get_object()
        log = history.log_of(room, record=True)
        return self._page(room, history.page_before(log, self.number("before"), limit=history.PAGE))

    @extend_schema(request=ReadSerializer, responses=UnreadMessagesSerializer)
    @action(detail=True, methods=["post"])
    def read(self, request: Request, pk: str) -> Response:
        """I have read everything up to this number, in all topics."""
        wish = self.wish(ReadSerializer)
        return Response({"unread": actions.mark_read(room=self.get_object(), member=self.me(), **wish)})

    @extend_schema(parameters=[OpenApiParameter("seq", int, required=True)], responses=SeenSerializer)
    @action(detail=True)
    def seen(self, request: Request, pk: str) -> Response:
        """Who of the others has read up to this number, as far as they let it be seen."""
        found = seen_by(self.get_object(), self.number("seq") or 0, self.me())
        return Response(SeenSerializer(found, context=self.get_serializer_context()).data)

    @extend_schema(request=DirectSerializer, responses=RoomDetailSerializer)
    @action(detail=False, methods=["post"])
    def direct(self, request: Request) -> Response:
        """The room between me and someone else, or a few others; opened if there is none yet."""
        partners = self.wish(DirectSerializer)["partners"]
        return self.room_answer(actions.direct_room(member=self.me(), partners=partners, at=timezone.now()))

    def _page(self, room: Room, page: history.Page) -> Response:
        noted = history.noted_by(self.me(), room, page.events)
        return Response(page._asdict() | {"head": room.last_seq, "noted": noted})

    def _limit(self, default: int) -> int:
        wanted = self.number("limit")
        return min(max(default if wanted is None else wanted, 1), history.PAGE_MAX)
