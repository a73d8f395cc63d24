"""Out of use for a time, in repair, fewer units: nobody is held twice, and who had booked is told with what is free instead."""

import datetime as dt
from functools import partial
from typing import Any

import pytest

from backend.bookings import actions, blackouts
from backend.bookings.audit import faults
from backend.bookings.models import Allocation, Blackout, Booking, Damage, Resource
from backend.errors import Conflict, NotAllowed, NotFound, Refusal
from backend.members.models import Member
from backend.notices.models import Notice
from tests.bookings.cast import HOUR, NOW, a_booking, a_place, a_pool, a_resource, a_whole, at_once, span
from tests.cast import a_member, an_organisation

pytestmark = pytest.mark.django_db


def a_host(resource: Resource) -> Member:
    host = a_member("Hanna")
    resource.place.hosts.add(host)
    return host


def closed(host: Member, *, hours: tuple[int, int] = (9, 18), day: int = 30, **given: Any) -> Blackout:
    start, end = span(*hours, day=day)
    wish: dict[str, Any] = {"starts_at": start, "ends_at": end, "at": NOW, "reason": "repair"} | given
    return blackouts.black_out(member=host, **wish)


def told(member: Member) -> list[str]:
    return list(Notice.objects.filter(member=member).order_by("pk").values_list("kind", flat=True))


def test_nobody_can_book_what_is_out_of_use_and_everybody_again_when_it_is_lifted() -> None:
    studio, ada = a_resource(), a_member("Ada")
    host = a_host(studio)
    blackout = closed(host, resource=studio.pk, note="New floor")
    with pytest.raises(Conflict) as refusal:
        a_booking(ada, studio, hours=(17, 19))
    assert refusal.value.code == "slot_taken"
    a_booking(ada, studio, hours=(18, 19))
    blackouts.lift(member=host, blackout=blackout, at=NOW)
    a_booking(ada, studio, hours=(16, 18))
    with pytest.raises(Conflict) as again:
        blackouts.lift(member=host, blackout=blackout, at=NOW)
    assert again.value.code == "already_over"


def test_whom_it_hits_is_named_first_and_told_with_other_times_when_it_is_done() -> None:
    studio, ada = a_resource(), a_member("Ada")
    host = a_host(studio)
    booking = a_booking(ada, studio, hours=(9, 11))
    start, end = span(9, 18)
    hit = blackouts.affected(member=host, resource=studio.pk, starts_at=start, ends_at=end, at=NOW)
    assert hit == [booking]
    with pytest.raises(Conflict) as refusal:
        closed(host, resource=studio.pk)
    assert (refusal.value.code, [row["id"] for row in refusal.value.extra["bookings"]]) == (
        "people_have_booked",
        [booking.pk],
    )
    assert Blackout.objects.count() == 0
    closed(host, resource=studio.pk, displace=True)
    booking.refresh_from_db()
    assert (booking.status, booking.ending) == ("cancelled", "out_of_use")
    notice = Notice.objects.get(member=ada)
    assert notice.kind == "booking_displaced"
    assert notice.data["alternatives"][0]["starts_at"] == "2026-11-30T07:00:00Z"
    assert list(faults(NOW)) == []


def test_only_who_looks_after_it_can() -> None:
    studio = a_resource()
    with pytest.raises(NotAllowed):
        closed(a_member("Ada"), resource=studio.pk)
    with pytest.raises(NotFound):
        closed(a_member("Bob"), resource=studio.pk + 1)
    closed(a_member("Boss", is_staff=True), resource=studio.pk)
    owner = a_member("Olga")
    closed(owner, resource=a_resource(name="Hers", owner_member=owner).pk)


def test_a_closed_house_holds_all_that_is_there_and_what_was_booked_with_it_is_free_again() -> None:
    house, elsewhere = a_place(), a_resource(place=a_place(name="Other"), name="Van", kind="equipment")
    desk, lamps = a_resource(place=house), a_pool(4, place=house)
    ada = a_member("Ada")
    a_booking(ada, desk, elsewhere, hours=(9, 11))
    a_booking(ada, lamps, hours=(9, 11))
    closed(a_host(desk), place=house.pk, displace=True)
    assert set(Booking.objects.values_list("status", flat=True)) == {"cancelled"}
    a_booking(ada, elsewhere, hours=(9, 11))
    for thing in (desk, lamps):
        with pytest.raises(Conflict):
            a_booking(ada, thing, hours=(10, 11))


def test_of_a_pool_who_booked_last_gives_way() -> None:
    pool, people = a_pool(3), [a_member(name) for name in ("Ada", "Bob", "Cem")]
    host = a_host(pool)
    bookings = [a_booking(person, pool, at=NOW + dt.timedelta(minutes=number)) for number, person in enumerate(people)]
    closed(host, resource=pool.pk, quantity=1, hours=(6, 8))
    closed(host, resource=pool.pk, quantity=1, displace=True)
    assert [Booking.objects.get(pk=it.pk).status for it in bookings] == ["confirmed", "confirmed", "cancelled"]
    assert told(people[2]) == ["booking_displaced"]
    with pytest.raises(Conflict):
        a_booking(people[2], pool)


def test_two_blackouts_may_overlap() -> None:
    pool = a_pool(3)
    host = a_host(pool)
    first = closed(host, resource=pool.pk, quantity=2, hours=(9, 12))
    closed(host, resource=pool.pk, quantity=2, hours=(11, 14))
    closed(host, place=pool.place_id, hours=(10, 13))
    held = [
        (row.busy_from.hour, row.busy_until.hour, row.quantity)
        for row in Allocation.objects.order_by("pk")
        if row.active
    ]
    assert held == [(9, 12, 2), (11, 12, 1), (12, 14, 2), (10, 11, 1), (12, 13, 1)]
    blackouts.lift(member=host, blackout=first, at=NOW)
    assert list(faults(NOW)) == []


def test_a_repair_of_a_half_empties_the_hall_and_the_half_only_then() -> None:
    left, right = a_resource(name="Left"), a_resource(name="Right")
    hall, ada = a_whole(left, right), a_member("Ada")
    host = a_host(hall)
    a_booking(ada, hall, hours=(9, 11))
    a_booking(ada, hall, hours=(14, 15))
    closed(host, resource=left.pk, hours=(9, 12), displace=True)
    assert a_booking(ada, right, hours=(9, 11)).status == "confirmed"
    assert Booking.objects.filter(status="confirmed").count() == 2


def test_what_is_under_way_ends_when_it_begins() -> None:
    studio, ada = a_resource(), a_member("Ada")
    host = a_host(studio)
    booking = a_booking(ada, studio, hours=(9, 12))
    at = span(10, 11)[0]
    closed(host, resource=studio.pk, hours=(9, 18), at=at, displace=True)
    booking.refresh_from_db()
    assert (booking.status, booking.ends_at) == ("confirmed", at)
    assert told(ada) == ["booking_displaced"]
    assert list(faults(at)) == []


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"hours": (9, 9)}, "ends_before_start"), ({"hours": (11, 9)}, "ends_before_start"), ({"day": 20}, "in_the_past"),
        ({"hours": (0, 24 * 800)}, "too_long"), ({"quantity": 0}, "quantity_too_large"), ({"quantity": 4}, "quantity_too_large"),
    ],
)  # fmt: skip
def test_nonsense_is_refused(wish: dict[str, Any], code: str) -> None:
    pool = a_pool(3)
    with pytest.raises(Refusal) as refusal:
        closed(a_host(pool), resource=pool.pk, **wish)
    assert next(iter(refusal.value.extra["fields"].values()))[0]["code"] == code
    assert Blackout.objects.count() == 0


def test_fewer_units_list_whom_they_hit() -> None:
    pool, ada, bob = a_pool(3), a_member("Ada"), a_member("Bob")
    host = a_host(pool)
    a_booking(ada, pool, quantity=2)
    later = a_booking(bob, pool, at=NOW + HOUR)
    with pytest.raises(Conflict) as refusal:
        blackouts.set_capacity(member=host, resource=pool, capacity=2, at=NOW)
    assert [row["id"] for row in refusal.value.extra["bookings"]] == [later.pk]
    assert Resource.objects.get().capacity == 3
    blackouts.set_capacity(member=host, resource=pool, capacity=2, at=NOW, displace=True)
    assert (Resource.objects.get().capacity, told(bob)) == (2, ["booking_displaced"])
    blackouts.set_capacity(member=host, resource=pool, capacity=4, at=NOW)
    a_booking(bob, pool, quantity=2)


def test_a_pool_of_one_is_exclusive_and_can_grow_again() -> None:
    pool, ada = a_pool(2), a_member("Ada")
    host = a_host(pool)
    a_booking(ada, pool)
    blackouts.set_capacity(member=host, resource=pool, capacity=1, at=NOW)
    assert Allocation.objects.get().exclusive
    with pytest.raises(Conflict):
        a_booking(ada, pool)
    blackouts.set_capacity(member=host, resource=pool, capacity=2, at=NOW)
    a_booking(ada, pool)


def test_damage_takes_one_unit_out_of_use_until_it_is_mended() -> None:
    pool, ada = a_pool(2), a_member("Ada")
    host = a_host(pool)
    damage = Damage.objects.create(resource=pool, words="The lamp flickers.", reported_by=ada, reported_at=NOW)
    blackouts.repair(member=host, damage=damage, until=span(0, 24)[1], at=NOW)
    with pytest.raises(Conflict):
        a_booking(ada, pool, quantity=2)
    a_booking(ada, pool)
    blackouts.close_damage(member=host, damage=damage, at=NOW)
    a_booking(ada, pool)
    with pytest.raises(Conflict) as again:
        blackouts.close_damage(member=host, damage=damage, at=NOW)
    assert (again.value.code, Damage.objects.get().status) == ("already_decided", "fixed")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("displace", [True, False])
def test_a_blackout_and_bookings_at_once_never_hold_twice(displace: bool) -> None:
    an_organisation()
    left, right = a_resource(name="Left"), a_resource(name="Right")
    hall, people = a_whole(left, right), [a_member(f"M{number}") for number in range(4)]
    host = a_host(hall)
    wishes = [
        partial(a_booking, person, thing) for person, thing in zip(people, (hall, left, right, hall), strict=True)
    ]
    at_once(*wishes, partial(closed, host, resource=left.pk, displace=displace))
    assert list(faults(NOW)) == []
    if displace:
        held = Allocation.objects.filter(resource=left, active=True)
        assert [row.blackout_id is not None for row in held] == [True]


def test_a_cancelled_displaced_booking_cannot_be_cancelled_again() -> None:
    studio, ada = a_resource(), a_member("Ada")
    booking = a_booking(ada, studio)
    closed(a_host(studio), resource=studio.pk, displace=True)
    with pytest.raises(Conflict):
        actions.cancel(member=ada, booking=booking, at=NOW)


@pytest.mark.django_db(transaction=True)
def test_two_blackouts_of_the_same_that_are_lifted_at_once_hold_nothing_afterwards() -> None:
    """The second holds nothing itself as long as the first does: that one would hand it over when it is lifted."""
    studio = a_resource()
    host = a_host(studio)
    for day in range(24, 31):
        first, second = closed(host, resource=studio.pk, day=day), closed(host, resource=studio.pk, day=day)
        results = at_once(*(partial(blackouts.lift, member=host, blackout=one, at=NOW) for one in (first, second)))
        assert all(isinstance(one, Blackout) for one in results), results
        assert list(faults(NOW)) == []
