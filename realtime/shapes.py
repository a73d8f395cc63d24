"""What a browser may say on the socket and what it is told: the shape of each frame."""

from typing import Any

from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from rest_framework import serializers

from backend.conversations.serializers import AuthorSerializer, EventSerializer
from backend.notices.serializers import NoticeSerializer
from realtime.limits import NUMBER_MAX
from realtime.plain import DIGITS_MAX

REF_MAX_LENGTH = 40


class TypeField(serializers.CharField):
    """The `type` of a frame: always this one word."""

    def __init__(self, word: str) -> None:
        self.word = word
        super().__init__()


class _TypeInSchema(OpenApiSerializerFieldExtension):
    target_class = TypeField

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        return {"type": "string", "const": self.target.word}


def _numbers(**options: Any) -> serializers.ListField:
    return serializers.ListField(child=serializers.IntegerField(min_value=1, max_value=NUMBER_MAX), **options)


def _number(least: int = 1) -> serializers.IntegerField:
    return serializers.IntegerField(min_value=least, max_value=NUMBER_MAX)


# -- from the browser --------------------------------------------------------------------------------------------------
class SubscribeFrame(serializers.Serializer[Any]):
    """Hear these rooms; what came after the given number is sent first. null: only what comes from now on."""

    type = TypeField("subscribe")
    rooms = serializers.DictField(
        child=serializers.IntegerField(min_value=0, max_value=NUMBER_MAX, allow_null=True),
        help_text="Room id → number of the last event that the browser has.",
    )

    def validate_rooms(self, rooms: dict[str, int | None]) -> dict[int, int | None]:
        if not all(key.isascii() and key.isdecimal() and len(key) <= DIGITS_MAX for key in rooms):
            raise serializers.ValidationError("A room is named by its number.")
        return {int(key): since for key, since in rooms.items()}


class UnsubscribeFrame(serializers.Serializer[Any]):
    type = TypeField("unsubscribe")
    rooms = _numbers()


class WatchFrame(serializers.Serializer[Any]):
    """Be told when the calendar of these resources changes; adds to those watched already."""

    type = TypeField("watch")
    resources = _numbers()


class UnwatchFrame(serializers.Serializer[Any]):
    type = TypeField("unwatch")
    resources = _numbers()


class Wishful(serializers.Serializer[Any]):
    """A frame that wants an answer may carry a `ref`; it comes back in `done` or `error`."""

    ref = serializers.CharField(max_length=REF_MAX_LENGTH, required=False)


class MessagePostFrame(Wishful):
    type = TypeField("message.post")
    room = _number()
    client_id = serializers.UUIDField()
    # How long, how many and whether there is such a thing is the action's business: the same refusal as over HTTP.
    body = serializers.CharField(allow_blank=True, trim_whitespace=False)
    topic = serializers.IntegerField(min_value=1, max_value=NUMBER_MAX, required=False, allow_null=True)
    reply_to = serializers.IntegerField(min_value=1, max_value=NUMBER_MAX, required=False, allow_null=True)
    language = serializers.CharField(required=False, allow_blank=True)
    important = serializers.BooleanField(required=False)
    mentions = _numbers(required=False)
    everyone = serializers.BooleanField(required=False)
    attachments = serializers.ListField(child=serializers.CharField(), required=False)


class MessageReactFrame(Wishful):
    """Put this emoji on a message, or take it away; answered by `done`."""

    type = TypeField("message.react")
    room = _number()
    seq = _number()
    emoji = serializers.CharField()
    on = serializers.BooleanField()


class LookFrame(Wishful):
    """The room in view: who is there and who types is told of this one only. null: none."""

    type = TypeField("look")
    room = serializers.IntegerField(min_value=1, max_value=NUMBER_MAX, allow_null=True)


class TypingFrame(Wishful):
    """The member is writing; sent at most once in three seconds."""

    type = TypeField("typing")
    room = _number()
    topic = serializers.IntegerField(min_value=1, max_value=NUMBER_MAX, required=False, allow_null=True)


class ReadFrame(serializers.Serializer[Any]):
    """The member has read up to this number: in this topic, or (without one) everything in the room."""

    type = TypeField("read")
    room = _number()
    seq = _number(0)
    topic = serializers.IntegerField(min_value=1, max_value=NUMBER_MAX, required=False, allow_null=True)


class PingFrame(serializers.Serializer[Any]):
    type = TypeField("ping")


# -- to the browser ----------------------------------------------------------------------------------------------------
class ReadyFrame(serializers.Serializer[Any]):
    """The first frame: who this socket belongs to, and how often to ping."""

    type = TypeField("ready")
    member = _number()
    heartbeat_seconds = serializers.IntegerField()


class RoomSubscribedFrame(serializers.Serializer[Any]):
    type = TypeField("room.subscribed")
    room = _number()
    head = _number(0)


class RoomEventsFrame(serializers.Serializer[Any]):
    """Events of one room, in order and without gaps."""

    type = TypeField("room.events")
    room = _number()
    events = EventSerializer(many=True)


class RoomResetFrame(serializers.Serializer[Any]):
    """Too much was missed: load the newest page over HTTP. Live events follow after `head`."""

    type = TypeField("room.reset")
    room = _number()
    head = _number(0)


class RoomRevokedFrame(serializers.Serializer[Any]):
    """The member is no longer in this room; nothing more of it follows."""

    type = TypeField("room.revoked")
    room = _number()


class RoomJoinedFrame(serializers.Serializer[Any]):
    """The member is in a room now; subscribe to hear it."""

    type = TypeField("room.joined")
    room = _number()


class RoomReadFrame(serializers.Serializer[Any]):
    """The member has read up to this number, perhaps in another window: this topic, or (null) everything in the room."""

    type = TypeField("room.read")
    room = _number()
    seq = _number(0)
    topic = serializers.IntegerField(allow_null=True)


class AckFrame(serializers.Serializer[Any]):
    """The message with this `client_id` is stored for good."""

    type = TypeField("ack")
    client_id = serializers.UUIDField()
    room = _number()
    seq = _number()


class DoneFrame(serializers.Serializer[Any]):
    """The wish with this `ref` has been granted."""

    type = TypeField("done")
    ref = serializers.CharField()


class TypistSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    topic = serializers.IntegerField(allow_null=True)


class RoomAroundFrame(serializers.Serializer[Any]):
    """Who came into view of the room, who went, who types: what changed, at most once a second."""

    type = TypeField("room.around")
    room = _number()
    here = serializers.IntegerField(help_text="How many are there.")
    came = AuthorSerializer(many=True)
    went = serializers.ListField(child=_number())
    typing = TypistSerializer(many=True)


class RoomChangedFrame(serializers.Serializer[Any]):
    """Something about the room or the member's place in it is different: load it again."""

    type = TypeField("room.changed")
    room = _number()


class LineFrame(serializers.Serializer[Any]):
    """Whether messages can be stored now; while not, they wait with the browser."""

    type = TypeField("line")
    can_send = serializers.BooleanField()


class PongFrame(serializers.Serializer[Any]):
    """The newest numbers of the subscribed rooms: who has less asks for the rest."""

    type = TypeField("pong")
    heads = serializers.DictField(child=_number(0))
    unread_notices = serializers.IntegerField()


class NoticeFrame(serializers.Serializer[Any]):
    type = TypeField("notice")
    notice = NoticeSerializer()
    unread = serializers.IntegerField()


class NoticesReadFrame(serializers.Serializer[Any]):
    """The member has read notices in some window; so many stay unread."""

    type = TypeField("notices.read")
    unread = serializers.IntegerField()


class CalendarChangedFrame(serializers.Serializer[Any]):
    type = TypeField("calendar.changed")
    resources = serializers.ListField(child=_number())


class BookingsChangedFrame(serializers.Serializer[Any]):
    """Bookings that concern the member, or of something that they look after, were made or changed: load the lists again."""

    type = TypeField("bookings.changed")


class DecisionsChangedFrame(serializers.Serializer[Any]):
    """A proposal of one of the member's collectives was made, changed or voted on: load it again."""

    type = TypeField("decisions.changed")
    proposal = _number()


class ConsultationsChangedFrame(serializers.Serializer[Any]):
    """A consultation in whose room the member is has changed: load it again."""

    type = TypeField("consultations.changed")
    consultation = _number()


class ErrorFrame(serializers.Serializer[Any]):
    """A frame was refused; `room`, `client_id` and `ref` are those of the refused frame."""

    type = TypeField("error")
    code = serializers.CharField()
    detail = serializers.CharField()
    room = serializers.IntegerField(required=False)
    client_id = serializers.UUIDField(required=False)
    ref = serializers.CharField(required=False)
    wait_seconds = serializers.IntegerField(required=False)


FROM_BROWSER: dict[str, type[serializers.Serializer[Any]]] = {
    "subscribe": SubscribeFrame,
    "unsubscribe": UnsubscribeFrame,
    "watch": WatchFrame,
    "unwatch": UnwatchFrame,
    "message.post": MessagePostFrame,
    "message.react": MessageReactFrame,
    "look": LookFrame,
    "typing": TypingFrame,
    "read": ReadFrame,
    "ping": PingFrame,
}
TO_BROWSER: dict[str, type[serializers.Serializer[Any]]] = {
    "ready": ReadyFrame,
    "room.subscribed": RoomSubscribedFrame,
    "room.events": RoomEventsFrame,
    "room.reset": RoomResetFrame,
    "room.revoked": RoomRevokedFrame,
    "room.joined": RoomJoinedFrame,
    "room.read": RoomReadFrame,
    "room.around": RoomAroundFrame,
    "room.changed": RoomChangedFrame,
    "line": LineFrame,
    "ack": AckFrame,
    "done": DoneFrame,
    "pong": PongFrame,
    "notice": NoticeFrame,
    "notices.read": NoticesReadFrame,
    "calendar.changed": CalendarChangedFrame,
    "bookings.changed": BookingsChangedFrame,
    "decisions.changed": DecisionsChangedFrame,
    "consultations.changed": ConsultationsChangedFrame,
    "error": ErrorFrame,
}
