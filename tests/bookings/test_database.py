"""The database refuses by itself what nobody may write, also past the actions."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from backend.bookings.models import Allocation, Booking, Resource
from tests.bookings.cast import NOW, a_booking, a_pool, a_resource, span, unguarded
from tests.cast import a_member

pytestmark = pytest.mark.django_db


def written_around(resource: Resource, start: dt.datetime, end: dt.datetime, **fields: Any) -> Allocation:
    booking = Booking.objects.create(member=a_member(), starts_at=start, ends_at=end, created_at=NOW)
    values: dict[str, Any] = {"busy_from": start, "busy_until": end, "exclusive": resource.capacity == 1} | fields
    return Allocation.objects.create(booking=booking, resource=resource, **values)


def is_refused(resource: Resource, start: dt.datetime, end: dt.datetime, **fields: Any) -> bool:
    try:
        with transaction.atomic():
            written_around(resource, start, end, **fields)
    except IntegrityError:
        return True
    return False


@pytest.mark.parametrize("hours", [(9, 11), (8, 10), (10, 12), (8, 12), (9, 10), (10, 11)])
def test_an_overlap_is_refused(hours: tuple[int, int]) -> None:
    studio = a_resource()
    written_around(studio, *span(9, 11))
    assert is_refused(studio, *span(*hours))


@pytest.mark.parametrize("hours", [(7, 9), (11, 13)])
def test_neighbours_are_not_refused(hours: tuple[int, int]) -> None:
    studio = a_resource()
    written_around(studio, *span(9, 11))
    assert not is_refused(studio, *span(*hours))
    assert not is_refused(a_resource(), *span(9, 11))


def test_what_is_no_longer_active_is_not_in_the_way_until_it_comes_back() -> None:
    studio = a_resource()
    before = written_around(studio, *span(9, 11), active=False)
    assert not is_refused(studio, *span(9, 11))
    with pytest.raises(IntegrityError), transaction.atomic():
        Allocation.objects.filter(pk=before.pk).update(active=True)


def test_moving_onto_another_is_refused_and_moving_within_itself_is_not() -> None:
    studio = a_resource()
    written_around(studio, *span(9, 11))
    other = written_around(studio, *span(12, 14))
    other.busy_from = span(11, 14)[0]
    other.save()
    other.busy_from = span(10, 14)[0]
    with pytest.raises(IntegrityError), transaction.atomic():
        other.save()


def test_a_pool_is_counted_at_its_peak_not_by_the_sum() -> None:
    pool = a_pool(3)
    written_around(pool, *span(9, 11), quantity=2)
    written_around(pool, *span(11, 13), quantity=2)
    assert is_refused(pool, *span(9, 13), quantity=2)
    assert not is_refused(pool, *span(9, 13), quantity=1)
    assert is_refused(pool, *span(10, 12), quantity=1)
    assert not is_refused(pool, *span(13, 14), quantity=3)
    assert is_refused(pool, *span(15, 16), quantity=4)


def test_one_unit_left_of_a_pool_that_shrank_is_not_given_twice() -> None:
    pool = a_pool(2)
    written_around(pool, *span(9, 11))
    Resource.objects.filter(pk=pool.pk).update(capacity=1)
    assert is_refused(pool, *span(10, 12), exclusive=True)


def test_an_allocation_that_ends_before_it_starts_is_refused() -> None:
    start, end = span(9, 11)
    booking = a_booking(a_member(), a_resource())
    with pytest.raises(IntegrityError), transaction.atomic():
        booking.allocations.update(busy_from=end, busy_until=start)


@pytest.mark.postgresql
def test_two_bookings_change_places_in_one_transaction() -> None:
    studio = a_resource()
    first, second = written_around(studio, *span(9, 11)), written_around(studio, *span(11, 13))
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        for row, hours in ((first, (11, 13)), (second, (9, 11))):
            start, end = span(*hours)
            Allocation.objects.filter(pk=row.pk).update(busy_from=start, busy_until=end)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert list(studio.allocations.order_by("busy_from").values_list("pk", flat=True)) == [second.pk, first.pk]


@pytest.mark.django_db(transaction=True)
def test_the_guard_can_be_taken_down_and_put_up_again() -> None:
    studio = a_resource()
    with unguarded():
        written_around(studio, *span(9, 11))
        assert not is_refused(studio, *span(9, 11))
    written_around(studio, *span(9, 11))
    assert is_refused(studio, *span(9, 11))
