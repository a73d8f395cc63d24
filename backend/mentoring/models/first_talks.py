"""The first of two stages of a cohort: short talks with a few people each, and how gladly everyone would go on."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from backend.members.models import Member
from backend.mentoring.models.mentorships import Mentorship
from backend.mentoring.models.programmes import Programme
from backend.mentoring.models.requests import Kind, MentorshipRequest


class TalkRound(models.Model):
    """A programme proposes short talks; when it is over, what people said of them counts in the pairs that are worked out."""

    class State(models.TextChoices):
        ARRANGING = "arranging"
        TALKING = "talking"
        OVER = "over"

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="talk_rounds")
    state = models.CharField(max_length=9, choices=State, default=State.ARRANGING)
    seed = models.BigIntegerField(
        help_text="Settles ties; drawn when the round is asked for, before anything is known."
    )
    until = models.DateField(help_text="By when people are asked to talk, and to say how it was.")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField()
    began_at = models.DateTimeField(null=True, blank=True, help_text="When the talks were proposed.")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["programme"], condition=~Q(state="over"), name="a_programme_has_one_round_of_talks_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"Talks of {self.programme_id} until {self.until}"


class FirstTalkQuerySet(models.QuerySet["FirstTalk"]):
    def of(self, member: Member) -> "FirstTalkQuerySet":
        """Those in which this member is one of the two, under way: nobody else sees one."""
        return self.filter(Q(mentee=member) | Q(mentor=member), round__state=TalkRound.State.TALKING)

    def with_steps(self) -> "FirstTalkQuerySet":
        """Each says whether the talk was asked for (`was_asked`), and whether the other one said yes (`was_granted`)."""
        since = {
            "track": OuterRef("round__programme__track"),
            "mentee": OuterRef("mentee"),
            "mentor": OuterRef("mentor"),
        }
        asked = MentorshipRequest.objects.filter(**since, created_at__gte=OuterRef("round__began_at"))
        granted = Mentorship.objects.filter(**since, started_at__gte=OuterRef("round__began_at"))
        return self.annotate(was_asked=Exists(asked.filter(kind=Kind.TASTER)), was_granted=Exists(granted))


class FirstTalk(models.Model):
    """Two people who are to talk before anybody is paired, and how gladly each would go on. Neither reads the other's word."""

    class Word(models.IntegerChoices):
        """How gladly one would go on with the other."""

        RATHER_NOT = 1
        PERHAPS = 2
        GLADLY = 3
        VERY_GLADLY = 4

    round = models.ForeignKey(TalkRound, models.CASCADE, related_name="talks")
    mentee = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    mentor = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    mentee_word = models.PositiveSmallIntegerField(choices=Word, null=True, blank=True)
    mentor_word = models.PositiveSmallIntegerField(choices=Word, null=True, blank=True)

    objects: ClassVar[FirstTalkQuerySet] = FirstTalkQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "mentee", "mentor"], name="two_people_have_one_talk_in_a_round"),
            models.CheckConstraint(
                condition=(Q(mentee_word=None) | Q(mentee_word__range=(1, 4)))
                & (Q(mentor_word=None) | Q(mentor_word__range=(1, 4))),
                name="a_word_about_a_talk_is_1_to_4",
            ),
        ]
