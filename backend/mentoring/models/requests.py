"""What guidance is about, and who asks whom for it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from backend.collectives.models import Collective
from backend.skills.models import Skill


class Track(models.TextChoices):
    """What guidance is about: the worker, the activity, or one's place in the shared enterprise."""

    SOCIAL = "social"
    ECONOMIC = "economic"
    COOPERATIVE = "cooperative"


class Kind(models.TextChoices):
    """How one is guided: for long, in one talk, in a short talk before one chooses, or as two peers."""

    SPONSORSHIP = "sponsorship"
    ADVICE = "advice"
    TASTER = "taster"
    PEER = "peer"


class MentorshipRequest(models.Model):
    """A mentee asks a mentor. At most one is pending between the same two people.

    Requests of the same wish hang on the first of them: who accepts first settles it, and it goes on to the next choices.
    """

    class Status(models.TextChoices):
        PENDING = "pending"
        ACCEPTED = "accepted"
        DECLINED = "declined"
        WITHDRAWN = "withdrawn"
        EXPIRED = "expired"

    class WhyWithdrawn(models.TextChoices):
        SETTLED = "settled"
        LEFT = "left"

    class DeclineReason(models.TextChoices):
        NO_TIME = "no_time"
        NOT_MY_FIELD = "not_my_field"
        BETTER_GUIDE = "better_guide"
        OTHER = "other"

    mentee = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="requests_made")
    mentor = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="requests_received")
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.SPONSORSHIP)
    track = models.CharField(max_length=12, choices=Track)
    wish = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="others", help_text="The first of the same wish."
    )
    collective = models.ForeignKey(
        Collective, models.SET_NULL, null=True, blank=True, related_name="+", help_text="For whom the mentee asks."
    )
    by_collective = models.ForeignKey(
        Collective, models.SET_NULL, null=True, blank=True, related_name="+", help_text="That would guide as a whole."
    )
    wishes = models.ManyToManyField(Skill, blank=True, related_name="+")
    message = models.TextField(max_length=2000)
    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING)
    why_withdrawn = models.CharField(
        max_length=8, choices=WhyWithdrawn, blank=True, help_text="Empty when the mentee took it back."
    )
    decline_reason = models.CharField(max_length=16, choices=DeclineReason, blank=True)
    answer = models.TextField(max_length=1000, blank=True)
    created_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True, help_text="When it stopped waiting, however it did.")

    class Meta:
        indexes = [
            models.Index(fields=["mentor", "status", "-id"], name="request_for_mentor"),
            models.Index(fields=["mentee", "status", "-id"], name="request_of_mentee"),
            models.Index(fields=["created_at"], condition=Q(status="pending"), name="request_waits_since"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["mentee", "mentor"], condition=Q(status="pending"), name="one_request_waits_between_two_people"
            ),
            models.CheckConstraint(condition=~Q(mentee=models.F("mentor")), name="nobody_asks_themselves"),
        ]


class NextChoice(models.Model):
    """Whom a wish goes on to when nobody before answers yes: the member has allowed it by naming them, in this order."""

    class Outcome(models.TextChoices):
        ASKED = "asked"
        IMPOSSIBLE = "impossible"

    first = models.ForeignKey(MentorshipRequest, models.CASCADE, related_name="next_choices")
    mentor = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    rank = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True, help_text="Empty while it is still to come.")

    class Meta:
        ordering = ["rank"]
        constraints = [
            models.UniqueConstraint(fields=["first", "mentor"], name="a_guide_is_one_choice_of_a_wish"),
            models.UniqueConstraint(fields=["first", "rank"], name="a_rank_is_given_once_in_a_wish"),
        ]
