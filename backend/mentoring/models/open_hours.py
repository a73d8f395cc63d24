"""Times that a guide keeps free for whoever comes first; nobody is matched."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from backend.members.models import Member


class OpenHourQuerySet(models.QuerySet["OpenHour"]):
    def visible_to(self, viewer: Member) -> "OpenHourQuerySet":
        """Those of guides whom this viewer may meet, and all that they offered or took themselves."""
        return self.filter(Q(guide__in=Member.objects.visible_to(viewer)) | Q(guide=viewer) | Q(taken_by=viewer))


class OpenHour(models.Model):
    """One slot: open, taken by one member, or cancelled. Where to meet online is told only to who took it."""

    class Status(models.TextChoices):
        OPEN = "open"
        TAKEN = "taken"
        CANCELLED = "cancelled"

    guide = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="open_hours")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    link = models.URLField(max_length=300, blank=True)
    place = models.CharField(max_length=160, blank=True)
    about = models.CharField(max_length=200, blank=True, help_text="What the guide can talk about.")
    status = models.CharField(max_length=9, choices=Status, default=Status.OPEN)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="open_hours_taken"
    )
    question = models.TextField(max_length=1000, blank=True, help_text="What who took it wants to talk about.")
    version = models.PositiveIntegerField(default=0, help_text="For calendars: one more with each change.")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects: ClassVar[models.Manager["OpenHour"]] = OpenHourQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [
            models.Index(fields=["status", "starts_at"], name="open_hours_to_come"),
            models.Index(fields=["guide", "starts_at"], name="open_hours_of_a_guide"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="an_open_hour_ends_after_it_starts"),
            models.CheckConstraint(
                condition=~Q(status="open") | Q(taken_by__isnull=True), name="nobody_has_an_hour_that_is_open"
            ),
            models.CheckConstraint(condition=~Q(guide=F("taken_by")), name="nobody_takes_their_own_hour"),
        ]
