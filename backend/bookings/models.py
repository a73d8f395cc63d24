"""Places, the resources in them, bookings, and the allocations that keep two bookings from holding one thing."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from backend.collectives.models import Collective
from backend.members.models import Organisation


class Place(models.Model):
    """Somewhere with an address and a clock: a workshop, a coworking house, a rehearsal hall."""

    name = models.CharField(max_length=120)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="places")
    description = models.TextField(max_length=1000, blank=True)
    address = models.CharField(max_length=160, blank=True)
    city = models.CharField(max_length=80)
    country = models.CharField(max_length=2)
    timezone = models.CharField(max_length=64)
    house_rules = models.TextField(max_length=1000, blank=True)
    photo = models.ImageField(upload_to="places", blank=True)
    is_active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name


class Resource(models.Model):
    """Something that can be booked: a workspace, a piece of equipment or material, at a place.

    `capacity` counts identical units (a pool when more than one). Lengths and buffers are minutes.
    """

    class Kind(models.TextChoices):
        WORKSPACE = "workspace"
        EQUIPMENT = "equipment"
        MATERIAL = "material"

    place = models.ForeignKey(Place, models.PROTECT, related_name="resources")
    kind = models.CharField(max_length=10, choices=Kind)
    name = models.CharField(max_length=120)
    description = models.TextField(max_length=1000, blank=True)
    accessibility = models.TextField(max_length=400, blank=True)
    photo = models.ImageField(upload_to="resources", blank=True)
    seats = models.PositiveSmallIntegerField(null=True, blank=True, help_text="People who fit; empty when it has no seats.")
    capacity = models.PositiveSmallIntegerField(default=1)
    opens_minute = models.PositiveSmallIntegerField(default=0, help_text="On the place's clock, every day.")
    closes_minute = models.PositiveSmallIntegerField(default=24 * 60)
    step_minutes = models.PositiveSmallIntegerField(default=30)
    min_minutes = models.PositiveIntegerField(default=30)
    max_minutes = models.PositiveIntegerField(default=24 * 60)
    lead_minutes = models.PositiveIntegerField(default=0, help_text="How long before its start a booking must be made.")
    ahead_days = models.PositiveSmallIntegerField(default=180, help_text="How far ahead a booking may start.")
    buffer_before_minutes = models.PositiveSmallIntegerField(default=0)
    buffer_after_minutes = models.PositiveSmallIntegerField(default=0)
    cancel_notice_minutes = models.PositiveIntegerField(default=0)
    own_organisation_only = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)

    class Meta:
        indexes = [models.Index(fields=["kind", "id"], name="resource_by_kind")]
        constraints = [
            models.CheckConstraint(condition=Q(capacity__gte=1), name="a_resource_has_at_least_one_unit"),
            models.CheckConstraint(
                condition=Q(opens_minute__lt=F("closes_minute"), closes_minute__lte=24 * 60),
                name="a_resource_closes_after_it_opens",
            ),
            models.CheckConstraint(
                condition=Q(min_minutes__gte=1, step_minutes__gte=5, min_minutes__lte=F("max_minutes")),
                name="booking_lengths_are_possible",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_exclusive(self) -> bool:
        """Only one booking at a time: the database itself refuses a second one."""
        return self.capacity == 1


class Booking(models.Model):
    """A wish that was granted: who holds which resources, from when until when (UTC, half-open)."""

    class Status(models.TextChoices):
        CONFIRMED = "confirmed"
        CANCELLED = "cancelled"

    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="bookings")
    collective = models.ForeignKey(Collective, models.PROTECT, null=True, blank=True, related_name="bookings")
    title = models.CharField(max_length=120, blank=True)
    note = models.TextField(max_length=1000, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    status = models.CharField(max_length=10, choices=Status, default=Status.CONFIRMED)
    idempotency_key = models.UUIDField(null=True, blank=True)
    created_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["member", "-starts_at"], name="booking_of_member"),
            models.Index(fields=["collective", "-starts_at"], name="booking_of_collective"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="a_booking_ends_after_it_starts"),
            models.UniqueConstraint(fields=["member", "idempotency_key"], name="a_booking_wish_is_granted_once"),
        ]


class Allocation(models.Model):
    """What holds a resource: UTC, half-open, buffers included. The database refuses two active exclusive rows that overlap."""

    booking = models.ForeignKey(Booking, models.CASCADE, related_name="allocations")
    resource = models.ForeignKey(Resource, models.PROTECT, related_name="allocations", db_index=False)
    busy_from = models.DateTimeField()
    busy_until = models.DateTimeField()
    quantity = models.PositiveSmallIntegerField(default=1)
    active = models.BooleanField(default=True)
    exclusive = models.BooleanField(default=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["resource", "busy_until", "busy_from"], condition=Q(active=True), name="allocation_of_resource"
            ),
            models.Index(
                fields=["busy_until", "busy_from", "resource"], condition=Q(active=True), name="allocation_in_window"
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(busy_from__lt=F("busy_until")), name="an_allocation_ends_after_it_starts"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="an_allocation_holds_at_least_one_unit"),
        ]
