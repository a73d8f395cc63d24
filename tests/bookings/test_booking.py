"""Booking, moving and cancelling: the actions."""

import datetime as dt
from typing import Any

import pytest

from backend import events
from backend.bookings import actions, announcing
from backend.bookings.models import Allocation, Booking
from backend.errors import Conflict, Invalid, NotAllowed, NotFound, Refusal
from backend.notices.models import Notice
from tests.bookings.cast import HOUR, NOW, a_booking, a_collective, a_place, a_pool, a_resource, span
from tests.cast import a_member, an_organisation, utc

pytestmark = pytest.mark.django_db


def codes(refusal: Refusal) -> dict[str, list[str]]:
    return {name: [entry["code"] for entry in entries] for name, entries in refusal.extra["fields"].items()}


def refused(resource: Any, start: dt.datetime, end: dt.datetime, **wish: Any) -> dict[str, list[str]]:
    with pytest.raises(Invalid) as refusal:
        actions.book(member=a_member(), resources=[resource.pk], starts_at=start, ends_at=end, **({"at": NOW} | wish))
    assert not Booking.objects.exists()
    return codes(refusal.value)


def test_a_free_slot_is_booked_with_its_buffers() -> None:
    studio = a_resource(buffer_before_minutes=15, buffer_after_minutes=30)
    booking = a_booking(a_member(), studio, title="Rehearsal")
    held = booking.allocations.get()
    assert (held.busy_from, held.busy_until) == (utc(2026, 11, 30, 8, 45), utc(2026, 11, 30, 11, 30))
    assert (held.quantity, held.active, held.exclusive, held.is_long) == (1, True, True, False)


def test_a_taken_slot_answers_with_what_is_in_the_way_and_the_nearest_free_times() -> None:
    place = a_place()
    studio = a_resource(place=place, step_minutes=60)
    twin, third = (a_resource(place=place, name=name) for name in ("Studio B", "Studio C"))
    a_resource(place=place, name="Van", kind="equipment")
    a_resource(name="Elsewhere")
    a_booking(a_member(), studio, hours=(9, 11))
    a_booking(a_member(), studio, hours=(12, 13))
    a_booking(a_member(), third, hours=(10, 11))
    ada = a_member()
    with pytest.raises(Conflict) as refusal:
        a_booking(ada, studio, hours=(10, 12))
    told = refusal.value.as_dict()
    assert told["code"] == "slot_taken"
    assert told["conflicts"] == [
        {"resource": studio.pk, "from": "2026-11-30T10:00:00Z", "until": "2026-11-30T11:00:00Z"}
    ]
    offered = [(offer["starts_at"], [it["name"] for it in offer["resources"]]) for offer in told["alternatives"]]
    assert offered == [
        ("2026-11-30T07:00:00Z", ["Studio"]),
        ("2026-11-30T13:00:00Z", ["Studio"]),
        ("2026-11-30T06:00:00Z", ["Studio"]),
        ("2026-11-30T14:00:00Z", ["Studio"]),
        ("2026-11-30T10:00:00Z", ["Studio B"]),
    ]
    assert twin.pk == told["alternatives"][-1]["resources"][0]["id"]
    for offer in told["alternatives"]:
        start, end = (dt.datetime.fromisoformat(offer[name]) for name in ("starts_at", "ends_at"))
        ids = [it["id"] for it in offer["resources"]]
        made = actions.book(member=ada, resources=ids, starts_at=start, ends_at=end, at=NOW)
        actions.cancel(member=ada, booking=made, at=NOW)


def test_alternatives_keep_opening_hours_and_go_on_to_the_next_day() -> None:
    studio = a_resource(opens_minute=9 * 60, closes_minute=18 * 60, step_minutes=60, lead_minutes=60)
    a_booking(a_member(), studio, hours=(8, 17))
    with pytest.raises(Conflict) as refusal:
        a_booking(a_member(), studio, hours=(10, 17))
    starts = [offer["starts_at"] for offer in refusal.value.extra["alternatives"]]
    assert starts == ["2026-12-01T08:00:00Z", "2026-12-01T09:00:00Z", "2026-11-29T10:00:00Z", "2026-12-01T10:00:00Z"]


def test_neighbours_may_touch_and_buffers_may_not() -> None:
    studio = a_resource()
    a_booking(a_member(), studio, hours=(9, 11))
    a_booking(a_member(), studio, hours=(11, 12))
    kiln = a_resource(buffer_after_minutes=30)
    a_booking(a_member(), kiln, hours=(9, 11))
    with pytest.raises(Conflict):
        a_booking(a_member(), kiln, hours=(11, 12))


def test_a_pool_is_shared_until_no_unit_is_left() -> None:
    pool = a_pool(3)
    a_booking(a_member(), pool, quantity=2)
    a_booking(a_member(), pool, hours=(11, 13), quantity=2)
    a_booking(a_member(), pool, hours=(9, 13), quantity=1)
    with pytest.raises(Conflict) as refusal:
        a_booking(a_member(), pool, hours=(10, 12), quantity=1)
    assert refusal.value.extra["conflicts"] == [
        {"resource": pool.pk, "from": "2026-11-30T10:00:00Z", "until": "2026-11-30T12:00:00Z"}
    ]


def test_several_things_are_booked_together_or_not_at_all() -> None:
    studio, van = a_resource(), a_resource(name="Van")
    a_booking(a_member(), van)
    with pytest.raises(Conflict) as refusal:
        a_booking(a_member(), studio, van)
    assert [it["resource"] for it in refusal.value.extra["conflicts"]] == [van.pk]
    assert not studio.allocations.exists()
    assert {it["id"] for it in refusal.value.extra["alternatives"][0]["resources"]} == {studio.pk, van.pk}


def test_each_rule_says_its_own_code() -> None:
    studio = a_resource(
        opens_minute=480, closes_minute=1200, min_minutes=60, max_minutes=240, lead_minutes=120, ahead_days=30
    )
    assert refused(studio, *reversed(span(9, 11))) == {"ends_at": ["ends_before_start"]}
    assert refused(studio, span(9, 9)[0], span(9, 9)[0]) == {"ends_at": ["ends_before_start"]}
    assert refused(studio, *span(9, 10, day=20)) == {"starts_at": ["in_the_past"]}
    assert refused(studio, span(9, 9)[0], span(9, 9)[0] + HOUR / 2) == {"ends_at": ["too_short"]}
    assert refused(studio, *span(9, 14)) == {"ends_at": ["too_long"]}
    assert refused(studio, *(moment + HOUR / 4 for moment in span(9, 11))) == {
        "starts_at": ["off_step"],
        "ends_at": ["off_step"],
    }
    assert refused(studio, *span(18, 20)) == {"starts_at": ["closed_then"]}
    assert refused(studio, *span(9, 10, day=23)) == {"starts_at": ["too_soon"]}
    assert refused(studio, *(moment + 30 * 24 * HOUR for moment in span(9, 10))) == {"starts_at": ["too_far_ahead"]}
    assert refused(studio, *span(9, 10), quantity=2) == {"quantity": ["quantity_too_large"]}
    assert refused(studio, *span(9, 10), collective=999) == {"collective": ["not_in_collective"]}
    studio.is_active = False
    studio.save()
    assert refused(studio, *span(9, 10)) == {"resources": ["not_found"]}


def test_all_broken_rules_are_told_at_once() -> None:
    studio = a_resource(opens_minute=480, closes_minute=1200, min_minutes=60)
    assert refused(studio, utc(2026, 11, 20, 3, 10), utc(2026, 11, 20, 3, 40), quantity=3) == {
        "starts_at": ["in_the_past", "closed_then", "off_step"],
        "ends_at": ["too_short", "off_step"],
        "quantity": ["quantity_too_large"],
    }


def test_a_workspace_closes_at_night_and_a_thing_stays_out_overnight() -> None:
    fields = {"opens_minute": 480, "closes_minute": 1080, "max_minutes": 4 * 1440}
    night = (span(15, 0)[0], span(10, 0, day=30)[0] + 24 * HOUR)
    assert refused(a_resource(**fields), *night) == {"starts_at": ["closed_then"]}
    van = a_resource(kind="equipment", **fields)
    actions.book(member=a_member(), resources=[van.pk], starts_at=night[0], ends_at=night[1], at=NOW)
    assert van.allocations.filter(active=True).count() == 1


def test_long_loans_are_found_by_the_writer() -> None:
    van = a_resource(kind="equipment", max_minutes=10 * 1440)
    a_booking(a_member(), van, hours=(0, 9 * 24))
    assert van.allocations.get().is_long
    with pytest.raises(Conflict):
        a_booking(a_member(), van, hours=(100, 101))


def test_opening_hours_follow_the_clock_of_the_place_through_the_year() -> None:
    studio = a_resource(place=a_place(timezone="Europe/Paris"), opens_minute=480, closes_minute=1200, ahead_days=400)
    late_winter, summer = utc(2027, 3, 27, 7), utc(2027, 3, 29, 6)
    for start in (late_winter, summer):
        actions.book(member=a_member(), resources=[studio.pk], starts_at=start, ends_at=start + HOUR, at=NOW)
    start = utc(2027, 3, 26, 6)
    with pytest.raises(Invalid) as refusal:
        actions.book(member=a_member(), resources=[studio.pk], starts_at=start, ends_at=start + HOUR, at=NOW)
    (entry,) = refusal.value.extra["fields"]["starts_at"]
    assert (entry["code"], entry["opens"], entry["closes"]) == ("closed_then", "08:00", "20:00")


@pytest.mark.parametrize(("start", "hours"), [(utc(2027, 3, 27, 23), 23), (utc(2027, 10, 30, 22), 25)])
def test_a_whole_day_is_one_day_also_when_the_clocks_change(start: dt.datetime, hours: int) -> None:
    place = a_place(timezone="Europe/Paris")
    van = a_resource(
        place=place, kind="equipment", min_minutes=1440, max_minutes=1440, step_minutes=1440, ahead_days=400
    )
    booking = actions.book(member=a_member(), resources=[van.pk], starts_at=start, ends_at=start + hours * HOUR, at=NOW)
    assert booking.ends_at - booking.starts_at == hours * HOUR


def test_the_second_half_past_two_can_be_booked_exactly() -> None:
    studio = a_resource(place=a_place(timezone="Europe/Paris"), ahead_days=400)
    for start in (utc(2027, 10, 31, 0, 30), utc(2027, 10, 31, 1, 30)):
        actions.book(member=a_member(), resources=[studio.pk], starts_at=start, ends_at=start + HOUR, at=NOW)
    assert studio.allocations.count() == 2


def test_what_is_for_its_own_organisation_is_refused_to_others() -> None:
    studio = a_resource(own_organisation_only=True)
    with pytest.raises(NotAllowed) as refusal:
        a_booking(a_member(organisation=an_organisation()), studio)
    assert refusal.value.code == "wrong_organisation"
    a_booking(a_member(organisation=studio.place.organisation), studio)


def test_a_collective_books_and_its_other_members_are_told() -> None:
    ada, bob, eve = a_member("Ada"), a_member("Bob"), a_member("Eve")
    ateliers = a_collective(ada, bob, steward=ada)
    studio = a_resource()
    booking = a_booking(ada, studio, collective=ateliers.pk)
    assert booking.collective == ateliers
    told = Notice.objects.get()
    assert (told.member, told.kind) == (bob, "booking_made")
    assert told.data == {
        "booking": booking.pk,
        "resource": {"id": studio.pk, "name": "Studio"},
        "starts_at": "2026-11-30T09:00:00Z",
        "ends_at": "2026-11-30T11:00:00Z",
        "timezone": "Europe/Brussels",
        "person": {"id": ada.pk, "name": "Ada", "photo": None},
        "collective": {"id": ateliers.pk, "name": "Ateliers"},
    }
    with pytest.raises(Invalid) as refusal:
        a_booking(eve, a_resource(), collective=ateliers.pk)
    assert codes(refusal.value) == {"collective": ["not_in_collective"]}


def test_cancelling_frees_the_slot() -> None:
    studio, ada = a_resource(), a_member()
    booking = actions.cancel(member=ada, booking=a_booking(ada, studio), at=NOW)
    assert (booking.status, booking.cancelled_by, booking.cancelled_at) == ("cancelled", ada, NOW)
    a_booking(a_member(), studio)
    assert not Notice.objects.exists()


def test_cancelling_has_its_own_refusals() -> None:
    ada, eve = a_member("Ada"), a_member("Eve")
    booking = a_booking(ada, a_resource(cancel_notice_minutes=120))
    with pytest.raises(NotFound):
        actions.cancel(member=eve, booking=booking, at=NOW)
    with pytest.raises(Conflict) as late:
        actions.cancel(member=ada, booking=booking, at=booking.starts_at - HOUR)
    with pytest.raises(Conflict) as over:
        actions.cancel(member=ada, booking=booking, at=booking.ends_at)
    actions.cancel(member=ada, booking=booking, at=booking.starts_at - 2 * HOUR)
    with pytest.raises(Conflict) as again:
        actions.cancel(member=ada, booking=booking, at=NOW)
    assert [refusal.value.code for refusal in (late, over, again)] == [
        "too_late_to_cancel",
        "already_over",
        "already_cancelled",
    ]


def test_a_steward_cancels_for_the_collective_and_who_booked_is_told() -> None:
    ada, bob, carl = a_member("Ada"), a_member("Bob"), a_member("Carl")
    ateliers = a_collective(ada, bob, carl, steward=bob)
    booking = a_booking(ada, a_resource(), collective=ateliers.pk)
    Notice.objects.all().delete()
    with pytest.raises(NotAllowed):
        actions.cancel(member=carl, booking=booking, at=NOW)
    actions.cancel(member=bob, booking=booking, at=NOW)
    assert set(Notice.objects.values_list("member__name", "kind")) == {
        ("Ada", "booking_cancelled"),
        ("Carl", "booking_cancelled"),
    }


def test_a_booking_moves_to_where_it_overlaps_only_itself() -> None:
    studio, ada = a_resource(buffer_after_minutes=30), a_member()
    booking = a_booking(ada, studio, hours=(9, 11))
    start, end = span(10, 12)
    actions.move(member=ada, booking=booking, starts_at=start, ends_at=end, title="Later", at=NOW)
    held = Allocation.objects.get()
    assert (held.busy_from, held.busy_until) == (start, end + HOUR / 2)
    assert Booking.objects.get().title == "Later"


def test_extending_onto_another_is_refused_and_nothing_changes() -> None:
    studio, ada = a_resource(), a_member()
    booking = a_booking(ada, studio, hours=(9, 11))
    a_booking(a_member(), studio, hours=(12, 13))
    with pytest.raises(Conflict) as refusal:
        actions.move(member=ada, booking=booking, ends_at=span(9, 13)[1], title="Longer", at=NOW)
    assert refusal.value.code == "slot_taken"
    kept = Booking.objects.get(pk=booking.pk)
    assert ((kept.starts_at, kept.ends_at), kept.title) == (span(9, 11), "")
    assert kept.allocations.get().busy_until == span(9, 11)[1]


def test_a_running_booking_is_extended_but_gives_nothing_back() -> None:
    studio, ada = a_resource(cancel_notice_minutes=60), a_member()
    booking = a_booking(ada, studio, hours=(9, 11))
    now = span(10, 0)[0]
    actions.move(member=ada, booking=booking, ends_at=span(9, 12)[1], at=now)
    with pytest.raises(Conflict) as refusal:
        actions.move(member=ada, booking=booking, ends_at=span(9, 11)[1], at=now)
    assert refusal.value.code == "too_late_to_cancel"


@pytest.mark.django_db(transaction=True)
def test_open_calendars_hear_of_it_once_it_is_stored_and_not_of_refusals() -> None:
    heard: list[Any] = []

    def listener(topic: events.Topic, fact: events.Fact) -> None:
        heard.append((topic, fact))

    studio, van, ada = a_resource(), a_resource(name="Van"), a_member()
    events.listen(listener)
    try:
        booking = a_booking(ada, van, studio)
        made = list(heard)
        with pytest.raises(Conflict):
            a_booking(ada, studio)
        assert heard == made
        actions.cancel(member=ada, booking=booking, at=NOW)
    finally:
        events.forget(listener)
    fact = [(("resource", it.pk), {"type": "calendar.changed", "resources": [it.pk]}) for it in (studio, van)]
    assert [it for it in made if it[0][0] == "resource"] == fact
    assert [it for it in heard if it[0][0] == "resource"] == fact * 2


@pytest.mark.django_db(transaction=True)
def test_calendars_hear_of_a_booking_also_when_it_is_not_found_whose_lists_show_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(announcing, "CONCERNED", "SELECT member_id FROM nowhere WHERE id IN ({numbers})")
    heard: list[str] = []

    def listener(topic: events.Topic, fact: events.Fact) -> None:
        heard.append(fact["type"])

    events.listen(listener)
    try:
        a_booking(a_member(), a_resource())
    finally:
        events.forget(listener)
    assert (Booking.objects.count(), heard) == (1, ["calendar.changed"])


@pytest.mark.django_db(transaction=True)
def test_the_lists_of_all_whom_a_booking_concerns_hear_of_it_once() -> None:
    ada, bob, guest, host, stranger = (a_member(name) for name in ("Ada", "Bob", "Guest", "Host", "Stranger"))
    house = a_place()
    house.hosts.add(host)
    studio, van = a_resource(place=house), a_resource(place=house, name="Van")
    ateliers = a_collective(ada, bob, steward=ada)
    heard: list[int | str] = []

    def listener(topic: events.Topic, fact: events.Fact) -> None:
        if fact["type"] == "bookings.changed":
            heard.append(topic[1])

    def told() -> list[int | str]:
        now = sorted(heard, key=int)
        heard.clear()
        return now

    events.listen(listener)
    try:
        booking = a_booking(ada, studio, van, collective=ateliers.pk, people=[guest.pk])
        assert told() == [ada.pk, bob.pk, guest.pk, host.pk]
        actions.move(member=ada, booking=booking, title="Choir", at=NOW)
        assert told() == [ada.pk, bob.pk, guest.pk, host.pk]
        actions.move(member=ada, booking=booking, ends_at=span(9, 12)[1], at=NOW)
        actions.cancel(member=ada, booking=booking, at=NOW)
        assert told() == sorted([ada.pk, bob.pk, guest.pk, host.pk] * 2)
        elsewhere = a_place(name="Elsewhere")
        a_booking(stranger, a_resource(name="Desk", place=elsewhere))
        assert told() == [stranger.pk]
        lent, shared = (
            a_resource(name="Loom", place=elsewhere, owner_member=host),
            a_resource(name="Kiln", place=elsewhere, owner_collective=ateliers),
        )
        a_booking(stranger, lent)
        assert told() == [host.pk, stranger.pk]
        a_booking(stranger, shared)
        assert told() == [ada.pk, stranger.pk]
    finally:
        events.forget(listener)


def test_what_only_the_database_refuses_is_told_in_the_same_words(monkeypatch: pytest.MonkeyPatch) -> None:
    studio, pool = a_resource(), a_pool(2)
    a_booking(a_member(), studio, pool, hours=(9, 11))
    a_booking(a_member(), pool, hours=(9, 11))
    monkeypatch.setattr(actions, "refuse_taken", lambda demands: None)
    for thing in (studio, pool):
        with pytest.raises(Conflict) as refusal:
            a_booking(a_member(), thing, hours=(10, 12))
        assert refusal.value.code == "slot_taken"
        assert refusal.value.extra["conflicts"] == [
            {"resource": thing.pk, "from": "2026-11-30T10:00:00Z", "until": "2026-11-30T11:00:00Z"}
        ]
        assert refusal.value.extra["alternatives"][0]["starts_at"] == "2026-11-30T11:00:00Z"
