"""One run of a programme's matching."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q

from backend.mentoring.models.first_talks import TalkRound
from backend.mentoring.models.programmes import Programme


class Cohort(models.Model):
    """One run of a programme's matching: asked for, worked out in the background, looked at, and perhaps published."""

    class Status(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        READY = "ready"
        FAILED = "failed"
        PUBLISHED = "published"

    class Objective(models.TextChoices):
        TOTAL = "total"
        PROTECT_WORST_OFF = "protect_worst_off"
        PREFER_STABILITY = "prefer_stability"
        OWN_RANKINGS = "own_rankings"

    class Step(models.TextChoices):
        READING = "reading"
        SCORING = "scoring"
        ASSIGNING = "assigning"
        CHECKING = "checking"

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="cohorts")
    objective = models.CharField(max_length=20, choices=Objective, default=Objective.TOTAL)
    seed = models.BigIntegerField(help_text="Settles ties; drawn when the run is asked for, before anything is known.")
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    step = models.CharField(max_length=10, choices=Step, blank=True)
    done = models.PositiveIntegerField(default=0, help_text="Members scored so far, of `people`.")
    people = models.PositiveIntegerField(default=0)
    talk_round = models.ForeignKey(
        TalkRound,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="The short talks that count in it.",
    )
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField()
    moved_at = models.DateTimeField(help_text="When the run last showed a sign of life.")
    finished_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    failure = models.CharField(max_length=20, blank=True, help_text="Code of why it failed.")
    failure_detail = models.TextField(blank=True)
    intake = models.JSONField(
        null=True, blank=True, help_text="All that the engine was given: who checks it needs no more."
    )
    certificate = models.JSONField(
        null=True, blank=True, help_text="The proof and the figures, as the engine gave them."
    )

    LIFELESS_AFTER = dt.timedelta(minutes=10)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["programme"],
                condition=Q(status__in=["waiting", "running"]),
                name="a_programme_is_matched_once_at_a_time",
            ),
        ]

    def is_dead(self, at: dt.datetime) -> bool:
        """Under way by its own account, but without a sign of life for so long that its worker must be gone."""
        under_way = self.status in (self.Status.WAITING, self.Status.RUNNING)
        return under_way and self.moved_at < at - self.LIFELESS_AFTER


class CohortSeat(models.Model):
    """A mentee of a cohort: with the mentor found and what each gains in points, or with the reason why there is none."""

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="seats")
    mentee = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    mentor = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    for_mentee = models.PositiveSmallIntegerField(null=True)
    for_mentor = models.PositiveSmallIntegerField(null=True)
    why_empty = models.CharField(max_length=16, blank=True)
    is_stale = models.BooleanField(
        default=False, help_text="The pair was possible when found, and no longer when published."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cohort", "mentee"], name="a_mentee_has_one_seat_in_a_cohort"),
        ]
