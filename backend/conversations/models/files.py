"""Pictures and files that are sent with a message."""

from django.conf import settings
from django.db import models

from backend.conversations.models.events import Event
from backend.conversations.models.rooms import Room


class Attachment(models.Model):
    """A file in a room: first without a message, while its uploader is still writing; `key` is its public name."""

    class Kind(models.TextChoices):
        IMAGE = "image"
        FILE = "file"

    key = models.CharField(max_length=32, unique=True)
    room = models.ForeignKey(Room, models.CASCADE, related_name="attachments")
    uploader = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    client_id = models.UUIDField()
    message = models.ForeignKey(Event, models.CASCADE, null=True, blank=True, related_name="attachments")
    place = models.PositiveSmallIntegerField(default=0, help_text="Where it stands among those of its message.")
    kind = models.CharField(max_length=5, choices=Kind)
    name = models.CharField(max_length=120)
    folded = models.CharField(max_length=250, default="", help_text="The name as it is searched.")
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField(help_text="Bytes.")
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    file = models.FileField(upload_to="rooms", max_length=200)
    thumb = models.FileField(upload_to="rooms", max_length=200, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["uploader", "client_id"], name="an_upload_is_stored_once")]

    def __str__(self) -> str:
        return self.name
