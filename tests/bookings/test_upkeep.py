"""Looking after it: the check of all allocations, and the admin."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from PIL import Image

from backend.bookings import offering
from backend.bookings.audit import faults
from backend.bookings.models import Allocation, Booking, Place, Resource, Rule
from tests.bookings.cast import HOUR, NOW, a_booking, a_place, a_pool, a_resource, soon, unguarded
from tests.cast import a_member, an_organisation

pytestmark = pytest.mark.django_db


def test_a_sound_house_has_no_faults(capsys: pytest.CaptureFixture[str]) -> None:
    a_booking(a_member(), a_resource())
    a_booking(a_member(), a_pool(2), quantity=2)
    call_command("check_allocations")
    assert capsys.readouterr().out == "2 allocations looked at, 0 faults.\n"


def test_each_fault_is_named_and_the_check_ends_with_1() -> None:
    ada, studio, pool = a_member(), a_resource(), a_pool(2)
    empty = a_booking(ada, studio)
    empty.allocations.update(active=False)
    ghost = a_booking(ada, studio)
    Booking.objects.filter(pk=ghost.pk).update(status="cancelled")
    longer = a_booking(ada, a_resource(), hours=(9, 10))
    Booking.objects.filter(pk=longer.pk).update(ends_at=longer.ends_at.replace(hour=12))
    pooled = a_booking(ada, pool, quantity=2)
    Resource.objects.filter(pk=pool.pk).update(capacity=1)
    unmarked = a_booking(ada, a_resource(max_minutes=9999), hours=(0, 48))
    unmarked.allocations.update(is_long=False)
    assert list(faults(NOW)) == [
        f"Resource {pool.pk} is held 2 times at 2026-11-30 09:00 UTC, beyond its 1 units.",
        f"Booking {empty.pk} is confirmed but holds nothing.",
        f"Booking {ghost.pk} is cancelled but still holds something.",
        f"Allocation {longer.allocations.get().pk} does not cover its booking {longer.pk}.",
        f"Booking {empty.pk} does not hold all units of resource {studio.pk} that it is of.",
        f"Allocation {pooled.allocations.get().pk} of resource {pool.pk} is not exclusive, and there is one unit only.",
        f"Allocation {unmarked.allocations.get().pk} is longer than a day but not marked so.",
    ]
    with pytest.raises(SystemExit) as end:
        call_command("check_allocations", stdout=io.StringIO())
    assert end.value.code == 1


@pytest.mark.django_db(transaction=True)
def test_an_overlap_that_got_past_the_database_is_found() -> None:
    studio, ada = a_resource(), a_member()
    first = a_booking(ada, studio, hours=(9, 12))
    second = a_booking(ada, studio, hours=(13, 14))
    with unguarded():
        second.allocations.update(busy_from=second.starts_at.replace(hour=11))
        ids = first.allocations.get().pk, second.allocations.get().pk
        assert f"Resource {studio.pk} is held twice: allocations {ids[0]} and {ids[1]} overlap." in list(faults(NOW))


@pytest.fixture
def staff() -> Client:
    client = Client()
    boss = a_member("Boss", is_staff=True, is_superuser=True)
    client.force_login(boss, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def photo(kind: str = "JPEG") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (900, 900), "teal").save(out, kind)
    return SimpleUploadedFile("house.jpg", out.getvalue(), "image/jpeg")


def form_of(row: Any, **changes: Any) -> dict[str, Any]:
    values = {
        field.name: field.value_from_object(row)
        for field in row._meta.fields
        if field.name not in ("id", "photo", "manual_file") and field.editable
    }
    return {name: value for name, value in (values | changes).items() if value is not None and value is not False}


def test_the_photo_of_a_place_is_cleaned_and_cut_wide(staff: Client) -> None:
    place = a_place()
    answer = staff.post(f"/admin/bookings/place/{place.pk}/change/", form_of(place, photo=photo()))
    assert answer.status_code == 302, answer.context["errors"]
    stored = Place.objects.get()
    with Image.open(stored.photo) as picture:
        assert (picture.format, picture.size) == ("WEBP", (1200, 800))
    told = staff.post(
        f"/admin/bookings/place/{place.pk}/change/",
        form_of(place, photo=SimpleUploadedFile("x.jpg", b"<script>", "image/jpeg")),
    )
    assert told.status_code == 200
    assert Place.objects.get().photo == stored.photo


def test_an_unknown_zone_is_refused(staff: Client) -> None:
    place = a_place()
    answer = staff.post(f"/admin/bookings/place/{place.pk}/change/", form_of(place, timezone="Mars/Olympus"))
    assert (answer.status_code, Place.objects.get().timezone) == (200, "Europe/Brussels")


def test_units_that_are_booked_cannot_be_taken_away(staff: Client) -> None:
    pool = a_pool(3)
    start = soon()
    a_booking(a_member(), pool, quantity=2, starts_at=start, ends_at=start + HOUR, at=timezone.now())
    address = f"/admin/bookings/resource/{pool.pk}/change/"
    told = staff.post(address, form_of(pool, capacity=1, name="Fewer"), follow=True)
    assert "People have booked this." in told.content.decode()
    assert (Resource.objects.get().capacity, Resource.objects.get().name) == (3, pool.name)
    assert staff.post(address, form_of(pool, capacity=2)).status_code == 302
    assert Resource.objects.get().capacity == 2


def test_units_are_set_by_the_action_and_offered_to_who_waits(staff: Client) -> None:
    pool, start = a_pool(1), soon()
    booking = a_booking(a_member("Ada"), pool, starts_at=start, ends_at=start + HOUR, at=timezone.now())
    bob = a_member("Bob")
    wait, _is_new = offering.wait_for(
        member=bob, resource=pool.pk, starts_at=start, ends_at=start + HOUR, at=timezone.now()
    )
    address = f"/admin/bookings/resource/{pool.pk}/change/"
    assert staff.post(address, form_of(pool, capacity=2)).status_code == 302
    wait.refresh_from_db()
    assert (wait.status, booking.allocations.get().exclusive) == ("offered", False)
    offering.let_go(member=bob, wait=wait, at=timezone.now())
    pool.refresh_from_db()
    assert staff.post(address, form_of(pool, capacity=1)).status_code == 302
    assert booking.allocations.get().exclusive is True
    assert list(faults(timezone.now())) == []


def test_what_is_added_or_becomes_another_kind_has_the_rules_of_its_place(staff: Client) -> None:
    place = a_place()
    Rule.objects.create(place=place, kind="equipment", what="lead", terms={"lead_minutes": 120})
    fresh = form_of(Resource(place=place, name="Saw", kind="equipment"))
    answer = staff.post("/admin/bookings/resource/add/", fresh)
    assert answer.status_code == 302, answer.context["errors"]
    saw = Resource.objects.get()
    assert saw.lead_minutes == 120
    address = f"/admin/bookings/resource/{saw.pk}/change/"
    staff.post(address, form_of(saw, kind="material"))
    saw.refresh_from_db()
    assert (saw.kind, saw.lead_minutes) == ("material", 0)
    staff.post(address, form_of(saw, kind="equipment", lead_minutes=30))
    saw.refresh_from_db()
    assert (saw.kind, saw.lead_minutes) == ("equipment", 30)
    assert Rule.objects.get(resource=saw).terms == {"lead_minutes": 30}


def test_a_place_of_another_organisation_has_the_rules_of_that(staff: Client) -> None:
    place, other = a_place(), an_organisation()
    saw = a_resource(place=place)
    Rule.objects.create(organisation=other, what="lead", terms={"lead_minutes": 60})
    answer = staff.post(f"/admin/bookings/place/{place.pk}/change/", form_of(place, organisation=other.pk))
    assert answer.status_code == 302, answer.context["errors"]
    saw.refresh_from_db()
    assert saw.lead_minutes == 60


def test_bookings_are_cancelled_by_the_action_and_never_edited(staff: Client) -> None:
    booking = a_booking(a_member(), a_resource(), at=NOW)
    Booking.objects.update(starts_at=NOW.replace(year=2098), ends_at=NOW.replace(year=2099))
    assert staff.get("/admin/bookings/booking/add/").status_code == 403
    assert staff.get(f"/admin/bookings/booking/{booking.pk}/change/").status_code == 200
    assert staff.post(f"/admin/bookings/booking/{booking.pk}/change/", {"title": "x"}).status_code == 403
    staff.post("/admin/bookings/booking/", {"action": "cancel", "_selected_action": [booking.pk]})
    assert Booking.objects.get().status == "cancelled"
    assert not Allocation.objects.filter(active=True).exists()
