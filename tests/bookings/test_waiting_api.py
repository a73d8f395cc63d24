"""The waiting line through the API."""

from typing import Any

import pytest
from django.utils import timezone

from backend.bookings.models import Booking, Resource, Wait
from backend.bookings.times import iso
from tests.bookings.cast import HOUR, a_booking, a_resource, soon
from tests.cast import a_member, signed_in

pytestmark = pytest.mark.django_db


def wish(resource: Resource, **more: Any) -> dict[str, Any]:
    return {"resource": resource.pk, "starts_at": iso(soon()), "ends_at": iso(soon() + HOUR), **more}


def test_from_a_taken_slot_into_the_line_and_out_with_a_booking() -> None:
    studio, ada, bob, eve = a_resource(), a_member("Ada"), signed_in(a_member("Bob")), signed_in(a_member("Eve"))
    booking = a_booking(ada, studio, starts_at=soon(), ends_at=soon() + HOUR, at=timezone.now())
    taken = bob.post("/api/bookings/", {**wish(studio), "resources": [studio.pk]})
    assert (taken.json()["code"], taken.json()["may_wait"]) == ("slot_taken", True)
    made = bob.post("/api/waits/", wish(studio))
    assert (made.status_code, made.json()["place_in_line"], made.json()["may_take_up"]) == (201, 1, False)
    assert bob.post("/api/waits/", wish(studio)).status_code == 200
    assert eve.post("/api/waits/", wish(studio)).json()["place_in_line"] == 2
    signed_in(ada).post(f"/api/bookings/{booking.pk}/cancel/")
    (mine,) = bob.get("/api/waits/").json()["results"]
    assert (mine["status"], mine["may_take_up"], mine["place_in_line"]) == ("offered", True, None)
    offered = bob.get(f"/api/bookings/{Booking.objects.get(status='offered').pk}/").json()
    assert (offered["may"]["change"], offered["may"]["cancel"]) == (False, True)
    assert mine["held_until"] is not None
    assert eve.post(f"/api/waits/{mine['id']}/take-up/").status_code == 404
    assert bob.post(f"/api/waits/{mine['id']}/take-up/").json()["status"] == "confirmed"
    assert bob.post(f"/api/waits/{mine['id']}/take-up/").json()["code"] == "offer_over"
    assert bob.get("/api/waits/").json()["results"] == []
    (other,) = eve.get("/api/waits/").json()["results"]
    assert eve.post(f"/api/waits/{other['id']}/let-go/").json()["status"] == "withdrawn"


def test_there_is_nothing_to_wait_for_when_it_is_free() -> None:
    studio, bob = a_resource(), signed_in(a_member("Bob"))
    assert bob.post("/api/waits/", wish(studio)).json()["code"] == "free_now"
    assert bob.post("/api/waits/", wish(studio) | {"resource": 999_999}).status_code == 400
    assert bob.post("/api/waits/", wish(studio) | {"starts_at": "soon"}).status_code == 400
    assert Wait.objects.count() == 0
