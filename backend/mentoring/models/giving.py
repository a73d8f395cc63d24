"""What somebody gives others by guiding: in their own words, and confirmed on paper when they ask."""

from django.conf import settings
from django.db import models


class Giving(models.Model):
    """What a member says about giving and receiving. Others see nothing of it unless the member shows it."""

    member = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="giving")
    is_shown = models.BooleanField(default=False, help_text="Others who may see the member see it on their page.")
    passes_on = models.TextField(max_length=600, blank=True, help_text="What I pass on, in my own words.")


class Certificate(models.Model):
    """That somebody guided others, as it was on the day when they asked for it. Whoever knows its number can read it."""

    number = models.CharField(max_length=14, unique=True, help_text="Drawn at random, to be read out and typed.")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="certificates")
    name = models.CharField(max_length=80)
    organisation = models.CharField(max_length=120)
    since = models.DateField()
    until = models.DateField()
    people = models.PositiveIntegerField(help_text="Whom the member guided.")
    talks = models.PositiveIntegerField()
    minutes = models.PositiveIntegerField()
    tracks = models.JSONField(default=list)
    issued_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
