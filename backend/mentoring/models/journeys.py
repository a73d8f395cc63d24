"""The road of each track: steps with what to ask, what to read, and when to talk. Words by language, as data."""

from collections.abc import Mapping
from typing import TypeVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language

from backend.mentoring.models.mentorships import Mentorship
from backend.mentoring.models.requests import Track

LANGUAGES = ("en", "fr", "nl", "de")
T = TypeVar("T")


def in_language(words: Mapping[str, T], language: str) -> T | None:
    """What is said in this language; in English, or in whatever there is, where nothing is."""
    return words.get(language) or words.get("en") or next(iter(words.values()), None)


def reader_language() -> str:
    return (get_language() or "en")[:2]


class Journey(models.Model):
    """The road of one track."""

    track = models.CharField(max_length=12, choices=Track, unique=True)
    names = models.JSONField(default=dict, help_text="By language.")
    leads = models.JSONField(default=dict, help_text="What it is for, in a sentence, by language.")
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    def __str__(self) -> str:
        return str(self.names.get("en") or self.track)

    def name_in(self) -> str:
        """In the language of who asks."""
        return in_language(self.names, reader_language()) or ""


class JourneyStep(models.Model):
    """A step: what it is about, what the two may ask, what there is to read, and in which week to talk about it."""

    journey = models.ForeignKey(Journey, models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    week = models.PositiveSmallIntegerField(help_text="When to talk about it, in weeks from the start.")
    names = models.JSONField(default=dict, help_text="By language.")
    abouts = models.JSONField(default=dict, blank=True, help_text="By language.")
    questions = models.JSONField(default=dict, blank=True, help_text="Lists of questions by language.")
    readings = models.JSONField(default=dict, blank=True, help_text="Lists of {title, url} by language.")
    is_retired = models.BooleanField(default=False, help_text="No longer walked; who has done it keeps that.")

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(week__lte=104), name="a_step_is_walked_within_two_years"),
        ]

    def __str__(self) -> str:
        return str(self.names.get("en") or f"Step {self.pk}")


class JourneyMark(models.Model):
    """The two have walked this step."""

    mentorship = models.ForeignKey(Mentorship, models.CASCADE, related_name="marks")
    step = models.ForeignKey(JourneyStep, models.CASCADE, related_name="+")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    done_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mentorship", "step"], name="a_step_is_walked_once")]
