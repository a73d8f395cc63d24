"""What its hosts change about a thing changes on every open screen that shows it."""

from collections.abc import Iterable

from django.db.models import Q

from backend.bookings.models import Component, Resource
from backend.events import announce


def show_changed(resources: Iterable[int]) -> None:
    """After commit, to whoever watches one of these things, or a whole of which one is part."""
    numbers = set(resources)
    numbers |= set(Component.objects.filter(part__in=numbers).values_list("whole", flat=True))
    for number in sorted(numbers):
        announce(("resource", number), {"type": "calendar.changed", "resources": [number]})


def show_place_changed(place: int) -> None:
    """The same for everything at a place, and whatever holds a part that is there."""
    here = Q(place=place) | Q(components__part__place=place)
    for number in Resource.objects.filter(here).order_by("pk").values_list("pk", flat=True).distinct():
        announce(("resource", number), {"type": "calendar.changed", "resources": [number]})
