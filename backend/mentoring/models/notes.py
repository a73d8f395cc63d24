"""What the two write down: for both, or each for themselves."""

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from backend.mentoring.models.mentorships import Mentorship
from backend.mentoring.models.sessions import MentorshipSession

if TYPE_CHECKING:
    from backend.members.models import Member


class NoteQuerySet(models.QuerySet["Note"]):
    def readable_by(self, member: "Member") -> "NoteQuerySet":
        """Shared notes of the two, and one's own. No role opens more: neither staff nor coordinators read any."""
        theirs = Mentorship.objects.of(member)
        return self.filter(Q(author=member) | Q(is_private=False), mentorship__in=theirs)


class Note(models.Model):
    """A note of a mentorship. A private one is read by its author alone, whoever else asks; there is no way in by the admin."""

    mentorship = models.ForeignKey(Mentorship, models.CASCADE, related_name="notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    session = models.ForeignKey(MentorshipSession, models.SET_NULL, null=True, blank=True, related_name="notes")
    is_private = models.BooleanField()
    text = models.TextField(max_length=4000)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects: ClassVar[NoteQuerySet] = NoteQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [models.Index(fields=["mentorship", "-id"], name="note_of_mentorship")]


class MentorshipTask(models.Model):
    """Something that one of the two will do until the next session."""

    mentorship = models.ForeignKey(Mentorship, models.CASCADE, related_name="tasks")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", help_text="Who does it.")
    text = models.CharField(max_length=300)
    due_on = models.DateField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
