"""The check of all allocations finds a whole without a part, and a blackout that keeps nothing out of use."""

import pytest

from backend.bookings.audit import faults
from backend.bookings.models import Component
from tests.bookings.cast import HOUR, NOW, a_booking, a_place, a_pool, a_resource, a_whole, span
from tests.bookings.test_blackouts import closed
from tests.cast import a_member

pytestmark = pytest.mark.django_db


def test_a_whole_without_one_of_its_parts_is_found() -> None:
    ada, pool, recorder = a_member(), a_pool(4), a_resource()
    kit = a_whole(pool, recorder)
    Component.objects.filter(part=pool).update(quantity=2)
    booking = a_booking(ada, kit)
    assert list(faults(NOW)) == []
    booking.allocations.filter(resource=pool).update(quantity=1)
    lacks = "Booking {} does not hold all units of resource {}, which is part of what it is of.".format
    assert list(faults(NOW)) == [lacks(booking.pk, pool.pk)]
    booking.allocations.filter(resource=recorder).update(active=False)
    assert list(faults(NOW)) == [lacks(booking.pk, pool.pk), lacks(booking.pk, recorder.pk)]
    # What is over has been kept or not: what the whole is made of may have changed since.
    assert list(faults(booking.ends_at)) == []


def test_a_blackout_that_lets_go_is_found_and_one_under_another_is_none() -> None:
    host, studio = a_member(is_staff=True), a_resource()
    pool = a_pool(3, place=studio.place)
    outer = closed(host, place=studio.place_id)
    inner = closed(host, resource=studio.pk, hours=(10, 12))
    closed(host, resource=pool.pk, quantity=2, hours=(17, 20))
    a_resource(place=studio.place, name="Later")
    assert (inner.allocations.count(), list(faults(NOW))) == (0, [])
    lets_go = "Blackout {} leaves resource {} in use for some of its time.".format
    held = outer.allocations.filter(resource=studio)
    held.update(busy_until=span(9, 11)[1])
    assert list(faults(NOW)) == [lets_go(outer.pk, studio.pk), lets_go(inner.pk, studio.pk)]
    held.update(active=False)
    assert list(faults(NOW)) == [lets_go(inner.pk, studio.pk)]


def test_a_blackout_that_lost_all_that_it_held_is_found() -> None:
    host, ada, studio = a_member(is_staff=True), a_member("Ada"), a_resource()
    a_booking(ada, studio, day=24, at=NOW - 24 * HOUR)
    hall = a_whole(a_resource(place=studio.place, name="Left"), place=studio.place)
    of_place, of_hall = closed(host, place=studio.place_id), closed(host, resource=hall.pk, day=29)
    nothing_yet = closed(host, place=a_place(name="New").pk)
    under = closed(host, place=studio.place_id, hours=(10, 12))
    a_resource(place=nothing_yet.place, name="Later")
    assert (under.allocations.count(), list(faults(NOW))) == (0, [])
    for blackout in (of_place, of_hall):
        blackout.allocations.all().delete()
    keeps_nothing = "Blackout {} keeps nothing out of use.".format
    assert list(faults(NOW)) == [keeps_nothing(one.pk) for one in (of_place, of_hall, under)]
