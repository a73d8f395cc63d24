"""A wish that is sent again with its key: granted once, answered as the first time, whatever the door."""

import datetime as dt
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.utils import timezone

from backend.bookings import manuals, once, serial
from backend.bookings.models import Blackout, Booking, Damage, GivenAnswer, Wait
from backend.bookings.times import iso
from tests.bookings.cast import HOUR, a_pool, a_resource, at_once, soon
from tests.bookings.test_api import booked, wish
from tests.cast import a_member, signed_in

SCHEMA = Path(__file__).resolve().parents[2] / "frontend/src/lib/api/openapi.json"
NOTHING_IS_DONE = {"/api/bookings/check/", "/api/booking-series/preview/", "/api/blackouts/preview/"}
OF_THIS_ROOM = (
    "/api/bookings/", "/api/booking-series/", "/api/waits/", "/api/blackouts/", "/api/damages/", "/api/handovers/",
    "/api/induction", "/api/rules/", "/api/exemptions/", "/api/hosting/", "/api/resources/", "/api/places/",
    "/api/opening-exceptions/", "/api/feeds/",
)  # fmt: skip

pytestmark = pytest.mark.django_db


def a_key() -> dict[str, str]:
    return {"Idempotency-Key": str(uuid4())}


def test_a_booking_sent_again_gets_the_first_answer() -> None:
    studio, ada, key = a_resource(), signed_in(a_member()), a_key()
    first = ada.post("/api/bookings/", wish(studio), headers=key)
    again = ada.post("/api/bookings/", wish(studio), headers=key)
    assert (first.status_code, again.status_code, first.json()) == (201, 201, again.json())
    assert Booking.objects.count() == 1
    wrong = ada.post("/api/bookings/", wish(studio), headers={"Idempotency-Key": "once"})
    assert (wrong.status_code, wrong.json()["code"]) == (400, "invalid_idempotency_key")


def test_a_key_used_for_another_wish_is_refused_and_nothing_is_done() -> None:
    studio, ada, key = a_resource(), signed_in(a_member()), a_key()
    number = ada.post("/api/bookings/", wish(studio), headers=key).json()["id"]
    other = ada.post("/api/bookings/", wish(studio, start=soon(9)), headers=key)
    assert (other.status_code, other.json()["code"]) == (409, "key_used_otherwise")
    other = ada.post(f"/api/bookings/{number}/cancel/", headers=key)
    assert (other.status_code, other.json()["code"]) == (409, "key_used_otherwise")
    assert Booking.objects.get().status == "confirmed"


def test_the_key_of_one_member_is_nothing_to_another() -> None:
    studio, key = a_resource(), a_key()
    first = signed_in(a_member("Ada")).post("/api/bookings/", wish(studio), headers=key)
    other = signed_in(a_member("Bob")).post("/api/bookings/", wish(studio, start=soon(9)), headers=key)
    assert (first.status_code, other.status_code) == (201, 201)


def test_the_order_of_the_fields_does_not_matter() -> None:
    studio, ada, key = a_resource(), signed_in(a_member()), a_key()
    asked = wish(studio)
    first = ada.post("/api/bookings/", asked, headers=key)
    again = ada.post("/api/bookings/", dict(reversed(asked.items())), headers=key)
    assert (first.status_code, again.json()) == (201, first.json())


def test_moving_and_cancelling_sent_again_answer_as_the_first_time() -> None:
    ada = a_member()
    booking, client = booked(ada, a_resource()), signed_in(ada)
    path = f"/api/bookings/{booking.pk}/"
    for send in (
        partial(client.patch, path, {"starts_at": iso(soon(8)), "ends_at": iso(soon(8) + HOUR)}),
        partial(client.post, f"{path}cancel/"),
    ):
        key = a_key()
        first, again = send(headers=key), send(headers=key)
        assert (first.status_code, again.status_code, first.json()) == (200, 200, again.json())
    without = client.post(f"{path}cancel/")
    assert (without.status_code, without.json()["code"]) == (409, "already_cancelled")


def test_what_hosts_do_is_done_once() -> None:
    host = a_member("Host")
    pool, client = a_pool(3), signed_in(host)
    pool.place.hosts.add(host)
    times = {"starts_at": iso(soon()), "ends_at": iso(soon() + 2 * HOUR)}
    for send in (
        partial(client.put, f"/api/resources/{pool.pk}/capacity/", {"capacity": 2}),
        partial(client.post, "/api/blackouts/", {"resource": pool.pk, "reason": "repair", **times}),
        partial(client.post, "/api/damages/", {"resource": pool.pk, "words": "A crack."}),
        partial(client.put, f"/api/hosting/resources/{pool.pk}/units/", {"units": [{"label": "A"}]}),
    ):
        key = a_key()
        first, again = send(headers=key), send(headers=key)
        assert first.status_code in (200, 201), first.json()
        assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert (Blackout.objects.count(), Damage.objects.count()) == (1, 1)


def test_who_waits_stands_in_line_once_and_takes_up_once() -> None:
    studio, ada, bob = a_resource(), a_member("Ada"), a_member("Bob")
    held, client, key = booked(ada, studio), signed_in(bob), a_key()
    asked = {"resource": studio.pk, "starts_at": iso(soon()), "ends_at": iso(soon() + 2 * HOUR)}
    first, again = (client.post("/api/waits/", asked, headers=key) for _ in range(2))
    assert (first.status_code, again.status_code, again.json()) == (201, 201, first.json())
    signed_in(ada).post(f"/api/bookings/{held.pk}/cancel/")
    path, key = f"/api/waits/{Wait.objects.get().pk}/take-up/", a_key()
    first, again = (client.post(path, headers=key) for _ in range(2))
    assert (first.status_code, again.status_code, again.json()) == (200, 200, first.json())


def test_a_refusal_is_not_kept_so_the_same_key_may_succeed_later() -> None:
    studio, ada, eve, key = a_resource(), a_member("Ada"), signed_in(a_member("Eve")), a_key()
    held = booked(ada, studio)
    refused = eve.post("/api/bookings/", wish(studio), headers=key)
    assert (refused.status_code, refused.json()["code"]) == (409, "slot_taken")
    assert refused.json()["alternatives"]
    signed_in(ada).post(f"/api/bookings/{held.pk}/cancel/")
    assert eve.post("/api/bookings/", wish(studio), headers=key).status_code == 201


def test_an_answer_without_words_is_kept_too() -> None:
    ada, key = signed_in(a_member()), a_key()
    feed = ada.post("/api/feeds/", {}).json()["id"]
    first, again = (ada.delete(f"/api/feeds/{feed}/", headers=key) for _ in range(2))
    assert (first.status_code, again.status_code, again.content) == (204, 204, b"")


def test_what_is_sent_as_a_form_is_known_by_its_files(rf: Any) -> None:
    def asked(content: bytes, **fields: str) -> str:
        photo = SimpleUploadedFile("photo.jpg", content, "image/jpeg")
        from rest_framework.parsers import MultiPartParser
        from rest_framework.request import Request

        request = Request(rf.post("/api/handovers/1/report/", {"photo": photo, **fields}), [MultiPartParser()])
        found = once.what_is_asked(request)
        assert request.FILES["photo"].read() == content
        return found

    assert asked(b"one", words="Fine") == asked(b"one", words="Fine")
    assert len({asked(b"one", words="Fine"), asked(b"two", words="Fine"), asked(b"one", words="Worn")}) == 3


def test_answers_are_forgotten_after_some_days() -> None:
    studio, ada, key = a_resource(), signed_in(a_member()), a_key()
    ada.post("/api/bookings/", wish(studio), headers=key)
    given = GivenAnswer.objects.get().given_at
    assert once.forget(at=given + once.KEPT - HOUR) == given + once.KEPT
    assert once.forget(at=given + once.KEPT) is None
    assert not GivenAnswer.objects.exists()
    late = ada.post("/api/bookings/", wish(studio), headers=key)
    assert (late.status_code, late.json()["code"]) == (409, "slot_taken")


def test_every_writing_door_of_this_room_takes_a_key() -> None:
    paths = orjson.loads(SCHEMA.read_bytes())["paths"]
    without = [
        (method, path)
        for path, methods in paths.items()
        for method, told in methods.items()
        if method in ("post", "put", "patch", "delete")
        and path.startswith(OF_THIS_ROOM)
        and path not in NOTHING_IS_DONE
        if all(parameter["name"] != "Idempotency-Key" for parameter in told.get("parameters", ()))
    ]
    assert without == []


@pytest.mark.django_db(transaction=True)
def test_the_same_wish_sent_twice_at_once_is_granted_once_and_answered_alike() -> None:
    studio, ada = a_resource(), a_member()
    for day in range(8, 12):
        send = partial(signed_in(ada).post, "/api/bookings/", wish(studio, start=soon(day)), headers=a_key())
        answers = at_once(send, send, send)
        assert [answer.status_code for answer in answers] == [201] * 3
        assert len({answer.json()["id"] for answer in answers}) == 1
    assert (Booking.objects.count(), GivenAnswer.objects.count()) == (4, 4)


@pytest.mark.django_db(transaction=True)
def test_one_key_for_two_wishes_at_once_grants_one_of_them() -> None:
    things, client, key = [a_resource(), a_resource(name="Van")], signed_in(a_member()), a_key()
    send = partial(client.post, "/api/bookings/", headers=key)
    answers = at_once(*(partial(send, wish(thing)) for thing in things))
    assert sorted(answer.status_code for answer in answers) == [201, 409]
    assert Booking.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_what_was_not_taken_up_in_time_stands_in_nobodys_way_also_with_a_key() -> None:
    studio, ada, bob, eve = a_resource(), a_member("Ada"), a_member("Bob"), a_member("Eve")
    held = booked(ada, studio)
    asked = {"resource": studio.pk, "starts_at": iso(soon()), "ends_at": iso(soon() + 2 * HOUR)}
    signed_in(bob).post("/api/waits/", asked)
    signed_in(ada).post(f"/api/bookings/{held.pk}/cancel/")
    Booking.objects.filter(status="offered").update(held_until=timezone.now() - dt.timedelta(minutes=1))
    answer = signed_in(eve).post("/api/bookings/", wish(studio), headers=a_key())
    assert answer.status_code == 201, answer.json()
    assert Wait.objects.get().status == "expired"


@pytest.mark.django_db(transaction=True)
def test_neither_the_deed_nor_the_answer_is_there_without_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    studio, client, key = a_resource(), signed_in(a_member()), a_key()
    monkeypatch.setattr("backend.bookings.views.BookingView._answer", lambda *_, **__: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        client.post("/api/bookings/", wish(studio), headers=key)
    assert (Booking.objects.count(), GivenAnswer.objects.count()) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_a_deadlock_at_the_door_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.bookings.test_races import Deadlock, failing

    studio, client = a_resource(), signed_in(a_member())
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    monkeypatch.setattr(serial, "_locked", failing(3, Deadlock()))
    assert client.post("/api/bookings/", wish(studio), headers=a_key()).status_code == 201
    monkeypatch.setattr(serial, "_locked", failing(99, Deadlock()))
    answer = client.post("/api/bookings/", wish(studio, start=soon(9)), headers=a_key())
    assert (answer.status_code, answer.json()["code"], answer["Retry-After"]) == (503, "try_again", "1")
    assert (Booking.objects.count(), GivenAnswer.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_a_file_whose_first_try_met_a_deadlock_is_read_from_its_start_again(monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.bookings.test_races import Deadlock

    host, saw = a_member(), a_resource(name="Saw")
    saw.place.hosts.add(host)
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    real = manuals.set_manual
    met: list[bool] = []

    def set_manual(**wish: Any) -> None:
        real(**wish)
        if not met:
            met.append(True)
            raise OperationalError from Deadlock()

    monkeypatch.setattr(manuals, "set_manual", set_manual)
    upload = SimpleUploadedFile("manual.txt", b"Mind your fingers.", "text/plain")
    address = f"/api/hosting/resources/{saw.pk}/manual/"
    answer = signed_in(host).put(address, {"manual": upload}, format="multipart", headers=a_key())
    assert (answer.status_code, met) == (204, [True])
    saw.refresh_from_db()
    with saw.manual_file.open() as kept:
        assert kept.read() == b"Mind your fingers."
