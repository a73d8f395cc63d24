"""What an organisation offers, the weights by which it matches, and what it demands of every run."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from backend.members.models import Organisation
from backend.mentoring.models.requests import Track


class Programme(models.Model):
    """Guidance that an organisation offers: its track, who looks after it, who may join, and how people are matched in it."""

    class State(models.TextChoices):
        DRAFT = "draft"
        OPEN = "open"
        RUNNING = "running"
        CLOSED = "closed"

    class Takes(models.TextChoices):
        """Whom a run looks at: everyone who looks for a guide, or those who joined."""

        EVERYONE = "everyone"
        JOINED = "joined"

    class Decides(models.TextChoices):
        """What makes pairs: points, in which wishes count, or nothing but whom those who joined would like, in their order."""

        POINTS = "points"
        RANKINGS = "rankings"

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="programmes")
    partners = models.ManyToManyField(
        Organisation, blank=True, related_name="programmes_shared", help_text="Whose members take part as well."
    )
    name = models.CharField(max_length=80)
    track = models.CharField(max_length=12, choices=Track)
    coordinators = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="programmes_coordinated")
    weights = models.JSONField(default=dict, blank=True, help_text="Points that differ from the defaults, by name.")
    weights_version = models.PositiveIntegerField(default=1, help_text="One more with each change of the weights.")
    floor = models.PositiveSmallIntegerField(default=100, help_text="Nobody is paired below this many points (0–1000).")
    state = models.CharField(max_length=7, choices=State, default=State.OPEN)
    takes = models.CharField(max_length=8, choices=Takes, default=Takes.EVERYONE)
    decides = models.CharField(max_length=8, choices=Decides, default=Decides.POINTS)
    about = models.TextField(max_length=1000, blank=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    questions = models.JSONField(default=list, blank=True, help_text="Asked of whoever joins, in this order.")
    most_wishes = models.PositiveSmallIntegerField(default=5)
    most_people = models.PositiveIntegerField(null=True, blank=True, help_text="Who look for a guide; empty: no limit.")
    words_on_joining = models.TextField(max_length=1000, blank=True)
    words_with_guide = models.TextField(
        max_length=1000,
        blank=True,
        help_text="To whom a guide is proposed; {name}, {guide} and {programme} are filled in.",
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "name"], name="a_programme_has_a_name_of_its_own"),
            models.CheckConstraint(condition=Q(floor__lte=1000), name="a_floor_is_at_most_1000_points"),
            models.CheckConstraint(condition=Q(most_wishes__range=(1, 5)), name="a_programme_takes_1_to_5_wishes"),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(starts_on__lte=models.F("ends_on")),
                name="a_programme_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def looks_at_everyone(self) -> bool:
        """Whether a run looks at people who have not joined; rankings are handed in by those who have."""
        return self.takes == self.Takes.EVERYONE and self.decides == self.Decides.POINTS


class WeightsVersion(models.Model):
    """The weights of a programme as they were from a moment on. Written once, never changed: results name their version."""

    class Source(models.TextChoices):
        GIVEN = "given"
        EDITED = "edited"
        ESTIMATED = "estimated"

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    points = models.JSONField(default=dict, help_text="What differs from the defaults, by name.")
    source = models.CharField(max_length=9, choices=Source)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="weights_have_a_number_of_their_own"),
        ]


class WeightsProposal(models.Model):
    """Weights that what members chose speaks for, with the evidence. They count for nothing until a coordinator says so."""

    class State(models.TextChoices):
        OPEN = "open"
        APPROVED = "approved"
        REFUSED = "refused"
        OVERTAKEN = "overtaken"

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="proposals")
    number = models.PositiveIntegerField(help_text="Of the version that it would replace.")
    points = models.JSONField(help_text="By name.")
    evidence = models.JSONField(
        help_text="Lists learnt from and held out, and how well both weights foretold the latter."
    )
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    made_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["programme"], condition=Q(state="open"), name="a_programme_has_one_open_proposal"
            ),
        ]


class PlacePrice(models.Model):
    """What one more place with this guide would be worth to a programme, in points: how many people need exactly them."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="prices")
    mentor = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    points = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "mentor"], name="a_guide_has_one_price_per_programme")
        ]


class PairDemand(models.Model):
    """What a coordinator demands of every run: two people are kept together, or kept apart."""

    class Kind(models.TextChoices):
        KEPT = "kept"
        EXCLUDED = "excluded"

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="demands")
    mentee = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    mentor = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "mentee", "mentor"], name="one_demand_for_two_people"),
            models.CheckConstraint(condition=~Q(mentee=models.F("mentor")), name="a_demand_is_about_two_people"),
        ]
