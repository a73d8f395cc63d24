"""Looking after things over HTTP, by a host, a member and staff."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from backend.bookings.models import InductionSession, OpeningException, Resource, Rule
from backend.bookings.times import iso
from backend.members.models import Member
from tests.bookings.cast import HOUR, a_place, a_pool, a_resource, soon
from tests.cast import a_member, signed_in

pytestmark = pytest.mark.django_db


def a_host(resource: Resource) -> Member:
    host = a_member("Hanna")
    resource.place.hosts.add(host)
    return host


def photo() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (900, 900), "teal").save(out, "JPEG")
    return SimpleUploadedFile("house.jpg", out.getvalue(), "image/jpeg")


def test_who_looks_after_nothing_has_empty_lists() -> None:
    studio = a_resource()
    host, eve = signed_in(a_host(studio)), signed_in(a_member("Eve"))
    assert eve.get("/api/hosting/").json() == {
        "places": [],
        "resources": [],
        "organisations": [],
        "shared_at": [{"id": studio.place_id, "name": "Workshop"}],
    }
    told = host.get("/api/hosting/").json()
    assert [row["id"] for row in told["places"]] == [studio.place_id]
    assert [row["name"] for row in told["resources"]] == ["Studio"]


def test_rules_are_read_by_everybody_in_order_with_where_they_come_from() -> None:
    studio = a_resource()
    host, eve = signed_in(a_host(studio)), signed_in(a_member("Eve"))
    wide = {
        "place": studio.place_id,
        "what": "ahead",
        "terms": {"ahead_days": 9},
        "message": {"en": "So all can plan."},
    }
    assert host.post("/api/rules/", wide, format="json").status_code == 201
    near = host.post("/api/rules/", {"resource": studio.pk, "what": "ahead", "terms": {"ahead_days": 5}}, format="json")
    told = eve.get(f"/api/rules/?resource={studio.pk}").json()
    assert [(row["comes_from"], row["counts"], row["may"]["change"]) for row in told] == [
        ("place", False, False),
        ("resource", True, False),
    ]
    assert [row["may"]["change"] for row in host.get(f"/api/rules/?place={studio.place_id}").json()] == [True]
    address = f"/api/rules/{near.json()['id']}/"
    assert host.patch(address, {"terms": {"ahead_days": "x"}}, format="json").json()["fields"]["terms"]
    assert host.patch(address, {"terms": {"ahead_days": 6}}, format="json").json()["terms"] == {"ahead_days": 6}
    assert eve.patch(address, {"position": 1}, format="json").status_code == 403
    assert eve.delete(address).status_code == 403
    assert host.delete(address).status_code == 204
    assert Resource.objects.get().ahead_days == 9
    assert eve.get("/api/rules/").status_code == 400
    assert eve.get("/api/rules/?resource=999999").status_code == 404


def test_a_refusal_shows_the_words_of_the_host_and_who_is_let_off_may() -> None:
    studio, eve = a_resource(), a_member("Eve")
    host, guest = signed_in(a_host(studio)), signed_in(eve)
    rule = host.post(
        "/api/rules/",
        {"resource": studio.pk, "what": "quota", "terms": {"per": "member", "period": "week", "count": 0}, "message": {"en": "Full."}},
        format="json",
    ).json()["id"]  # fmt: skip
    wish = {"resources": [studio.pk], "starts_at": iso(soon()), "ends_at": iso(soon() + HOUR)}
    refused = guest.post("/api/bookings/", wish, format="json")
    assert refused.json()["fields"]["starts_at"][0]["message"] == "Full."
    assert guest.post("/api/exemptions/", {"rule": rule, "member": eve.pk}).status_code == 403
    made = host.post("/api/exemptions/", {"rule": rule, "member": eve.pk, "reason": "A tour"})
    assert made.status_code == 201
    assert [row["member"]["name"] for row in host.get(f"/api/exemptions/?rule={rule}").json()] == ["Eve"]
    assert guest.get(f"/api/exemptions/?rule={rule}").status_code == 403
    assert guest.post("/api/bookings/", wish, format="json").status_code == 201
    assert guest.delete(f"/api/exemptions/{made.json()['id']}/").status_code == 403
    assert host.delete(f"/api/exemptions/{made.json()['id']}/").status_code == 204


def test_hours_are_read_by_all_and_written_by_hosts() -> None:
    studio = a_resource()
    host, eve = signed_in(a_host(studio)), signed_in(a_member("Eve"))
    address = f"/api/places/{studio.place_id}/hours/"
    week = [{"weekday": 0, "opens_minute": 540, "closes_minute": 1080}]
    wish = {"week": week, "closed_on_holidays": True}
    assert eve.put(address, wish, format="json").status_code == 403
    assert host.put(address, wish, format="json").status_code == 200
    closed = {"first_day": "2099-01-01", "last_day": "2099-01-02", "reason": "Roof"}
    assert eve.post(address, closed, format="json").status_code == 403
    assert host.post(address, closed, format="json").status_code == 201
    told = eve.get(address).json()
    assert (told["week"], told["closed_on_holidays"], told["exceptions"][0]["reason"]) == (week, True, "Roof")
    one = f"/api/opening-exceptions/{OpeningException.objects.get().pk}/"
    assert (eve.delete(one).status_code, host.delete(one).status_code) == (403, 204)
    backwards = {"week": [{"weekday": 0, "opens_minute": 600, "closes_minute": 540}]}
    assert "week" in host.put(address, backwards, format="json").json()["fields"]


@pytest.mark.parametrize("is_staff", [False, True])
def test_facts_photos_units_and_parts_are_the_hosts_to_set(is_staff: bool) -> None:
    pool = a_pool(2)
    hall = a_resource(name="Hall", place=pool.place)
    eve = signed_in(a_member("Eve"))
    host = signed_in(a_member("Boss", is_staff=True) if is_staff else a_host(pool))
    thing, house = f"/api/hosting/resources/{hall.pk}/", f"/api/hosting/places/{pool.place_id}/"
    calls: list[tuple[str, str, Any]] = [
        ("patch", thing, {"seats": 9, "features": ["wifi"]}),
        ("patch", house, {"house_rules": "Sweep."}),
        ("put", f"{thing}parts/", {"parts": [{"part": pool.pk, "quantity": 2}]}),
        ("put", f"/api/hosting/resources/{pool.pk}/units/", {"units": [{"label": "1", "serial": "A"}]}),
        ("post", "/api/hosting/resources/", {"place": pool.place_id, "name": "Saw", "kind": "equipment"}),
        ("get", thing, None),
    ]
    for method, address, body in calls:
        assert getattr(eve, method)(address, body, **({"format": "json"} if body else {})).status_code == 403, address
        answer = getattr(host, method)(address, body, **({"format": "json"} if body else {}))
        assert answer.status_code in (200, 201), answer.json()
    told = host.get(thing).json()
    assert (told["seats"], told["features"], told["parts"]) == (9, ["wifi"], [{"part": pool.pk, "quantity": 2}])
    for address in (f"{thing}photo/", f"{house}photo/"):
        assert eve.put(address, {"photo": photo()}, format="multipart").status_code == 403
        assert host.put(address, {"photo": photo()}, format="multipart").status_code == 204
    with Image.open(Resource.objects.get(pk=hall.pk).photo) as picture:
        assert (picture.format, picture.size) == ("WEBP", (1200, 800))
    bad = SimpleUploadedFile("x.jpg", b"<script>", "image/jpeg")
    assert host.put(f"{thing}photo/", {"photo": bad}, format="multipart").status_code == 400
    assert host.delete(f"{thing}photo/").status_code == 204


def test_a_refused_booking_leads_to_a_seat_and_the_grant_to_the_booking() -> None:
    saw, eve = a_resource(name="Saw"), a_member("Eve")
    host, guest = signed_in(a_host(saw)), signed_in(eve)
    induction = host.post("/api/inductions/", {"place": saw.place_id, "name": "Saws", "valid_days": 365}).json()["id"]
    planned = host.post(
        f"/api/inductions/{induction}/sessions/",
        {"starts_at": iso(soon(3)), "ends_at": iso(soon(3) + HOUR), "seats": 1},
    )
    assert planned.status_code == 201, planned.json()
    rule = {"resource": saw.pk, "what": "induction", "terms": {"induction": induction}}
    assert host.post("/api/rules/", rule, format="json").status_code == 201
    wish = {"resources": [saw.pk], "starts_at": iso(soon()), "ends_at": iso(soon() + HOUR)}
    refused = guest.post("/api/bookings/", wish, format="json").json()["fields"]["resources"][0]
    session = refused["induction"]["sessions"][0]["id"]
    assert guest.post(f"/api/induction-sessions/{session}/seat/").status_code == 204
    assert signed_in(a_member("Bob")).post(f"/api/induction-sessions/{session}/seat/").json()["code"] == "session_full"
    mine = guest.get("/api/inductions/?mine=true").json()["results"][0]
    assert (mine["sessions"][0]["mine"], mine["sessions"][0]["people"], mine["is_mine"]) == (True, [], False)
    shown = host.get(f"/api/inductions/{induction}/").json()
    assert [person["name"] for person in shown["sessions"][0]["people"]] == ["Eve"]
    assert guest.post(f"/api/inductions/{induction}/grants/", {"member": eve.pk}).status_code == 403
    granted = host.post(f"/api/inductions/{induction}/grants/", {"member": eve.pk})
    assert granted.status_code == 201
    assert guest.post("/api/bookings/", wish, format="json").status_code == 201
    assert guest.get("/api/inductions/?mine=true").json()["results"][0]["granted_until"]
    assert len(host.get(f"/api/inductions/{induction}/grants/").json()) == 1
    assert guest.delete(f"/api/induction-grants/{granted.json()['id']}/").status_code == 403
    assert host.delete(f"/api/induction-grants/{granted.json()['id']}/").status_code == 204
    assert guest.delete(f"/api/induction-sessions/{session}/seat/").status_code == 204
    assert guest.post(f"/api/induction-sessions/{session}/cancel/").status_code == 403
    assert host.post(f"/api/induction-sessions/{session}/cancel/").status_code == 204
    assert InductionSession.objects.get().cancelled_at is not None


def test_inductions_are_read_in_as_many_queries_for_three_as_for_one(django_assert_num_queries: Any) -> None:
    place, eve = a_place(), signed_in(a_member("Eve"))
    for count in (1, 3):
        while place.inductions.count() < count:
            induction = place.inductions.create(name="Saws")
            InductionSession.objects.create(
                induction=induction, starts_at=soon(), ends_at=soon() + HOUR, host=a_member("Hanna")
            )
        with django_assert_num_queries(7):
            assert len(eve.get("/api/inductions/").json()["results"]) == count
    assert Rule.objects.count() == 0
