"""What members and stewards put on a message: reactions, pins, acknowledgements, mentions, a cover."""

from django.conf import settings
from django.db import models

from backend.conversations.models.events import Event
from backend.conversations.models.rooms import Room


class Reaction(models.Model):
    message = models.ForeignKey(Event, models.CASCADE, related_name="reactions")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    emoji = models.CharField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "member", "emoji"], name="a_member_reacts_once_with_an_emoji")
        ]


class Pin(models.Model):
    """A message that stays in view; `room` is the message's, so that its pins are found at once."""

    room = models.ForeignKey(Room, models.CASCADE, related_name="pins")
    message = models.OneToOneField(Event, models.CASCADE, related_name="pin")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()


class Acknowledgement(models.Model):
    """A member has taken note of an important message."""

    message = models.ForeignKey(Event, models.CASCADE, related_name="acknowledgements")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "member"], name="a_message_is_acknowledged_once"),
        ]


class Hidden(models.Model):
    """A message that a steward has covered, naming the rule that it breaks. Its words stay, for a steward may uncover it."""

    message = models.OneToOneField(Event, models.CASCADE, related_name="hidden")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    rule = models.CharField(max_length=20)
    at = models.DateTimeField()


class Mention(models.Model):
    """A message names a member; `room` and `seq` are the message's, so that a member's list is one walk of an index."""

    message = models.ForeignKey(Event, models.CASCADE, related_name="mentioned")
    room = models.ForeignKey(Room, models.CASCADE, related_name="+")
    seq = models.BigIntegerField()
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)

    class Meta:
        indexes = [
            models.Index(fields=["member", "-id"], name="mentions_newest_first"),
            models.Index(fields=["member", "room", "seq"], name="mentions_in_a_room"),
        ]
        constraints = [models.UniqueConstraint(fields=["message", "member"], name="a_message_mentions_someone_once")]
