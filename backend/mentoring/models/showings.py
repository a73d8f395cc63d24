"""Who was suggested to whom, and whom a member does not want suggested."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from backend.members.models import Member


class Dismissal(models.Model):
    """A member does not want this person suggested: only they are told, and they can take it back."""

    class Reason(models.TextChoices):
        OTHER_NEEDS = "other_needs"
        KNOWN_ALREADY = "known_already"
        WORKS_DIFFERENTLY = "works_differently"
        NO_TIME_IN_COMMON = "no_time_in_common"
        OTHER = "other"

    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="dismissals")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    reason = models.CharField(max_length=20, choices=Reason)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "person"], name="somebody_is_dismissed_once"),
            models.CheckConstraint(condition=~Q(member=models.F("person")), name="nobody_dismisses_themselves"),
        ]

    @classmethod
    def between(cls, member: Member) -> frozenset[int]:
        """Those whom this member does not want suggested and those who do not want this member suggested."""
        pairs = cls.objects.filter(Q(member=member.pk) | Q(person=member.pk)).values_list("member", "person")
        return frozenset(pk for pair in pairs for pk in pair) - {member.pk}


class Showing(models.Model):
    """A guide was suggested to a member on a day, and with which chance: certain, or drawn for one of the last places.

    Without the chances, what people choose would only confirm the ranking that they were shown.
    """

    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    day = models.DateField(db_index=True)
    place = models.PositiveSmallIntegerField(help_text="In the list, from 1.")
    chance = models.FloatField(help_text="Of being shown, 1 for the best.")
    points = models.JSONField(default=dict, help_text="What each part of the score gave, by its name.")
    weights = models.CharField(max_length=40, blank=True, help_text="Version of the weights behind the points.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "person", "day"], name="somebody_is_shown_once_a_day"),
            models.CheckConstraint(condition=Q(chance__gt=0, chance__lte=1), name="a_chance_is_up_to_1"),
        ]
