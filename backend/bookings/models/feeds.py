"""Calendars that other programs read."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q

from backend.bookings.models.resources import Resource
from backend.collectives.models import Collective


def new_token() -> str:
    """256 bits, safe in an address."""
    return secrets.token_urlsafe(32)


class Feed(models.Model):
    """The secret address of a calendar: a member's own, or as they may see a collective's or a resource's."""

    token = models.CharField(max_length=43, unique=True, default=new_token)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="feeds")
    collective = models.ForeignKey(Collective, models.CASCADE, null=True, blank=True, related_name="feeds")
    resource = models.ForeignKey(Resource, models.CASCADE, null=True, blank=True, related_name="feeds")
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(collective__isnull=True) | Q(resource__isnull=True), name="a_feed_is_about_one_thing"
            ),
        ]
