"""The waiting line: who waits for a resource, and what they are offered when it frees."""

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

from backend.bookings.models import Component, Wait

if TYPE_CHECKING:
    from backend.bookings.serial import Locked


def with_who_waits(resources: Iterable[int]) -> list[int]:
    """These resources, and all else that has to be locked to offer them to who waits for a whole that they are part of."""
    numbers = set(resources)
    wholes = Wait.objects.filter(status=Wait.Status.WAITING, resource__components__part__in=numbers)
    waited = set(wholes.values_list("resource", flat=True))
    if waited:
        numbers |= waited | set(Component.objects.filter(whole__in=waited).values_list("part", flat=True))
    return sorted(numbers)


def move_up(locked: "Locked", *, at: dt.datetime) -> None:
    """Offer what was freed to the first in line."""
