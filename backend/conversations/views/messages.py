"""Writing, and what is done to a message."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from backend.conversations import actions, history
from backend.conversations.facts import as_fact, as_facts, author_fact, moment
from backend.conversations.inputs import MessageEditSerializer, MessageSerializer, ReactionWishSerializer
from backend.conversations.models import Pin, Room
from backend.conversations.serializers import EventSerializer, PinSerializer, VersionSerializer
from backend.conversations.views.asking import SEQ, SEQ_PATH, RoomBase
from backend.errors import NotFound


class MessageViews(RoomBase):
    @extend_schema(request=MessageSerializer, responses={200: EventSerializer, 201: EventSerializer})
    @action(detail=True, methods=["post"])
    def messages(self, request: Request, pk: str) -> Response:
        """Write a message. Sending again with the same `client_id` answers 200 with what was stored, as it is now."""
        if not pk.isdecimal() or len(pk) > 18:
            raise NotFound
        wish = self.wish(MessageSerializer)
        wish |= {name: tuple(wish[name]) for name in ("mentions", "attachments") if name in wish}
        # Not only my rooms: who sends again after leaving is told that it was stored.
        event, is_new = actions.post_message(room=Room(pk=int(pk)), author=self.me(), at=timezone.now(), **wish)
        return Response(actions.answer_of(event, self.me()), status=201 if is_new else 200)

    @extend_schema(methods=["patch"], parameters=[SEQ], request=MessageEditSerializer, responses=EventSerializer)
    @extend_schema(methods=["delete"], parameters=[SEQ], responses={200: EventSerializer})
    @action(detail=True, methods=["patch", "delete"], url_path=SEQ_PATH)
    def one_message(self, request: Request, pk: str, seq: str) -> Response:
        """Change or delete a message of mine."""
        room, me, at = self.get_object(), self.me(), timezone.now()
        if request.method == "DELETE":
            return Response(as_fact(actions.delete_message(room=room, seq=int(seq), by=me, at=at)))
        wish = self.wish(MessageEditSerializer)
        if "mentions" in wish:
            wish["mentions"] = tuple(wish["mentions"])
        return Response(as_fact(actions.edit_message(room=room, seq=int(seq), by=me, at=at, **wish)))

    @extend_schema(parameters=[SEQ], responses=VersionSerializer(many=True))
    @action(detail=True, url_path=f"{SEQ_PATH}/history")
    def history(self, request: Request, pk: str, seq: str) -> Response:
        """What a message has said, oldest first."""
        return Response(history.versions(self.message(self.get_object(), seq)))

    @extend_schema(parameters=[SEQ], request=ReactionWishSerializer, responses={200: EventSerializer})
    @action(detail=True, methods=["put", "delete"], url_path=f"{SEQ_PATH}/reactions")
    def reactions(self, request: Request, pk: str, seq: str) -> Response:
        """Put an emoji on a message, or take mine away. Answers the message."""
        room, emoji = self.get_object(), self.wish(ReactionWishSerializer)["emoji"]
        is_on = request.method == "PUT"
        actions.react(room=room, seq=int(seq), by=self.me(), emoji=emoji, is_on=is_on, at=timezone.now())
        return self.message_answer(room, seq)

    @extend_schema(parameters=[SEQ], request=None, responses={200: EventSerializer})
    @action(detail=True, methods=["put", "delete"], url_path=f"{SEQ_PATH}/pin")
    def pin(self, request: Request, pk: str, seq: str) -> Response:
        """Keep a message in view, or no longer. Answers the message."""
        room = self.get_object()
        actions.pin(room=room, seq=int(seq), by=self.me(), is_on=request.method == "PUT", at=timezone.now())
        return self.message_answer(room, seq)

    @extend_schema(parameters=[SEQ], request=None, responses={200: EventSerializer})
    @action(detail=True, methods=["put"], url_path=f"{SEQ_PATH}/acknowledgement")
    def acknowledgement(self, request: Request, pk: str, seq: str) -> Response:
        """I have taken note of an important message. Answers the message."""
        room = self.get_object()
        actions.acknowledge(room=room, seq=int(seq), by=self.me(), at=timezone.now())
        return self.message_answer(room, seq)

    @extend_schema(responses=PinSerializer(many=True))
    @action(detail=True)
    def pins(self, request: Request, pk: str) -> Response:
        """The messages that stay in view, newest pin first."""
        rows = Pin.objects.filter(room=self.get_object()).order_by("-pk")[:100]
        pins = list(rows.select_related("member", "message__author", "message__subject"))
        events = as_facts(row.message for row in pins)
        return Response(
            [
                {"event": event, "by": author_fact(row.member), "at": moment(row.at)}
                for row, event in zip(pins, events, strict=True)
            ]
        )
