"""Places and things to book in the tests of this room; by default in Brussels, a week ahead of the fixed `NOW`."""

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from django.db import connection
from django.utils import timezone

from backend.bookings import actions
from backend.bookings.models import Allocation, Booking, Component, Place, Resource
from backend.collectives.models import Collective, CollectiveMembership
from backend.conversations.models import Room
from backend.members.models import Member, Organisation
from tests.cast import an_organisation, utc

NOW = utc(2026, 11, 23, 8)
HOUR = dt.timedelta(hours=1)


def a_place(**fields: Any) -> Place:
    values = {"name": "Workshop", "city": "Brussels", "country": "BE", "timezone": "Europe/Brussels"} | fields
    if "organisation" not in values:
        values["organisation"] = Organisation.objects.order_by("pk").first() or an_organisation()
    return Place.objects.create(**values)


def a_resource(**fields: Any) -> Resource:
    values: dict[str, Any] = {"name": "Studio", "kind": "workspace"} | fields
    return Resource.objects.create(**({"place": values.get("place") or a_place()} | values))


def a_pool(units: int, **fields: Any) -> Resource:
    return a_resource(**({"name": "Projectors", "kind": "equipment", "capacity": units} | fields))


def a_whole(*parts: Resource, **fields: Any) -> Resource:
    """A hall made of these, or a kit of them."""
    whole = a_resource(**({"name": "Hall", "is_composed": True, "place": parts[0].place} | fields))
    Component.objects.bulk_create(Component(whole=whole, part=part) for part in parts)
    return whole


def a_collective(*members: Member, name: str = "Ateliers", steward: Member | None = None) -> Collective:
    room = Room.objects.create(kind="collective", title=name, created_at=NOW)
    home = members[0].organisation
    assert home is not None
    collective = Collective.objects.create(name=name, organisation=home, country="BE", room=room, created_at=NOW)
    for member in members:
        role = "steward" if member == steward else "member"
        CollectiveMembership.objects.create(collective=collective, member=member, state="member", role=role)
    return collective


def span(start: int, end: int, day: int = 30) -> tuple[dt.datetime, dt.datetime]:
    """From one hour to another, UTC, on a day of November 2026."""
    return utc(2026, 11, day) + start * HOUR, utc(2026, 11, day) + end * HOUR


def a_booking(member: Member, *resources: Resource, hours: tuple[int, int] = (9, 11), **wish: Any) -> Booking:
    """Booked by the action at `NOW`."""
    start, end = span(*hours, day=wish.pop("day", 30))
    wish = {"starts_at": start, "ends_at": end, "at": NOW} | wish
    return actions.book(member=member, resources=[resource.pk for resource in resources], **wish)


def soon(days: int = 7, hour: int = 10) -> dt.datetime:
    """A moment some days after the real now, for what goes through HTTP."""
    midnight = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + dt.timedelta(days=days, hours=hour)


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Runs all in threads that start together; gives what each returned, or the exception it raised."""
    results: list[Any] = [None] * len(acts)
    barrier = threading.Barrier(len(acts))

    def run(number: int, act: Callable[[], Any]) -> None:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=30)
            results[number] = act()
        except Exception as error:
            results[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


@contextmanager
def unguarded() -> Iterator[None]:
    """Without what the database itself refuses; needs a test that may commit, and leaves no allocations behind."""
    guard = import_module("backend.bookings.migrations.0002_refuse_overlaps")
    with connection.schema_editor() as editor:
        guard.allow(None, editor)
    try:
        yield
    finally:
        Allocation.objects.all().delete()
        with connection.schema_editor() as editor:
            guard.refuse(None, editor)
