"""The shapes of rooms and of their events."""

import datetime as dt
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backend.conversations import rules
from backend.conversations.facts import attachment_fact, author_fact
from backend.conversations.listing import people_in
from backend.conversations.models import Attachment, Event, Membership, Room, Topic
from backend.members.models import Member
from backend.members.serializers import PersonSerializer
from backend.trust.models import Report, Rule


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


class RoomFileSerializer(serializers.ModelSerializer[Attachment]):
    """A file among those of a room: `seq` is the message with which it was sent."""

    file = serializers.SerializerMethodField()
    by = serializers.SerializerMethodField()
    seq = serializers.IntegerField(source="message.seq", read_only=True)
    sent_at = serializers.DateTimeField(source="message.created_at", read_only=True)
    may_remove = serializers.SerializerMethodField()

    class Meta:
        model = Attachment
        fields = ["file", "by", "seq", "sent_at", "may_remove"]
        read_only_fields = fields

    @extend_schema_field(AttachmentSerializer())
    def get_file(self, row: Attachment) -> Any:
        return attachment_fact(row)

    @extend_schema_field(AuthorSerializer(allow_null=True))
    def get_by(self, row: Attachment) -> Any:
        return author_fact(row.message.author) if row.message else None

    def get_may_remove(self, row: Attachment) -> bool:
        """`is_moderating` of the context is asked once for the whole list."""
        is_moderating: bool = self.context["is_moderating"]
        viewer: Member = self.context["request"].user
        return row.message is not None and rules.may_remove_file(viewer, row.message, is_moderating=is_moderating)


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
    has_newer = serializers.BooleanField()
    noted = serializers.ListField(
        child=serializers.IntegerField(),
        help_text="The numbers of those important messages here of which I have taken note.",
    )


class LastMessageSerializer(serializers.Serializer[Any]):
    author_name = serializers.CharField(allow_blank=True)
    body = serializers.CharField(allow_blank=True)
    created_at = serializers.DateTimeField()


class RoomMaySerializer(serializers.Serializer[Any]):
    """What I may do here now."""

    post = serializers.BooleanField()
    react = serializers.BooleanField()
    attach = serializers.BooleanField()
    leave = serializers.BooleanField()
    invite = serializers.BooleanField()
    moderate = serializers.BooleanField(help_text="Hide, mute, remove, decide reports.")
    pause = serializers.BooleanField()
    steer = serializers.BooleanField(help_text="Change the room and name stewards.")
    pin = serializers.BooleanField()
    open_topics = serializers.BooleanField()
    mention_everyone = serializers.BooleanField()


class AboutSerializer(serializers.Serializer[Any]):
    kind = serializers.CharField()
    id = serializers.IntegerField()


class RoomCollectiveSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()


class RoomMentorshipSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()


class RoomSerializer(serializers.ModelSerializer[Room]):
    """A room as one of its members sees it; see `rooms_of` for what is read along."""

    unread = serializers.IntegerField()
    wanted = serializers.IntegerField(help_text="Of the unread messages those that I want to hear of.")
    topic_levels = serializers.DictField(
        child=serializers.ChoiceField(choices=Membership.Level.choices),
        help_text="Topic id → how much of it I want to hear, where I chose that.",
    )
    read_seq = serializers.IntegerField()
    members_count = serializers.IntegerField()
    last_message = LastMessageSerializer(allow_null=True)
    partner = serializers.SerializerMethodField(help_text="The other one, in a room of two.")
    collective = serializers.SerializerMethodField()
    mentorship = serializers.SerializerMethodField()
    about = serializers.SerializerMethodField(help_text="What the room is about.")
    paused = serializers.SerializerMethodField()
    role = serializers.ChoiceField(choices=Membership.Role.choices, source="standing.membership.role")
    level = serializers.ChoiceField(choices=Membership.Level.choices, source="standing.membership.level")
    shares_seen = serializers.BooleanField(source="standing.membership.shares_seen")
    mentions_unread = serializers.IntegerField()
    pinned_count = serializers.IntegerField()
    muted = serializers.SerializerMethodField(help_text="A steward has muted me here.")
    muted_until = serializers.SerializerMethodField(help_text="null while muted: until it is taken back.")
    may = serializers.SerializerMethodField()

    class Meta:
        model = Room
        fields = [
            "id", "kind", "title", "purpose", "last_seq", "unread", "wanted", "topic_levels", "read_seq",
            "last_event_at", "last_message", "members_count", "partner", "collective", "mentorship", "access", "about", "slow_seconds", "paused", "role",
            "level", "shares_seen", "mentions_unread", "pinned_count", "muted", "muted_until", "may",
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

    @extend_schema_field(AboutSerializer(allow_null=True))
    def get_about(self, room: Room) -> dict[str, Any] | None:
        return {"kind": room.about_kind, "id": room.about_id} if room.about_id is not None else None

    def get_paused(self, room: Room) -> bool:
        return room.paused_at is not None

    def get_muted(self, room: Any) -> bool:
        return rules.is_in_force(room.standing.mute, timezone.now())

    def get_muted_until(self, room: Any) -> dt.datetime | None:
        until: dt.datetime | None = room.standing.mute.until if self.get_muted(room) else None
        return until

    @extend_schema_field(RoomMaySerializer())
    def get_may(self, room: Any) -> dict[str, bool]:
        standing: rules.Standing = room.standing
        role = standing.membership.role if standing.membership else ""
        speaks = rules.refusal_to_speak(standing, timezone.now()) is None
        steers = standing.is_steward
        return {
            "post": speaks,
            "react": speaks,
            "attach": speaks,
            "leave": rules.may_leave(room),
            "invite": rules.may_invite(room, role),
            "moderate": steers,
            "pause": steers,
            "steer": steers and not rules.is_bound(room),
            "pin": rules.may_pin(room, role),
            "open_topics": speaks and rules.may_open_topics(room),
            "mention_everyone": steers,
        }


class RoomMemberSerializer(PersonSerializer):
    """Someone in a room, with their role there."""

    role = serializers.ChoiceField(choices=Membership.Role.choices)
    muted = serializers.BooleanField()

    class Meta(PersonSerializer.Meta):
        fields = [*PersonSerializer.Meta.fields, "role", "muted"]
        read_only_fields = fields


class RoomDetailSerializer(RoomSerializer):
    members = serializers.SerializerMethodField()

    class Meta(RoomSerializer.Meta):
        fields = [*RoomSerializer.Meta.fields, "members"]
        read_only_fields = fields

    @extend_schema_field(RoomMemberSerializer(many=True))
    def get_members(self, room: Room) -> Any:
        return RoomMemberSerializer(people_in(room)[:500], many=True, context=self.context).data


class DirectoryRoomSerializer(serializers.ModelSerializer[Room]):
    """A room that can be found, also by those who are not in it: nothing that was said there."""

    members_count = serializers.IntegerField()
    is_mine = serializers.BooleanField(help_text="I am in it.")
    about = serializers.SerializerMethodField()
    may_join = serializers.SerializerMethodField(help_text="By myself; else a steward brings me in.")

    class Meta:
        model = Room
        fields = ["id", "kind", "title", "purpose", "access", "about", "members_count", "last_event_at", "is_mine", "may_join"]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(AboutSerializer(allow_null=True))
    def get_about(self, room: Room) -> dict[str, Any] | None:
        return {"kind": room.about_kind, "id": room.about_id} if room.about_id is not None else None

    def get_may_join(self, room: Any) -> bool:
        return room.access == Room.Access.OPEN and not room.is_mine


class TopicSerializer(serializers.ModelSerializer[Topic]):
    unread = serializers.IntegerField()
    read_seq = serializers.IntegerField(help_text="The topic is read up to this number, in itself or with everything.")
    level = serializers.CharField(allow_blank=True, help_text="everything, mentions, nothing; empty: as in the room.")
    closed = serializers.SerializerMethodField()

    class Meta:
        model = Topic
        fields = ["id", "title", "message_count", "unread", "read_seq", "last_seq", "closed", "level"]
        read_only_fields = fields

    def get_closed(self, topic: Topic) -> bool:
        return topic.closed_at is not None


class VersionSerializer(serializers.Serializer[Any]):
    """What a message said, until its next version."""

    body = serializers.CharField(allow_blank=True)
    html = serializers.CharField(allow_null=True)
    by = AuthorSerializer(allow_null=True)
    at = serializers.DateTimeField()


class PinSerializer(serializers.Serializer[Any]):
    event = EventSerializer()
    by = AuthorSerializer(allow_null=True)
    at = serializers.DateTimeField()


class SeenSerializer(serializers.Serializer[Any]):
    count = serializers.IntegerField(allow_null=True, help_text="Of the others; null in small rooms.")
    members = PersonSerializer(many=True, help_text="Those who let it be seen.")


class ReportSerializer(serializers.ModelSerializer[Report]):
    """A report to the stewards; who made it is not said."""

    seq = serializers.IntegerField(source="ref.seq")
    about = AuthorSerializer(source="about_fact", allow_null=True)
    rule = serializers.ChoiceField(choices=Rule.choices)
    state = serializers.ChoiceField(choices=Report.State.choices)

    class Meta:
        model = Report
        fields = ["id", "seq", "about", "rule", "words", "state", "created_at", "decided_at"]
        read_only_fields = fields


class FoundMessageSerializer(serializers.Serializer[Any]):
    """A message outside its room."""

    room = serializers.IntegerField()
    room_title = serializers.CharField(allow_blank=True)
    event = EventSerializer()


class ReadSerializer(serializers.Serializer[Any]):
    seq = serializers.IntegerField(min_value=0, max_value=2**62)


class UnreadMessagesSerializer(serializers.Serializer[Any]):
    unread = serializers.IntegerField()
