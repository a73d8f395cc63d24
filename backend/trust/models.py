"""What members report, and what was decided about it."""

from django.conf import settings
from django.db import models


class Rule(models.TextChoices):
    """The rules of living together that a report or an act of a steward names."""

    RESPECT = "respect"
    HARASSMENT = "harassment"
    DISCRIMINATION = "discrimination"
    PRIVACY = "privacy"
    ADVERTISING = "advertising"
    FRAUD = "fraud"
    UNLAWFUL = "unlawful"
    OFF_TOPIC = "off_topic"
    OTHER = "other"


class Report(models.Model):
    """A member says that something breaks a rule. `ref` finds it again: of a message `{room, seq}`."""

    class Kind(models.TextChoices):
        MESSAGE = "message"

    class State(models.TextChoices):
        OPEN = "open"
        UPHELD = "upheld"
        DISMISSED = "dismissed"

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    about_member = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind)
    ref = models.JSONField(default=dict)
    rule = models.CharField(max_length=20, choices=Rule)
    words = models.CharField(max_length=1000, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    created_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["kind", "state", "-id"], name="reports_by_state")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="open", decided_at__isnull=True)
                | (~models.Q(state="open") & models.Q(decided_at__isnull=False)),
                name="a_decided_report_says_when",
            )
        ]
