"""Work collectives: members who work together, their roles, and the room they share."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from backend.conversations.models import Room
from backend.members.models import Member, Organisation


class CollectiveQuerySet(models.QuerySet["Collective"]):
    def visible_to(self, viewer: Member) -> "CollectiveQuerySet":
        """Listed collectives, and those in which the viewer is or was invited to be."""
        involved = CollectiveMembership.objects.filter(member=viewer).exclude(state=CollectiveMembership.State.LEFT)
        return self.filter(Q(is_listed=True) | Q(pk__in=involved.values("collective")))

    def of(self, member: Member) -> "CollectiveQuerySet":
        """Collectives in which this person is a full member now."""
        return self.filter(memberships__member=member, memberships__state=CollectiveMembership.State.MEMBER)


class Collective(models.Model):
    name = models.CharField(max_length=80)
    purpose = models.TextField(max_length=600, blank=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="collectives")
    country = models.CharField(max_length=2)
    city = models.CharField(max_length=80, blank=True)
    is_listed = models.BooleanField(default=True, help_text="People outside can see that it exists.")
    room = models.OneToOneField(Room, models.PROTECT, related_name="collective")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[CollectiveQuerySet] = CollectiveQuerySet.as_manager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return self.name


class CollectiveMembership(models.Model):
    class State(models.TextChoices):
        INVITED = "invited"
        APPLIED = "applied"
        MEMBER = "member"
        ON_LEAVE = "on_leave"
        LEFT = "left"

    class Role(models.TextChoices):
        STEWARD = "steward"
        MEMBER = "member"
        GUEST = "guest"

    collective = models.ForeignKey(Collective, models.CASCADE, related_name="memberships")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="collective_memberships")
    state = models.CharField(max_length=10, choices=State)
    role = models.CharField(max_length=10, choices=Role, default=Role.MEMBER)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    invited_at = models.DateTimeField(null=True, blank=True)
    joined_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    words = models.CharField(max_length=600, blank=True, help_text="What somebody says who would like to join.")
    steward_until = models.DateField(null=True, blank=True, help_text="Last day as a steward; none: until relieved.")
    agreed_to = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Number of the agreement accepted.")
    agreed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["collective", "member"], name="a_member_is_in_a_collective_once"),
            models.CheckConstraint(
                condition=Q(steward_until__isnull=True) | Q(role="steward"), name="only_stewards_have_a_last_day"
            ),
        ]


class Agreement(models.Model):
    """What people accept when they join, and again when it changes: every text stays, the newest counts."""

    collective = models.ForeignKey(Collective, models.CASCADE, related_name="agreements")
    number = models.PositiveSmallIntegerField()
    text = models.TextField(max_length=20_000, help_text="Markdown.")
    in_force_from = models.DateTimeField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    decision = models.BigIntegerField(null=True, blank=True, help_text="The proposal by which it was decided.")

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["collective", "number"], name="agreements_are_numbered")]

    def __str__(self) -> str:
        return f"{self.collective} {self.number}"


class Note(models.Model):
    """Something a collective writes down together: `version` is that of the text that counts now."""

    collective = models.ForeignKey(Collective, models.CASCADE, related_name="notes")
    title = models.CharField(max_length=110)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["title", "pk"]

    def __str__(self) -> str:
        return self.title


class NoteText(models.Model):
    """What a note said, in one version of it; every version stays."""

    note = models.ForeignKey(Note, models.CASCADE, related_name="texts")
    version = models.PositiveIntegerField()
    text = models.TextField(blank=True, help_text="Markdown.")
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["-version"]
        constraints = [models.UniqueConstraint(fields=["note", "version"], name="a_note_has_each_version_once")]
