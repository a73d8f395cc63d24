"""Inductions: seats that hold, and what a host grants."""

import datetime as dt
from typing import Any

import pytest

from backend import events
from backend.bookings import inductions, upkeep
from backend.bookings.models import Induction, InductionGrant, InductionSeat, InductionSession, Rule
from backend.bookings.policy import has_induction
from backend.errors import Conflict, Invalid, NotAllowed, Refusal
from backend.members.models import Member
from backend.notices.models import Notice
from tests.bookings.cast import HOUR, NOW, a_booking, a_place, a_resource, at_once
from tests.cast import a_member

pytestmark = pytest.mark.django_db
TOMORROW = NOW + 24 * HOUR


def a_host(place: Any, name: str = "Hanna") -> Member:
    host = a_member(name)
    place.hosts.add(host)
    return host


def a_session(seats: int = 2, **fields: Any) -> InductionSession:
    place = a_place()
    host = a_host(place)
    induction = inductions.add_induction(member=host, place=place.pk, name="Saws", **fields)
    return inductions.plan_session(
        member=host, induction=induction, starts_at=TOMORROW, ends_at=TOMORROW + HOUR, at=NOW, seats=seats
    )


def told(member: Member) -> list[str]:
    return [row.kind for row in Notice.objects.filter(member=member).order_by("pk")]


def test_a_seat_is_taken_once_and_the_host_is_told_once() -> None:
    session, ada = a_session(), a_member()
    seats = [inductions.take_seat(member=ada, session=session, at=NOW) for _ in range(2)]
    assert (seats[0], InductionSeat.objects.count()) == (seats[1], 1)
    assert told(session.host) == ["induction_booked"]


def test_a_full_session_refuses_until_somebody_leaves() -> None:
    session, ada, bob = a_session(1), a_member("Ada"), a_member("Bob")
    inductions.take_seat(member=ada, session=session, at=NOW)
    with pytest.raises(Conflict) as refused:
        inductions.take_seat(member=bob, session=session, at=NOW)
    assert refused.value.code == "session_full"
    inductions.leave_seat(member=ada, session=session, at=NOW)
    inductions.take_seat(member=bob, session=session, at=NOW)


def test_nobody_takes_or_leaves_a_seat_once_it_has_begun() -> None:
    session, ada = a_session(), a_member()
    inductions.take_seat(member=ada, session=session, at=TOMORROW - dt.timedelta(seconds=1))
    for act, person in ((inductions.take_seat, a_member("Bob")), (inductions.leave_seat, ada)):
        with pytest.raises(Conflict) as refused:
            act(member=person, session=session, at=TOMORROW)  # type: ignore[operator]
        assert refused.value.code == "session_over"


def test_a_cancelled_session_tells_who_had_a_seat_and_takes_nobody_more() -> None:
    session, ada = a_session(), a_member()
    inductions.take_seat(member=ada, session=session, at=NOW)
    for _ in range(2):
        inductions.cancel_session(member=session.host, session=session, at=NOW)
    assert told(ada) == ["induction_cancelled"]
    with pytest.raises(Conflict):
        inductions.take_seat(member=a_member("Bob"), session=session, at=NOW)


def test_what_is_granted_opens_the_booking_and_expires() -> None:
    session, ada = a_session(valid_days=10), a_member()
    saw = a_resource(name="Saw", place=session.induction.place)
    Rule.objects.create(what="induction", terms={"induction": session.induction.pk}, resource=saw)
    with pytest.raises(Invalid):
        a_booking(ada, saw)
    granted = inductions.grant(member=session.host, induction=session.induction, to=ada, at=NOW)
    assert (granted.expires_at, told(ada)) == (NOW + dt.timedelta(days=10), ["induction_granted"])
    a_booking(ada, saw)
    assert not has_induction(ada, session.induction.pk, NOW + dt.timedelta(days=10))
    inductions.revoke(member=session.host, granted=granted, at=NOW)
    with pytest.raises(Invalid):
        a_booking(ada, saw, hours=(12, 13))


def test_granting_again_counts_from_then_and_leaves_one_valid_grant() -> None:
    session, ada = a_session(valid_days=10), a_member()
    for days in (0, 5):
        at = NOW + dt.timedelta(days=days)
        inductions.grant(member=session.host, induction=session.induction, to=ada, at=at)
    assert InductionGrant.objects.count() == 2
    assert InductionGrant.objects.get(inductions.valid(at)).expires_at == NOW + dt.timedelta(days=15)


def test_only_hosts_of_the_place_plan_cancel_grant_and_revoke() -> None:
    session, ada = a_session(), a_member()
    induction, other = session.induction, a_host(a_place(name="Elsewhere"), "Otto")
    granted = inductions.grant(member=session.host, induction=induction, to=ada, at=NOW)
    span: dict[str, Any] = {"starts_at": TOMORROW, "ends_at": TOMORROW + HOUR, "at": NOW}
    for person in (ada, other):
        for act in (
            lambda who: inductions.add_induction(member=who, place=induction.place_id, name="Drills"),
            lambda who: inductions.change_induction(member=who, induction=induction, name="Mine", at=NOW),
            lambda who: inductions.plan_session(member=who, induction=induction, **span),
            lambda who: inductions.cancel_session(member=who, session=session, at=NOW),
            lambda who: inductions.grant(member=who, induction=induction, to=who, at=NOW),
            lambda who: inductions.revoke(member=who, granted=granted, at=NOW),
        ):
            with pytest.raises(NotAllowed):
                act(person)
    assert Induction.objects.get().name == "Saws"
    inductions.revoke(member=a_member("Boss", is_staff=True), granted=granted, at=NOW)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"ends_at": TOMORROW}, "ends_before_start"), ({"starts_at": NOW - HOUR}, "in_the_past"),
        ({"ends_at": TOMORROW + 72 * HOUR}, "too_long"), ({"seats": 0}, "out_of_range"),
    ],
)  # fmt: skip
def test_a_session_makes_sense(change: dict[str, Any], code: str) -> None:
    session = a_session()
    wish: dict[str, Any] = {"starts_at": TOMORROW, "ends_at": TOMORROW + HOUR, "seats": 4} | change
    with pytest.raises(Invalid) as refused:
        inductions.plan_session(member=session.host, induction=session.induction, at=NOW, **wish)
    assert [entry["code"] for found in refused.value.extra["fields"].values() for entry in found] == [code]


@pytest.mark.django_db(transaction=True)
def test_the_last_seats_go_to_as_many_as_there_are() -> None:
    session = a_session(2)
    people = [a_member(f"Person {number}") for number in range(6)]
    results = at_once(
        *[lambda who=who: inductions.take_seat(member=who, session=session, at=NOW) for who in people]  # type: ignore[misc]
    )
    assert InductionSeat.objects.count() == 2
    refused = [result for result in results if isinstance(result, Refusal)]
    assert [one.code for one in refused] == ["session_full"] * 4, results


@pytest.mark.django_db(transaction=True)
def test_a_seat_shows_on_the_open_screens_of_those_whom_it_concerns_and_of_who_watches_the_room() -> None:
    place, ada, bob = a_place(), a_member("Ada"), a_member("Bob")
    host, room = a_host(place), a_resource(place=place)
    induction = inductions.add_induction(member=host, place=place.pk, name="Saws")
    session = inductions.plan_session(
        member=host, induction=induction, starts_at=TOMORROW, ends_at=TOMORROW + HOUR, at=NOW, seats=2, resource=room.pk
    )
    inductions.take_seat(member=bob, session=session, at=NOW)
    heard: list[events.Topic] = []

    def listener(topic: events.Topic, fact: events.Fact) -> None:
        if fact["type"] in ("bookings.changed", "calendar.changed"):
            heard.append(topic)

    people = [("member", person.pk) for person in (ada, bob, host)]
    events.listen(listener)
    try:
        for act in (inductions.take_seat, inductions.leave_seat):
            act(member=ada, session=session, at=NOW)
            assert heard == [*sorted(people), ("resource", room.pk)]
            heard.clear()
    finally:
        events.forget(listener)


def test_an_induction_that_is_no_longer_given_cancels_its_sessions_unless_a_rule_needs_it() -> None:
    session, ada = a_session(), a_member()
    inductions.take_seat(member=ada, session=session, at=NOW)
    saw = a_resource()
    needs = Rule.objects.create(resource=saw, what="induction", terms={"induction": session.induction_id})
    change: dict[str, Any] = {"member": session.host, "induction": session.induction, "at": NOW, "is_active": False}
    with pytest.raises(Conflict) as refused:
        inductions.change_induction(**change)
    assert (refused.value.code, told(ada)) == ("still_needed", [])
    upkeep.remove_rule(member=a_host(saw.place, "Eva"), rule=needs)
    assert not inductions.change_induction(**change).is_active
    session.refresh_from_db()
    assert (session.cancelled_at, told(ada)) == (NOW, ["induction_cancelled"])
    assert InductionSession.objects.filter(cancelled_at__isnull=True).count() == 0
