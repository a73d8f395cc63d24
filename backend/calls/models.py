"""Calls for collaborators: what somebody looks for and offers, who answers, and what comes of it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from backend.collectives.models import Collective
from backend.conversations.models import Room
from backend.members.models import Member
from backend.skills.models import Skill

PEOPLE_MAX = 9


class CallQuerySet(models.QuerySet["Call"]):
    def visible_to(self, viewer: Member) -> "CallQuerySet":
        """Those whose author this viewer may meet; of a collective that goes on, and only where they may see that.

        Whoever was taken in keeps seeing what they were taken in for, though the collective hides.
        """
        taken = CallAnswer.objects.filter(member=viewer, state=CallAnswer.State.ACCEPTED)
        seen = Collective.objects.filter(closed_at=None).visible_to(viewer)
        return self.filter(
            Q(collective=None) | Q(collective__in=seen.values("pk")) | Q(pk__in=taken.values("call")),
            author__in=Member.objects.visible_to(viewer),
        )

    def led_by(self, member: Member) -> "CallQuerySet":
        """Those about whose answers this member decides: see `rules.may_lead`."""
        inside = Q(collective__memberships__member=member, collective__memberships__state="member")
        steers = inside & Q(collective__memberships__role="steward")
        votes = inside & ~Q(collective__memberships__role="guest")
        own = Q(author=member) & (Q(collective=None) | votes)
        return self.filter(pk__in=Call.objects.filter(own | steers).values("pk"))


class Call(models.Model):
    """People are looked for, by a member or by a collective, until a day: for what, when, where, in which languages, for what in return."""

    class State(models.TextChoices):
        OPEN = "open"
        FILLED = "filled"
        CLOSED = "closed"
        EXPIRED = "expired"

    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="calls")
    collective = models.ForeignKey(Collective, models.CASCADE, null=True, blank=True, related_name="calls")
    formed = models.ForeignKey(
        Collective,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Where those who came together are.",
    )
    title = models.CharField(max_length=100)
    text = models.TextField(max_length=3000)
    offer = models.TextField(max_length=600, blank=True, help_text="What is offered in return.")
    is_remote = models.BooleanField(default=True, help_text="It can be done from anywhere.")
    country = models.CharField(max_length=2, blank=True, help_text="Where it is done in place.")
    city = models.CharField(max_length=80, blank=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    open_until = models.DateField(help_text="The last day on which it can be answered, where its author lives.")
    closes_at = models.DateTimeField()
    state = models.CharField(max_length=7, choices=State, default=State.OPEN)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    suggested_at = models.DateTimeField(null=True, blank=True, help_text="When those whom it fits were told.")

    objects = CallQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["state", "-id"], name="calls_by_state"),
            models.Index(fields=["closes_at"], condition=Q(state="open"), name="calls_that_will_expire"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(starts_on__lte=F("ends_on")),
                name="work_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(is_remote=True) | ~Q(country=""), name="a_call_says_where_unless_it_is_anywhere"
            ),
            models.CheckConstraint(
                condition=Q(state="open", ended_at=None) | (~Q(state="open") & Q(ended_at__isnull=False)),
                name="a_call_that_is_not_open_has_ended",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class CallSkill(models.Model):
    """A skill that is looked for, at this level or a higher one (1–5, as with offers), and how many people with it."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="skills")
    skill = models.ForeignKey(Skill, models.PROTECT, related_name="calls")
    level = models.PositiveSmallIntegerField(default=1)
    people = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["call", "skill"], name="a_skill_is_called_for_once"),
            models.CheckConstraint(condition=Q(level__range=(1, 5)), name="a_called_level_is_1_to_5"),
            models.CheckConstraint(condition=Q(people__range=(1, PEOPLE_MAX)), name="a_call_has_1_to_9_seats_a_skill"),
        ]


class CallLanguage(models.Model):
    """A language (ISO 639) in which the work is done; any of them will do."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="languages")
    code = models.CharField(max_length=3)

    class Meta:
        ordering: ClassVar = ["code"]
        constraints = [models.UniqueConstraint(fields=["call", "code"], name="a_call_names_a_language_once")]


class CallCountry(models.Model):
    """A country from which people are looked for; none of them: from anywhere."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="countries")
    code = models.CharField(max_length=2)

    class Meta:
        ordering: ClassVar = ["code"]
        constraints = [models.UniqueConstraint(fields=["call", "code"], name="a_call_names_a_country_once")]


class CallAnswer(models.Model):
    """Somebody would come, for one of the skills; what becomes of it. Once accepted, both have a room."""

    class State(models.TextChoices):
        SENT = "sent"
        ACCEPTED = "accepted"
        DECLINED = "declined"
        WITHDRAWN = "withdrawn"
        LAPSED = "lapsed"

    call = models.ForeignKey(Call, models.CASCADE, related_name="answers")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="call_answers")
    skill = models.ForeignKey(Skill, models.PROTECT, related_name="+")
    message = models.TextField(max_length=2000)
    state = models.CharField(max_length=9, choices=State, default=State.SENT)
    room = models.ForeignKey(Room, models.SET_NULL, null=True, blank=True, related_name="+")
    sent_at = models.DateTimeField()
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints = [models.UniqueConstraint(fields=["call", "member"], name="a_call_is_answered_once")]


class CallChoice(models.Model):
    """Whether a member wants calls suggested to them; who said nothing does."""

    member = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="call_choice")
    is_suggested = models.BooleanField(default=True)
