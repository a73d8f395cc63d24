"""Bookings that repeat, on the wall clock of the place."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from backend.collectives.models import Collective


class Series(models.Model):
    """A wish that repeats: `rule` is an RFC 5545 recurrence rule, read on the clock of `timezone` from `starts_wall` on.

    Its occurrences are bookings, made when the series is; the rule is kept to show it and to change what follows. A wall time is
    written as 2027-03-28T02:30, without an offset.
    """

    class OnConflict(models.TextChoices):
        SKIP = "skip"
        SHIFT = "shift"
        ALL_OR_NOTHING = "all_or_nothing"

    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="booking_series")
    collective = models.ForeignKey(Collective, models.PROTECT, null=True, blank=True, related_name="booking_series")
    timezone = models.CharField(max_length=64)
    rule = models.CharField(max_length=200)
    starts_wall = models.CharField(max_length=16)
    ends_wall = models.CharField(max_length=16)
    on_conflict = models.CharField(max_length=14, choices=OnConflict)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField(null=True, blank=True, help_text="Empty: as it was made.")
    sequence = models.PositiveIntegerField(
        default=0, db_default=0, help_text="How often it has changed, for calendars."
    )
    continues = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+", help_text="Of which it was split off."
    )


class SkippedOccurrence(models.Model):
    """An occurrence of the rule that was never booked, and why."""

    class Reason(models.TextChoices):
        TAKEN = "taken"
        NO_SUCH_TIME = "no_such_time"
        RULE = "rule"
        CHOSEN = "chosen"

    series = models.ForeignKey(Series, models.CASCADE, related_name="skipped")
    occurrence = models.CharField(max_length=16)
    reason = models.CharField(max_length=12, choices=Reason)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "occurrence"], name="an_occurrence_is_skipped_once"),
            models.CheckConstraint(condition=~Q(occurrence=""), name="a_skipped_occurrence_has_a_time"),
        ]
