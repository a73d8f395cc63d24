"""Bookings, what they are of, and the allocations that hold it."""

import datetime as dt
from collections.abc import Sequence
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from backend.bookings.models.blackouts import Blackout
from backend.bookings.models.resources import Resource
from backend.bookings.models.rules import Rule
from backend.bookings.models.series import Series
from backend.collectives.models import Collective
from backend.members.models import Member

# Allocations longer than this are marked, so that a window of time is found in the index without reading what ended long after it.
SHORT = dt.timedelta(hours=24)


class BookingQuerySet(models.QuerySet["Booking"]):
    def visible_to(self, member: Member) -> "BookingQuerySet":
        """Bookings that this person made or is invited to, those of collectives in which they are now, and of what they look after."""
        of_theirs = Q(collective__in=Collective.objects.of(member))
        invited = Q(pk__in=Booking.people.through.objects.filter(member=member).values("booking"))
        hosted = BookingItem.objects.filter(resource__in=Resource.objects.hosted_by(member))
        return self.filter(Q(member=member) | of_theirs | invited | Q(pk__in=hosted.values("booking")))

    def going_to_occur(self, at: dt.datetime) -> "BookingQuerySet":
        return self.filter(status__in=Booking.HOLDING, ends_at__gt=at)

    def behind(self, at: dt.datetime) -> "BookingQuerySet":
        """Over, or cancelled."""
        return self.exclude(status__in=Booking.HOLDING, ends_at__gt=at)

    def told(self) -> "BookingQuerySet":
        """With everything that a card of a booking says."""
        return self.select_related("member", "collective", "series").prefetch_related(
            "items__resource__place", "people"
        )


class Booking(models.Model):
    """A wish that was granted: who holds which resources, from when until when (UTC, half-open).

    It holds them also while a host has not yet approved it (`requested`), and while it is offered to who waited for it (`offered`,
    until `held_until`).
    """

    class Status(models.TextChoices):
        CONFIRMED = "confirmed"
        REQUESTED = "requested"
        OFFERED = "offered"
        CANCELLED = "cancelled"

    class Ending(models.TextChoices):
        """Why a booking that is cancelled does not take place."""

        BY_PERSON = "by_person"
        NOT_APPROVED = "not_approved"
        NOT_TAKEN_UP = "not_taken_up"
        NOBODY_CAME = "nobody_came"
        OUT_OF_USE = "out_of_use"
        FEWER_UNITS = "fewer_units"

    HOLDING = (Status.CONFIRMED, Status.REQUESTED, Status.OFFERED)

    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="bookings")
    collective = models.ForeignKey(Collective, models.PROTECT, null=True, blank=True, related_name="bookings")
    title = models.CharField(max_length=120, blank=True)
    note = models.TextField(max_length=1000, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    status = models.CharField(max_length=10, choices=Status, default=Status.CONFIRMED)
    held_until = models.DateTimeField(null=True, blank=True, help_text="An offer holds until then.")
    people = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="bookings_invited")
    series = models.ForeignKey(Series, models.PROTECT, null=True, blank=True, related_name="bookings")
    occurrence = models.CharField(max_length=16, blank=True, help_text="Wall time in its series: 2027-03-28T02:30.")
    cost_cents = models.PositiveBigIntegerField(
        default=0, help_text="Contribution, recorded when booked; nothing is paid here."
    )
    cost_credits = models.PositiveIntegerField(default=0)
    deposit_cents = models.PositiveBigIntegerField(default=0)
    currency = models.CharField(max_length=3, default="EUR")
    approval_rule = models.ForeignKey(Rule, models.SET_NULL, null=True, blank=True, related_name="+")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    checked_in_at = models.DateTimeField(null=True, blank=True)
    checked_out_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField(null=True, blank=True, help_text="Empty: as it was made.")
    sequence = models.PositiveIntegerField(
        default=0, db_default=0, help_text="How often it has changed, for calendars."
    )
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    ending = models.CharField(max_length=12, choices=Ending, blank=True)

    objects: ClassVar[BookingQuerySet] = BookingQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [
            models.Index(fields=["member", "-starts_at"], name="booking_of_member"),
            models.Index(fields=["collective", "-starts_at"], name="booking_of_collective"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="a_booking_ends_after_it_starts"),
            models.UniqueConstraint(
                fields=["series", "occurrence"], condition=~Q(occurrence=""), name="an_occurrence_is_booked_once"
            ),
        ]

    def __str__(self) -> str:
        return self.title or f"Booking {self.pk}"

    def is_told_with(self, items: "Sequence[BookingItem]", people: Sequence[Member]) -> None:
        """Remembers what was just stored with it, in order, as `told` would read it again: for who answers with the booking."""
        for name, rows in (("items", items), ("people", people)):
            known = getattr(self, name).all()
            known._result_cache, known._prefetch_done = list(rows), True
            self._prefetched_objects_cache = getattr(self, "_prefetched_objects_cache", {}) | {name: known}


class BookingItem(models.Model):
    """What was asked for: so many units of a resource, or a whole or a kit, whose parts the allocations hold."""

    booking = models.ForeignKey(Booking, models.CASCADE, related_name="items")
    resource = models.ForeignKey(Resource, models.PROTECT, related_name="booking_items")
    quantity = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["booking", "resource"], name="a_booking_names_each_resource_once"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="an_item_has_at_least_one_unit"),
        ]


class AllocationQuerySet(models.QuerySet["Allocation"]):
    def meeting(self, start: dt.datetime, end: dt.datetime) -> "AllocationQuerySet":
        """Active allocations that hold some of [start, end). For few resources; for many, ask `in_window` in two halves."""
        return self.filter(active=True, busy_until__gt=start, busy_from__lt=end)

    def in_window(self, start: dt.datetime, end: dt.datetime, *, is_long: bool) -> "AllocationQuerySet":
        """The long or the short half of `meeting`, for any number of resources.

        Short ones are bounded on both sides, so that the index is read only around the window; long ones are few and have an index
        of their own. Two queries, because one with OR between the halves reads all that ends later.
        """
        near = {} if is_long else {"busy_until__lt": end + SHORT}
        return self.filter(active=True, is_long=is_long, busy_until__gt=start, busy_from__lt=end, **near)


class Allocation(models.Model):
    """What holds a resource: UTC, half-open, buffers included. The database refuses two active exclusive rows that overlap.

    It also refuses more units at once than the resource has. Held for a booking or by a blackout; one row per booked thing that is not
    made of others. Written through `serial.py` only.
    """

    booking = models.ForeignKey(Booking, models.CASCADE, null=True, blank=True, related_name="allocations")
    blackout = models.ForeignKey(Blackout, models.CASCADE, null=True, blank=True, related_name="allocations")
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
                fields=["busy_until", "busy_from", "resource", "quantity"],
                condition=Q(active=True, is_long=False),
                name="allocation_short",
            ),
            models.Index(
                fields=["busy_until", "busy_from", "resource", "quantity"],
                condition=Q(active=True, is_long=True),
                name="allocation_long",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(busy_from__lt=F("busy_until")), name="an_allocation_ends_after_it_starts"
            ),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="an_allocation_holds_at_least_one_unit"),
            models.CheckConstraint(
                condition=Q(booking__isnull=False, blackout__isnull=True)
                | Q(booking__isnull=True, blackout__isnull=False),
                name="an_allocation_is_held_for_one_reason",
            ),
        ]
