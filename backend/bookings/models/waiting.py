"""Who waits for something that is taken."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from backend.bookings.models.bookings import Booking
from backend.bookings.models.resources import Resource
from backend.collectives.models import Collective


class Wait(models.Model):
    """A member waits for a resource in a window. When it frees, the first in line is offered a booking that holds it for a while."""

    class Status(models.TextChoices):
        WAITING = "waiting"
        OFFERED = "offered"
        BOOKED = "booked"
        WITHDRAWN = "withdrawn"
        EXPIRED = "expired"

    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="booking_waits")
    collective = models.ForeignKey(Collective, models.CASCADE, null=True, blank=True, related_name="booking_waits")
    resource = models.ForeignKey(Resource, models.CASCADE, related_name="waits")
    quantity = models.PositiveSmallIntegerField(default=1)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    title = models.CharField(max_length=120, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    offer = models.OneToOneField(Booking, models.SET_NULL, null=True, blank=True, related_name="wait")
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["resource", "created_at"], condition=Q(status="waiting"), name="waiting_in_line"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="a_wait_ends_after_it_starts"),
            models.UniqueConstraint(
                fields=["member", "resource", "starts_at", "ends_at"],
                condition=Q(status__in=["waiting", "offered"]),
                name="nobody_waits_twice_for_one_window",
            ),
        ]
