"""Rooms, who is in them, and who may not speak or come in for a while."""

from django.conf import settings
from django.db import models
from django.db.models import Q

SLOW_SECONDS_MAX = 3600


class Room(models.Model):
    """A place to talk. `last_seq` is the number of its newest event, `message_count` how many of them are messages.

    `about_kind` and `about_id` name what it is about: loosely, for rooms know nothing of bookings or skills.
    """

    class Kind(models.TextChoices):
        COLLECTIVE = "collective"
        MENTORSHIP = "mentorship"
        OPEN = "open"
        DIRECT = "direct"
        CIRCLE = "circle"
        TRADE = "trade"
        PLACE = "place"
        QUESTION = "question"
        TOPIC = "topic"

    class Access(models.TextChoices):
        OPEN = "open"
        MEMBERSHIP = "membership"
        PRIVATE = "private"

    kind = models.CharField(max_length=12, choices=Kind)
    access = models.CharField(max_length=10, choices=Access, default=Access.PRIVATE)
    title = models.CharField(max_length=120, blank=True)
    purpose = models.CharField(max_length=240, blank=True)
    about_kind = models.CharField(max_length=12, blank=True)
    about_id = models.BigIntegerField(null=True, blank=True)
    direct_of = models.CharField(max_length=200, blank=True, help_text="Ids of the people of a direct room, in order.")
    slow_seconds = models.PositiveSmallIntegerField(default=0, help_text="Seconds between two messages of one member.")
    paused_at = models.DateTimeField(null=True, blank=True)
    last_seq = models.BigIntegerField(default=0)
    message_count = models.BigIntegerField(default=0)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()
    last_event_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["access", "-id"], name="rooms_in_the_directory")]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "about_kind", "about_id"],
                condition=Q(about_id__isnull=False),
                name="a_subject_has_one_room_of_a_kind",
            ),
            models.UniqueConstraint(
                fields=["direct_of"], condition=~Q(direct_of=""), name="some_people_have_one_direct_room"
            ),
            models.CheckConstraint(
                condition=Q(slow_seconds__lte=SLOW_SECONDS_MAX), name="slow_mode_is_an_hour_at_most"
            ),
        ]

    def __str__(self) -> str:
        return self.title or f"Room {self.pk}"


class Membership(models.Model):
    """A member of a room and how far they have read: everything up to `read_seq`, and `read_count` messages in all.

    More than those up to `read_seq` where they have read on in topics (`TopicReading`). Unread messages are
    `room.message_count - read_count`, whatever the length of the log. Someone who leaves keeps no row: what they wrote
    stays, what comes later they cannot see.
    """

    class Role(models.TextChoices):
        MEMBER = "member"
        STEWARD = "steward"

    class Level(models.TextChoices):
        EVERYTHING = "everything"
        MENTIONS = "mentions"
        NOTHING = "nothing"

    room = models.ForeignKey(Room, models.CASCADE, related_name="memberships")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="room_memberships")
    role = models.CharField(max_length=8, choices=Role, default=Role.MEMBER)
    level = models.CharField(max_length=10, choices=Level, default=Level.EVERYTHING)
    shares_seen = models.BooleanField(default=False, help_text="Others may see how far this member has read.")
    read_seq = models.BigIntegerField(default=0)
    read_count = models.BigIntegerField(default=0)
    joined_at = models.DateTimeField()
    last_posted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "member"], name="a_member_is_in_a_room_once")]


class Restriction(models.Model):
    """What a member may not do in a room: speak (`mute`) or come in (`ban`), until then or until it is taken back."""

    class Kind(models.TextChoices):
        MUTE = "mute"
        BAN = "ban"

    room = models.ForeignKey(Room, models.CASCADE, related_name="restrictions")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=4, choices=Kind)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    rule = models.CharField(max_length=20)
    until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "member", "kind"], name="a_restriction_is_laid_on_someone_once")
        ]
