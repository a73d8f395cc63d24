"""Asking first: what a wish would come to, with the same answers as booking it, and nothing written."""

from typing import Any

import pytest
from django.utils import timezone

from backend.bookings import checking
from backend.bookings.models import Allocation, Booking, Rule
from backend.bookings.times import iso
from backend.errors import Conflict, Refusal
from tests.bookings.cast import HOUR, NOW, a_booking, a_collective, a_place, a_resource, a_whole, soon, span
from tests.cast import a_member, signed_in

pytestmark = pytest.mark.django_db
START, END = span(9, 11)


def asked(member: Any, *resources: Any, **more: Any) -> dict[str, Any]:
    wish = {"starts_at": START, "ends_at": END, "at": NOW} | more
    return checking.check(member=member, resources=[resource.pk for resource in resources], **wish)


def test_what_it_would_cost_and_whether_a_host_looks_at_it() -> None:
    ada, studio = a_member(), a_resource()
    Rule.objects.create(resource=studio, what="cost", terms={"per": "hour", "cents": 500})
    Rule.objects.create(resource=studio, what="approval", terms={"risk": "First time", "when": "first_booking"})
    quote = asked(ada, studio)
    assert (quote["cost_cents"], quote["currency"], quote["needs_approval"]) == (1000, "EUR", True)
    assert Booking.objects.count() == Allocation.objects.count() == 0
    booking = a_booking(ada, studio)
    assert (booking.cost_cents, booking.status) == (quote["cost_cents"], "requested")


def test_it_refuses_with_the_words_of_booking() -> None:
    ada, eve, studio, other = a_member("Ada"), a_member("Eve"), a_resource(), a_resource(name="Other")
    hall = a_whole(studio, other)
    a_booking(ada, studio)
    for resources, wish in (
        ((studio,), {}),
        ((hall,), {}),
        ((studio, other), {}),
        ((studio,), {"ends_at": START}),
        ((studio,), {"starts_at": START + HOUR / 7}),
        ((studio,), {"collective": 999999}),
        ((studio,), {"people": [999999]}),
        ((studio,), {"quantity": 2}),
    ):
        with pytest.raises(Refusal) as before:
            asked(eve, *resources, **wish)
        with pytest.raises(Refusal) as then:
            a_booking(eve, *resources, **wish)
        assert before.value.as_dict() == then.value.as_dict()


def test_moving_asks_with_its_own_time_left_aside() -> None:
    ada, studio = a_member(), a_resource()
    mine = a_booking(ada, studio)
    a_booking(a_member("Bob"), studio, hours=(12, 13))
    assert asked(ada, studio, moved=mine, ends_at=END + HOUR)["needs_approval"] is False
    with pytest.raises(Conflict):
        asked(ada, studio, moved=mine, ends_at=END + 2 * HOUR)


def test_through_the_api_a_second_person_hears_of_it_before_sending() -> None:
    ada, bob, studio = a_member("Ada"), a_member("Bob"), a_resource()
    start = soon()
    wish = {"resources": [studio.pk], "starts_at": iso(start), "ends_at": iso(start + HOUR)}
    assert signed_in(bob).post("/api/bookings/check/", wish).json()["cost_cents"] == 0
    mine = a_booking(ada, studio, starts_at=start, ends_at=start + HOUR, at=timezone.now())
    taken = signed_in(bob).post("/api/bookings/check/", wish)
    assert (taken.status_code, taken.json()["code"], taken.json()["may_wait"]) == (409, "slot_taken", True)
    assert signed_in(ada).post("/api/bookings/check/", wish | {"booking": mine.pk}).status_code == 200
    # Somebody else's booking is no excuse.
    assert signed_in(bob).post("/api/bookings/check/", wish | {"booking": mine.pk}).status_code == 409


def test_the_page_of_a_thing_tells_all_and_the_manual_only_to_who_has_booked_it() -> None:
    ada, host = a_member("Ada"), a_member("Hanna")
    place = a_place(latitude=50.8, longitude=4.3, address="Quai 1", house_rules="Sweep.")
    place.hosts.add(host)
    lamp = a_resource(name="Lamp", place=place, manual="Switch it on.", value_cents=9900)
    kit = a_whole(lamp, a_resource(name="Stand", place=place), name="Kit")
    path = f"/api/resources/{lamp.pk}/"
    told = signed_in(ada).get(path).json()
    assert (told["manual"], told["value_cents"], told["place"]["house_rules"]) == (None, 9900, "Sweep.")
    assert [row["name"] for row in told["part_of"]] == ["Kit"]
    assert (told["owner"]["kind"], told["owner"]["id"]) == ("organisation", place.organisation_id)
    assert [row["name"] for row in told["hosts"]] == ["Hanna"]
    assert [row["name"] for row in signed_in(ada).get(f"/api/resources/{kit.pk}/").json()["parts"]] == ["Lamp", "Stand"]
    # Where there is none, nothing is kept back.
    assert signed_in(ada).get(f"/api/resources/{kit.pk}/").json()["manual"] == ""
    assert signed_in(host).get(path).json()["manual"] == "Switch it on."
    a_booking(ada, kit, collective=a_collective(ada).pk)
    assert signed_in(ada).get(path).json()["manual"] == "Switch it on."
