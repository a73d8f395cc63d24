"""What can be booked: single things, pools of identical units, wholes made of parts, kits."""

import datetime as dt
import secrets
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from backend.bookings.models.places import Place
from backend.collectives.models import Collective
from backend.members.models import Member

# Read aloud and typed from a sticker: no letters or digits that look alike.
CODE_LETTERS = "23456789abcdefghjkmnpqrstvwxyz"


def new_code() -> str:
    """Eight letters and digits for a label; about 40 bits."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(8))


class ResourceQuerySet(models.QuerySet["Resource"]):
    def shown(self) -> "ResourceQuerySet":
        """Resources in use at places in use, each with its place."""
        return self.filter(is_active=True, place__is_active=True).select_related("place")

    def hosted_by(self, member: Member) -> "ResourceQuerySet":
        """What this person looks after: of their places, their own, and that of collectives they are a steward of."""
        if member.is_staff:
            return self
        stewarded = Collective.objects.filter(
            memberships__member=member, memberships__state="member", memberships__role="steward"
        )
        at_place = Place.objects.filter(hosts=member)
        return self.filter(Q(place__in=at_place) | Q(owner_member=member) | Q(owner_collective__in=stewarded))


class Resource(models.Model):
    """Something that can be booked: a workspace, a piece of equipment or material, at a place.

    `capacity` counts identical units (a pool when more than one). What is made of others (`is_composed`) has one unit and is never
    held itself: its components are. Lengths and buffers are minutes; the columns from `step_minutes` to `release_minutes` are what
    the rules of the resource, its place and its kind come to (see `terms.py`), kept here so that searching stays quick.
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
    manual = models.TextField(max_length=8000, blank=True, help_text="How it is used; shown to who books it.")
    manual_file = models.FileField(upload_to="manuals", blank=True, help_text="PDF.")
    value_cents = models.PositiveBigIntegerField(null=True, blank=True)
    currency = models.CharField(max_length=3, default="EUR")
    code = models.CharField(max_length=8, unique=True, default=new_code, editable=False, help_text="On its label.")
    owner_collective = models.ForeignKey(Collective, models.PROTECT, null=True, blank=True, related_name="resources")
    owner_member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="resources_owned"
    )
    travels = models.BooleanField(default=False, help_text="Goes from place to place; `place` is where it is now.")
    seats = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="People who fit; empty when it has no seats."
    )
    capacity = models.PositiveSmallIntegerField(default=1)
    is_composed = models.BooleanField(default=False, editable=False, help_text="Made of other resources.")
    opens_minute = models.PositiveSmallIntegerField(default=0, help_text="On the place's clock, every day it is open.")
    closes_minute = models.PositiveSmallIntegerField(default=24 * 60)
    hours_decision = models.BigIntegerField(
        null=True, blank=True, editable=False, help_text="The proposal by which a collective decided its hours."
    )
    hours_decided_by = models.ForeignKey(
        Collective, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    hours_decided_at = models.DateTimeField(null=True, blank=True, editable=False)
    step_minutes = models.PositiveSmallIntegerField(default=30)
    min_minutes = models.PositiveIntegerField(default=30)
    max_minutes = models.PositiveIntegerField(default=24 * 60)
    lead_minutes = models.PositiveIntegerField(default=0, help_text="How long before its start a booking must be made.")
    ahead_days = models.PositiveSmallIntegerField(default=180, help_text="How far ahead a booking may start.")
    buffer_before_minutes = models.PositiveSmallIntegerField(default=0)
    buffer_after_minutes = models.PositiveSmallIntegerField(default=0)
    cancel_notice_minutes = models.PositiveIntegerField(default=0)
    release_minutes = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Freed when nobody has checked in so long after the start; empty: never."
    )
    own_organisation_only = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)

    objects: ClassVar[ResourceQuerySet] = ResourceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [
            models.Index(fields=["kind", "id"], name="resource_by_kind"),
            models.Index(fields=["name", "id"], name="resource_by_name"),
            # Of what is not plain: pools and what has buffers. Searching asks about these one by one.
            models.Index(
                fields=["id", "capacity", "buffer_before_minutes", "buffer_after_minutes"],
                condition=Q(capacity__gt=1) | Q(buffer_before_minutes__gt=0) | Q(buffer_after_minutes__gt=0),
                name="resource_with_more_to_ask",
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(capacity__gte=1), name="a_resource_has_at_least_one_unit"),
            models.CheckConstraint(
                condition=Q(is_composed=False) | Q(capacity=1), name="what_is_made_of_others_is_no_pool"
            ),
            models.CheckConstraint(
                condition=Q(owner_collective__isnull=True) | Q(owner_member__isnull=True),
                name="a_resource_has_one_owner",
            ),
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


class Component(models.Model):
    """A whole is made of parts, a kit of things: booking the whole holds so many units of each. A part is never a whole itself."""

    whole = models.ForeignKey(Resource, models.CASCADE, related_name="components")
    part = models.ForeignKey(Resource, models.PROTECT, related_name="component_of")
    quantity = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["whole", "part"], name="a_whole_names_each_part_once"),
            models.CheckConstraint(condition=~Q(whole=F("part")), name="nothing_is_part_of_itself"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="a_component_has_at_least_one_unit"),
        ]


class Feature(models.Model):
    """Something that a resource offers and people look for."""

    class Code(models.TextChoices):
        STEP_FREE = "step_free"
        ACCESSIBLE_TOILET = "accessible_toilet"
        HEARING_LOOP = "hearing_loop"
        QUIET = "quiet"
        DAYLIGHT = "daylight"
        BLACKOUT_CURTAINS = "blackout_curtains"
        SOUNDPROOF = "soundproof"
        WIFI = "wifi"
        SCREEN = "screen"
        PROJECTOR = "projector"
        VIDEO_CALLS = "video_calls"
        WHITEBOARD = "whiteboard"
        SOUND_SYSTEM = "sound_system"
        STAGE_LIGHT = "stage_light"
        SPRUNG_FLOOR = "sprung_floor"
        PIANO = "piano"
        WATER = "water"
        KITCHEN = "kitchen"
        EXTRACTION = "extraction"
        THREE_PHASE_POWER = "three_phase_power"
        LOADING_BAY = "loading_bay"
        PARKING = "parking"
        BIKE_PARKING = "bike_parking"
        CHILDREN_WELCOME = "children_welcome"

    resource = models.ForeignKey(Resource, models.CASCADE, related_name="features")
    code = models.CharField(max_length=20, choices=Code)

    class Meta:
        indexes = [models.Index(fields=["code", "resource"], name="resource_by_feature")]
        constraints = [models.UniqueConstraint(fields=["resource", "code"], name="a_feature_is_named_once")]


class Photo(models.Model):
    """A further photo of a place or a resource, with words for those who do not see it."""

    place = models.ForeignKey(Place, models.CASCADE, null=True, blank=True, related_name="photos")
    resource = models.ForeignKey(Resource, models.CASCADE, null=True, blank=True, related_name="photos")
    image = models.ImageField(upload_to="photos")
    words = models.CharField(max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(place__isnull=True, resource__isnull=False) | Q(place__isnull=False, resource__isnull=True),
                name="a_photo_shows_a_place_or_a_resource",
            ),
        ]


class Unit(models.Model):
    """One of the identical units of a pool: which one somebody gets is decided when it is handed over, least used first."""

    resource = models.ForeignKey(Resource, models.CASCADE, related_name="units")
    label = models.CharField(max_length=40)
    serial = models.CharField(max_length=80, blank=True)
    minutes_used = models.PositiveBigIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["resource", "label"], name="a_unit_has_a_label_of_its_own")]

    def __str__(self) -> str:
        return self.label
