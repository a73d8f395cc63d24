"""Places with an address and a clock: when they are open, who looks after them."""

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, F, Q

from backend.bookings.times import known_zone
from backend.members.models import Member, Organisation


class PlaceQuerySet(models.QuerySet["Place"]):
    def shown(self) -> "PlaceQuerySet":
        """Places in use, with what a card of them needs."""
        things = Count("resources", filter=Q(resources__is_active=True))
        return self.filter(is_active=True).select_related("organisation").annotate(resources_count=things)

    def hosted_by(self, member: Member) -> "PlaceQuerySet":
        """Places that this person looks after; staff look after all."""
        return self if member.is_staff else self.filter(hosts=member)


class Place(models.Model):
    """Somewhere with an address and a clock: a workshop, a coworking house, a rehearsal hall."""

    name = models.CharField(max_length=120)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="places")
    description = models.TextField(max_length=1000, blank=True)
    address = models.CharField(max_length=160, blank=True)
    city = models.CharField(max_length=80)
    country = models.CharField(max_length=2)
    region = models.CharField(
        max_length=6, blank=True, help_text="For public holidays: the part of ISO 3166-2 after the country, such as BY."
    )
    timezone = models.CharField(max_length=64, validators=[known_zone])
    latitude = models.FloatField(null=True, blank=True, validators=[MinValueValidator(-90), MaxValueValidator(90)])
    longitude = models.FloatField(null=True, blank=True, validators=[MinValueValidator(-180), MaxValueValidator(180)])
    house_rules = models.TextField(max_length=1000, blank=True)
    closed_on_holidays = models.BooleanField(
        default=False, help_text="On the public holidays of its country and region."
    )
    photo = models.ImageField(upload_to="places", blank=True)
    hosts = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="places_hosted")
    is_active = models.BooleanField(default=True)

    objects: ClassVar[PlaceQuerySet] = PlaceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__isnull=False, longitude__isnull=False),
                name="a_position_has_two_coordinates",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Opening(models.Model):
    """Part of a place's usual week, on its own clock. A place without any is open day and night.

    Minutes count from midnight of the weekday; beyond 1,440 they reach into the next day (22:00 to 06:00 is 1,320 to 1,800).
    """

    place = models.ForeignKey(Place, models.CASCADE, related_name="openings")
    weekday = models.PositiveSmallIntegerField(validators=[MaxValueValidator(6)], help_text="0 is Monday.")
    opens_minute = models.PositiveSmallIntegerField()
    closes_minute = models.PositiveSmallIntegerField()

    class Meta:
        indexes = [models.Index(fields=["weekday", "place"], name="opening_by_weekday")]
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="a_week_has_seven_days"),
            models.CheckConstraint(
                condition=Q(opens_minute__lt=F("closes_minute"))
                & Q(opens_minute__lt=24 * 60, closes_minute__lte=48 * 60),
                name="a_place_closes_after_it_opens",
            ),
        ]


class OpeningException(models.Model):
    """Days on which a place is closed, or open at other hours than usual; both days included, on its own calendar."""

    place = models.ForeignKey(Place, models.CASCADE, related_name="opening_exceptions")
    first_day = models.DateField()
    last_day = models.DateField()
    opens_minute = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Empty: closed.")
    closes_minute = models.PositiveSmallIntegerField(null=True, blank=True)
    reason = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(first_day__lte=F("last_day")), name="an_exception_ends_on_or_after_its_first_day"
            ),
            models.CheckConstraint(
                condition=Q(opens_minute__isnull=True, closes_minute__isnull=True)
                | (Q(opens_minute__lt=F("closes_minute")) & Q(opens_minute__lt=24 * 60, closes_minute__lte=48 * 60)),
                name="an_exception_closes_after_it_opens",
            ),
        ]
