"""Places, the resources in them, bookings, and the allocations that keep two bookings from holding one thing."""

import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Q

from backend.bookings.times import known_zone
from backend.collectives.models import Collective
from backend.members.models import Member, Organisation

# Allocations longer than this are marked, so that a window of time is found in the index without reading what ended long after it.
SHORT = dt.timedelta(hours=24)


class PlaceQuerySet(models.QuerySet["Place"]):
    def shown(self) -> "PlaceQuerySet":
        """Places in use, with what a card of them needs."""
        things = Count("resources", filter=Q(resources__is_active=True))
        return self.filter(is_active=True).select_related("organisation").annotate(resources_count=things)


class Place(models.Model):
    """Somewhere with an address and a clock: a workshop, a coworking house, a rehearsal hall."""

    name = models.CharField(max_length=120)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="places")
    description = models.TextField(max_length=1000, blank=True)
    address = models.CharField(max_length=160, blank=True)
    city = models.CharField(max_length=80)
    country = models.CharField(max_length=2)
    timezone = models.CharField(max_length=64, validators=[known_zone])
    house_rules = models.TextField(max_length=1000, blank=True)
    photo = models.ImageField(upload_to="places", blank=True)
    is_active = models.BooleanField(default=True)

    objects: ClassVar[PlaceQuerySet] = PlaceQuerySet.as_manager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return self.name


class ResourceQuerySet(models.QuerySet["Resource"]):
    def shown(self) -> "ResourceQuerySet":
        """Resources in use at places in use, each with its place."""
        return self.filter(is_active=True, place__is_active=True).select_related("place")


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
    seats = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="People who fit; empty when it has no seats."
    )
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

    objects: ClassVar[ResourceQuerySet] = ResourceQuerySet.as_manager()  # type: ignore[assignment]

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

    def busy(self, starts_at: dt.datetime, ends_at: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
        """What a booking of this resource holds: its own time and the buffers around it."""
        before, after = (
            dt.timedelta(minutes=self.buffer_before_minutes),
            dt.timedelta(minutes=self.buffer_after_minutes),
        )
        return starts_at - before, ends_at + after


class BookingQuerySet(models.QuerySet["Booking"]):
    def visible_to(self, member: Member) -> "BookingQuerySet":
        """Bookings that this person made, and those of collectives in which they are now."""
        return self.filter(Q(member=member) | Q(collective__in=Collective.objects.of(member)))

    def going_to_occur(self, at: dt.datetime) -> "BookingQuerySet":
        return self.filter(status=Booking.Status.CONFIRMED, ends_at__gt=at)

    def behind(self, at: dt.datetime) -> "BookingQuerySet":
        """Over, or cancelled."""
        return self.exclude(status=Booking.Status.CONFIRMED, ends_at__gt=at)

    def told(self) -> "BookingQuerySet":
        """With everything that a card of a booking says."""
        return self.select_related("member", "collective").prefetch_related("allocations__resource__place")


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

    objects: ClassVar[BookingQuerySet] = BookingQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [
            models.Index(fields=["member", "-starts_at"], name="booking_of_member"),
            models.Index(fields=["collective", "-starts_at"], name="booking_of_collective"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="a_booking_ends_after_it_starts"),
            models.UniqueConstraint(fields=["member", "idempotency_key"], name="a_booking_wish_is_granted_once"),
        ]

    def __str__(self) -> str:
        return self.title or f"Booking {self.pk}"


class AllocationQuerySet(models.QuerySet["Allocation"]):
    def meeting(self, start: dt.datetime, end: dt.datetime) -> "AllocationQuerySet":
        """Active allocations that hold some of [start, end). For few resources; for many, ask `in_window` in two halves."""
        return self.filter(active=True, busy_until__gt=start, busy_from__lt=end)

    def in_window(self, start: dt.datetime, end: dt.datetime, *, is_long: bool) -> "AllocationQuerySet":
        """The long or the short half of `meeting`, for any number of resources.

        Short ones are bounded on both sides, so that the index is read only around the window; long ones are few and have an index
        of their own. Two queries, because one with OR between the halves reads all that ends later.
        """
        rows = self.meeting(start, end).filter(is_long=is_long)
        return rows if is_long else rows.filter(busy_until__lt=end + SHORT)


class Allocation(models.Model):
    """What holds a resource: UTC, half-open, buffers included. The database refuses two active exclusive rows that overlap.

    It also refuses more units at once than the resource has. Written by `actions.py` only.
    """

    booking = models.ForeignKey(Booking, models.CASCADE, related_name="allocations")
    resource = models.ForeignKey(Resource, models.PROTECT, related_name="allocations", db_index=False)
    busy_from = models.DateTimeField()
    busy_until = models.DateTimeField()
    quantity = models.PositiveSmallIntegerField(default=1)
    active = models.BooleanField(default=True)
    exclusive = models.BooleanField(default=True)
    is_long = models.BooleanField(default=False, help_text="Longer than a day, see SHORT.")

    objects: ClassVar[AllocationQuerySet] = AllocationQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [
            models.Index(
                fields=["resource", "busy_until", "busy_from"], condition=Q(active=True), name="allocation_of_resource"
            ),
            models.Index(
                fields=["busy_until", "busy_from", "resource"], condition=Q(active=True), name="allocation_in_window"
            ),
            models.Index(
                fields=["busy_until", "busy_from", "resource"],
                condition=Q(active=True, is_long=True),
                name="allocation_long",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(busy_from__lt=F("busy_until")), name="an_allocation_ends_after_it_starts"
            ),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="an_allocation_holds_at_least_one_unit"),
        ]
