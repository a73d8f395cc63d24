"""The waiting line: who came first is asked first, what is offered is held, and nobody steps in between."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.bookings import actions, line, offering
from backend.bookings.audit import faults
from backend.bookings.line import held_until
from backend.bookings.models import Booking, Resource, Rule, Wait
from backend.collectives.models import CollectiveMembership
from backend.errors import Conflict, Invalid, NotFound, Refusal
from backend.members.models import Member
from backend.notices.models import Notice
from tests.bookings.cast import HOUR, NOW, a_booking, a_collective, a_pool, a_resource, a_whole, at_once, span
from tests.cast import a_member, an_organisation

pytestmark = pytest.mark.django_db


def waits(
    member: Member, resource: Resource, hours: tuple[int, int] = (9, 11), *, minute: int = 0, **wish: Any
) -> Wait:
    start, end = span(*hours)
    at = wish.pop("at", NOW + dt.timedelta(minutes=minute))
    return offering.wait_for(member=member, resource=resource.pk, starts_at=start, ends_at=end, at=at, **wish)[0]


def status(wait: Wait) -> str:
    wait.refresh_from_db()
    return str(wait.status)


def test_the_first_in_line_is_offered_what_frees_and_the_second_stays() -> None:
    ada, bob, eve, studio = a_member("Ada"), a_member("Bob"), a_member("Eve"), a_resource()
    booking = a_booking(ada, studio)
    first, second = waits(bob, studio, minute=1), waits(eve, studio, minute=2)
    assert [it.place for it in offering.in_line(Wait.objects.order_by("pk"))] == [1, 2]  # type: ignore[attr-defined]
    actions.cancel(member=ada, booking=booking, at=NOW)
    assert (status(first), status(second)) == ("offered", "waiting")
    assert first.offer is not None
    assert (first.offer.status, first.offer.held_until) == ("offered", NOW + dt.timedelta(hours=24))
    notice = Notice.objects.get(member=bob)
    assert (notice.kind, notice.data["wait"], notice.data["held_until"]) == (
        "booking_offered",
        first.pk,
        "2026-11-24T08:00:00Z",
    )
    assert list(faults(NOW)) == []


def test_nobody_can_book_what_is_offered_to_somebody() -> None:
    ada, bob, studio = a_member("Ada"), a_member("Bob"), a_resource()
    booking = a_booking(ada, studio)
    waits(bob, studio)
    actions.cancel(member=ada, booking=booking, at=NOW)
    with pytest.raises(Conflict) as refusal:
        a_booking(ada, studio)
    assert refusal.value.code == "slot_taken"


def test_taken_up_it_is_a_booking_like_any_other() -> None:
    ada, bob, studio = a_member("Ada"), a_member("Bob"), a_resource()
    booking = a_booking(ada, studio)
    wait = waits(bob, studio, title="Rehearsal")
    actions.cancel(member=ada, booking=booking, at=NOW)
    wait.refresh_from_db()
    taken = offering.take_up(member=bob, wait=wait, at=NOW + HOUR)
    assert (taken.status, taken.title, taken.held_until, status(wait)) == ("confirmed", "Rehearsal", None, "booked")
    with pytest.raises(Conflict) as again:
        offering.take_up(member=bob, wait=wait, at=NOW + HOUR)
    assert again.value.code == "offer_over"


def test_an_offer_that_is_let_go_or_over_goes_to_the_next() -> None:
    ada, studio = a_member("Ada"), a_resource()
    people = [a_member(name) for name in ("Bob", "Cem", "Dia")]
    booking = a_booking(ada, studio)
    line = [waits(person, studio, minute=number) for number, person in enumerate(people)]
    actions.cancel(member=ada, booking=booking, at=NOW)
    line[0].refresh_from_db()
    offering.let_go(member=people[0], wait=line[0], at=NOW)
    assert [status(it) for it in line] == ["withdrawn", "offered", "waiting"]
    assert offering.lapse_all(at=NOW + 23 * HOUR) == 0
    assert offering.lapse_all(at=NOW + 24 * HOUR) == 1
    assert [status(it) for it in line] == ["withdrawn", "expired", "offered"]
    assert [row.kind for row in Notice.objects.filter(member=people[1]).order_by("pk")] == [
        "booking_offered",
        "booking_offer_over",
    ]
    assert Booking.objects.filter(status="offered").count() == 1


def test_an_offer_whose_time_is_over_stands_in_nobodys_way_even_when_nothing_ran() -> None:
    ada, bob, studio = a_member("Ada"), a_member("Bob"), a_resource()
    booking = a_booking(ada, studio)
    wait = waits(bob, studio)
    actions.cancel(member=ada, booking=booking, at=NOW)
    wait.refresh_from_db()
    with pytest.raises(Conflict) as late:
        offering.take_up(member=bob, wait=wait, at=NOW + 25 * HOUR)
    assert late.value.code == "offer_over"


@pytest.mark.django_db(transaction=True)
def test_who_books_after_an_offer_is_over_gets_it() -> None:
    an_organisation()
    ada, bob, studio = a_member("Ada"), a_member("Bob"), a_resource()
    booking = a_booking(ada, studio)
    wait = waits(bob, studio)
    actions.cancel(member=ada, booking=booking, at=NOW)
    with pytest.raises(Conflict):
        a_booking(ada, studio, at=NOW + 23 * HOUR)
    a_booking(ada, studio, at=NOW + 25 * HOUR)
    assert status(wait) == "expired"


def test_several_who_fit_are_all_offered_and_who_does_not_fit_waits_on() -> None:
    ada, studio = a_member("Ada"), a_resource()
    booking = a_booking(ada, studio, hours=(9, 13))
    early, long, late = (
        waits(a_member("Bob"), studio, (9, 11)),
        waits(a_member("Cem"), studio, (10, 12), minute=1),
        waits(a_member("Dia"), studio, (11, 13), minute=2),
    )
    actions.cancel(member=ada, booking=booking, at=NOW)
    assert [status(it) for it in (early, long, late)] == ["offered", "waiting", "offered"]


def test_a_moved_booking_frees_its_old_time() -> None:
    ada, bob, studio = a_member("Ada"), a_member("Bob"), a_resource()
    booking = a_booking(ada, studio, hours=(9, 11))
    wait = waits(bob, studio, (9, 10))
    start, end = span(10, 12)
    actions.move(member=ada, booking=booking, starts_at=start, ends_at=end, at=NOW)
    assert status(wait) == "offered"


def test_who_waits_for_the_hall_is_offered_it_when_the_last_half_frees() -> None:
    left, right = a_resource(name="Left"), a_resource(name="Right")
    hall, ada, bob = a_whole(left, right), a_member("Ada"), a_member("Bob")
    halves = [a_booking(ada, half) for half in (left, right)]
    wait = waits(bob, hall)
    actions.cancel(member=ada, booking=halves[0], at=NOW)
    assert status(wait) == "waiting"
    actions.cancel(member=ada, booking=halves[1], at=NOW)
    assert status(wait) == "offered"
    assert list(faults(NOW)) == []


def test_units_of_a_pool_are_waited_for_together() -> None:
    pool, ada, bob = a_pool(3), a_member("Ada"), a_member("Bob")
    one, two = a_booking(ada, pool), a_booking(ada, pool, quantity=2)
    wait = waits(bob, pool, quantity=2)
    actions.cancel(member=ada, booking=one, at=NOW)
    assert status(wait) == "waiting"
    actions.cancel(member=ada, booking=two, at=NOW)
    assert status(wait) == "offered"


def test_who_may_not_any_more_is_passed_over() -> None:
    ada, bob, cem, studio = a_member("Ada"), a_member("Bob"), a_member("Cem"), a_resource()
    ateliers = a_collective(bob, cem)
    booking = a_booking(ada, studio)
    first, second = waits(bob, studio, collective=ateliers.pk), waits(cem, studio, minute=1, collective=ateliers.pk)
    CollectiveMembership.objects.filter(member=bob).update(state="left")
    actions.cancel(member=ada, booking=booking, at=NOW)
    assert (status(first), status(second)) == ("waiting", "offered")


def test_a_quota_is_asked_when_it_is_offered_and_when_it_is_taken_up() -> None:
    ada, bob, studio = a_member("Ada"), a_member("Bob"), a_resource()
    Rule.objects.create(what="quota", terms={"per": "member", "period": "week", "count": 1}, resource=studio)
    booking = a_booking(ada, studio)
    wait = waits(bob, studio)
    own = a_booking(bob, studio, hours=(14, 15))
    actions.cancel(member=ada, booking=booking, at=NOW)
    assert status(wait) == "waiting"
    actions.cancel(member=bob, booking=own, at=NOW)
    assert status(wait) == "offered", "the quota was all that kept it from being offered"


def test_there_is_nothing_to_wait_for_when_it_is_free_and_nobody_waits_twice() -> None:
    ada, bob, studio = a_member("Ada"), a_member("Bob"), a_resource()
    with pytest.raises(Conflict) as refusal:
        waits(bob, studio)
    assert refusal.value.code == "free_now"
    a_booking(ada, studio)
    assert waits(bob, studio) == waits(bob, studio)
    with pytest.raises(Invalid) as broken:
        waits(bob, studio, (10, 10))
    assert broken.value.extra["fields"]["ends_at"][0]["code"] == "ends_before_start"
    with pytest.raises(Invalid):
        waits(bob, studio, quantity=2)


def test_twenty_lines_are_enough() -> None:
    ada, bob, studio = a_member("Ada"), a_member("Bob"), a_resource()
    a_booking(ada, studio, hours=(0, 24))
    for number in range(20):
        waits(bob, studio, (number, number + 1))
    with pytest.raises(Refusal) as refusal:
        waits(bob, studio, (21, 22))
    assert refusal.value.code == "too_many_waits"


def test_an_offer_is_not_moved_and_cancelling_it_lets_it_go() -> None:
    ada, bob, studio = a_member("Ada"), a_member("Bob"), a_resource()
    booking = a_booking(ada, studio)
    wait = waits(bob, studio)
    actions.cancel(member=ada, booking=booking, at=NOW)
    wait.refresh_from_db()
    assert wait.offer is not None
    with pytest.raises(Conflict) as refusal:
        actions.move(member=bob, booking=wait.offer, ends_at=span(9, 12)[1], at=NOW)
    assert refusal.value.code == "not_taken_up"
    with pytest.raises(NotFound):
        offering.take_up(member=ada, wait=wait, at=NOW)
    actions.cancel(member=bob, booking=wait.offer, at=NOW)
    assert status(wait) == "withdrawn"


def test_leaving_the_line_is_quiet() -> None:
    ada, bob, studio = a_member("Ada"), a_member("Bob"), a_resource()
    booking = a_booking(ada, studio)
    wait = waits(bob, studio)
    with pytest.raises(NotFound):
        offering.let_go(member=ada, wait=wait, at=NOW)
    assert offering.let_go(member=bob, wait=wait, at=NOW).status == "withdrawn"
    actions.cancel(member=ada, booking=booking, at=NOW)
    assert not Notice.objects.filter(member=bob).exists()


@pytest.mark.parametrize(("hours", "held"), [(100, 24), (20, 10), (0.4, 0.25), (0.1, 0.25)])
def test_an_offer_holds_half_the_time_that_is_left(hours: float, held: float) -> None:
    start = NOW + dt.timedelta(hours=hours)
    assert held_until(start, NOW) == NOW + dt.timedelta(hours=held)


@settings(max_examples=25, deadline=None)
@given(windows=st.lists(st.tuples(st.integers(0, 10), st.integers(1, 4)), min_size=1, max_size=8))
def test_offers_are_what_a_plain_walk_down_the_line_gives(windows: list[tuple[int, int]]) -> None:
    from django.db import transaction

    with transaction.atomic():
        ada, studio = a_member(), a_resource()
        booking = a_booking(ada, studio, hours=(0, 14))
        line = [
            waits(a_member(f"M{number}"), studio, (start, start + length), minute=number)
            for number, (start, length) in enumerate(windows)
        ]
        actions.cancel(member=ada, booking=booking, at=NOW)
        taken: set[int] = set()
        expected = []
        for start, length in windows:
            hours = set(range(start, start + length))
            expected.append("waiting" if hours & taken else "offered")
            taken |= hours if not hours & taken else set()
        assert [status(it) for it in line] == expected
        transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
def test_cancelling_booking_taking_up_and_lapsing_at_once_keep_every_promise() -> None:
    an_organisation()
    ada, bob, eve, studio = a_member("Ada"), a_member("Bob"), a_member("Eve"), a_resource()
    booking = a_booking(ada, studio)
    wait, other = waits(bob, studio), waits(eve, studio, minute=1)
    at_once(
        lambda: actions.cancel(member=ada, booking=booking, at=NOW),
        lambda: a_booking(eve, studio),
        lambda: a_booking(ada, studio, hours=(10, 12)),
    )
    assert (status(wait), status(other)) == ("offered", "waiting")
    wait.refresh_from_db()
    over = NOW + 25 * HOUR
    results = at_once(
        lambda: offering.take_up(member=bob, wait=wait, at=over - 2 * HOUR), lambda: offering.lapse_all(at=over)
    )
    assert list(faults(NOW)) == []
    taken_up = isinstance(results[0], Booking)
    assert (status(wait), status(other)) == (("booked", "waiting") if taken_up else ("expired", "offered"))


def test_who_comes_to_wait_for_a_whole_while_the_lock_is_waited_for_is_asked_too(monkeypatch: Any) -> None:
    ada, bob, half, other = a_member("Ada"), a_member("Bob"), a_resource(), a_resource(name="Other")
    hall = a_whole(half, other)
    booking = a_booking(ada, half)
    waited: list[Wait] = []
    read = line.with_who_waits

    def read_too_early(numbers: Any) -> list[int]:
        found = read(numbers)
        if not waited:
            waited.append(None)  # type: ignore[arg-type]
            waited[0] = waits(bob, hall)
        return found

    monkeypatch.setattr(line, "with_who_waits", read_too_early)
    actions.cancel(member=ada, booking=booking, at=NOW)
    assert status(waited[0]) == "offered"
    assert list(faults(NOW)) == []


@pytest.mark.parametrize("many", [1, 3])
def test_places_in_line_are_read_in_one_query(many: int, django_assert_num_queries: Any) -> None:
    ada, studio = a_member("Ada"), a_resource()
    a_booking(ada, studio)
    for number in range(many):
        waits(a_member(f"Member {number}"), studio, minute=number)
    with django_assert_num_queries(1):
        found = list(offering.in_line(Wait.objects.order_by("pk")))
    assert [it.place for it in found] == list(range(1, many + 1))  # type: ignore[attr-defined]
