"""Being there, taking things along, bringing them back: by whom, when, and what becomes of what nobody came for."""

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.db import IntegrityError
from django_tasks_db.models import DBTaskResult

from backend import events
from backend.bookings import actions, blackouts, no_shows, offering, overdue, upkeep, use
from backend.bookings.audit import faults
from backend.bookings.models import Booking, Component, Handover, Resource, Unit
from backend.bookings.use import Take
from backend.errors import Conflict, Invalid, NotFound
from backend.members.models import Member
from backend.notices.models import Notice
from tests.bookings.cast import HOUR, NOW, a_booking, a_collective, a_pool, a_resource, a_whole, at_once, span
from tests.cast import a_member, an_organisation

pytestmark = pytest.mark.django_db
START, END = span(9, 11)
MINUTE = dt.timedelta(minutes=1)
Commits = Callable[..., AbstractContextManager[Any]]


def a_kit(member: Member, tripods: int = 2) -> tuple[Booking, Resource, Resource]:
    """A booking of a kit of so many tripods, whose units have labels, and one recorder."""
    pool, recorder = a_pool(4, name="Tripod"), a_resource(name="Recorder", kind="equipment")
    recorder.place.hosts.add(host := a_member("Hanna"))
    pool.place.hosts.add(host)
    upkeep.set_units(member=host, pool=pool, units={f"T{number}": "" for number in range(1, 5)})
    kit = a_whole(pool, recorder, name="Interview kit", kind="equipment")
    Component.objects.filter(whole=kit, part=pool).update(quantity=tripods)
    return a_booking(member, kit), pool, recorder


def labels(booking: Booking) -> list[str | None]:
    rows = booking.handovers.filter(returned_at__isnull=True).order_by("pk")
    return [row.unit.label if row.unit else None for row in rows]


def told(member: Member) -> list[str]:
    return [row.kind for row in Notice.objects.filter(member=member).order_by("pk")]


def test_one_checks_in_from_a_quarter_of_an_hour_before_until_the_end_and_once() -> None:
    ada = a_member()
    booking = a_booking(ada, a_resource())
    for at, code in ((START - 16 * MINUTE, "too_early"), (END, "already_over")):
        with pytest.raises(Conflict) as refused:
            use.check_in(member=ada, booking=booking, at=at)
        assert refused.value.code == code
    use.check_in(member=ada, booking=booking, at=START - 15 * MINUTE)
    use.check_in(member=ada, booking=booking, at=START)
    booking.refresh_from_db()
    assert booking.checked_in_at == START - 15 * MINUTE


@pytest.mark.django_db(transaction=True)
def test_lists_hear_of_who_comes_and_who_goes() -> None:
    an_organisation()
    ada = a_member()
    booking = a_booking(ada, a_resource())
    heard: list[Any] = []

    def listener(topic: events.Topic, fact: events.Fact) -> None:
        if fact["type"] == "bookings.changed":
            heard.append(topic)

    events.listen(listener)
    try:
        use.check_in(member=ada, booking=booking, at=START)
        assert heard == [("member", ada.pk)]
        use.check_out(member=ada, booking=booking, at=END + HOUR)
        assert heard == [("member", ada.pk)] * 2
    finally:
        events.forget(listener)


def test_who_may_who_is_invited_the_collective_and_hosts_but_nobody_else() -> None:
    ada, bob, cem, eve, host = (a_member(name) for name in ("Ada", "Bob", "Cem", "Eve", "Hanna"))
    studio = a_resource()
    studio.place.hosts.add(host)
    booking = a_booking(ada, studio, people=[bob.pk], collective=a_collective(ada, cem).pk)
    for person in (bob, cem, host):
        Booking.objects.update(checked_in_at=None)
        use.check_in(member=person, booking=booking, at=START)
        assert booking.checked_in_at == START
    for act in (use.check_in, use.check_out, use.hand_over):
        with pytest.raises(NotFound):
            act(member=eve, booking=booking, at=START)


def test_what_is_cancelled_or_waits_for_a_host_is_not_used() -> None:
    ada = a_member()
    booking = a_booking(ada, a_resource())
    for status, code in (
        ("requested", "awaits_approval"),
        ("offered", "not_taken_up"),
        ("cancelled", "already_cancelled"),
    ):
        Booking.objects.update(status=status)
        with pytest.raises(Conflict) as refused:
            use.check_in(member=ada, booking=booking, at=START)
        assert refused.value.code == code


def test_checking_out_early_gives_the_rest_of_the_time_back_but_the_buffer() -> None:
    ada, bob = a_member("Ada"), a_member("Bob")
    studio = a_resource(buffer_after_minutes=30)
    booking = a_booking(ada, studio)
    with pytest.raises(Conflict) as refused:
        use.check_out(member=ada, booking=booking, at=START)
    assert refused.value.code == "not_checked_in"
    use.check_in(member=ada, booking=booking, at=START)
    done = use.check_out(member=ada, booking=booking, at=START + 29 * MINUTE + dt.timedelta(seconds=2))
    assert (done.ends_at, done.checked_out_at) == (START + 30 * MINUTE, START + 29 * MINUTE + dt.timedelta(seconds=2))
    assert booking.allocations.get().busy_until == START + 60 * MINUTE
    again = use.check_out(member=ada, booking=booking, at=START + 40 * MINUTE)
    assert again.checked_out_at == done.checked_out_at
    a_booking(bob, studio, starts_at=START + HOUR, ends_at=END)
    assert list(faults(NOW)) == []


def test_who_leaves_before_the_start_keeps_a_minute_and_who_leaves_late_no_more_than_was_booked() -> None:
    ada = a_member()
    early, late = a_booking(ada, a_resource()), a_booking(ada, a_resource(name="Hall"))
    for booking in (early, late):
        use.check_in(member=ada, booking=booking, at=START - 10 * MINUTE)
    assert use.check_out(member=ada, booking=early, at=START - 5 * MINUTE).ends_at == START + MINUTE
    assert use.check_out(member=ada, booking=late, at=END + HOUR).ends_at == END


def test_who_has_checked_in_checks_out_instead_of_cancelling() -> None:
    ada = a_member()
    booking = a_booking(ada, a_resource())
    use.check_in(member=ada, booking=booking, at=START - 5 * MINUTE)
    with pytest.raises(Conflict) as refused:
        actions.cancel(member=ada, booking=booking, at=START - 4 * MINUTE)
    assert refused.value.code == "checked_in"


def test_a_kit_is_handed_over_in_part_and_then_the_rest() -> None:
    ada = a_member()
    booking, pool, recorder = a_kit(ada)
    use.hand_over(member=ada, booking=booking, at=START, things=[Take(pool.pk, 1)])
    assert (labels(booking), use.still_out(booking)) == (["T1"], {pool.pk: 1})
    assert booking.checked_in_at == START
    for things in ([Take(pool.pk, 2)], [Take(pool.pk, 1), Take(pool.pk, 1)], [Take(recorder.pk, 0)]):
        with pytest.raises(Invalid) as refused:
            use.hand_over(member=ada, booking=booking, at=START, things=things)
        assert refused.value.extra["fields"]["things"][0]["code"] == "quantity_too_large"
    with pytest.raises(Invalid):
        use.hand_over(member=ada, booking=booking, at=START, things=[Take(a_resource().pk)])
    use.hand_over(member=ada, booking=booking, at=START)
    use.hand_over(member=ada, booking=booking, at=START)
    assert use.still_out(booking) == {pool.pk: 2, recorder.pk: 1}


def test_the_least_used_unit_that_is_here_and_whole_is_given() -> None:
    ada, bob = a_member("Ada"), a_member("Bob")
    booking, pool, _recorder = a_kit(ada, tripods=1)
    first = pool.units.get(label="T1")
    Unit.objects.filter(pk=first.pk).update(minutes_used=5)
    damage = blackouts.report_damage(member=ada, resource=pool.pk, words="A leg is off.", at=NOW)
    damage.unit = pool.units.get(label="T2")
    damage.save()
    use.hand_over(member=ada, booking=booking, at=START, things=[Take(pool.pk)])
    assert labels(booking) == ["T3"]
    other = a_booking(bob, pool, quantity=2)
    use.hand_over(member=bob, booking=other, at=START)
    assert labels(other) == ["T4", "T1"]
    (back, *_rest) = other.handovers.order_by("pk")
    use.take_back(member=bob, handover=back, at=START + 90 * MINUTE)
    back.refresh_from_db()
    assert back.unit is not None
    assert back.unit.minutes_used == 90


def test_what_has_not_come_back_cannot_be_taken_by_the_next() -> None:
    ada, bob = a_member("Ada"), a_member("Bob")
    drill = a_resource(name="Drill", kind="equipment")
    first, second = a_booking(ada, drill), a_booking(bob, drill, hours=(11, 12))
    use.hand_over(member=ada, booking=first, at=START)
    with pytest.raises(Conflict) as refused:
        use.hand_over(member=bob, booking=second, at=END)
    assert refused.value.code == "still_out"
    use.check_out(member=ada, booking=first, at=END + MINUTE)
    use.hand_over(member=bob, booking=second, at=END + 2 * MINUTE)
    assert use.still_out(second) == {drill.pk: 1}


def test_a_part_of_many_comes_back_and_nothing_is_returned_twice() -> None:
    ada = a_member()
    chairs = a_pool(30, name="Chairs")
    booking = a_booking(ada, chairs, quantity=20)
    use.hand_over(member=ada, booking=booking, at=START)
    out = booking.handovers.get()
    for units in (0, 21):
        with pytest.raises(Invalid):
            use.take_back(member=ada, handover=out, at=END, quantity=units)
    back = use.take_back(member=ada, handover=out, at=START + HOUR, quantity=15)
    assert (back.quantity, use.still_out(booking)) == (15, {chairs.pk: 5})
    use.take_back(member=ada, handover=out, at=END)
    assert use.take_back(member=ada, handover=out, at=END + HOUR).returned_at == END
    assert sum(booking.handovers.values_list("quantity", flat=True)) == 20


def test_what_nobody_came_for_is_free_again_and_goes_to_who_waits(
    django_capture_on_commit_callbacks: Commits,
) -> None:
    ada, bob = a_member("Ada"), a_member("Bob")
    studio = a_resource(release_minutes=20)
    with django_capture_on_commit_callbacks(execute=True):
        booking = a_booking(ada, studio)
    task = DBTaskResult.objects.get()
    assert (task.task_path, task.run_after) == ("backend.bookings.use_tasks.release_unclaimed", START + 20 * MINUTE)
    offering.wait_for(member=bob, resource=studio.pk, starts_at=START + HOUR, ends_at=END, at=NOW)
    assert no_shows.release_all(at=START + 19 * MINUTE) == 0
    assert no_shows.release_all(at=START + 20 * MINUTE) == 1
    booking.refresh_from_db()
    assert (booking.status, booking.ending, told(ada)) == ("cancelled", "nobody_came", ["booking_released"])
    assert Booking.objects.get(status="offered").member == bob
    assert no_shows.release_all(at=START + 21 * MINUTE) == 0


def test_what_somebody_came_for_or_is_kept_for_them_is_not_released() -> None:
    ada = a_member()
    studio, kept = a_resource(release_minutes=20), a_resource(name="Hall")
    came, never, both = a_booking(ada, studio), a_booking(ada, kept), a_booking(ada, studio, kept, hours=(11, 12))
    use.check_in(member=ada, booking=came, at=START)
    assert no_shows.release_all(at=START + HOUR) == 0
    assert no_shows.release_all(at=END + 59 * MINUTE) == 0
    assert {row.status for row in (came, never, both)} == {"confirmed"}


def test_a_host_who_says_yes_late_gives_the_same_time_to_come() -> None:
    booking = a_booking(a_member(), a_resource(release_minutes=20))
    Booking.objects.update(approved_at=START + 10 * MINUTE)
    assert no_shows.release_all(at=START + 29 * MINUTE) == 0
    assert no_shows.release_all(at=START + 30 * MINUTE) == 1
    booking.refresh_from_db()
    assert booking.ending == "nobody_came"


def test_moved_it_is_looked_at_anew(django_capture_on_commit_callbacks: Commits) -> None:
    ada = a_member()
    with django_capture_on_commit_callbacks(execute=True):
        booking = a_booking(ada, a_resource(release_minutes=20))
        actions.move(member=ada, booking=booking, starts_at=START + HOUR, ends_at=END + HOUR, at=NOW)
    assert no_shows.release_all(at=START + 30 * MINUTE) == 0
    looks = DBTaskResult.objects.order_by("run_after").values_list("run_after", flat=True)
    assert list(looks) == [START + 20 * MINUTE, START + 80 * MINUTE]


@pytest.mark.django_db(transaction=True)
def test_who_books_what_nobody_came_for_gets_it_even_when_nothing_ran() -> None:
    an_organisation()
    ada, bob, studio = a_member("Ada"), a_member("Bob"), a_resource(release_minutes=20)
    booking = a_booking(ada, studio)
    wish: dict[str, Any] = {"starts_at": START + HOUR, "ends_at": END}
    with pytest.raises(Conflict):
        a_booking(bob, studio, at=START + 19 * MINUTE, **wish)
    a_booking(bob, studio, at=START + 20 * MINUTE, **wish)
    booking.refresh_from_db()
    assert booking.ending == "nobody_came"


@pytest.mark.django_db(transaction=True)
def test_who_comes_at_the_last_moment_is_there_or_it_was_released_never_both() -> None:
    an_organisation()
    ada = a_member()
    late = START + 20 * MINUTE

    def race(booking: Booking) -> list[Any]:
        same = Booking.objects.get(pk=booking.pk)
        return at_once(
            lambda: use.check_in(member=ada, booking=booking, at=late),
            lambda: no_shows.release(booking=same, at=late),
        )

    for number in range(6):
        booking = a_booking(ada, a_resource(name=f"Studio {number}", release_minutes=20))
        came, released = race(booking)
        assert released is None
        now = Booking.objects.get(pk=booking.pk)
        if isinstance(came, Conflict):
            assert (came.code, now.status, now.checked_in_at) == ("already_cancelled", "cancelled", None)
        else:
            assert (now.status, now.checked_in_at) == ("confirmed", late)


@pytest.mark.django_db(transaction=True)
def test_two_who_take_the_last_tripod_at_once_do_not_both_get_it() -> None:
    an_organisation()
    people = [a_member(name) for name in ("Ada", "Bob")]
    pool = a_pool(2, name="Tripod")
    pool.place.hosts.add(host := a_member("Hanna"))
    upkeep.set_units(member=host, pool=pool, units={"T1": "", "T2": ""})
    damage = blackouts.report_damage(member=host, resource=pool.pk, words="Bent.", at=NOW)
    damage.unit = pool.units.get(label="T2")
    damage.save()
    bookings = [a_booking(person, pool) for person in people]
    results = at_once(
        *(
            lambda pair=pair: use.hand_over(member=pair[0], booking=pair[1], at=START)
            for pair in zip(people, bookings, strict=True)
        )
    )
    refused = [result for result in results if isinstance(result, Conflict)]
    assert [it.code for it in refused] == ["still_out"]
    assert Handover.objects.filter(unit__label="T1", returned_at__isnull=True).count() == 1


def test_who_is_late_is_told_and_so_is_who_comes_next_each_once(
    django_capture_on_commit_callbacks: Commits,
) -> None:
    ada, bob, cem = a_member("Ada"), a_member("Bob"), a_member("Cem")
    drill = a_resource(name="Drill", kind="equipment")
    booking = a_booking(ada, drill)
    a_booking(bob, drill, hours=(13, 14)), a_booking(cem, drill, hours=(15, 16))
    with django_capture_on_commit_callbacks(execute=True):
        use.hand_over(member=ada, booking=booking, at=START)
    task = DBTaskResult.objects.get()
    assert (task.run_after, task.args_kwargs["args"]) == (END, [booking.pk])
    assert overdue.look_after(booking=booking.pk, at=END - MINUTE) == END
    assert told(ada) == []
    assert overdue.look_after(booking=booking.pk, at=END) == END + HOUR
    assert overdue.look_after(booking=booking.pk, at=END + HOUR) == END + 2 * HOUR
    assert (told(ada), told(bob), told(cem)) == (["booking_overdue"], ["booking_late"], [])
    assert Notice.objects.get(member=bob).data["alternatives"]
    use.check_out(member=ada, booking=booking, at=END + 2 * HOUR)
    assert overdue.look_after(booking=booking.pk, at=END + 2 * HOUR) is None


def test_of_a_pool_only_who_lacks_a_unit_is_told() -> None:
    ada, bob, cem = a_member("Ada"), a_member("Bob"), a_member("Cem")
    pool = a_pool(3)
    booking = a_booking(ada, pool)
    a_booking(bob, pool, hours=(12, 13), quantity=2), a_booking(cem, pool, hours=(14, 15), quantity=3)
    use.hand_over(member=ada, booking=booking, at=START)
    overdue.look_after(booking=booking.pk, at=END)
    assert (told(bob), told(cem)) == ([], ["booking_late"])


def test_what_is_kept_long_beyond_reason_is_not_asked_for_for_ever() -> None:
    ada = a_member()
    booking = a_booking(ada, a_resource(kind="equipment"))
    use.hand_over(member=ada, booking=booking, at=START)
    assert overdue.look_after(booking=booking.pk, at=END + dt.timedelta(days=31)) is None


def test_a_unit_is_with_one_booking_at_a_time_says_the_database_too() -> None:
    booking, pool, _recorder = a_kit(a_member())
    unit = pool.units.get(label="T1")
    Handover.objects.create(booking=booking, resource=pool, unit=unit, taken_at=START)
    with pytest.raises(IntegrityError):
        Handover.objects.create(booking=booking, resource=pool, unit=unit, taken_at=START)
