"""Asking a whole organisation, or the federation: what people recommend, the themes that come of it, and how far it has come."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from backend.collectives.models import Collective
from backend.conversations.models import Room, Topic
from backend.members.models import Member, MemberQuerySet, Organisation


class ConsultationQuerySet(models.QuerySet["Consultation"]):
    def concerning(self, member: Member) -> "ConsultationQuerySet":
        """Those of the federation and of the member's own organisation; to everyone else they do not exist."""
        if not member.is_active or member.organisation_id is None:
            return self.none()
        return self.filter(Q(organisation=None) | Q(organisation=member.organisation_id))


class Consultation(models.Model):
    """Everyone in an organisation, or in all of them, is asked: they recommend, others group it, all talk about it and vote."""

    class State(models.TextChoices):
        COLLECTING = "collecting"
        GROUPING = "grouping"
        DISCUSSION = "discussion"
        VOTING = "voting"
        CLOSED = "closed"
        CONCLUDED = "concluded"
        WITHDRAWN = "withdrawn"

    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="consultations",
        help_text="None: all of them.",
    )
    title = models.CharField(max_length=110)
    text = models.TextField(max_length=10_000, blank=True, help_text="Markdown.")
    state = models.CharField(max_length=10, choices=State)
    collects_until = models.DateTimeField(null=True, blank=True, help_text="None: nothing was collected.")
    room = models.OneToOneField(Room, models.PROTECT, related_name="consultation")
    facilitators = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="consultations_facilitated")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()

    objects = ConsultationQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["collects_until"], condition=Q(state="collecting"), name="collecting_that_will_end"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="collecting") | Q(collects_until__isnull=False), name="collecting_has_an_end"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def people(self) -> MemberQuerySet:
        """Everyone whom it concerns, as of now: they read it, and who is there when the vote begins may vote."""
        present: MemberQuerySet = Member.objects.present()
        if self.organisation_id is None:
            return present.filter(organisation__isnull=False)
        return present.filter(organisation=self.organisation_id)


class Theme(models.Model):
    """What several recommendations are about, in the words of the facilitators; in the vote it is an option."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="themes")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=110)
    summary = models.TextField(max_length=4000, blank=True, help_text="Markdown.")
    topic = models.OneToOneField(Topic, models.PROTECT, null=True, blank=True, related_name="theme")

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["consultation", "position"], name="themes_stand_in_order"),
            models.UniqueConstraint(fields=["consultation", "title"], name="a_theme_has_a_title_of_its_own"),
        ]

    def __str__(self) -> str:
        return self.title


class Recommendation(models.Model):
    """What somebody recommends, alone or for a local group. It is put into a theme, or left out with a reason that all can read."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="recommendations")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="recommendations")
    collective = models.ForeignKey(
        Collective, models.SET_NULL, null=True, blank=True, related_name="recommendations", help_text="For whom."
    )
    for_group = models.BooleanField(default=False, help_text="Said for a local group, also where that is gone.")
    language = models.CharField(max_length=3)
    text = models.TextField(max_length=2000)
    created_at = models.DateTimeField()
    theme = models.ForeignKey(Theme, models.PROTECT, null=True, blank=True, related_name="recommendations")
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged")
    left_out_because = models.CharField(max_length=600, blank=True)

    class Meta:
        indexes = [models.Index(fields=["consultation", "-id"], name="recommended_newest_first")]
        constraints = [
            models.CheckConstraint(
                condition=Q(left_out_because="") | Q(theme__isnull=True, merged_into__isnull=True),
                name="what_is_left_out_has_no_theme",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80]


class Support(models.Model):
    """Somebody wants the same; counted, and told to nobody."""

    recommendation = models.ForeignKey(Recommendation, models.CASCADE, related_name="supports")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recommendation", "member"], name="a_member_supports_something_once")
        ]
