"""Looking for something to book: near, with features, for my collective, and when it is free for the first time."""

import datetime as dt
import random
from contextlib import suppress
from typing import Any

import portion
import pytest
from django.utils import timezone

from backend.bookings import search, sharing, times
from backend.bookings.models import Booking, Resource, Rule
from backend.bookings.rules import Wish, problems
from backend.errors import Refusal
from backend.members.towns import Point, distance_km
from tests.bookings.cast import (
    HOUR,
    NOW,
    a_booking,
    a_collective,
    a_place,
    a_pool,
    a_resource,
    a_whole,
    soon,
    span,
)
from tests.cast import a_member, an_organisation, signed_in, utc

pytestmark = pytest.mark.django_db
BRUSSELS, GHENT, LYON = Point(50.8467, 4.3525), Point(51.0536, 3.7304), Point(45.7640, 4.8357)


def a_place_at(point: Point, name: str) -> Any:
    return a_place(name=name, latitude=point.latitude, longitude=point.longitude)


def found(client: Any, **query: Any) -> list[str]:
    answer = client.get("/api/resources/", query)
    assert answer.status_code == 200, answer.json()
    return [row["name"] for row in answer.json()["results"]]


def first(resource: Resource, minutes: int, start: dt.datetime, end: dt.datetime, **more: Any) -> dt.datetime | None:
    wish: dict[str, Any] = {"member": a_member(), "minutes": minutes, "start": start, "end": end, "at": NOW} | more
    rows, _is_all = search.first_free(Resource.objects.filter(pk=resource.pk), **wish)
    return rows[0].starts_at if rows else None


def test_distances_are_those_of_the_globe() -> None:
    assert distance_km(BRUSSELS, GHENT) == pytest.approx(49.4, abs=0.5)
    assert distance_km(BRUSSELS, LYON) == pytest.approx(566.3, abs=2)
    assert distance_km(Point(0, 179.9), Point(0, -179.9)) == pytest.approx(22.2, abs=0.1)
    assert distance_km(BRUSSELS, BRUSSELS) == 0


def test_near_a_place_or_a_point_and_how_far_it_is() -> None:
    here, there, far = (a_place_at(*pair) for pair in ((BRUSSELS, "Here"), (GHENT, "There"), (LYON, "Far")))
    for place in (here, there, far, a_place(name="Nowhere")):
        a_resource(name=f"Room {place.name}", place=place)
    client = signed_in(a_member())
    assert found(client, near_place=here.pk) == ["Room Here", "Room There"]
    assert found(client, near="50.8467,4.3525", within_km=10) == ["Room Here"]
    assert found(client, near_place=here.pk, within_km=500, search="there") == ["Room There"]
    rows = client.get("/api/resources/", {"near_place": here.pk}).json()["results"]
    assert [row["distance_km"] for row in rows] == [0, pytest.approx(49.4, abs=0.5)]
    assert client.get("/api/resources/").json()["results"][0]["distance_km"] is None


def test_across_the_date_line_and_at_the_poles_nothing_is_missed() -> None:
    a_resource(name="East", place=a_place_at(Point(0, 179.9), "East"))
    a_resource(name="North", place=a_place_at(Point(89.9, 10), "North"))
    client = signed_in(a_member())
    assert found(client, near="0,-179.9", within_km=50) == ["East"]
    assert found(client, near="89.9,-170", within_km=50) == ["North"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"near": "here"}, "near"),
        ({"near": "91,0"}, "near"),
        ({"near": "nan,0"}, "near"),
        ({"near": "1,2,3"}, "near"),
        ({"near": "1,1", "within_km": "0"}, "within_km"),
        ({"near": "1,1", "within_km": "501"}, "within_km"),
        ({"near_place": "999999"}, "near_place"),
        ({"within_km": "5"}, "near"),
        ({"feature": "heated_pool"}, "feature"),
    ],
)
def test_nonsense_is_refused_by_field(query: dict[str, str], field: str) -> None:
    answer = signed_in(a_member()).get("/api/resources/", query)
    assert (answer.status_code, list(answer.json()["fields"])) == (400, [field])


def test_a_million_parameters_are_refused_and_nothing_breaks() -> None:
    address = "/api/calendar/?" + "&".join(f"resource={number}" for number in range(100_000))
    answer = signed_in(a_member()).get(address)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")


def test_features_must_all_be_there() -> None:
    both, one = a_resource(name="Both"), a_resource(name="One")
    sharing.offer(both, ["quiet", "wifi"])
    sharing.offer(one, ["wifi"])
    client = signed_in(a_member())
    assert found(client, feature="wifi") == ["Both", "One"]
    assert found(client, feature=["wifi", "quiet"]) == ["Both"]


def test_only_pools_with_so_many_free_units() -> None:
    chairs = a_pool(30, name="Chairs")
    a_pool(10, name="Few chairs")
    start = soon()
    a_booking(a_member(), chairs, quantity=15, starts_at=start, ends_at=start + HOUR, at=timezone.now())
    client = signed_in(a_member())
    window = {"free_from": times.iso(start), "free_until": times.iso(start + HOUR)}
    assert found(client, quantity=12) == ["Chairs"]
    assert found(client, quantity=15, **window) == ["Chairs"]
    assert found(client, quantity=16, **window) == []


def test_for_me_leaves_out_what_is_not_shared_with_me_or_my_collective() -> None:
    ada = a_member("Ada")
    collective = a_collective(ada)
    place = a_place()
    theirs, all_can = a_resource(name="Theirs", place=place), a_resource(name="All", place=place)
    a_resource(
        name="Abroad",
        place=a_place(organisation=an_organisation(slug="other"), name="Abroad"),
        own_organisation_only=True,
    )
    Rule.objects.create(resource=theirs, what="who", terms={"collectives": [collective.pk]})
    client = signed_in(ada)
    assert found(client) == ["Abroad", "All", "Theirs"]
    assert found(client, for_me=True) == [all_can.name]
    assert found(client, for_me=True, collective=collective.pk) == ["All", "Theirs"]
    refused = client.get("/api/resources/", {"for_me": True, "collective": 999999}).json()
    assert refused["fields"]["collective"][0]["code"] == "not_in_collective"


def test_the_first_free_time_keeps_hours_steps_buffers_and_what_is_booked() -> None:
    ada = a_member()
    studio = a_resource(opens_minute=8 * 60, closes_minute=18 * 60, buffer_after_minutes=30)
    start, end = utc(2026, 11, 30, 7), utc(2026, 12, 2)
    assert first(studio, 120, start, end) == utc(2026, 11, 30, 7)  # 08:00 in Brussels
    a_booking(ada, studio, hours=(8, 10))
    assert first(studio, 120, start, end) == utc(2026, 11, 30, 10, 30)
    a_booking(ada, studio, starts_at=utc(2026, 11, 30, 12), ends_at=utc(2026, 11, 30, 16))
    assert first(studio, 120, start, end) == utc(2026, 12, 1, 7)
    assert first(studio, 60, start, end) == utc(2026, 11, 30, 10, 30)
    assert first(studio, 660, start, end) is None
    assert first(studio, 120, start, utc(2026, 12, 1, 8)) is None


def test_of_a_whole_all_parts_must_be_free_and_of_a_pool_enough_units() -> None:
    ada = a_member()
    left, right, pool = a_resource(name="Left"), a_resource(name="Right"), a_pool(3)
    hall = a_whole(left, right)
    a_booking(ada, left, hours=(9, 10)), a_booking(ada, right, hours=(10, 11))
    a_booking(ada, pool, hours=(9, 12), quantity=2)
    start, end = span(9, 20)
    assert first(hall, 60, start, end) == utc(2026, 11, 30, 11)
    assert first(pool, 60, start, end) == start
    assert first(pool, 60, start, end, quantity=2) == utc(2026, 11, 30, 12)


def test_it_is_what_a_plain_walk_over_all_starts_finds() -> None:
    dice = random.Random(4)
    ada = a_member()
    things = [
        a_resource(name="Room", opens_minute=7 * 60, closes_minute=21 * 60, buffer_before_minutes=15, step_minutes=15),
        a_resource(name="Van", kind="equipment", buffer_after_minutes=60, max_minutes=4 * 24 * 60),
        a_pool(3, name="Lamps"),
    ]
    for _ in range(60):
        start = utc(2026, 11, 30) + dice.randrange(0, 96) * HOUR / 2
        end = start + dice.randrange(1, 9) * HOUR / 2
        with suppress(Refusal):
            a_booking(ada, dice.choice(things), starts_at=start, ends_at=end)
    assert Booking.objects.count() > 20
    for _ in range(40):
        thing, minutes = dice.choice(things), dice.choice([30, 60, 120, 300])
        begin = utc(2026, 11, 30) + dice.randrange(0, 1440) * dt.timedelta(minutes=1)
        end = begin + dt.timedelta(hours=dice.randrange(5, 60))
        units = dice.randrange(1, thing.capacity + 1)
        assert first(thing, minutes, begin, end, quantity=units) == by_hand(thing, minutes, begin, end, units)


def by_hand(thing: Resource, minutes: int, begin: dt.datetime, end: dt.datetime, units: int) -> dt.datetime | None:
    """Every quarter of an hour is tried; a unit is busy in the union of intervals in which too many others are held."""
    rows = list(thing.allocations.filter(active=True).values_list("busy_from", "busy_until", "quantity"))
    length = dt.timedelta(minutes=minutes)
    moment = begin.replace(minute=0, second=0, microsecond=0)
    while moment + length <= end:
        wished = portion.closedopen(*thing.busy(moment, moment + length))
        cuts = sorted({edge for row in rows for edge in row[:2]} | {wished.lower})
        most = max(
            sum(quantity for since, until, quantity in rows if since <= cut < until) for cut in cuts if cut in wished
        )
        keeps = not list(problems(Wish(thing, moment, moment + length, NOW)))
        if moment >= begin and keeps and most + units <= thing.capacity:
            return moment
        moment += dt.timedelta(minutes=15)
    return None


def test_the_soonest_comes_first_in_a_constant_number_of_questions(django_assert_max_num_queries: Any) -> None:
    ada, at = a_member(), timezone.now()
    place = a_place()
    for number in range(12):
        room = a_resource(name=f"Room {number:02}", place=place)
        if number != 7:
            a_booking(ada, room, starts_at=soon(2), ends_at=soon(2) + HOUR, at=at)
    client = signed_in(ada)
    asked: dict[str, Any] = {"minutes": 60, "from": times.iso(soon(2)), "until": times.iso(soon(3))}
    client.get("/api/resources/first-free/", asked)
    with django_assert_max_num_queries(12):
        told = client.get("/api/resources/first-free/", asked).json()
    assert told["is_all"] is True
    assert [row["resource"]["name"] for row in told["found"]][:2] == ["Room 07", "Room 00"]
    assert told["found"][0]["starts_at"] == times.iso(soon(2))
    assert told["found"][1]["starts_at"] == times.iso(soon(2) + HOUR)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({}, "minutes"),
        ({"minutes": "0"}, "minutes"),
        ({"minutes": "999999"}, "minutes"),
        ({"minutes": "x"}, "minutes"),
        ({"minutes": "60", "quantity": "0"}, "quantity"),
        ({"minutes": "60", "from": "soon"}, "from"),
        ({"minutes": "60", "from": "2026-12-01T10:00", "until": "2026-12-01T10:00"}, "until"),
        ({"minutes": "60", "from": "2026-12-01T10:00", "until": "2026-12-02T10:00Z"}, "until"),
        ({"minutes": "60", "from": "2026-12-01T10:00", "until": "2027-02-01T10:00"}, "until"),
    ],
)
def test_a_first_free_time_without_sense_is_refused(query: dict[str, str], field: str) -> None:
    answer = signed_in(a_member()).get("/api/resources/first-free/", query)
    assert (answer.status_code, list(answer.json()["fields"])) == (400, [field])


def test_wall_times_are_meant_on_each_clock_and_a_gap_is_the_moment_after_it() -> None:
    lisbon = a_resource(name="Lisbon", place=a_place(name="Lisbon", timezone="Europe/Lisbon"))
    wall = tuple(utc(2027, 3, 28, hour).replace(tzinfo=None) for hour in (1, 12))
    at = utc(2027, 3, 27)
    assert first(lisbon, 60, wall[0], wall[1], at=at) == utc(2027, 3, 28, 1)
    assert first(a_resource(), 60, wall[0] + HOUR, wall[1], at=at) == utc(2027, 3, 28, 1)
