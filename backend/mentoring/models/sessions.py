"""When two people meet, where, and what they want to talk about."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from backend.bookings.models import Booking
from backend.mentoring.models.mentorships import Mentorship


class MentorshipSession(models.Model):
    """A time proposed by one and agreed by the other, online or in a booked room; afterwards, whether it was held."""

    class State(models.TextChoices):
        PROPOSED = "proposed"
        AGREED = "agreed"
        DECLINED = "declined"
        CANCELLED = "cancelled"
        HELD = "held"
        MISSED = "missed"

    class Way(models.TextChoices):
        ONLINE = "online"
        PLACE = "place"

    AHEAD = (State.PROPOSED, State.AGREED)

    mentorship = models.ForeignKey(Mentorship, models.CASCADE, related_name="sessions")
    state = models.CharField(max_length=9, choices=State, default=State.PROPOSED)
    way = models.CharField(max_length=6, choices=Way)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    link = models.URLField(max_length=500, blank=True, help_text="Where they meet online.")
    booking = models.OneToOneField(
        Booking, models.SET_NULL, null=True, blank=True, related_name="mentorship_session", help_text="The room."
    )
    words = models.CharField(max_length=500, blank=True, help_text="What the one who proposes it says.")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    created_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    began_at = models.DateTimeField(null=True, blank=True, help_text="When it was held.")
    minutes = models.PositiveSmallIntegerField(null=True, blank=True, help_text="How long it took.")
    changed_at = models.DateTimeField()
    sequence = models.PositiveIntegerField(default=0, help_text="How often it has changed, for calendars.")

    class Meta:
        indexes = [
            models.Index(fields=["mentorship", "-starts_at"], name="session_of_mentorship"),
            models.Index(fields=["state", "starts_at"], name="session_by_state"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="a_session_ends_after_it_starts"),
            models.CheckConstraint(
                condition=~Q(state="held") | Q(began_at__isnull=False, minutes__gt=0),
                name="a_session_held_has_a_time_and_a_length",
            ),
        ]

    def __str__(self) -> str:
        return f"Session {self.pk}"


class AgendaItem(models.Model):
    """Something to talk about: kept in the bank of the two until it has had its session."""

    mentorship = models.ForeignKey(Mentorship, models.CASCADE, related_name="agenda")
    text = models.CharField(max_length=300)
    session = models.ForeignKey(MentorshipSession, models.SET_NULL, null=True, blank=True, related_name="agenda")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
