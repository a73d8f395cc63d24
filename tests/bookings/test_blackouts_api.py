"""Out of use, capacity and damages through the API."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from backend.bookings.models import Blackout, Damage, Resource, Rule
from backend.bookings.times import iso
from backend.members.models import Member
from backend.notices.models import Notice
from tests.bookings.cast import HOUR, a_booking, a_place, a_pool, a_resource, soon
from tests.cast import a_member, signed_in

pytestmark = pytest.mark.django_db


def a_host(resource: Resource) -> Member:
    host = a_member("Hanna")
    resource.place.hosts.add(host)
    return host


def wish(resource: Resource, start: dt.datetime | None = None, **more: Any) -> dict[str, Any]:
    start = start or soon()
    return {
        "resource": resource.pk,
        "starts_at": iso(start),
        "ends_at": iso(start + 2 * HOUR),
        "reason": "repair",
    } | more


def test_whom_it_hits_is_shown_then_asked_then_done() -> None:
    studio, ada = a_resource(), a_member("Ada")
    host = signed_in(a_host(studio))
    booking = a_booking(ada, studio, starts_at=soon(), ends_at=soon() + HOUR, at=timezone.now())
    shown = host.post("/api/blackouts/preview/", wish(studio))
    assert (shown.status_code, [row["id"] for row in shown.json()["bookings"]]) == (200, [booking.pk])
    refused = host.post("/api/blackouts/", wish(studio))
    assert (refused.status_code, refused.json()["code"]) == (409, "people_have_booked")
    assert refused.json()["bookings"] == shown.json()["bookings"]
    made = host.post("/api/blackouts/", wish(studio, displace=True, note="New floor"))
    assert (made.status_code, made.json()["timezone"]) == (201, "Europe/Brussels")
    assert [row["id"] for row in host.get("/api/blackouts/").json()["results"]] == [made.json()["id"]]
    held = signed_in(ada).get(
        f"/api/resources/{studio.pk}/busy/", {"from": iso(soon()), "until": iso(soon() + 3 * HOUR)}
    )
    assert [(row["blackout"], row["title"], row["booking"]) for row in held.json()] == [("repair", "New floor", None)]
    assert host.post(f"/api/blackouts/{made.json()['id']}/lift/").status_code == 200
    assert host.get("/api/blackouts/").json()["results"] == []


def test_who_does_not_look_after_it_learns_nothing() -> None:
    studio, eve = a_resource(), signed_in(a_member("Eve"))
    host = signed_in(a_host(studio))
    made = host.post("/api/blackouts/", wish(studio)).json()["id"]
    assert eve.get("/api/blackouts/").json()["results"] == []
    assert eve.get(f"/api/blackouts/{made}/").status_code == 404
    assert eve.post(f"/api/blackouts/{made}/lift/").status_code == 404
    assert eve.post("/api/blackouts/", wish(studio)).status_code == 403
    assert eve.post("/api/blackouts/preview/", wish(studio)).status_code == 403
    assert eve.put(f"/api/resources/{studio.pk}/capacity/", {"capacity": 1}).status_code == 403
    assert eve.put("/api/resources/999999/capacity/", {"capacity": 1}).status_code == 404


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"starts_at": "tomorrow"}, "starts_at", "invalid_time"), ({"reason": "war"}, "reason", "invalid_choice"),
        ({"quantity": 0}, "quantity", "min_value"), ({"starts_at": "2027-03-28T02:30"}, "starts_at", "time_does_not_exist"),
        ({"ends_at": "2026-01-01T00:00Z"}, "ends_at", "ends_before_start"), ({"note": "x" * 401}, "note", "max_length"),
    ],
)  # fmt: skip
def test_nonsense_is_refused_by_field(change: dict[str, Any], field: str, code: str) -> None:
    studio = a_resource()
    answer = signed_in(a_host(studio)).post("/api/blackouts/", wish(studio) | change)
    assert answer.status_code == 400, answer.json()
    assert answer.json()["fields"][field][0]["code"] == code
    assert Blackout.objects.count() == 0


def test_a_place_or_a_thing_is_named_not_both() -> None:
    studio = a_resource()
    host = signed_in(a_host(studio))
    assert host.post("/api/blackouts/", wish(studio, place=studio.place_id)).status_code == 400
    neither = {name: value for name, value in wish(studio).items() if name != "resource"}
    assert host.post("/api/blackouts/", neither).status_code == 400


def test_fewer_units_through_the_api() -> None:
    pool = a_pool(3)
    host = signed_in(a_host(pool))
    a_booking(a_member(), pool, quantity=3, starts_at=soon(), ends_at=soon() + HOUR, at=timezone.now())
    address = f"/api/resources/{pool.pk}/capacity/"
    assert host.put(address, {"capacity": 2}).json()["code"] == "people_have_booked"
    assert host.put(address, {"capacity": 2, "displace": True}).json()["capacity"] == 2
    assert host.put(address, {"capacity": 0}).status_code == 400


def test_whoever_sees_a_thing_can_say_that_it_is_broken_and_its_host_is_told() -> None:
    drill, ada = a_resource(kind="equipment"), signed_in(a_member("Ada"))
    hanna = a_host(drill)
    made = ada.post("/api/damages/", {"resource": drill.pk, "words": "It smokes."})
    assert (made.status_code, made.json()["status"]) == (201, "open")
    assert ada.get("/api/damages/").json()["results"] == []
    assert [row["words"] for row in signed_in(hanna).get("/api/damages/").json()["results"]] == ["It smokes."]
    notice = Notice.objects.get(member=hanna)
    assert (notice.kind, notice.data["resource"]["name"]) == ("damage_reported", "Studio")
    assert ada.post("/api/damages/", {"resource": 999_999, "words": "x"}).status_code == 404
    assert ada.post("/api/damages/", {"resource": drill.pk, "words": " "}).status_code == 400
    assert Damage.objects.count() == 1


def test_a_damage_is_repaired_and_closed() -> None:
    pool = a_pool(2)
    host = signed_in(a_host(pool))
    damage = Damage.objects.create(resource=pool, words="Broken", reported_at=timezone.now())
    assert [row["words"] for row in host.get("/api/damages/").json()["results"]] == ["Broken"]
    mended = host.post(f"/api/damages/{damage.pk}/repair/", {"until": iso(soon())})
    assert (mended.json()["status"], mended.json()["out_of_use_until"]) == ("in_repair", iso(soon()))
    assert host.post(f"/api/damages/{damage.pk}/repair/", {"until": iso(soon())}).json()["code"] == "already_decided"
    assert host.post(f"/api/damages/{damage.pk}/close/").json()["status"] == "fixed"
    assert host.get("/api/damages/").json()["results"] == []
    assert len(host.get("/api/damages/?closed=true").json()["results"]) == 1
    assert signed_in(a_member("Eve")).get(f"/api/damages/{damage.pk}/").status_code == 404


def test_a_host_finds_what_they_look_after_and_what_waits_for_them() -> None:
    hall, other, ada = (
        a_resource(name="Hall"),
        a_resource(name="Elsewhere", place=a_place(name="Other")),
        a_member("Ada"),
    )
    Rule.objects.create(resource=hall, what="approval", terms={"risk": "New here", "when": "first_booking"})
    hanna = a_host(hall)
    host = signed_in(hanna)
    waiting = a_booking(ada, hall, starts_at=soon(), ends_at=soon() + HOUR, at=timezone.now())
    a_booking(hanna, other, starts_at=soon(), ends_at=soon() + HOUR, at=timezone.now())
    assert [row["name"] for row in host.get("/api/resources/?hosted=true").json()["results"]] == ["Hall"]
    found = host.get("/api/bookings/?to_decide=true").json()["results"]
    assert [(row["id"], row["may"]["decide"]) for row in found] == [(waiting.pk, True)]
    assert signed_in(ada).get("/api/bookings/?to_decide=true").json()["results"] == []
    assert signed_in(ada).post(f"/api/bookings/{waiting.pk}/approve/").status_code == 403
    assert host.post(f"/api/bookings/{waiting.pk}/approve/").json()["status"] == "confirmed"
    assert host.post(f"/api/bookings/{waiting.pk}/decline/").json()["code"] == "already_decided"


def test_who_is_invited_finds_the_booking_among_theirs() -> None:
    ada, bob, studio = a_member("Ada"), a_member("Bob"), a_resource()
    booking = a_booking(ada, studio, starts_at=soon(), ends_at=soon() + HOUR, at=timezone.now(), people=[bob.pk])
    found = signed_in(bob).get("/api/bookings/?upcoming=true").json()["results"]
    assert [(row["id"], row["may"]["cancel"], row["people"][0]["id"]) for row in found] == [(booking.pk, False, bob.pk)]
    assert signed_in(a_member("Eve")).get(f"/api/bookings/{booking.pk}/").status_code == 404
    refused = signed_in(ada).patch(f"/api/bookings/{booking.pk}/", {"people": [999_999]})
    assert refused.json()["fields"]["people"][0]["code"] == "not_found"
