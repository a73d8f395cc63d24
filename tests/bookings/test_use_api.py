"""Using what was booked, through the API: by code, with photos, and the day of a host."""

import datetime as dt
import io
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from backend.bookings import today, upkeep, use
from backend.bookings.models import Booking, Damage, Handover, Resource
from backend.bookings.use_views import used
from backend.members.models import Member
from backend.notices.models import Notice
from tests.bookings.cast import a_booking, a_collective, a_place, a_pool, a_resource, a_whole
from tests.cast import a_member, signed_in

pytestmark = pytest.mark.django_db


def now(minutes: int = 0) -> dt.datetime:
    """The half hour that runs now, or so many minutes from it."""
    at = timezone.now().replace(second=0, microsecond=0)
    return at - dt.timedelta(minutes=at.minute % 30) + dt.timedelta(minutes=minutes)


def running(member: Member, *resources: Resource, start: int = 0, end: int = 120, **more: Any) -> Booking:
    """Booked yesterday, from so many minutes from now until so many."""
    return a_booking(
        member, *resources, starts_at=now(start), ends_at=now(end), at=now() - dt.timedelta(days=1), **more
    )


def photo(size: tuple[int, int] = (3000, 1500)) -> SimpleUploadedFile:
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, "JPEG", exif=exif)
    return SimpleUploadedFile("lamp.jpg", out.getvalue(), content_type="image/jpeg")


def test_the_code_on_a_label_finds_my_booking_of_it_now_or_soon() -> None:
    ada, bob = a_member("Ada"), a_member("Bob")
    studio = a_resource()
    mine, later = running(ada, studio), running(ada, studio, start=240, end=300)
    found = signed_in(ada).get(f"/api/use/{studio.code.upper()}/").json()
    assert [row["booking"]["id"] for row in found["bookings"]] == [mine.pk]
    assert (found["resource"]["id"], found["is_free"]) == (studio.pk, False)
    assert found["bookings"][0]["may"] == {"check_in": True, "hand_over": False, "check_out": False}
    others = signed_in(bob).get(f"/api/use/{studio.code}/").json()
    assert (others["bookings"], others["busy_until"]) == ([], mine.ends_at.isoformat().replace("+00:00", "Z"))
    assert later.pk not in [row["booking"]["id"] for row in found["bookings"]]


def test_a_label_on_a_part_of_a_kit_finds_the_booking_of_the_kit() -> None:
    ada = a_member()
    lamp, tripod = a_resource(name="Lamp", kind="equipment"), a_resource(name="Tripod", kind="equipment")
    booking = running(ada, a_whole(lamp, tripod, name="Kit", kind="equipment"))
    for label in (lamp, tripod):
        found = signed_in(ada).get(f"/api/use/{label.code}/").json()
        assert [row["booking"]["id"] for row in found["bookings"]] == [booking.pk]


def test_what_is_free_says_so_and_an_unknown_code_is_none() -> None:
    ada = a_member()
    found = signed_in(ada).get(f"/api/use/{a_resource().code}/").json()
    assert (found["is_free"], found["busy_until"], found["bookings"]) == (True, None, [])
    for code in ("nothing!", "%00", "x" * 300):
        assert signed_in(ada).get(f"/api/use/{code}/").status_code == 404


def test_checked_in_taken_along_in_part_back_and_out() -> None:
    ada = a_member()
    pool, lamp = a_pool(4, name="Tripod"), a_resource(name="Lamp", kind="equipment")
    booking = running(ada, a_whole(pool, lamp, name="Kit", kind="equipment"))
    client, at = signed_in(ada), f"/api/bookings/{booking.pk}"
    assert client.post(f"{at}/check-in/").json()["may"] == {"check_in": False, "hand_over": True, "check_out": True}
    taken = client.post(f"{at}/hand-over/", {"things": [{"resource": lamp.pk}]}).json()
    assert [(row["name"], row["out"]) for row in taken["things"]] == [("Lamp", 1), ("Tripod", 0)]
    everything = client.post(f"{at}/hand-over/").json()
    assert everything["may"]["hand_over"] is False
    back = client.post(f"/api/handovers/{everything['handovers'][0]['id']}/return/").json()
    assert [row["returned_at"] is None for row in back["handovers"]] == [False, True]
    done = client.post(f"{at}/check-out/").json()
    assert (done["booking"]["checked_out_at"] is None, done["may"]["check_out"]) == (False, False)
    assert client.post(f"{at}/check-out/").status_code == 200
    assert client.get(f"{at}/use/").json() == done


def test_too_early_says_from_when_and_strangers_find_nothing() -> None:
    ada, eve = a_member("Ada"), a_member("Eve")
    booking = running(ada, a_resource(), start=60)
    refused = signed_in(ada).post(f"/api/bookings/{booking.pk}/check-in/")
    assert (refused.status_code, refused.json()["code"]) == (409, "too_early")
    assert refused.json()["opens_at"] == (now(45)).isoformat().replace("+00:00", "Z")
    taken = Handover.objects.create(booking=booking, resource=a_resource(), taken_at=now())
    for path in (f"bookings/{booking.pk}/check-in", f"bookings/{booking.pk}/hand-over", f"handovers/{taken.pk}/return"):
        assert signed_in(eve).post(f"/api/{path}/").status_code == 404
    assert signed_in(eve).get(f"/api/bookings/{booking.pk}/use/").status_code == 404


def test_condition_at_both_ends_stands_side_by_side() -> None:
    ada, bob = a_member("Ada"), a_member("Bob")
    lamp = a_resource(name="Lamp", kind="equipment")
    booking = running(ada, lamp, collective=a_collective(ada, bob).pk)
    client = signed_in(ada)
    handover = client.post(f"/api/bookings/{booking.pk}/hand-over/").json()["handovers"][0]["id"]
    path = f"/api/handovers/{handover}/report/"

    def report(**words: Any) -> Any:
        return client.post(path, words, format="multipart")

    assert report(moment="returned", state="fine").json()["code"] == "not_returned"
    told = report(moment="taken", state="fine", photos=[photo(), photo((20, 40))])
    assert told.status_code == 201
    pictures = told.json()["handovers"][0]["reports"][0]["photos"]
    content = b"".join(client.get(pictures[0]).streaming_content)  # type: ignore[attr-defined]
    assert (Image.open(io.BytesIO(content)).size, b"taken at home" in content) == ((1600, 800), False)
    assert report(moment="taken", state="worn").json()["code"] == "already_reported"
    client.post(f"/api/handovers/{handover}/return/")
    assert report(moment="returned", state="damaged").json()["fields"]["words"][0]["code"] == "words_needed"
    report(moment="returned", state="damaged", words="The switch is loose.")
    seen = signed_in(bob).get(f"/api/bookings/{booking.pk}/use/").json()["handovers"][0]["reports"]
    assert [(row["moment"], row["state"], len(row["photos"])) for row in seen] == [
        ("taken", "fine", 2), ("returned", "damaged", 0),
    ]  # fmt: skip
    assert report(moment="taken", state="fine").json()["code"] == "already_returned"


def test_what_comes_back_broken_is_a_damage_of_that_unit_and_its_hosts_are_told() -> None:
    ada, host = a_member("Ada"), a_member("Hanna")
    pool = a_pool(2, name="Tripod")
    pool.place.hosts.add(host)
    upkeep.set_units(member=host, pool=pool, units={"T1": "", "T2": ""})
    booking, client = running(ada, pool), signed_in(ada)
    handover = client.post(f"/api/bookings/{booking.pk}/hand-over/").json()["handovers"][0]["id"]
    report = {"moment": "taken", "state": "damaged", "words": "One leg is bent."}
    client.post(f"/api/handovers/{handover}/report/", report, format="multipart")
    damage = Damage.objects.get()
    assert (damage.unit and damage.unit.label, damage.words, damage.reported_by) == ("T1", "One leg is bent.", ada)
    assert [row.kind for row in Notice.objects.filter(member=host)] == ["damage_reported"]


def test_what_is_no_photo_changes_nothing() -> None:
    ada = a_member()
    booking, client = running(ada, a_resource(name="Lamp", kind="equipment")), signed_in(ada)
    handover = client.post(f"/api/bookings/{booking.pk}/hand-over/").json()["handovers"][0]["id"]
    for photos, field, code in (
        ([SimpleUploadedFile("lamp.jpg", b"<svg/>")], "photo", "not_a_photo"),
        ([photo((9, 9)) for _ in range(6)], "photos", "max_length"),
    ):
        report = {"moment": "taken", "state": "fine", "photos": photos}
        refused = client.post(f"/api/handovers/{handover}/report/", report, format="multipart")
        assert (refused.status_code, refused.json()["fields"][field][0]["code"]) == (400, code)
    assert Handover.objects.get().reports.count() == 0


def test_a_host_sees_who_comes_who_is_there_and_what_should_be_back() -> None:
    ada, host = a_member("Ada"), a_member("Hanna")
    place = a_place(timezone="UTC")
    place.hosts.add(host)
    things = [a_resource(name=name, place=place, kind="equipment") for name in ("Lamp", "Drill", "Saw", "Bench")]
    expected, out, late, done = (running(ada, thing, end=30) for thing in things)
    for booking in (out, late, done):
        use.hand_over(member=ada, booking=booking, at=now())
    use.check_out(member=ada, booking=done, at=now(1))
    Booking.objects.filter(pk=late.pk).update(starts_at=now(-60), ends_at=now())
    running(ada, a_resource(name="Elsewhere"))
    answer = signed_in(host).get("/api/hosting/today/").json()
    groups = {name: [row["booking"]["id"] for row in rows] for name, rows in answer.items()}
    assert groups == {"expected": [expected.pk], "out": [out.pk], "overdue": [late.pk], "done": [done.pk]}
    assert signed_in(ada).get("/api/hosting/today/").json()["code"] == "not_allowed"
    for day in ("2026-13-01", "soon", "0000-01-01"):
        assert signed_in(host).get("/api/hosting/today/", {"day": day}).json()["fields"]["day"][0]["code"] == "invalid"
    tomorrow = str((timezone.now() + dt.timedelta(days=2)).date())
    answer = signed_in(host).get("/api/hosting/today/", {"day": tomorrow}).json()
    assert (answer["expected"], [row["booking"]["id"] for row in answer["overdue"]]) == ([], [late.pk])


def test_who_comes_before_midnight_for_what_begins_at_midnight_is_told_on_both_days() -> None:
    ada, host = a_member("Ada"), a_member("Hanna")
    lamp = a_resource(name="Lamp", place=a_place(timezone="Europe/Brussels"), kind="equipment")
    lamp.place.hosts.add(host)
    midnight = dt.datetime.combine(now().date() + dt.timedelta(days=9), dt.time(), ZoneInfo("Europe/Brussels"))
    booking = a_booking(ada, lamp, starts_at=midnight, ends_at=midnight + dt.timedelta(hours=2), at=now())
    came = midnight - dt.timedelta(minutes=10)

    def told(day: dt.date | None = None) -> list[str]:
        groups = today.of_host(host, came, day=day, rows=used)
        return [name for name, bookings in groups.items() if bookings == [booking]]

    assert (told(), told(midnight.date())) == ([], ["expected"])
    use.check_in(member=ada, booking=booking, at=came)
    assert (told(), told(midnight.date())) == (["out"], ["out"])
    use.check_out(member=ada, booking=booking, at=came)
    assert (told(), told(midnight.date())) == (["done"], ["done"])


def test_the_day_of_a_host_asks_the_same_number_of_questions_whatever_there_is(
    django_assert_max_num_queries: Any,
) -> None:
    ada, host = a_member("Ada"), a_member("Hanna")
    place = a_place(timezone="UTC")
    place.hosts.add(host)
    client = signed_in(host)
    for number in range(8):
        lamp = a_resource(name=f"Lamp {number}", place=place, kind="equipment")
        use.hand_over(member=ada, booking=running(ada, lamp, end=30), at=now())
    with django_assert_max_num_queries(24):
        assert len(client.get("/api/hosting/today/").json()["out"]) == 8


def test_a_loan_over_days_is_out_on_each_of_them() -> None:
    ada, host = a_member("Ada"), a_member("Hanna")
    place = a_place(timezone="UTC")
    place.hosts.add(host)
    lamp = a_resource(name="Lamp", place=place, kind="equipment", max_minutes=9 * 24 * 60)
    booking = running(ada, lamp, end=5 * 24 * 60)
    for days in range(3):
        day = str((now() + dt.timedelta(days=days)).date())
        answer = signed_in(host).get("/api/hosting/today/", {"day": day}).json()
        assert [row["booking"]["id"] for row in answer["expected"]] == [booking.pk]
