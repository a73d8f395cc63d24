"""What the two have agreed: how long, how often, towards what, and how they treat each other."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q

from backend.mentoring.models.mentorships import Mentorship


class Agreement(models.Model):
    """One version of what two people agree. It holds once both have accepted it, until both accept a later one."""

    class Rhythm(models.TextChoices):
        WEEKLY = "weekly"
        FORTNIGHTLY = "fortnightly"
        MONTHLY = "monthly"
        QUARTERLY = "quarterly"

    mentorship = models.ForeignKey(Mentorship, models.CASCADE, related_name="agreements")
    number = models.PositiveSmallIntegerField()
    months = models.PositiveSmallIntegerField(help_text="Counted from the day on which both have accepted.")
    rhythm = models.CharField(max_length=11, choices=Rhythm)
    minutes = models.PositiveSmallIntegerField(default=60, help_text="Of a session.")
    goals = models.TextField(max_length=1000, help_text="What it is for, in their words.")
    conduct = models.TextField(max_length=1000, blank=True, help_text="What they promise beyond the usual.")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    proposed_at = models.DateTimeField()
    mentor_accepted_at = models.DateTimeField(null=True, blank=True)
    mentee_accepted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["mentorship", "number"], name="an_agreement_has_a_number_of_its_own"),
            models.CheckConstraint(condition=Q(months__range=(1, 24)), name="an_agreement_lasts_1_to_24_months"),
            models.CheckConstraint(condition=Q(minutes__range=(15, 240)), name="a_session_is_15_to_240_minutes"),
        ]

    @property
    def holds_since(self) -> dt.datetime | None:
        """When the second of the two accepted; None while one of them has not."""
        if self.mentor_accepted_at is None or self.mentee_accepted_at is None:
            return None
        return max(self.mentor_accepted_at, self.mentee_accepted_at)
