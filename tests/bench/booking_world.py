"""An invented cooperative that shares a lot: some thousand resources in some hundred places, a million bookings over half a year."""

import datetime as dt
import random
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from django.db import connection, transaction

from backend.bookings.models import Component, Opening, Place, Resource, Rule
from backend.members.models import Member, Organisation

NOW = dt.datetime(2026, 11, 23, 8, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
DAYS = 180
PLACES = 200
PEOPLE = 500
WEEKDAYS = tuple((day, 7 * 60, 22 * 60) for day in range(7))


def a_world(*, resources: int) -> list[Member]:
    """Places open from 7 to 22, each with its share of the resources: one in ten has buffers, one in twenty is a pool of three."""
    organisation = Organisation.objects.create(name="Bench", slug="bench", country="BE")
    people = Member.objects.bulk_create(
        Member(email=f"{n}@example.org", name=f"Member {n}", organisation=organisation, onboarded_at=NOW, country="BE")
        for n in range(PEOPLE)
    )
    places = Place.objects.bulk_create(
        Place(name=f"House {n}", organisation=organisation, city="Ghent", country="BE", timezone="Europe/Brussels")
        for n in range(PLACES)
    )
    Opening.objects.bulk_create(
        Opening(place=place, weekday=day, opens_minute=opens, closes_minute=closes)
        for place in places
        for day, opens, closes in WEEKDAYS
    )
    Resource.objects.bulk_create(
        Resource(
            place=places[number % PLACES],
            kind=("workspace", "equipment")[number % 2],
            name=f"Thing {number}",
            capacity=3 if number % 20 == 0 else 1,
            buffer_after_minutes=30 if number % 10 == 1 else 0,
            ahead_days=400,
            max_minutes=60 * 24 * 40,
        )
        for number in range(resources)
    )
    return people


def fill(people: list[Member], each: int, luck: random.Random) -> int:
    """So many bookings of one to four hours on every resource, none over another; returns how many in all.

    The guard of the database stands aside meanwhile: it would be asked a million times, and knows it anew at the end.
    """
    moments = [connection.ops.adapt_datetimefield_value(NOW + hour * HOUR) for hour in range(24 * DAYS + 8)]
    kept = [
        (pk, capacity, hour, hour + luck.randint(1, 4))
        for pk, capacity in Resource.objects.order_by("pk").values_list("pk", "capacity")
        for hour in sorted(luck.sample(range(0, 24 * DAYS, 4), each))
    ]
    owners = [people[luck.randrange(len(people))].pk for _ in kept]
    numbered = list(zip(range(1, len(kept) + 1), kept, owners, strict=True))
    bookings = (
        (number, owner, f"Booking {number}", "", moments[start], moments[end], "confirmed", moments[0])
        for number, (_, _, start, end), owner in numbered
    )
    columns = "id, member_id, title, note, starts_at, ends_at, status, created_at"
    unset = {"occurrence": "", "cost_cents": 0, "cost_credits": 0, "deposit_cents": 0, "currency": "EUR", "ending": ""}
    with unguarded():
        written("bookings_booking", f"{columns}, {', '.join(unset)}", ((*row, *unset.values()) for row in bookings))
        items = ((number, pk, 1) for number, (pk, *_), _ in numbered)
        written("bookings_bookingitem", "booking_id, resource_id, quantity", items)
        rows = (
            (number, pk, moments[start], moments[end], 1, True, capacity == 1, False)
            for number, (pk, capacity, start, end), _ in numbered
        )
        written(
            "bookings_allocation",
            "booking_id, resource_id, busy_from, busy_until, quantity, active, exclusive, is_long",
            rows,
        )
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                sequence = "SELECT setval(pg_get_serial_sequence('bookings_booking', 'id'), (SELECT max(id) FROM bookings_booking))"
                cursor.execute(sequence)
    analyse()
    return len(kept)


def lend_long(member: Member, *, one_in: int, luck: random.Random) -> None:
    """One resource in so many is lent out for three weeks instead, at a time when nothing else is booked: after all else."""
    chosen = [pk for pk in Resource.objects.filter(capacity=1).values_list("pk", flat=True) if pk % one_in == 0]
    written_as = connection.ops.adapt_datetimefield_value
    begin = NOW + dt.timedelta(days=DAYS + 2)
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id) FROM bookings_booking")
        first = cursor.fetchone()[0] + 1
    numbered = list(enumerate(chosen, start=first))
    starts = [begin + luck.randrange(24 * 30) * HOUR for _ in chosen]
    rows = [
        (number, pk, written_as(start), written_as(start + 21 * 24 * HOUR), 1, True, True, True)
        for (number, pk), start in zip(numbered, starts, strict=True)
    ]
    unset = {"occurrence": "", "cost_cents": 0, "cost_credits": 0, "deposit_cents": 0, "currency": "EUR", "ending": ""}
    columns = "id, member_id, title, note, starts_at, ends_at, status, created_at"
    bookings = (
        (number, member.pk, "", "", start, end, "confirmed", written_as(NOW), *unset.values())
        for number, _pk, start, end, *_ in rows
    )
    written("bookings_booking", f"{columns}, {', '.join(unset)}", bookings)
    columns = "booking_id, resource_id, busy_from, busy_until, quantity, active, exclusive, is_long"
    written("bookings_allocation", columns, rows)
    analyse()


def contested_things(place: Place, host: Member) -> None:
    """A hall of two halves, a desk, a pool of three, a kit of both, and a studio that a host lends for long: always open, for `doors.py`."""
    place.openings.all().delete()
    place.hosts.add(host)
    usual: dict[str, Any] = {"place": place, "kind": "workspace", "ahead_days": 400, "max_minutes": 60 * 24}
    left, right = (Resource.objects.create(name=name, **usual) for name in ("Left", "Right"))
    hall = Resource.objects.create(name="Hall", is_composed=True, **usual)
    Component.objects.bulk_create(Component(whole=hall, part=part) for part in (left, right))
    desk = Resource.objects.create(name="Desk", buffer_after_minutes=30, release_minutes=15, **usual)
    pool = Resource.objects.create(name="Pool", capacity=3, **usual | {"kind": "equipment"})
    kit = Resource.objects.create(name="Kit", is_composed=True, **usual | {"kind": "equipment"})
    Component.objects.bulk_create(Component(whole=kit, part=part) for part in (desk, pool))
    studio = Resource.objects.create(name="Studio", **usual)
    Rule.objects.create(resource=studio, what="approval", terms={"risk": "Long", "when": "longer_than", "minutes": 60})


@contextmanager
def unguarded() -> Iterator[None]:
    guard = import_module("backend.bookings.migrations.0002_refuse_overlaps")
    with connection.schema_editor() as editor:
        guard.allow(None, editor)
    yield
    with connection.schema_editor() as editor:
        guard.refuse(None, editor)


def written(table: str, columns: str, rows: Iterable[tuple[Any, ...]]) -> None:
    """As fast as the engine takes them."""
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:  # type: ignore[attr-defined]
                for values in rows:
                    copy.write_row(values)
        else:
            marks = ", ".join("?" * len(columns.split(",")))
            connection.connection.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)


def analyse() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")
