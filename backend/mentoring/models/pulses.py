"""How it goes, asked of each of the two now and then; and the help that somebody asks a coordinator for."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from backend.conversations.models import Room
from backend.members.models import Member
from backend.mentoring.models.mentorships import Mentorship
from backend.mentoring.models.programmes import Programme

WORST, BEST = 1, 5


class Pulse(models.Model):
    """Two questions to one of the two people of a mentorship, and their answers. Nobody else reads them, the other one neither."""

    class Occasion(models.TextChoices):
        FIRST_MONTH = "first_month"
        REGULAR = "regular"
        FIRST_SESSION = "first_session"
        CLOSING = "closing"

    class Need(models.TextChoices):
        """What would help most."""

        NOTHING = "nothing"
        TIME = "time"
        DIRECTION = "direction"
        UNDERSTANDING = "understanding"
        ANOTHER_GUIDE = "another_guide"

    mentorship = models.ForeignKey(Mentorship, models.CASCADE, related_name="pulses")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="pulses")
    occasion = models.CharField(max_length=13, choices=Occasion)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    going = models.PositiveSmallIntegerField(null=True, blank=True, help_text="From 1, badly, to 5, very well.")
    need = models.CharField(max_length=13, choices=Need, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["mentorship", "member"],
                condition=Q(answered_at__isnull=True),
                name="a_member_is_asked_one_thing_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["mentorship", "member", "occasion"],
                condition=~Q(occasion="regular"),
                name="only_regular_pulses_come_again",
            ),
            models.CheckConstraint(
                condition=Q(going__isnull=True) | Q(going__range=(WORST, BEST)), name="a_pulse_goes_from_1_to_5"
            ),
        ]

    @property
    def is_in_difficulty(self) -> bool:
        """Whether this answer is a reason to offer help."""
        hard = (self.Need.UNDERSTANDING, self.Need.ANOTHER_GUIDE)
        return self.going is not None and (self.going <= 2 or self.need in hard)


class HelpCallQuerySet(models.QuerySet["HelpCall"]):
    def running(self) -> "HelpCallQuerySet":
        return self.filter(state__in=[HelpCall.State.OPEN, HelpCall.State.TAKEN])

    def addressed_to(self, coordinator: Member) -> "HelpCallQuerySet":
        """Those that this person was chosen to read and may read still; nobody else does, whatever keys they hold.

        Who looks after no programme any more where the member is at home reads nothing: see also `calls.read_no_more`.
        """
        home = OuterRef("member__organisation")
        mine = Programme.objects.filter(coordinators=coordinator).exclude(state=Programme.State.DRAFT)
        still = mine.filter(Q(organisation=home) | Q(partners=home))
        chosen = self.exclude(state=HelpCall.State.WITHDRAWN).filter(coordinators=coordinator)
        return chosen.filter(Exists(still))


class HelpCall(models.Model):
    """A member of a mentorship wants to talk to a coordinator, who sees what the member chose to share and nothing more."""

    class State(models.TextChoices):
        OPEN = "open"
        TAKEN = "taken"
        SETTLED = "settled"
        WITHDRAWN = "withdrawn"

    mentorship = models.ForeignKey(Mentorship, models.CASCADE, related_name="help_calls")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="help_calls")
    pulse = models.ForeignKey(Pulse, models.SET_NULL, null=True, blank=True, related_name="+")
    words = models.TextField(max_length=1000, blank=True)
    shares_answers = models.BooleanField(default=False)
    shares_partner = models.BooleanField(default=False, help_text="Also with whom it is difficult.")
    coordinators = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", help_text="Who may read it.")
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    called_at = models.DateTimeField()
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    room = models.ForeignKey(
        Room, models.SET_NULL, null=True, blank=True, related_name="+", help_text="Of the two, once it is taken."
    )
    taken_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager["HelpCall"]] = HelpCallQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["mentorship", "member"],
                condition=Q(state__in=["open", "taken"]),
                name="a_member_calls_for_help_once_at_a_time",
            ),
        ]
