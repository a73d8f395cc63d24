"""Two at once: exactly one wins, on both engines."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import OperationalError

from backend.bookings import actions, serial
from backend.bookings.audit import faults
from backend.bookings.models import Allocation, Booking
from backend.errors import Busy, Conflict
from tests.bookings.cast import NOW, a_booking, a_pool, a_resource, at_once, span
from tests.cast import a_member, an_organisation

pytestmark = pytest.mark.django_db(transaction=True)


def wins(results: list[Any]) -> int:
    """How many were granted; everyone else must have been told that the slot is taken."""
    granted = [result for result in results if not isinstance(result, Exception)]
    refusals = [result for result in results if isinstance(result, Exception)]
    assert [getattr(refusal, "code", repr(refusal)) for refusal in refusals] == ["slot_taken"] * len(refusals)
    return len(granted)


def test_of_two_who_book_the_same_slot_at_once_exactly_one_gets_it() -> None:
    an_organisation()
    studio, people = a_resource(), [a_member("Ada"), a_member("Bob")]
    for day in range(24, 29):
        acts = [partial(a_booking, person, studio, day=day) for person in people]
        assert wins(at_once(*acts)) == 1
    assert Allocation.objects.filter(active=True).count() == 5
    assert list(faults(NOW)) == []


def test_things_booked_in_opposite_orders_do_not_block_each_other() -> None:
    an_organisation()
    studio, van, people = a_resource(), a_resource(name="Van"), [a_member("Ada"), a_member("Bob")]
    for day in range(24, 28):
        acts = [
            partial(a_booking, people[0], studio, van, day=day),
            partial(a_booking, people[1], van, studio, day=day),
        ]
        assert wins(at_once(*acts)) == 1
    assert Booking.objects.count() == 4


def test_the_last_units_of_a_pool_go_to_as_many_as_there_are() -> None:
    an_organisation()
    pool, people = a_pool(2), [a_member(f"Member {number}") for number in range(5)]
    assert wins(at_once(*(partial(a_booking, person, pool) for person in people))) == 2
    assert list(faults(NOW)) == []


def test_a_slot_that_is_moved_into_and_booked_at_once_goes_to_one() -> None:
    an_organisation()
    studio, ada, bob = a_resource(), a_member("Ada"), a_member("Bob")
    booking = a_booking(ada, studio, hours=(9, 11))
    start, end = span(13, 15)
    results = at_once(
        partial(actions.move, member=ada, booking=booking, starts_at=start, ends_at=end, at=NOW),
        partial(a_booking, bob, studio, hours=(14, 16)),
    )
    assert wins(results) == 1
    assert list(faults(NOW)) == []


def test_a_booking_cancelled_twice_at_once_is_cancelled_once() -> None:
    an_organisation()
    ada = a_member()
    booking = a_booking(ada, a_resource())
    same = Booking.objects.get(pk=booking.pk)
    results = at_once(*(partial(actions.cancel, member=ada, booking=it, at=NOW) for it in (booking, same)))
    refusals = [result for result in results if isinstance(result, Conflict)]
    assert [refusal.code for refusal in refusals] == ["already_cancelled"]


class Deadlock(Exception):
    sqlstate = "40P01"


def failing(times: int, cause: Exception, words: str = "") -> Callable[..., serial.Locked]:
    """The lock, which fails so many times before it works."""
    real, left = serial._locked, [times]

    def locked(ids: Any, holders: Any) -> serial.Locked:
        left[0] -= 1
        if left[0] >= 0:
            raise OperationalError(words) from cause
        return real(ids, holders)

    return locked


def test_what_passes_is_tried_again_a_few_times(monkeypatch: pytest.MonkeyPatch) -> None:
    an_organisation()
    studio, ada = a_resource(), a_member()
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    monkeypatch.setattr(serial, "_locked", failing(3, Deadlock()))
    a_booking(ada, studio, hours=(9, 10))
    monkeypatch.setattr(serial, "_locked", failing(99, Deadlock()))
    with pytest.raises(Busy) as refusal:
        a_booking(ada, studio, hours=(11, 12))
    assert (refusal.value.code, refusal.value.status) == ("try_again", 503)
    monkeypatch.setattr(serial, "_locked", failing(1, Exception(), "database is locked"))
    with pytest.raises(Busy) as refusal:
        a_booking(ada, studio, hours=(11, 12))
    assert (refusal.value.code, refusal.value.status) == ("try_again", 503)
    monkeypatch.setattr(serial, "_locked", failing(1, Exception(), "disk I/O error"))
    with pytest.raises(OperationalError):
        a_booking(ada, studio, hours=(11, 12))
    assert Booking.objects.count() == 1
