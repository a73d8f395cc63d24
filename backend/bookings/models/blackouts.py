"""Times in which something cannot be booked: closed, in repair, kept back."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from backend.bookings.models.places import Place
from backend.bookings.models.resources import Resource


class Blackout(models.Model):
    """A host takes a resource, some of its units, or all of a place out of use for a time. It holds allocations as a booking does."""

    class Reason(models.TextChoices):
        CLOSED = "closed"
        REPAIR = "repair"
        MAINTENANCE = "maintenance"
        EVENT = "event"

    place = models.ForeignKey(Place, models.CASCADE, null=True, blank=True, related_name="blackouts")
    resource = models.ForeignKey(Resource, models.CASCADE, null=True, blank=True, related_name="blackouts")
    quantity = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Units of a pool; empty: all of them.")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.CharField(max_length=12, choices=Reason)
    note = models.CharField(max_length=400, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="a_blackout_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(place__isnull=True, resource__isnull=False)
                | Q(place__isnull=False, resource__isnull=True, quantity__isnull=True),
                name="a_blackout_is_of_a_place_or_a_resource",
            ),
        ]
