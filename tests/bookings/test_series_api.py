"""Series through the API."""

from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from backend.bookings.models import Booking, Resource, Series
from tests.bookings.cast import HOUR, a_booking, a_pool, a_resource, soon
from tests.cast import a_member, signed_in

pytestmark = pytest.mark.django_db


def wish(*resources: Resource, **more: Any) -> dict[str, Any]:
    day = f"{soon():%Y-%m-%d}"
    values: dict[str, Any] = {"starts_at": f"{day}T19:00", "ends_at": f"{day}T21:00", "rule": "FREQ=WEEKLY;COUNT=3"}
    return {"resources": [it.pk for it in resources], **values, **more}


def test_a_series_is_previewed_made_changed_and_ended() -> None:
    studio, ada = a_resource(), signed_in(a_member("Ada"))
    shown = ada.post("/api/booking-series/preview/", wish(studio))
    assert shown.status_code == 200, shown.json()
    assert [(row["booked"], row["reason"]) for row in shown.json()["occurrences"]] == [(True, None)] * 3
    made = ada.post("/api/booking-series/", wish(studio, title="Choir"))
    assert (made.status_code, len(made.json()["bookings"]), made.json()["skipped"]) == (201, 3, [])
    assert ada.get(f"/api/booking-series/{made.json()['id']}/").json()["bookings"] == made.json()["bookings"]
    second = made.json()["bookings"][1]
    new = {"starts_at": second["occurrence"][:11] + "20:00", "ends_at": second["occurrence"][:11] + "22:00"}
    changed = ada.patch(f"/api/bookings/{second['id']}/series/", {"scope": "following", **new})
    assert [row["occurrence"][11:] for row in changed.json()["bookings"]] == ["20:00", "20:00"]
    ended = ada.post(f"/api/bookings/{second['id']}/cancel-series/", {"scope": "following"})
    assert (ended.json()["cancelled"], ended.json()["kept"]) == (2, [])
    assert Booking.objects.filter(status="confirmed").count() == 1


def test_conflicts_answer_409_with_every_time_and_the_same_key_the_first_series() -> None:
    studio, ada = a_resource(), signed_in(a_member("Ada"))
    a_booking(a_member("Bob"), studio, starts_at=soon(hour=12), ends_at=soon(hour=23), at=timezone.now())
    refused = ada.post("/api/booking-series/", wish(studio, on_conflict="all_or_nothing"))
    assert (refused.status_code, refused.json()["code"]) == (409, "series_has_conflicts")
    assert [row["reason"] for row in refused.json()["occurrences"]] == ["taken", None, None]
    key = {"idempotency-key": str(uuid4())}
    first = ada.post("/api/booking-series/", wish(studio), headers=key)
    again = ada.post("/api/booking-series/", wish(studio), headers=key)
    assert (first.status_code, again.status_code, first.json()["id"]) == (201, 201, again.json()["id"])
    assert first.json()["skipped"][0]["reason"] == "taken"


def test_a_hall_with_four_of_the_tripods_repeats() -> None:
    hall, tripods, ada = a_resource(name="Hall"), a_pool(5, name="Tripods"), signed_in(a_member())
    items = [{"resource": hall.pk, "quantity": 1}, {"resource": tripods.pk, "quantity": 4}]
    asked = {name: value for name, value in wish(hall).items() if name != "resources"} | {"items": items}
    shown = ada.post("/api/booking-series/preview/", asked).json()["occurrences"]
    made = ada.post("/api/booking-series/", asked).json()["bookings"]
    assert ([row["booked"] for row in shown], [row["items"] for row in made]) == ([True] * 3, [items] * 3)


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"rule": "FREQ=DAILY"}, "rule", "series_without_end"), ({"rule": "x" * 201}, "rule", "max_length"),
        ({"starts_at": "2026-02-31T10:00"}, "starts_at", "invalid_time"), ({"starts_at": "tomorrow"}, "starts_at", "invalid"),
        ({"starts_at": "2027-03-28T19:00Z"}, "starts_at", "invalid"), ({"resources": []}, "resources", "min_length"),
        ({"resources": [999999]}, "resources", "not_found"), ({"without": ["x"]}, "without.0", "invalid"),
        ({"collective": 999}, "collective", "not_in_collective"), ({"on_conflict": "fight"}, "on_conflict", "invalid_choice"),
    ],
)  # fmt: skip
def test_nonsense_is_refused_by_field(change: dict[str, Any], field: str, code: str) -> None:
    studio, ada = a_resource(), signed_in(a_member("Ada"))
    for address in ("/api/booking-series/preview/", "/api/booking-series/"):
        answer = ada.post(address, wish(studio) | change)
        assert answer.status_code == 400, answer.json()
        assert answer.json()["fields"][field][0]["code"] == code
    assert Series.objects.count() == 0


def test_a_stranger_finds_no_series() -> None:
    studio, ada, eve = a_resource(), signed_in(a_member("Ada")), signed_in(a_member("Eve"))
    made = ada.post("/api/booking-series/", wish(studio)).json()
    first = made["bookings"][0]["id"]
    assert eve.get(f"/api/booking-series/{made['id']}/").status_code == 404
    assert eve.patch(f"/api/bookings/{first}/series/", {"scope": "all", "title": "Mine"}).status_code == 404
    assert eve.post(f"/api/bookings/{first}/cancel-series/", {"scope": "all"}).status_code == 404
    assert ada.post(f"/api/bookings/{first}/cancel-series/", {"scope": "some"}).status_code == 400
    single = a_booking(
        Booking.objects.get(pk=first).member, studio, starts_at=soon(1), ends_at=soon(1) + HOUR, at=timezone.now()
    )
    assert ada.post(f"/api/bookings/{single.pk}/cancel-series/", {"scope": "all"}).json()["code"] == "not_in_a_series"
