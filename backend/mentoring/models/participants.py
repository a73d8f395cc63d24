"""Who takes part in a programme, what they answered, and with whom they would or would not like to be paired."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from backend.mentoring.models.programmes import Programme


class Participant(models.Model):
    """A member who joined a programme, to be guided or to guide. Leaving removes it, with all that was answered."""

    class Role(models.TextChoices):
        MENTEE = "mentee"
        MENTOR = "mentor"

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="participants")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="participations")
    role = models.CharField(max_length=6, choices=Role)
    answers = models.JSONField(default=list, help_text="What was asked, and what was answered: [{question, answer}].")
    joined_at = models.DateTimeField()
    at_least = models.PositiveSmallIntegerField(
        default=0, help_text="So many mentees a run must give them, as a guide."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "member"], name="a_member_joins_a_programme_once"),
            models.CheckConstraint(
                condition=Q(at_least=0) | Q(role="mentor"), name="only_guides_must_be_given_mentees"
            ),
        ]


class PairWish(models.Model):
    """Whom a participant would like, by rank, or would rather not be paired with, and why. Those named are never told."""

    participant = models.ForeignKey(Participant, models.CASCADE, related_name="wishes")
    whom = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    rank = models.PositiveSmallIntegerField(null=True, blank=True, help_text="1 is the dearest; empty: to be avoided.")
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["rank", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["participant", "whom"], name="a_participant_says_one_thing_of_a_person"),
            models.UniqueConstraint(
                fields=["participant", "rank"], condition=Q(rank__isnull=False), name="a_participant_gives_a_rank_once"
            ),
            models.CheckConstraint(condition=Q(rank=None) | Q(rank__range=(1, 5)), name="a_wish_has_a_rank_of_1_to_5"),
        ]


class ProgrammeNote(models.Model):
    """What one coordinator writes down for the others of the same programme."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    body = models.TextField(max_length=2000)
    written_at = models.DateTimeField()
