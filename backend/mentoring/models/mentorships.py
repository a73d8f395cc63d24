"""What comes of a request."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from backend.collectives.models import Collective
from backend.conversations.models import Room
from backend.mentoring.models.requests import Kind, MentorshipRequest, Track


class Mentorship(models.Model):
    """A mentor guides a mentee in one track, with a room of their own."""

    class Status(models.TextChoices):
        ACTIVE = "active"
        PAUSED = "paused"
        CLOSED = "closed"

    mentor = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="mentorships_given")
    mentee = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="mentorships_received")
    request = models.OneToOneField(MentorshipRequest, models.CASCADE, related_name="mentorship")
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.SPONSORSHIP)
    track = models.CharField(max_length=12, choices=Track)
    collective = models.ForeignKey(
        Collective, models.SET_NULL, null=True, blank=True, related_name="+", help_text="That is guided as a whole."
    )
    by_collective = models.ForeignKey(
        Collective, models.SET_NULL, null=True, blank=True, related_name="+", help_text="That guides as a whole."
    )
    room = models.OneToOneField(Room, models.PROTECT, related_name="mentorship")
    status = models.CharField(max_length=8, choices=Status, default=Status.ACTIVE)
    started_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closing_words = models.TextField(max_length=1000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["mentor", "mentee", "track"],
                condition=~Q(status="closed"),
                name="two_people_have_one_running_mentorship_per_track",
            ),
        ]
