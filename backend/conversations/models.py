"""Rooms and their log: every event of a room has the next number of that room, without gaps."""

from django.conf import settings
from django.db import models
from django.db.models import Q

BODY_MAX_LENGTH = 8000


class Room(models.Model):
    """A place to talk. `last_seq` is the number of its newest event, `message_count` how many of them are messages."""

    class Kind(models.TextChoices):
        COLLECTIVE = "collective"
        MENTORSHIP = "mentorship"
        OPEN = "open"
        DIRECT = "direct"

    kind = models.CharField(max_length=12, choices=Kind)
    title = models.CharField(max_length=120, blank=True)
    purpose = models.CharField(max_length=240, blank=True)
    last_seq = models.BigIntegerField(default=0)
    message_count = models.BigIntegerField(default=0)
    created_at = models.DateTimeField()
    last_event_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.title or f"Room {self.pk}"


class Membership(models.Model):
    """A member of a room and how far they have read: `read_seq` in the log, `read_count` in messages.

    Unread messages are `room.message_count - read_count`, whatever the length of the log. Someone who leaves keeps
    no row: what they wrote stays, what comes later they cannot see.
    """

    room = models.ForeignKey(Room, models.CASCADE, related_name="memberships")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="room_memberships")
    read_seq = models.BigIntegerField(default=0)
    read_count = models.BigIntegerField(default=0)
    joined_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "member"], name="a_member_is_in_a_room_once")]


class Event(models.Model):
    """One fact in a room's log. Edits and deletions are events too and name the event they change in `target_seq`."""

    class Kind(models.TextChoices):
        MESSAGE = "message"
        MESSAGE_EDITED = "message_edited"
        MESSAGE_DELETED = "message_deleted"
        MEMBER_JOINED = "member_joined"
        MEMBER_LEFT = "member_left"

    room = models.ForeignKey(Room, models.CASCADE, related_name="events", db_index=False)
    seq = models.BigIntegerField()
    kind = models.CharField(max_length=20, choices=Kind)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    client_id = models.UUIDField(null=True, blank=True)
    body = models.TextField(max_length=BODY_MAX_LENGTH, blank=True)
    target_seq = models.BigIntegerField(null=True, blank=True)
    message_no = models.BigIntegerField(help_text="How many messages the room has up to and including this event.")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["room", "seq"]
        indexes = [
            models.Index(
                fields=["room", "target_seq"], condition=Q(target_seq__isnull=False), name="changes_of_a_message"
            ),
            models.Index(fields=["room", "-seq"], condition=Q(kind="message"), name="messages_of_a_room"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["room", "seq"], name="an_event_number_is_used_once_per_room"),
            models.UniqueConstraint(fields=["author", "client_id"], name="a_send_is_stored_once"),
            models.CheckConstraint(condition=Q(seq__gte=1), name="event_numbers_start_at_one"),
        ]
