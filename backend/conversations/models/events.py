"""The log of a room and the topics in it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from backend.conversations.models.rooms import Membership, Room

BODY_MAX_LENGTH = 8000


class Topic(models.Model):
    """A thread of talk inside a room, by which those who come later find their way."""

    room = models.ForeignKey(Room, models.CASCADE, related_name="topics")
    title = models.CharField(max_length=120)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    opened_at = models.DateTimeField()
    message_count = models.BigIntegerField(default=0)
    last_seq = models.BigIntegerField(default=0)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("room", Lower("title"), name="a_topic_title_is_used_once_per_room"),
        ]

    def __str__(self) -> str:
        return self.title


class TopicReading(models.Model):
    """How far a member has read in a topic, and how much of it they want to hear.

    Unread are the topic's messages after this mark and after the one of the room, whichever is further. Who reads in a topic
    moves this mark only, who reads everything the room's.
    """

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="readings")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    level = models.CharField(max_length=10, choices=Membership.Level, blank=True, help_text="Empty: as in the room.")
    read_seq = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["topic", "member"], name="a_topic_is_read_in_one_place")]


class Event(models.Model):
    """One fact in a room's log. What is done to a message is an event too and names the message in `target_seq`.

    `subject` is whom the event is about; of those who come and go it is the author. `data` are the particulars of an
    act (`rule`, `until`, `title` …); of a message or an edit `mentions` (member ids) and `everyone`, where there are any.
    """

    class Kind(models.TextChoices):
        MESSAGE = "message"
        MESSAGE_EDITED = "message_edited"
        MESSAGE_DELETED = "message_deleted"
        MEMBER_JOINED = "member_joined"
        MEMBER_LEFT = "member_left"
        REACTION_ADDED = "reaction_added"
        REACTION_REMOVED = "reaction_removed"
        MESSAGE_HIDDEN = "message_hidden"
        MESSAGE_SHOWN = "message_shown"
        MESSAGE_PINNED = "message_pinned"
        MESSAGE_UNPINNED = "message_unpinned"
        MESSAGE_ACKNOWLEDGED = "message_acknowledged"
        FILE_REMOVED = "file_removed"
        TOPIC_OPENED = "topic_opened"
        TOPIC_CHANGED = "topic_changed"
        ROOM_CHANGED = "room_changed"
        ROOM_PAUSED = "room_paused"
        ROOM_RESUMED = "room_resumed"
        MEMBER_REMOVED = "member_removed"
        MEMBER_MUTED = "member_muted"
        MEMBER_UNMUTED = "member_unmuted"
        STEWARD_NAMED = "steward_named"
        STEWARD_RELIEVED = "steward_relieved"

    room = models.ForeignKey(Room, models.CASCADE, related_name="events", db_index=False)
    seq = models.BigIntegerField()
    kind = models.CharField(max_length=20, choices=Kind)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    client_id = models.UUIDField(null=True, blank=True)
    body = models.TextField(max_length=BODY_MAX_LENGTH, blank=True)
    html = models.TextField(blank=True, help_text="The body with its markup; empty where it has none.")
    target_seq = models.BigIntegerField(null=True, blank=True)
    topic = models.ForeignKey(Topic, models.PROTECT, null=True, blank=True, related_name="events", db_index=False)
    reply_to_seq = models.BigIntegerField(null=True, blank=True)
    language = models.CharField(max_length=3, blank=True, help_text="ISO 639; empty where nobody said.")
    is_important = models.BooleanField(default=False)
    emoji = models.CharField(max_length=32, blank=True)
    subject = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    data = models.JSONField(default=dict)
    message_no = models.BigIntegerField(help_text="How many messages the room has up to and including this event.")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["room", "seq"]
        indexes = [
            models.Index(
                fields=["room", "target_seq"], condition=Q(target_seq__isnull=False), name="changes_of_a_message"
            ),
            models.Index(fields=["room", "-seq"], condition=Q(kind="message"), name="messages_of_a_room"),
            models.Index(fields=["topic", "seq"], condition=Q(kind="message"), name="messages_of_a_topic"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["room", "seq"], name="an_event_number_is_used_once_per_room"),
            models.UniqueConstraint(fields=["author", "client_id"], name="a_send_is_stored_once"),
            models.CheckConstraint(condition=Q(seq__gte=1), name="event_numbers_start_at_one"),
        ]
