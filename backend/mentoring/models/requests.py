"""What guidance is about, and who asks whom for it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from backend.skills.models import Skill


class Track(models.TextChoices):
    """What guidance is about: the worker, the activity, or one's place in the shared enterprise."""

    SOCIAL = "social"
    ECONOMIC = "economic"
    COOPERATIVE = "cooperative"


class MentorshipRequest(models.Model):
    """A mentee asks a mentor. At most one is pending between the same two people."""

    class Status(models.TextChoices):
        PENDING = "pending"
        ACCEPTED = "accepted"
        DECLINED = "declined"
        WITHDRAWN = "withdrawn"

    class DeclineReason(models.TextChoices):
        NO_TIME = "no_time"
        NOT_MY_FIELD = "not_my_field"
        BETTER_GUIDE = "better_guide"
        OTHER = "other"

    mentee = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="requests_made")
    mentor = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="requests_received")
    track = models.CharField(max_length=12, choices=Track)
    wishes = models.ManyToManyField(Skill, blank=True, related_name="+")
    message = models.TextField(max_length=2000)
    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING)
    decline_reason = models.CharField(max_length=16, choices=DeclineReason, blank=True)
    answer = models.TextField(max_length=1000, blank=True)
    created_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["mentor", "status", "-id"], name="request_for_mentor"),
            models.Index(fields=["mentee", "status", "-id"], name="request_of_mentee"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["mentee", "mentor"], condition=Q(status="pending"), name="one_request_waits_between_two_people"
            ),
            models.CheckConstraint(condition=~Q(mentee=models.F("mentor")), name="nobody_asks_themselves"),
        ]
