"""What comes of a request."""

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from backend.collectives.models import Collective
from backend.conversations.models import Room
from backend.mentoring.models.requests import Kind, MentorshipRequest, Track

if TYPE_CHECKING:
    from backend.members.models import Member


class MentorshipQuerySet(models.QuerySet["Mentorship"]):
    def of(self, member: "Member") -> "MentorshipQuerySet":
        """Those in which this member guides or is guided: nobody else sees one."""
        return self.filter(Q(mentor=member) | Q(mentee=member))

    def running(self) -> "MentorshipQuerySet":
        """Not closed: under way, or paused."""
        return self.exclude(status=Mentorship.Status.CLOSED)


class Mentorship(models.Model):
    """A mentor guides a mentee in one track, with a room of their own."""

    class Status(models.TextChoices):
        ACTIVE = "active"
        PAUSED = "paused"
        CLOSED = "closed"

    class CloseReason(models.TextChoices):
        GOALS_REACHED = "goals_reached"
        TIME_IS_OVER = "time_is_over"
        NO_TIME = "no_time"
        OTHER_NEEDS = "other_needs"
        DOES_NOT_FIT = "does_not_fit"
        DORMANT = "dormant"
        LEFT = "left"
        OTHER = "other"

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
    ends_on = models.DateField(null=True, blank=True, help_text="As agreed; nothing ends by itself on that day.")
    paused_at = models.DateTimeField(null=True, blank=True)
    paused_until = models.DateField(null=True, blank=True, help_text="The day on which it goes on; empty: not known.")
    paused_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    close_reason = models.CharField(max_length=16, choices=CloseReason, blank=True)
    closing_words = models.TextField(max_length=1000, blank=True)
    new_guide_wanted_at = models.DateTimeField(
        null=True, blank=True, help_text="When the mentee asked for another guide: they come first."
    )
    next_pulse_at = models.DateTimeField(
        null=True, blank=True, help_text="When both are asked again how it goes; empty until they were asked first."
    )
    quiet_told_at = models.DateTimeField(
        null=True, blank=True, help_text="When both were told that it ends by itself unless one of them does something."
    )
    kept_on_at = models.DateTimeField(null=True, blank=True, help_text="When one of them last said that they go on.")

    objects: ClassVar[MentorshipQuerySet] = MentorshipQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [
            models.Index(fields=["paused_until"], condition=Q(status="paused"), name="mentorship_goes_on"),
            models.Index(fields=["next_pulse_at"], condition=Q(status="active"), name="mentorships_to_ask"),
            models.Index(fields=["started_at"], condition=Q(status="active"), name="mentorships_by_age"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["mentor", "mentee", "track"],
                condition=~Q(status="closed"),
                name="two_people_have_one_running_mentorship_per_track",
            ),
        ]
