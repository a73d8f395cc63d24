"""Using what was booked: taken and returned, in which condition, and what broke."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from backend.bookings.models.blackouts import Blackout
from backend.bookings.models.bookings import Booking
from backend.bookings.models.resources import Resource, Unit


class Handover(models.Model):
    """So many units of one resource (a unit of a pool, a part of a kit) are with who booked them, from `taken_at` to `returned_at`."""

    booking = models.ForeignKey(Booking, models.CASCADE, related_name="handovers")
    resource = models.ForeignKey(Resource, models.PROTECT, related_name="handovers")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="handovers")
    quantity = models.PositiveSmallIntegerField(default=1)
    taken_at = models.DateTimeField()
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    returned_at = models.DateTimeField(null=True, blank=True)
    returned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["resource"], condition=Q(returned_at__isnull=True), name="handover_still_out")]
        constraints = [
            models.UniqueConstraint(
                fields=["unit"], condition=Q(returned_at__isnull=True), name="a_unit_is_with_one_booking_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(returned_at__isnull=True) | Q(returned_at__gte=F("taken_at")),
                name="what_is_returned_was_taken_before",
            ),
        ]


class ConditionReport(models.Model):
    """How something was when it was taken, or when it came back."""

    class Moment(models.TextChoices):
        TAKEN = "taken"
        RETURNED = "returned"

    class State(models.TextChoices):
        FINE = "fine"
        WORN = "worn"
        DAMAGED = "damaged"

    handover = models.ForeignKey(Handover, models.CASCADE, related_name="reports")
    moment = models.CharField(max_length=8, choices=Moment)
    state = models.CharField(max_length=8, choices=State, default=State.FINE)
    words = models.TextField(max_length=1000, blank=True)
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    reported_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["handover", "moment"], name="a_handover_has_one_report_each_way"),
        ]


class ConditionPhoto(models.Model):
    report = models.ForeignKey(ConditionReport, models.CASCADE, related_name="photos")
    image = models.ImageField(upload_to="conditions")


class Damage(models.Model):
    """Something is broken; while it is in repair a blackout keeps it from being booked."""

    class Status(models.TextChoices):
        OPEN = "open"
        IN_REPAIR = "in_repair"
        FIXED = "fixed"
        DISMISSED = "dismissed"

    resource = models.ForeignKey(Resource, models.CASCADE, related_name="damages")
    unit = models.ForeignKey(Unit, models.SET_NULL, null=True, blank=True, related_name="damages")
    report = models.ForeignKey(ConditionReport, models.SET_NULL, null=True, blank=True, related_name="damages")
    words = models.TextField(max_length=1000)
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    blackout = models.OneToOneField(Blackout, models.SET_NULL, null=True, blank=True, related_name="damage")
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    reported_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
