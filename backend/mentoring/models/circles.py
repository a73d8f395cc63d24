"""Peer circles: a few people around a trade or a question, who is in them, and when they meet."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from backend.bookings.models import Booking
from backend.conversations.models import Room
from backend.members.models import Block, Member
from backend.skills.models import Skill

SEATS_MIN, SEATS_MAX = 3, 8


class CircleQuerySet(models.QuerySet["Circle"]):
    def visible_to(self, viewer: Member) -> "CircleQuerySet":
        """Those that this member sits in or waits for, and open ones whose facilitator they may meet.

        None of the latter in which somebody sits with whom they want, or who wants, nothing to do, or out of which they were put.
        """
        inside = CircleSeat.objects.taken().filter(member=viewer)
        out = CircleSeat.objects.filter(member=viewer, state=CircleSeat.State.REMOVED)
        apart = CircleSeat.objects.seated().filter(member__in=Block.between(viewer))
        meetable = Q(state=Circle.State.OPEN, facilitator__in=Member.objects.visible_to(viewer))
        return self.filter(
            Q(pk__in=inside.values("circle"))
            | (meetable & ~Q(pk__in=apart.values("circle")) & ~Q(pk__in=out.values("circle")))
        )


class Circle(models.Model):
    """Three to eight members around a trade or a question; one of them facilitates. They share a room."""

    class State(models.TextChoices):
        OPEN = "open"
        CLOSED = "closed"

    title = models.CharField(max_length=80)
    purpose = models.TextField(max_length=600, blank=True)
    skill = models.ForeignKey(Skill, models.SET_NULL, null=True, blank=True, related_name="+")
    language = models.CharField(max_length=3, blank=True, help_text="ISO 639: in which it is held.")
    city = models.CharField(max_length=80, blank=True, help_text="Where it meets; empty is online.")
    seats = models.PositiveSmallIntegerField(default=6)
    facilitator = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="circles_facilitated")
    room = models.OneToOneField(Room, models.PROTECT, related_name="circle")
    state = models.CharField(max_length=6, choices=State, default=State.OPEN)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager["Circle"]] = CircleQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(seats__range=(SEATS_MIN, SEATS_MAX)), name="a_circle_has_3_to_8_seats"),
        ]

    def __str__(self) -> str:
        return self.title


class CircleSeatQuerySet(models.QuerySet["CircleSeat"]):
    def seated(self) -> "CircleSeatQuerySet":
        return self.filter(state=CircleSeat.State.SEATED)

    def taken(self) -> "CircleSeatQuerySet":
        """Those who sit, and those who wait."""
        return self.filter(state__in=[CircleSeat.State.SEATED, CircleSeat.State.WAITING])

    def waiting(self) -> "CircleSeatQuerySet":
        """Who is next first."""
        return self.filter(state=CircleSeat.State.WAITING).order_by("asked_at", "pk")


class CircleSeat(models.Model):
    """A member sits in a circle, or waits for a seat."""

    class State(models.TextChoices):
        WAITING = "waiting"
        SEATED = "seated"
        LEFT = "left"
        REMOVED = "removed"

    circle = models.ForeignKey(Circle, models.CASCADE, related_name="places")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="circle_seats")
    state = models.CharField(max_length=7, choices=State)
    asked_at = models.DateTimeField()
    seated_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager["CircleSeat"]] = CircleSeatQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["circle", "member"], name="a_member_is_in_a_circle_once"),
        ]


class CircleMeeting(models.Model):
    """When a circle meets, and where: a link, a room that is booked for it, or a place in words."""

    circle = models.ForeignKey(Circle, models.CASCADE, related_name="meetings")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    place = models.CharField(max_length=200, blank=True)
    link = models.URLField(max_length=500, blank=True)
    booking = models.OneToOneField(
        Booking, models.SET_NULL, null=True, blank=True, related_name="circle_meeting", help_text="The room."
    )
    planned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    planned_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["circle", "starts_at"], name="meetings_of_a_circle")]
        constraints = [
            models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="a_meeting_ends_after_it_starts"),
        ]
