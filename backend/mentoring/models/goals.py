"""Where a mentee wants to get, and by which steps."""

from django.conf import settings
from django.db import models

from backend.mentoring.models.mentorships import Mentorship


class Goal(models.Model):
    """Something to reach together; either of the two writes it down, either says that it is reached."""

    mentorship = models.ForeignKey(Mentorship, models.CASCADE, related_name="goals")
    title = models.CharField(max_length=160)
    sign = models.CharField(max_length=300, blank=True, help_text="By what they will see that it is reached.")
    due_on = models.DateField(null=True, blank=True)
    reached_at = models.DateTimeField(null=True, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"Goal {self.pk}"


class GoalStep(models.Model):
    """One step towards a goal."""

    goal = models.ForeignKey(Goal, models.CASCADE, related_name="steps")
    text = models.CharField(max_length=200)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
