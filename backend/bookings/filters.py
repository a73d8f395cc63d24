"""What lists of places, resources and bookings can be narrowed by."""

from typing import Any

import django_filters as filters
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from backend.api import WholeFilter
from backend.bookings import search
from backend.bookings.availability import free_window
from backend.bookings.fields import parsed
from backend.bookings.models import (
    Booking,
    BookingItem,
    BookingQuerySet,
    Feature,
    Place,
    PlaceQuerySet,
    Resource,
    ResourceQuerySet,
)
from backend.bookings.policy import kept_from
from backend.bookings.rules import collective_of
from backend.collectives.models import Collective
from backend.errors import field_error


class PlaceFilter(filters.FilterSet):
    country = filters.CharFilter(lookup_expr="iexact")
    city = filters.CharFilter(lookup_expr="iexact")
    search = filters.CharFilter(method="by_words")

    class Meta:
        model = Place
        fields: list[str] = []

    def by_words(self, places: PlaceQuerySet, name: str, value: str) -> PlaceQuerySet:
        for word in value.split():
            places = places.filter(Q(name__icontains=word) | Q(city__icontains=word) | Q(description__icontains=word))
        return places


class ResourceFilter(filters.FilterSet):
    kind = filters.ChoiceFilter(choices=Resource.Kind.choices)
    resource = WholeFilter(field_name="pk", label="This one only.")
    place = WholeFilter(field_name="place_id")
    country = filters.CharFilter(field_name="place__country", lookup_expr="iexact")
    city = filters.CharFilter(field_name="place__city", lookup_expr="iexact")
    search = filters.CharFilter(method="by_words")
    seats_min = WholeFilter(field_name="seats", lookup_expr="gte")
    quantity = WholeFilter(field_name="capacity", lookup_expr="gte", label="So many units; free then, if asked.")
    feature = filters.MultipleChoiceFilter(
        choices=Feature.Code.choices, method="by_features", label="All of these; repeat the parameter."
    )
    near_place = WholeFilter(method="by_distance", label="Nearest first within `within_km` of this place.")
    near = filters.CharFilter(method="by_distance", label="Latitude and longitude: 50.85,4.35.")
    within_km = filters.NumberFilter(method="by_distance", label="50 unless told; 500 at most.")
    for_me = filters.BooleanFilter(method="by_who", label="Only what I may book, for `collective` if given.")
    collective = WholeFilter(method="by_who", label="With `for_me`: for this collective of mine.")
    owner_collective = WholeFilter(method="by_owner", label="Only what this collective owns.")
    hosted = filters.BooleanFilter(method="by_host", label="Only what I look after.")
    free_from = filters.CharFilter(
        method="free_then",
        label="With free_until: only what is open and free then. Without an offset: on each place's clock.",
    )
    free_until = filters.CharFilter(method="free_then")

    class Meta:
        model = Resource
        fields: list[str] = []

    def by_words(self, resources: ResourceQuerySet, name: str, value: str) -> ResourceQuerySet:
        for word in value.split():
            here = Q(name__icontains=word) | Q(description__icontains=word)
            resources = resources.filter(here | Q(place__name__icontains=word) | Q(place__city__icontains=word))
        return resources

    def by_features(self, resources: ResourceQuerySet, name: str, value: list[str]) -> ResourceQuerySet:
        for code in value:
            resources = resources.filter(pk__in=Feature.objects.filter(code=code).values("resource"))
        return resources

    def by_distance(self, resources: ResourceQuerySet, name: str, value: Any) -> ResourceQuerySet:
        # Up to three parameters arrive here; the first of those that are there does the work.
        given = [it for it in ("near_place", "near", "within_km") if self.data.get(it)]
        if name != given[0]:
            return resources
        return search.near(resources, search.point_of(self.data), search.radius_of(self.data))

    def by_who(self, resources: ResourceQuerySet, name: str, value: Any) -> ResourceQuerySet:
        if name != "for_me" or not value:
            return resources
        number = self.form.cleaned_data.get("collective")
        me = self.request.user
        collective = collective_of(me, int(number)) if number is not None else None
        mine = Q(own_organisation_only=False) | Q(place__organisation=me.organisation_id)
        return resources.filter(mine).exclude(pk__in=kept_from(me, collective, timezone.now()))

    def by_owner(self, resources: ResourceQuerySet, name: str, value: Any) -> ResourceQuerySet:
        seen = Collective.objects.visible_to(self.request.user).filter(pk=int(value))
        return resources.filter(owner_collective__in=seen.values("pk"))

    def by_host(self, resources: ResourceQuerySet, name: str, value: bool) -> ResourceQuerySet:
        return resources.hosted_by(self.request.user) if value else resources

    def free_then(self, resources: ResourceQuerySet, name: str, value: str) -> ResourceQuerySet:
        found = []
        for bound in ("free_from", "free_until"):
            moment = parsed(str(self.data.get(bound, "")))
            if moment is None:
                raise field_error(bound, "invalid_time", _("Write a time as 2026-11-24T14:00."))
            found.append(moment)
        start, end = found
        if (start.tzinfo is None) != (end.tzinfo is None):
            raise field_error("free_until", "invalid_time", _("Give both times with an offset, or neither."))
        if end <= start:
            raise field_error("free_until", "ends_before_start", _("The end must come after the start."))
        # Both bounds arrive here; once is enough.
        if name != "free_from":
            return resources
        units = self.form.cleaned_data.get("quantity")
        return free_window(resources, start, end, quantity=max(1, int(units or 1)), at=timezone.now())


class BookingFilter(filters.FilterSet):
    upcoming = filters.BooleanFilter(method="by_time", label="Confirmed and not over; soonest first.")
    past = filters.BooleanFilter(method="by_time", label="Over or cancelled; latest first.")
    collective = WholeFilter(field_name="collective_id", label="Instead of mine: those of my collective.")
    to_decide = filters.BooleanFilter(method="by_host", label="Instead of mine: those that wait for me as a host.")

    class Meta:
        model = Booking
        fields: list[str] = []

    @property
    def qs(self) -> Any:
        rows = super().qs
        is_wider = self.data.get("collective") or self.data.get("to_decide", "").lower() in ("true", "1")
        return rows if is_wider else rows.filter(Q(member=self.request.user) | Q(people=self.request.user)).distinct()

    def by_host(self, bookings: BookingQuerySet, name: str, value: bool) -> BookingQuerySet:
        if not value:
            return bookings
        hosted = BookingItem.objects.filter(resource__in=Resource.objects.hosted_by(self.request.user))
        waiting = bookings.filter(status=Booking.Status.REQUESTED, ends_at__gt=timezone.now())
        return waiting.filter(pk__in=hosted.values("booking"))

    def by_time(self, bookings: BookingQuerySet, name: str, value: bool) -> BookingQuerySet:
        at = timezone.now()
        return bookings.going_to_occur(at) if value == (name == "upcoming") else bookings.behind(at)
