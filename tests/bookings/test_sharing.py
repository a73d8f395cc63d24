"""Who shares what, photos and manuals, rules of a whole organisation, and that open screens change."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from backend import events
from backend.bookings import condition, inductions, sharing, upkeep
from backend.bookings.models import Allocation, Booking, Handover, Photo, Place, Resource
from backend.errors import Invalid, NotAllowed, Refusal
from tests.bookings.cast import HOUR, NOW, a_booking, a_collective, a_place, a_resource, a_whole, span
from tests.bookings.test_hosting_api import a_host, photo
from tests.cast import a_member, an_organisation, signed_in

pytestmark = pytest.mark.django_db
JSON = "application/json"


@pytest.fixture
def shown() -> Iterator[list[int]]:
    """The things whose open screens were told to change."""
    told: list[int] = []

    def listener(topic: events.Topic, fact: events.Fact) -> None:
        if fact["type"] == "calendar.changed":
            told.extend(fact["resources"])

    events.listen(listener)
    yield told
    events.forget(listener)


def test_a_member_shares_their_own_tool_at_a_place_of_their_organisation_but_adds_no_room() -> None:
    place, eve = a_place(), a_member("Eve")
    facts: dict[str, Any] = {"name": "Saw", "kind": "equipment"}
    with pytest.raises(NotAllowed):
        sharing.add_resource(member=eve, place=place, **facts)
    saw = sharing.add_resource(member=eve, place=place, owner_member_id=eve.pk, **facts)
    assert list(Resource.objects.hosted_by(eve)) == [saw]
    with pytest.raises(Invalid) as room:
        sharing.add_resource(member=eve, place=place, owner_member_id=eve.pk, name="Attic", kind="workspace")
    assert room.value.extra["fields"]["kind"][0]["code"] == "hosts_only"
    abroad = a_place(organisation=an_organisation(name="Elsewhere", slug="elsewhere"))
    with pytest.raises(NotAllowed):
        sharing.add_resource(member=eve, place=abroad, owner_member_id=eve.pk, **facts)


def test_nobody_names_an_owner_who_is_not_theirs_to_name_but_a_steward_names_the_collective() -> None:
    place, ada, eve = a_place(), a_member("Ada"), a_member("Eve")
    ours = a_collective(eve, ada, steward=eve)
    facts: dict[str, Any] = {"name": "Saw", "kind": "equipment"}
    for member, owner in ((eve, {"owner_member_id": ada.pk}), (ada, {"owner_collective_id": ours.pk})):
        with pytest.raises(Invalid):
            sharing.add_resource(member=member, place=place, **(facts | owner))
    saw = sharing.add_resource(member=eve, place=place, owner_collective_id=ours.pk, **facts)
    with pytest.raises(Invalid):
        sharing.change_resource(member=eve, resource=saw, owner_member_id=eve.pk)
    place.hosts.add(ada)
    changed = sharing.change_resource(member=ada, resource=saw, owner_member_id=eve.pk, owner_collective_id=None)
    assert changed.owner_member == eve


def test_what_travels_is_moved_and_has_the_rules_of_its_new_place() -> None:
    here, there = a_place(), a_place(name="Harbour")
    van = a_resource(name="Van", kind="equipment", place=here)
    host = a_host(van)
    there.hosts.add(host)
    upkeep.add_rule(member=host, what="ahead", terms_given={"ahead_days": 9}, place=here.pk)
    upkeep.add_rule(member=host, what="lead", terms_given={"lead_minutes": 60}, place=there.pk)
    with pytest.raises(Refusal, match="does_not_travel"):
        sharing.change_resource(member=host, resource=van, place=there)
    moved = sharing.change_resource(member=host, resource=van, travels=True, place=there)
    assert (moved.place, moved.ahead_days, moved.lead_minutes) == (there, 180, 60)
    elsewhere = a_place(organisation=an_organisation(name="Elsewhere", slug="elsewhere"))
    with pytest.raises(Invalid):
        sharing.change_resource(member=host, resource=moved, place=elsewhere)


def test_what_is_not_shown_is_still_its_hosts_to_show_again() -> None:
    studio = a_resource()
    host, guest = signed_in(a_host(studio)), signed_in(a_member("Eve"))
    address = f"/api/hosting/resources/{studio.pk}/"
    hours = {"opens_minute": 480, "closes_minute": 1200, "is_active": False}
    assert host.patch(address, hours, format="json").status_code == 200
    assert guest.get(f"/api/resources/{studio.pk}/").status_code == 404
    assert [row["is_active"] for row in host.get("/api/hosting/").json()["resources"]] == [False]
    assert host.patch(address, {"is_active": True}, format="json").json()["opens_minute"] == 480
    assert guest.get(f"/api/resources/{studio.pk}/").status_code == 200
    odd = host.patch(address, {"opens_minute": 1300}, format="json")
    assert odd.json()["fields"]["closes_minute"][0]["code"] == "closes_before_it_opens"


def test_only_staff_set_rules_of_an_organisation_and_they_count_everywhere_in_it() -> None:
    studio = a_resource()
    boss, host = signed_in(a_member("Boss", is_staff=True)), signed_in(a_host(studio))
    wish = {"organisation": studio.place.organisation_id, "what": "ahead", "terms": {"ahead_days": 20}}
    assert host.post("/api/rules/", wish, format="json").status_code == 403
    made = boss.post("/api/rules/", wish, format="json")
    assert made.status_code == 201, made.json()
    assert Resource.objects.get(pk=studio.pk).ahead_days == 20
    again = boss.post("/api/rules/", wish | {"terms": {"ahead_days": 30}}, format="json")
    listed = host.get(f"/api/rules/?organisation={studio.place.organisation_id}").json()
    assert [(row["id"], row["comes_from"], row["may"]["change"]) for row in listed] == [
        (again.json()["id"], "organisation", False)
    ]
    assert host.get(f"/api/rules/{again.json()['id']}/").json()["terms"] == {"ahead_days": 30}
    assert boss.post("/api/rules/", wish | {"organisation": 999_999}, format="json").status_code == 404


def test_photos_have_words_and_an_order_and_are_served_to_members() -> None:
    studio = a_resource()
    host, guest = signed_in(a_host(studio)), signed_in(a_member("Eve"))
    for of in (f"resources/{studio.pk}", f"places/{studio.place_id}"):
        address = f"/api/hosting/{of}/photos/"
        assert guest.post(address, {"photo": photo()}, format="multipart").status_code == 403
        one, two = (
            host.post(address, {"photo": photo(), "words": words}, format="multipart").json()["id"]
            for words in ("The door", "The stage")
        )
        order = {"photos": [{"id": two, "words": "The big stage"}, {"id": one, "words": "The door"}]}
        assert guest.put(address, order, format="json").status_code == 403
        assert host.put(address, order, format="json").status_code == 200
    thing = guest.get(f"/api/resources/{studio.pk}/").json()
    for told in (thing["photos"], thing["place"]["photos"]):
        assert [row["words"] for row in told] == ["The big stage", "The door"]
        assert guest.get(told[0]["image"]).status_code == 200
    gone = host.put(address, {"photos": [{"id": one, "words": ""}]}, format="json")
    assert [row["id"] for row in gone.json()] == [one]
    stranger = host.put(address, {"photos": [{"id": Photo.objects.filter(place=None).values_list("pk")[0][0]}]}, format="json")  # fmt: skip
    assert stranger.json()["fields"]["photos"][0]["code"] == "not_found"
    bad = SimpleUploadedFile("x.jpg", b"<script>", "image/jpeg")
    assert host.post(address, {"photo": bad}, format="multipart").json()["fields"]["photo"][0]["code"] == "not_a_photo"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"%PDF-1.7\n1 0 obj\n%%EOF\n", ""),
        ("Schritt für Schritt".encode(), ""),
        (b"%PDF-1.7 cut off \xff", "not_a_manual"),
        (b"<html><script>alert(1)</script>", "not_a_manual"),
        (b"MZ\x90\x00", "not_a_manual"),
        (b"a" * 10_000_001, "manual_too_large"),
    ],
)
def test_a_manual_is_a_pdf_or_text_whatever_its_name_says(content: bytes, code: str) -> None:
    saw = a_resource(name="Saw")
    host = signed_in(a_host(saw))
    upload = SimpleUploadedFile("manual.pdf", content, "application/pdf")
    answer = host.put(f"/api/hosting/resources/{saw.pk}/manual/", {"manual": upload}, format="multipart")
    assert answer.status_code == (400 if code else 204)
    if code:
        assert answer.json()["fields"]["manual"][0]["code"] == code


def test_the_manual_is_given_as_a_file_to_who_has_booked_it_and_to_nobody_else() -> None:
    saw, ada, eve = a_resource(name="Saw"), a_member("Ada"), a_member("Eve")
    host = signed_in(a_host(saw))
    upload = SimpleUploadedFile("x", b"Wear ear protection.", "text/html")
    host.put(f"/api/hosting/resources/{saw.pk}/manual/", {"manual": upload}, format="multipart")
    a_booking(ada, saw)
    address = f"/api/resources/{saw.pk}/manual/"
    answer = signed_in(ada).get(address)
    assert b"".join(answer.streaming_content) == b"Wear ear protection."  # type: ignore[attr-defined]
    assert answer["Content-Disposition"] == 'attachment; filename="Saw.txt"'
    assert "sandbox" in answer["Content-Security-Policy"]
    assert signed_in(ada).get(f"/api/resources/{saw.pk}/").json()["manual_file"] == address
    assert signed_in(eve).get(f"/api/resources/{saw.pk}/").json()["manual_file"] is None
    assert signed_in(eve).get(address).status_code == 404
    assert Client().get(address).status_code in (401, 403)
    assert Client().get(Resource.objects.get(pk=saw.pk).manual_file.url).status_code == 404
    assert host.delete(f"/api/hosting/resources/{saw.pk}/manual/").status_code == 204
    assert host.get(address).status_code == 404


def test_somebody_always_looks_after_a_place() -> None:
    studio = a_resource()
    hanna, eve = a_host(studio), a_member("Eve")
    address = f"/api/hosting/places/{studio.place_id}/hosts/"
    host = signed_in(hanna)
    assert host.put(address, {"members": []}, format="json").json()["fields"]["members"][0]["code"] == "needs_a_host"
    assert signed_in(eve).put(address, {"members": [eve.pk]}, format="json").status_code == 403
    told = host.put(address, {"members": [hanna.pk, eve.pk]}, format="json").json()
    assert [row["name"] for row in told["hosts"]] == ["Eve", "Hanna"]
    assert (
        host.put(address, {"members": [999_999]}, format="json").json()["fields"]["members"][0]["code"] == "not_found"
    )


def test_a_session_books_its_room_and_gives_it_back_when_it_does_not_take_place() -> None:
    saw = a_resource(name="Saw")
    hanna = a_host(saw)
    shows = inductions.add_induction(member=hanna, place=saw.place_id, name="Saws")
    start, end = span(9, 11)
    plan: dict[str, Any] = {"member": hanna, "induction": shows, "starts_at": start, "ends_at": end, "at": NOW}
    session = inductions.plan_session(**plan, resource=saw.pk)
    assert Allocation.objects.filter(resource=saw, active=True, booking=session.booking).exists()
    with pytest.raises(Refusal, match="slot_taken"):
        inductions.plan_session(**plan, resource=saw.pk)
    assert shows.sessions.count() == 1
    with pytest.raises(Invalid):
        inductions.plan_session(**plan, resource=a_resource(name="Far away", place=a_place(name="Harbour")).pk)
    other = a_member("Otto")
    saw.place.hosts.add(other)
    inductions.cancel_session(member=other, session=session, at=NOW)
    assert not Allocation.objects.filter(resource=saw, active=True).exists()
    assert Booking.objects.get().status == Booking.Status.CANCELLED


@pytest.mark.django_db(transaction=True)
def test_what_a_host_changes_is_told_to_open_screens(shown: list[int]) -> None:
    half = a_resource(name="Half")
    other = a_resource(name="Other half", place=half.place)
    hall = a_whole(half, other)
    host = a_host(half)
    place = Place.objects.get(pk=half.place_id)
    deeds = [
        lambda: upkeep.add_rule(member=host, what="ahead", terms_given={"ahead_days": 9}, resource=half.pk),
        lambda: sharing.change_resource(member=host, resource=half, description="Bright."),
        lambda: upkeep.set_units(member=host, pool=half, units={"1": ""}),
    ]
    for deed in deeds:
        shown.clear()
        deed()
        assert shown == [half.pk, hall.pk]
    week = [(0, 540, 1080)]
    for deed in (
        lambda: upkeep.set_openings(member=host, place=place, week=week),
        lambda: sharing.change_place(member=host, place=place, house_rules="Sweep."),
        lambda: upkeep.add_exception(
            member=host, place=place, first_day=dt.date(2027, 1, 1), last_day=dt.date(2027, 1, 1)
        ),
    ):
        shown.clear()
        deed()
        assert shown == [half.pk, other.pk, hall.pk]
    shown.clear()
    with pytest.raises(Refusal):
        sharing.change_resource(member=host, resource=half, place=a_place(name="Harbour"))
    assert shown == []


@pytest.mark.django_db(transaction=True)
def test_how_a_thing_was_is_told_to_open_screens(shown: list[int]) -> None:
    saw, ada = a_resource(name="Saw", kind="equipment"), a_member("Ada")
    booking = a_booking(ada, saw)
    taken = Handover.objects.create(booking=booking, resource=saw, quantity=1, taken_at=booking.starts_at, taken_by=ada)
    shown.clear()
    condition.report_condition(member=ada, handover=taken, moment="taken", state="fine", at=booking.starts_at + HOUR)
    assert shown == [saw.pk]
