"""What blackouts, repairs and other numbers of units leave behind: nobody loses their turn, nothing is done twice."""

import datetime as dt
from functools import partial

import pytest
from django_tasks_db.models import DBTaskResult
from pytest_django import DjangoCaptureOnCommitCallbacks as Commits

from backend.bookings import actions, blackouts
from backend.bookings.audit import faults
from backend.bookings.models import Blackout, Booking, Rule
from backend.bookings.recurrence import wall_of
from backend.bookings.series_changes import change_series
from backend.errors import Conflict
from tests.bookings.cast import HOUR, NOW, a_booking, a_pool, a_resource, at_once, span
from tests.bookings.test_blackouts import a_host, closed, told
from tests.bookings.test_series import a_series
from tests.bookings.test_waiting import status, waits
from tests.cast import a_member, an_organisation, utc

pytestmark = pytest.mark.django_db
START, END = span(9, 11)
MINUTE = dt.timedelta(minutes=1)


def test_more_units_are_offered_to_who_waits() -> None:
    ada, bob, pool = a_member("Ada"), a_member("Bob"), a_pool(1)
    host = a_host(pool)
    a_booking(ada, pool)
    wait = waits(bob, pool)
    blackouts.set_capacity(member=host, resource=pool, capacity=2, at=NOW)
    assert status(wait) == "offered"
    assert list(faults(NOW)) == []


def test_an_offer_that_has_to_give_way_is_no_lost_turn() -> None:
    ada, bob, eve, studio = a_member("Ada"), a_member("Bob"), a_member("Eve"), a_resource()
    host = a_host(studio)
    booking = a_booking(ada, studio)
    first, second = waits(bob, studio, minute=1), waits(eve, studio, minute=2)
    actions.cancel(member=ada, booking=booking, at=NOW)
    assert (status(first), status(second)) == ("offered", "waiting")
    blackout = closed(host, resource=studio.pk, displace=True)
    assert (status(first), first.offer, status(second)) == ("waiting", None, "waiting")
    blackouts.lift(member=host, blackout=blackout, at=NOW)
    assert (status(first), status(second)) == ("offered", "waiting")


def test_what_has_ended_keeps_its_end_when_only_its_buffer_is_in_the_way() -> None:
    ada, studio = a_member("Ada"), a_resource(buffer_after_minutes=60)
    host = a_host(studio)
    booking = a_booking(ada, studio)
    blackouts.black_out(
        member=host, resource=studio.pk, reason="repair", starts_at=END + 20 * MINUTE, ends_at=END + 5 * HOUR,
        at=END + 10 * MINUTE,
    )  # fmt: skip
    booking.refresh_from_db()
    assert (booking.ends_at, booking.status, told(ada)) == (END, "confirmed", [])
    assert booking.allocations.get().busy_until == END + 20 * MINUTE
    # Under way, and done before it begins: the same.
    other = a_booking(ada, studio, hours=(17, 18))
    blackouts.black_out(
        member=host, resource=studio.pk, reason="repair", starts_at=END + 7 * HOUR + 30 * MINUTE, ends_at=END + 9 * HOUR,
        at=END + 6 * HOUR + 30 * MINUTE,
    )  # fmt: skip
    other.refresh_from_db()
    assert (other.ends_at, told(ada)) == (END + 7 * HOUR, [])
    assert list(faults(END)) == []


def test_a_booking_beside_a_blackout_takes_place_and_only_its_buffer_gives_way() -> None:
    ada, studio = a_member("Ada"), a_resource(buffer_before_minutes=60, buffer_after_minutes=60)
    host = a_host(studio)
    before, after = a_booking(ada, studio, hours=(9, 11)), a_booking(ada, studio, hours=(15, 17))
    start, end = span(11, 15)
    assert blackouts.affected(member=host, resource=studio.pk, starts_at=start, ends_at=end, at=NOW) == []
    blackout = closed(host, resource=studio.pk, hours=(11, 15))
    for booking, held in ((before, span(8, 11)), (after, span(15, 18))):
        booking.refresh_from_db()
        holds = booking.allocations.get()
        assert (booking.status, holds.active, (holds.busy_from, holds.busy_until)) == ("confirmed", True, held)
    assert (told(ada), blackout.allocations.count(), list(faults(NOW))) == ([], 1, [])


def test_what_two_blackouts_keep_out_of_use_stays_so_when_one_is_lifted() -> None:
    ada, studio = a_member("Ada"), a_resource()
    host = a_host(studio)
    first = closed(host, resource=studio.pk, hours=(9, 12))
    closed(host, resource=studio.pk, hours=(11, 14))
    blackouts.lift(member=host, blackout=first, at=NOW)
    with pytest.raises(Conflict):
        a_booking(ada, studio, hours=(11, 12))
    a_booking(ada, studio, hours=(9, 11))
    pool = a_pool(3, place=studio.place)
    first = closed(host, resource=pool.pk, quantity=1)
    closed(host, resource=pool.pk, quantity=1)
    blackouts.lift(member=host, blackout=first, at=NOW)
    a_booking(ada, pool, quantity=2)
    with pytest.raises(Conflict):
        a_booking(ada, pool)


def test_a_series_is_looked_at_when_nobody_comes_at_each_of_its_times(
    django_capture_on_commit_callbacks: Commits,
) -> None:
    ada, host, studio = a_member("Ada"), a_member("Hanna"), a_resource(release_minutes=20)
    studio.place.hosts.add(host)

    def looks() -> list[str]:
        found = DBTaskResult.objects.order_by("run_after").values_list("run_after", flat=True)
        return [f"{moment:%m-%d %H:%M}" for moment in found if moment is not None]

    with django_capture_on_commit_callbacks(execute=True):
        first = a_series(ada, studio, rule="FREQ=WEEKLY;COUNT=2").bookings.order_by("occurrence")[0]
    assert looks() == ["12-01 18:20", "12-08 18:20"]
    with django_capture_on_commit_callbacks(execute=True):
        change_series(member=ada, booking=first, scope="all", first=wall_of("2026-12-01T20:00"), end=wall_of("2026-12-01T22:00"), at=NOW)  # fmt: skip
    assert looks() == ["12-01 18:20", "12-01 19:20", "12-08 18:20", "12-08 19:20"]
    Rule.objects.create(resource=studio, what="approval", terms={"risk": "Long", "when": "longer_than", "minutes": 60})
    DBTaskResult.objects.all().delete()
    late = a_booking(ada, studio, starts_at=utc(2026, 12, 2, 9), ends_at=utc(2026, 12, 2, 12))
    with django_capture_on_commit_callbacks(execute=True):
        actions.approve(member=host, booking=late, at=utc(2026, 12, 2, 10))
    assert looks() == ["12-02 10:20"]


@pytest.mark.django_db(transaction=True)
def test_a_repair_asked_for_twice_at_once_is_one_and_so_is_its_end() -> None:
    an_organisation()
    ada, studio = a_member("Ada"), a_resource()
    host = a_host(studio)
    damage = blackouts.report_damage(member=ada, resource=studio.pk, words="Torn", at=NOW)
    repair = partial(blackouts.repair, member=host, until=NOW + 24 * HOUR, at=NOW)
    again = type(damage).objects.select_related("resource").get(pk=damage.pk)
    results = at_once(partial(repair, damage=damage), partial(repair, damage=again))
    assert [it.code for it in results if isinstance(it, Conflict)] == ["already_decided"]
    assert Blackout.objects.count() == 1
    damage.refresh_from_db()
    assert (damage.status, damage.blackout) == ("in_repair", Blackout.objects.get())
    close = partial(blackouts.close_damage, member=host, damage=damage, at=NOW)
    results = at_once(close, partial(close, damage=again))
    assert [it.code for it in results if isinstance(it, Conflict)] == ["already_decided"]
    assert Blackout.objects.get().lifted_at == NOW
    assert Booking.objects.count() == 0
