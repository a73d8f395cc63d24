"""What the database finds free, against counting by hand with the `portion` library."""

import datetime as dt
from itertools import count
from zoneinfo import ZoneInfo

import portion
import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from backend.bookings.availability import free_then, free_window
from backend.bookings.models import SHORT, Allocation, Booking, Component, Resource
from tests.bookings.cast import HOUR, NOW, a_place, a_pool, a_resource, a_whole
from tests.cast import a_member, utc

pytestmark = pytest.mark.django_db

Span = tuple[int, int]
START = utc(2026, 11, 30)
QUARTER = dt.timedelta(minutes=15)
ZONES = ("Europe/Brussels", "Atlantic/Azores", "Indian/Reunion")
OPENS, CLOSES = 7 * 60, 22 * 60
SPACED, POOL, LEFT = 3, 4, 8  # By their place in `a_world`.

# In quarters of an hour, near the windows that are asked about: mistakes are made at edges. Loans of weeks began long before.
lengths = st.integers(1, 12) | st.integers(1, 96)
short = st.tuples(st.integers(16, 80), lengths).map(lambda drawn: (drawn[0], drawn[0] + drawn[1]))
long = st.tuples(st.integers(-1400, 100), st.integers(97, 2000)).map(lambda drawn: (drawn[0], drawn[0] + drawn[1]))
wishes = st.lists(
    st.tuples(st.integers(0, 10), short | short | short | long, st.integers(1, 3)), min_size=6, max_size=30
)


def at(quarter: int) -> dt.datetime:
    return START + quarter * QUARTER


def a_world() -> list[Resource]:
    """Single things and pools with and without buffers in three zones, a hall of two halves, a kit with two lamps."""
    places = [a_place(timezone=zone) for zone in ZONES]
    single = [a_resource(place=place, opens_minute=OPENS, closes_minute=CLOSES) for place in places]
    spaced = a_pool(1, place=places[0], buffer_before_minutes=15, buffer_after_minutes=45)
    pools = [a_pool(3, place=place) for place in places] + [a_pool(4, place=places[0], buffer_after_minutes=30)]
    left, right = (
        a_resource(name="Left", place=places[0]),
        a_resource(name="Right", place=places[0], buffer_after_minutes=15),
    )
    lamps = a_pool(3, name="Lamps", place=places[0])
    wholes = [
        a_whole(left, right, buffer_before_minutes=90, buffer_after_minutes=75), a_whole(lamps, spaced, name="Kit", kind="equipment"),
    ]  # fmt: skip
    Component.objects.filter(part=lamps).update(quantity=2)
    return [*single, spaced, *pools, left, right, lamps, *wholes]


def units_held(held: list[tuple[portion.Interval, int]], window: portion.Interval) -> int:
    """The most at one time: at the start of the window, or whenever something begins within it."""
    moments = [window.lower, *(piece.lower for piece, _ in held if piece.lower in window)]
    return max(sum(units for piece, units in held if moment in piece) for moment in moments)


def has_room(
    thing: Resource,
    held: dict[int, list[tuple[portion.Interval, int]]],
    start: dt.datetime,
    end: dt.datetime,
    units: int,
) -> bool:
    parts = [(row.part, row.quantity) for row in thing.components.select_related("part")] or [(thing, 1)]
    for part, each in parts:
        before = max(part.buffer_before_minutes, thing.buffer_before_minutes)
        after = max(part.buffer_after_minutes, thing.buffer_after_minutes)
        window = portion.closedopen(start - dt.timedelta(minutes=before), end + dt.timedelta(minutes=after))
        if units_held(held[part.pk], window) + each * units > part.capacity:
            return False
    return units <= thing.capacity


def is_open(thing: Resource, start: dt.datetime, end: dt.datetime) -> bool:
    """`start` and `end` on the wall of its place."""
    if (thing.opens_minute, thing.closes_minute) == (0, 24 * 60):
        return True
    opens = start.replace(hour=0, minute=0) + dt.timedelta(minutes=thing.opens_minute)
    closes = start.replace(hour=0, minute=0) + dt.timedelta(minutes=thing.closes_minute)
    return opens <= start and end <= closes


def test_what_is_free_in_the_database_is_what_counting_finds() -> None:
    world = a_world()
    booking = Booking.objects.create(member=a_member(), starts_at=NOW, ends_at=NOW + HOUR, created_at=NOW)
    leaves = [thing for thing in world if not thing.is_composed]
    seen = count()

    @settings(
        max_examples=40,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @example([(SPACED, (50, 52), 1)], 40, 8, 1)  # Within the time after it that it keeps free.
    @example(
        [(LEFT, (36, 37), 1)], 40, 8, 1
    )  # Within the time before it that the hall keeps free, and its half does not.
    @example([(LEFT, (52, 53), 1)], 40, 8, 1)  # The same after it.
    @example([(0, (-1000, 60), 1)], 40, 8, 1)  # Lent since weeks.
    @example([(POOL, (40, 44), 2), (POOL, (44, 48), 2)], 40, 8, 1)  # Never more than two of three at one time.
    @example([(POOL, (38, 44), 2), (POOL, (42, 46), 1)], 40, 8, 1)  # All three between the quarters 42 and 44.
    @given(wishes, st.integers(40, 56), st.integers(1, 12), st.sampled_from([1, 1, 1, 2, 3]))
    def compare(taken: list[tuple[int, Span, int]], first: int, length: int, units: int) -> None:
        next(seen)
        held: dict[int, list[tuple[portion.Interval, int]]] = {thing.pk: [] for thing in leaves}
        rows = []
        for number, (since, until), wanted in taken:
            thing, busy = leaves[number % len(leaves)], portion.closedopen(at(since), at(until))
            if units_held(held[thing.pk], busy) + wanted > thing.capacity:
                continue
            held[thing.pk].append((busy, wanted))
            rows.append(
                Allocation(
                    booking=booking,
                    resource=thing,
                    busy_from=busy.lower,
                    busy_until=busy.upper,
                    quantity=wanted,
                    exclusive=thing.capacity == 1,
                    is_long=busy.upper - busy.lower > SHORT,
                )
            )
        start, end = at(first), at(first + length)
        walls = start.replace(tzinfo=None), end.replace(tzinfo=None)
        with transaction.atomic():
            Allocation.objects.bulk_create(rows)
            then = set(free_then(Resource.objects.all(), start, end, quantity=units))
            on_walls = set(free_window(Resource.objects.all(), *walls, quantity=units))
            transaction.set_rollback(True)
        assert then == {thing for thing in world if has_room(thing, held, start, end, units)}
        by_hand = set()
        for thing in world:
            zone = ZoneInfo(thing.place.timezone)
            began, ended = (wall.replace(tzinfo=zone).astimezone(dt.UTC) for wall in walls)
            if is_open(thing, *walls) and has_room(thing, held, began, ended, units):
                by_hand.add(thing)
        assert on_walls == by_hand

    compare()
    assert next(seen) >= 40
