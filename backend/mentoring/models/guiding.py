"""What a member or a collective offers as a guide, and the steps by which one becomes one."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from backend.collectives.models import Collective

TALKS_MAX, SEATS_MAX = 20, 40


class Guiding(models.Model):
    """What a guide offers beside long guidance, whose places and pause stand with the member. Without a row: the defaults."""

    class Role(models.TextChoices):
        MEMBER = "member"
        ADVISER = "adviser"

    member = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="guiding")
    role = models.CharField(
        max_length=8,
        choices=Role,
        default=Role.MEMBER,
        help_text="An adviser is employed for this; the office says so.",
    )
    talks_a_month = models.PositiveSmallIntegerField(default=2, help_text="Single talks that the guide takes on.")
    circle_seats = models.PositiveSmallIntegerField(default=0, help_text="People in peer circles that the guide leads.")
    peers = models.BooleanField(default=True, help_text="May be asked to be one of two peers.")
    can_help = models.TextField(max_length=600, blank=True)
    cannot_help = models.TextField(max_length=600, blank=True)
    paused_until = models.DateTimeField(null=True, blank=True, help_text="When the pause ends by itself.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(talks_a_month__lte=TALKS_MAX), name="a_guide_takes_on_at_most_20_talks_a_month"
            ),
            models.CheckConstraint(condition=Q(circle_seats__lte=SEATS_MAX), name="circles_have_at_most_40_seats"),
        ]

    def __str__(self) -> str:
        return f"Guiding of {self.member_id}"


class CollectiveGuiding(models.Model):
    """A collective guides as a whole: whoever it guides has a room with all of its members."""

    collective = models.OneToOneField(Collective, models.CASCADE, primary_key=True, related_name="guiding")
    places = models.PositiveSmallIntegerField(default=0, help_text="People or collectives guided at once.")
    social = models.BooleanField(default=False)
    economic = models.BooleanField(default=False)
    cooperative = models.BooleanField(default=False)
    can_help = models.TextField(max_length=600, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(places__lte=20), name="a_collective_guides_at_most_20_at_once")
        ]

    @property
    def tracks(self) -> list[str]:
        offered = {"social": self.social, "economic": self.economic, "cooperative": self.cooperative}
        return [track for track, does in offered.items() if does]


class TrainingStep(models.Model):
    """One thing that a guide reads or does before the first talk; titles and texts by language, English always."""

    key = models.SlugField(max_length=40, unique=True)
    place = models.PositiveSmallIntegerField(default=0, help_text="The lowest comes first.")
    titles = models.JSONField(default=dict, help_text='By language: {"en": "…", "fr": "…"}.')
    texts = models.JSONField(default=dict, blank=True, help_text="What to read or to do, by language.")
    is_shown = models.BooleanField(default=True)

    class Meta:
        ordering = ["place", "id"]

    def __str__(self) -> str:
        return self.title_in("en")

    def title_in(self, language: str) -> str:
        return _in(self.titles, language)

    def text_in(self, language: str) -> str:
        return _in(self.texts, language)


class TrainingTick(models.Model):
    """A guide has done a step: their own word for it."""

    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="training")
    step = models.ForeignKey(TrainingStep, models.CASCADE, related_name="ticks")
    done_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "step"], name="a_step_is_ticked_once")]


def _in(words: dict[str, Any], language: str) -> str:
    return str(words.get(language) or words.get("en") or "")
