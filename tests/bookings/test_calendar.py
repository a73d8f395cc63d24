"""What open calendars are told: who holds what, when a whole has no room, when a house is closed."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.bookings import actions, blackouts
from backend.bookings.calendar import Shown, shown
from backend.bookings.closings import closings
from backend.bookings.hours import holiday
from backend.bookings.models import Component, Opening, OpeningException, Place, Resource
from backend.bookings.times import iso
from backend.errors import Conflict
from tests.bookings.cast import HOUR, NOW, a_booking, a_place, a_pool, a_resource, a_whole, soon, span
from tests.cast import a_member, signed_in, utc

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)


def on_the_day(*resources: Resource) -> Shown:
    return shown(a_member("Reader"), [it.pk for it in resources], *span(0, 24))


def spans(rows: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(row["from"][11:16], row["until"][11:16]) for row in rows]


def test_a_half_that_is_held_leaves_the_hall_without_room_but_does_not_book_it() -> None:
    left, right = a_resource(name="Left"), a_resource(name="Right")
    hall = a_whole(left, right)
    a_booking(a_member(), left, hours=(9, 11), title="Choir")
    told = on_the_day(hall, left, right)
    assert [(row["resource"], row["title"]) for row in told.busy] == [(left.pk, "Choir")]
    assert [row["resource"] for row in told.full] == [hall.pk]
    assert spans(told.full) == [("09:00", "11:00")]


def test_a_booked_hall_is_one_row_of_the_hall_and_one_of_each_half_with_the_time_of_the_booking() -> None:
    left, right = a_resource(name="Left", buffer_after_minutes=30), a_resource(name="Right")
    hall = a_whole(left, right)
    booking = a_booking(a_member(), hall, hours=(9, 11))
    told = on_the_day(hall, left, right)
    assert sorted(row["resource"] for row in told.busy) == sorted([hall.pk, left.pk, right.pk])
    assert {(row["starts_at"], row["ends_at"]) for row in told.busy} == {(iso(booking.starts_at), iso(booking.ends_at))}
    (whole,) = (row for row in told.busy if row["resource"] == hall.pk)
    assert spans([whole]) == [("09:00", "11:30")]
    # From 8:30 a booking of the hall would hold the left half for half an hour too long.
    assert spans(told.full) == [("08:30", "11:30")]


def test_a_kit_has_room_as_long_as_enough_of_each_pool_is_left() -> None:
    tripods, camera = a_pool(5, name="Tripods"), a_pool(3, name="Cameras")
    kit = a_whole(camera, name="Film kit", kind="equipment")
    Component.objects.create(whole=kit, part=tripods, quantity=2)
    ada = a_member()
    a_booking(ada, tripods, hours=(8, 12), quantity=1)
    assert on_the_day(kit) == Shown([], [])
    a_booking(ada, kit, hours=(9, 11))
    assert spans(on_the_day(kit).busy) == [("09:00", "11:00")]
    assert on_the_day(kit).full == []
    a_booking(ada, kit, hours=(10, 11))
    told = on_the_day(kit)
    assert spans(told.busy) == [("09:00", "11:00"), ("10:00", "11:00")]
    assert spans(told.full) == [("10:00", "11:00")]


def test_a_whole_is_free_exactly_when_it_can_be_booked_also_with_wider_buffers_of_a_part() -> None:
    left = a_resource(name="Left", buffer_after_minutes=60, buffer_before_minutes=30)
    hall = a_whole(left, a_resource(name="Right"), buffer_after_minutes=30, max_minutes=600)
    ada = a_member()
    a_booking(ada, left, hours=(12, 14))
    (full,) = on_the_day(hall).full
    # What the form works out: its own buffers around what is full.
    first = dt.datetime.fromisoformat(full["from"]) - hall.buffer_after_minutes * MINUTE
    last = dt.datetime.fromisoformat(full["until"]) + hall.buffer_before_minutes * MINUTE
    for start, end in [(first - 30 * MINUTE, first + 30 * MINUTE), (last - 30 * MINUTE, last + 30 * MINUTE)]:
        with pytest.raises(Conflict):
            actions.book(member=ada, resources=[hall.pk], starts_at=start, ends_at=end, at=NOW)
    for start, end in [(first - HOUR, first), (last, last + HOUR)]:
        actions.book(member=ada, resources=[hall.pk], starts_at=start, ends_at=end, at=NOW)


def test_what_is_out_of_use_is_one_row_of_the_whole_too() -> None:
    host = a_member("Host", is_staff=True)
    left, right = a_resource(name="Left"), a_resource(name="Right")
    hall = a_whole(left, right)
    start, end = span(9, 11)
    blackouts.black_out(
        member=host, resource=hall.pk, starts_at=start, ends_at=end, reason="repair", note="Floor", at=NOW
    )
    rows = [row for row in on_the_day(hall, left).busy if row["resource"] == hall.pk]
    assert [(row["blackout"], row["title"], row["booking"]) for row in rows] == [("repair", "Floor", None)]


def test_a_house_is_closed_outside_its_week_on_exceptions_and_on_holidays() -> None:
    house = a_place(closed_on_holidays=True)
    for weekday in range(6):
        Opening.objects.create(place=house, weekday=weekday, opens_minute=540, closes_minute=1080)
    day = dt.date(2026, 12, 24)
    OpeningException.objects.create(place=house, first_day=day, last_day=day, reason="Stocktaking")
    told = closings([house, house], utc(2026, 12, 23, 23), utc(2026, 12, 27, 23))
    assert [(row["from"], row["until"], row["reason"]) for row in told] == [
        ("2026-12-23T23:00:00Z", "2026-12-24T23:00:00Z", "Stocktaking"),
        ("2026-12-24T23:00:00Z", "2026-12-25T23:00:00Z", holiday("BE", "", dt.date(2026, 12, 25))),
        ("2026-12-25T23:00:00Z", "2026-12-26T08:00:00Z", ""),
        ("2026-12-26T17:00:00Z", "2026-12-27T23:00:00Z", ""),
    ]
    assert closings([a_place(name="Always")], utc(2026, 12, 23), utc(2026, 12, 27)) == []


def test_a_house_open_past_midnight_is_not_closed_at_midnight() -> None:
    club = a_place(timezone="UTC")
    for weekday in range(7):
        Opening.objects.create(place=club, weekday=weekday, opens_minute=22 * 60, closes_minute=30 * 60)
    assert spans(closings([club], *span(0, 24))) == [("06:00", "22:00")]


def test_the_calendar_tells_of_closed_houses_in_as_many_queries_for_three_as_for_one() -> None:
    client, start = signed_in(a_member()), soon(hour=0)
    address = f"/api/calendar/?from={iso(start)}&until={iso(start + 7 * 24 * HOUR)}"

    def a_house(number: int) -> Place:
        house = a_place(name=f"House {number}")
        Opening.objects.create(place=house, weekday=0, opens_minute=540, closes_minute=1080)
        a_whole(a_resource(place=house, name="Left"), a_resource(place=house, name="Right"), name="Hall")
        return house

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            told = client.get(address).json()
        assert {row["place"] for row in told["closed"]} == {row["place"]["id"] for row in told["resources"]}
        return len(asked)

    a_house(1)
    client.get(address)
    alone = queries()
    a_house(2)
    a_house(3)
    assert queries() == alone
