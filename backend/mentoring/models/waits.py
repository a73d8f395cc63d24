"""Waiting for a guide who has no place, or for any guide in a track."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from backend.mentoring.models.requests import Track


class GuideWait(models.Model):
    """A member in line. When a place frees it is kept for the first of them for some days, and they are told."""

    class Status(models.TextChoices):
        WAITING = "waiting"
        OFFERED = "offered"
        ASKED = "asked"
        LEFT = "left"
        OVER = "over"

    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="guide_waits")
    mentor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+", help_text="Empty: anyone."
    )
    track = models.CharField(max_length=12, choices=Track)
    status = models.CharField(max_length=8, choices=Status, default=Status.WAITING)
    left_out = models.PositiveSmallIntegerField(
        default=0, help_text="How often they went without a guide before; more of it comes first."
    )
    offered = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="places_kept",
        help_text="The guide who has a place for them.",
    )  # fmt: skip
    held_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["status", "-left_out", "created_at"], name="guide_waits_in_line"),
            models.Index(fields=["held_until"], condition=Q(status="offered"), name="guide_places_kept_until"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "mentor", "track"],
                condition=Q(status__in=["waiting", "offered"], mentor__isnull=False),
                name="one_waits_once_for_a_guide",
            ),
            models.UniqueConstraint(
                fields=["member", "track"],
                condition=Q(status__in=["waiting", "offered"], mentor__isnull=True),
                name="one_waits_once_in_a_track",
            ),
            models.CheckConstraint(
                condition=~Q(status="offered") | Q(offered__isnull=False, held_until__isnull=False),
                name="a_place_is_kept_with_a_guide_until_a_time",
            ),
        ]
