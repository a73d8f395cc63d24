"""Halls made of halves, kits of things, pools among them: what is booked as one is held part by part."""

import pytest

from backend.bookings import actions, availability
from backend.bookings.models import Allocation, Component, Resource
from backend.errors import Conflict, Invalid
from tests.bookings.cast import NOW, a_booking, a_pool, a_resource, a_whole, span
from tests.cast import a_member

pytestmark = pytest.mark.django_db


def held(*resources: Resource) -> list[tuple[int, int]]:
    rows = Allocation.objects.filter(resource__in=[it.pk for it in resources], active=True)
    return list(rows.order_by("resource", "pk").values_list("resource", "quantity"))


def test_booking_the_hall_holds_both_halves_and_not_the_hall() -> None:
    left, right = a_resource(name="Left"), a_resource(name="Right")
    hall = a_whole(left, right)
    booking = a_booking(a_member(), hall)
    assert held(hall, left, right) == [(left.pk, 1), (right.pk, 1)]
    assert [item.resource for item in booking.items.all()] == [hall]


def test_a_half_that_is_taken_keeps_the_hall_from_being_booked_and_the_other_way_round() -> None:
    left, right = a_resource(name="Left"), a_resource(name="Right")
    hall, ada, bob = a_whole(left, right), a_member("Ada"), a_member("Bob")
    first = a_booking(ada, left)
    with pytest.raises(Conflict) as refusal:
        a_booking(bob, hall)
    assert refusal.value.code == "slot_taken"
    assert [row["resource"] for row in refusal.value.extra["conflicts"]] == [left.pk]
    offered = refusal.value.extra["alternatives"]
    assert offered[0]["resources"] == [{"id": hall.pk, "name": "Hall"}]
    assert [row["starts_at"][11:16] for row in offered[:2]] == ["07:00", "11:00"]
    a_booking(bob, right)
    actions.cancel(member=ada, booking=first, at=NOW)
    a_booking(bob, hall, hours=(11, 12))
    for half in (left, right):
        with pytest.raises(Conflict):
            a_booking(ada, half, hours=(11, 12))


def test_a_kit_holds_so_many_units_of_each_pool() -> None:
    camera, lamps = a_resource(name="Camera", kind="equipment"), a_pool(5, name="Lamps")
    kit = a_whole(camera, lamps, name="Film kit", kind="equipment")
    Component.objects.filter(part=lamps).update(quantity=3)
    a_booking(a_member(), kit)
    assert held(camera, lamps) == [(camera.pk, 1), (lamps.pk, 3)]
    a_booking(a_member(), lamps, quantity=2)
    with pytest.raises(Conflict):
        a_booking(a_member(), lamps)


def test_a_hall_and_its_half_in_one_wish_are_one_half_too_many() -> None:
    left, right = a_resource(name="Left"), a_resource(name="Right")
    hall = a_whole(left, right)
    with pytest.raises(Invalid) as refusal:
        a_booking(a_member(), hall, left)
    assert refusal.value.extra["fields"]["quantity"][0]["code"] == "quantity_too_large"
    assert held(left, right) == []


def test_a_moved_whole_leaves_its_old_time_free() -> None:
    left, right = a_resource(name="Left"), a_resource(name="Right")
    hall, ada = a_whole(left, right), a_member()
    booking = a_booking(ada, hall, hours=(9, 11))
    start, end = span(10, 12)
    actions.move(member=ada, booking=booking, starts_at=start, ends_at=end, at=NOW)
    a_booking(ada, left, hours=(9, 10))
    with pytest.raises(Conflict):
        a_booking(ada, left, hours=(11, 12))


def test_a_whole_that_is_made_of_other_parts_later_gives_back_what_it_held() -> None:
    left, right, third = (a_resource(name=name) for name in ("Left", "Right", "Third"))
    hall, ada = a_whole(left, right), a_member()
    booking = a_booking(ada, hall, hours=(9, 11))
    Component.objects.filter(part=right).update(part=third)
    start, end = span(13, 14)
    actions.move(member=ada, booking=booking, starts_at=start, ends_at=end, at=NOW)
    assert held(left, right, third) == [(left.pk, 1), (third.pk, 1)]
    actions.cancel(member=ada, booking=booking, at=NOW)
    assert held(left, right, third) == []


def test_the_wider_buffer_of_whole_and_part_is_held() -> None:
    left = a_resource(name="Left", buffer_after_minutes=15)
    right = a_resource(name="Right", buffer_after_minutes=60)
    hall = a_whole(left, right, buffer_after_minutes=30)
    a_booking(a_member(), hall, hours=(9, 11))
    minutes = [(row.busy_until - span(9, 11)[1]).seconds // 60 for row in Allocation.objects.order_by("resource")]
    assert minutes == [30, 60]


def test_search_finds_a_whole_only_when_all_of_it_is_free() -> None:
    left, right = a_resource(name="Left"), a_resource(name="Right")
    hall = a_whole(left, right)
    a_booking(a_member(), left, hours=(9, 11))

    def free(start: int, end: int) -> set[int]:
        return set(availability.free_then(Resource.objects.all(), *span(start, end)).values_list("pk", flat=True))

    assert free(10, 12) == {right.pk}
    assert free(11, 12) == {left.pk, right.pk, hall.pk}
