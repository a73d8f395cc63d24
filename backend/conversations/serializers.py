"""The shapes of rooms and of their events."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backend.conversations import rules
from backend.conversations.models import Attachment, Event, Room
from backend.members.models import Member
from backend.members.serializers import PersonSerializer, VisibleMemberField


class AuthorSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    photo = serializers.CharField(allow_null=True)


class ReplySerializer(serializers.Serializer[Any]):
    """The message that is answered, in a few words; empty words where it was deleted or hidden."""

    seq = serializers.IntegerField()
    author_name = serializers.CharField(allow_blank=True)
    excerpt = serializers.CharField(allow_blank=True)


class AttachmentSerializer(serializers.Serializer[Any]):
    id = serializers.CharField(help_text="Its key.")
    kind = serializers.ChoiceField(choices=Attachment.Kind.choices)
    name = serializers.CharField()
    content_type = serializers.CharField()
    size = serializers.IntegerField(help_text="Bytes.")
    width = serializers.IntegerField(allow_null=True)
    height = serializers.IntegerField(allow_null=True)
    url = serializers.CharField()
    thumb = serializers.CharField(allow_null=True)


class ReactionSerializer(serializers.Serializer[Any]):
    emoji = serializers.CharField()
    count = serializers.IntegerField()
    members = serializers.ListField(child=serializers.IntegerField(), help_text="Ids of the first fifty.")


class EventSerializer(serializers.Serializer[Any]):
    """One fact in a room's log, the same for all who read it.

    Messages carry their newest words and marks; `target_seq` names the message that an act is about, `subject` the member.
    """

    room = serializers.IntegerField()
    seq = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=Event.Kind.choices)
    author = AuthorSerializer(allow_null=True)
    client_id = serializers.UUIDField(allow_null=True)
    body = serializers.CharField(allow_blank=True)
    html = serializers.CharField(allow_null=True, help_text="The body with its markup; null: show the body as text.")
    target_seq = serializers.IntegerField(allow_null=True)
    created_at = serializers.DateTimeField()
    edited = serializers.BooleanField()
    deleted = serializers.BooleanField()
    topic = serializers.IntegerField(allow_null=True)
    reply_to = ReplySerializer(allow_null=True)
    language = serializers.CharField(allow_blank=True, help_text="ISO 639; empty where nobody said.")
    important = serializers.BooleanField()
    attachments = AttachmentSerializer(many=True)
    mentions = serializers.ListField(child=serializers.IntegerField(), help_text="Ids of members.")
    everyone = serializers.BooleanField()
    reactions = ReactionSerializer(many=True)
    pinned = serializers.BooleanField()
    hidden = serializers.BooleanField(help_text="A steward has covered it: its words and files are empty for everyone.")
    acknowledged = serializers.IntegerField(help_text="How many have taken note of an important message.")
    emoji = serializers.CharField(allow_blank=True, help_text="Of a reaction.")
    subject = AuthorSerializer(allow_null=True)
    data = serializers.DictField(  # type: ignore[assignment]  # The name is the API's; the serializer's own `data` is not used.
        help_text="Particulars of an act: rule, until, title, slow_seconds, access, closed."
    )


class EventPageSerializer(serializers.Serializer[Any]):
    events = EventSerializer(many=True)
    head = serializers.IntegerField(help_text="The number of the room's newest event.")
    has_older = serializers.BooleanField()


class LastMessageSerializer(serializers.Serializer[Any]):
    author_name = serializers.CharField(allow_blank=True)
    body = serializers.CharField(allow_blank=True)
    created_at = serializers.DateTimeField()


class RoomMaySerializer(serializers.Serializer[Any]):
    post = serializers.BooleanField()
    leave = serializers.BooleanField()


class RoomCollectiveSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()


class RoomMentorshipSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()


class RoomSerializer(serializers.ModelSerializer[Room]):
    """A room as one of its members sees it; see `rooms_of` for what is read along."""

    unread = serializers.IntegerField()
    read_seq = serializers.IntegerField()
    members_count = serializers.IntegerField()
    last_message = LastMessageSerializer(allow_null=True)
    partner = serializers.SerializerMethodField(help_text="The other one, in a room of two.")
    collective = serializers.SerializerMethodField()
    mentorship = serializers.SerializerMethodField()
    may = serializers.SerializerMethodField()

    class Meta:
        model = Room
        fields = [
            "id", "kind", "title", "purpose", "last_seq", "unread", "read_seq", "last_event_at", "last_message",
            "members_count", "partner", "collective", "mentorship", "may",
        ]  # fmt: skip
        read_only_fields = fields

    @property
    def viewer(self) -> Member:
        member: Member = self.context["request"].user
        return member

    @extend_schema_field(PersonSerializer(allow_null=True))
    def get_partner(self, room: Any) -> Any:
        return PersonSerializer(room.partner, context=self.context).data if room.partner else None

    @extend_schema_field(RoomCollectiveSerializer(allow_null=True))
    def get_collective(self, room: Any) -> dict[str, Any] | None:
        return {"id": room.collective.pk, "name": room.collective.name} if hasattr(room, "collective") else None

    @extend_schema_field(RoomMentorshipSerializer(allow_null=True))
    def get_mentorship(self, room: Any) -> dict[str, Any] | None:
        return {"id": room.mentorship.pk} if hasattr(room, "mentorship") else None

    @extend_schema_field(RoomMaySerializer())
    def get_may(self, room: Room) -> dict[str, bool]:
        return {"post": True, "leave": rules.may_leave(self.viewer, room)}


class RoomDetailSerializer(RoomSerializer):
    members = serializers.SerializerMethodField()

    class Meta(RoomSerializer.Meta):
        fields = [*RoomSerializer.Meta.fields, "members"]
        read_only_fields = fields

    @extend_schema_field(PersonSerializer(many=True))
    def get_members(self, room: Room) -> Any:
        people = Member.objects.filter(room_memberships__room=room, is_active=True).order_by("name", "pk")
        return PersonSerializer(people[:500], many=True, context=self.context).data


class MessageSerializer(serializers.Serializer[Any]):
    client_id = serializers.UUIDField(
        help_text="Chosen by the sender; sending again with the same one stores nothing twice."
    )
    # Length and emptiness are the action's business: the same refusal for the socket.
    body = serializers.CharField(allow_blank=True, trim_whitespace=False)


class MessageEditSerializer(serializers.Serializer[Any]):
    body = serializers.CharField(allow_blank=True, trim_whitespace=False)


class ReadSerializer(serializers.Serializer[Any]):
    seq = serializers.IntegerField(min_value=0, max_value=2**62)


class UnreadMessagesSerializer(serializers.Serializer[Any]):
    unread = serializers.IntegerField()


class DirectSerializer(serializers.Serializer[Any]):
    member = VisibleMemberField(help_text="Whom to write to.")
