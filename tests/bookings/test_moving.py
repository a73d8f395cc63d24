"""What moving and ending may not do: pass a risk, take what is another's, stay unheard."""

import datetime as dt
from typing import Any

import pytest

from backend.bookings import actions, checking, use
from backend.bookings.models import Booking, Exemption, Resource, Rule
from backend.bookings.policy import kept_from
from backend.bookings.recurrence import wall_of
from backend.bookings.series_changes import cancel_series, change_series
from backend.errors import Conflict, Invalid, Refusal
from backend.members.models import Member
from backend.notices.models import Notice
from tests.bookings.cast import HOUR, NOW, a_booking, a_collective, a_place, a_resource, span
from tests.bookings.test_series import a_series
from tests.cast import a_member, utc

pytestmark = pytest.mark.django_db


def told(member: Member) -> list[str]:
    return list(Notice.objects.filter(member=member).order_by("pk").values_list("kind", flat=True))


def a_risk(resource: Resource, when: str = "longer_than", **terms: Any) -> Rule:
    more = {"minutes": 180} | terms if when == "longer_than" else terms
    return Rule.objects.create(resource=resource, what="approval", terms={"risk": "A risk", "when": when, **more})


def test_only_who_answers_for_a_series_can_end_it() -> None:
    ada, guest, fellow, host, stranger = (a_member(name) for name in ("Ada", "Gus", "Fay", "Hanna", "Stan"))
    studio = a_resource()
    studio.place.hosts.add(host)
    series = a_series(ada, studio, people=[guest.pk], collective=a_collective(ada, fellow, host).pk)
    booking = series.bookings.order_by("pk")[0]
    codes = []
    for person in (guest, fellow, host, stranger):
        with pytest.raises(Refusal) as refusal:
            cancel_series(member=person, booking=booking, scope="all", at=NOW)
        codes.append(refusal.value.code)
    assert codes == ["not_allowed", "not_allowed", "not_allowed", "not_found"]
    assert set(series.bookings.values_list("status", flat=True)) == {"confirmed"}
    assert len(cancel_series(member=ada, booking=booking, scope="all", at=NOW)[0]) == 4


def test_who_is_there_already_stays_when_a_series_ends_or_moves() -> None:
    ada, studio = a_member(), a_resource()
    series = a_series(ada, studio)
    first = series.bookings.get(occurrence="2026-12-01T19:00")
    early = first.starts_at - dt.timedelta(minutes=10)
    use.check_in(member=ada, booking=first, at=early)
    with pytest.raises(Conflict) as refusal:
        change_series(member=ada, booking=first, scope="all", first=wall_of("2026-12-01T20:00"), at=early)
    assert [row["occurrence"] for row in refusal.value.extra["occurrences"]] == ["2026-12-01T20:00"]
    gone, kept = cancel_series(member=ada, booking=first, scope="all", at=early)
    assert (len(gone), kept) == (3, [first])
    with pytest.raises(Conflict) as alone:
        cancel_series(member=ada, booking=first, scope="all", at=early)
    assert alone.value.code == "checked_in"


def test_a_longer_time_asks_a_host_again_and_a_shorter_one_does_not() -> None:
    ada, host, hall = a_member("Ada"), a_member("Hanna"), a_resource(name="Hall")
    hall.place.hosts.add(host)
    rule = a_risk(hall)
    booking = a_booking(ada, hall, hours=(9, 11))
    start, end = span(9, 13)
    assert checking.check(member=ada, resources=[hall.pk], starts_at=start, ends_at=end, at=NOW, moved=booking)[
        "needs_approval"
    ]
    actions.move(member=ada, booking=booking, ends_at=end, at=NOW)
    assert (booking.status, booking.approval_rule, told(host)) == ("requested", rule, ["booking_to_approve"])
    actions.approve(member=host, booking=booking, at=NOW)
    # As long at another time was approved; still longer was not.
    actions.move(member=ada, booking=booking, starts_at=start + HOUR, ends_at=end + HOUR, at=NOW)
    assert (booking.status, booking.approved_by) == ("confirmed", host)
    actions.move(member=ada, booking=booking, ends_at=end + 2 * HOUR, at=NOW)
    assert (booking.status, booking.approved_by, booking.approved_at) == ("requested", None, None)
    assert booking.allocations.get().active
    actions.move(member=ada, booking=booking, ends_at=end, at=NOW)
    assert (booking.status, booking.approval_rule) == ("confirmed", None)


def test_a_series_that_becomes_longer_asks_a_host_once() -> None:
    ada, host, hall = a_member("Ada"), a_member("Hanna"), a_resource(name="Hall")
    hall.place.hosts.add(host)
    a_risk(hall)
    series = a_series(ada, hall)
    first = series.bookings.get(occurrence="2026-12-01T19:00")
    change_series(member=ada, booking=first, scope="all", end=wall_of("2026-12-01T23:00"), at=NOW)
    assert set(Booking.objects.values_list("status", flat=True)) == {"requested"}
    notice = Notice.objects.get(member=host)
    assert (notice.kind, notice.data["times"]) == ("booking_to_approve", 4)


def test_who_hosts_one_of_two_things_needs_the_yes_of_the_other() -> None:
    hanna, place, other = a_member("Hanna"), a_place(), a_place(name="Other")
    hers, theirs = a_resource(place=place), a_resource(place=other, name="Van", kind="equipment")
    place.hosts.add(hanna)
    home = place.organisation
    Rule.objects.create(
        organisation=home, what="approval", terms={"risk": "Long", "when": "longer_than", "minutes": 60}
    )
    assert a_booking(hanna, hers).status == "confirmed"
    assert a_booking(hanna, hers, theirs, hours=(12, 14)).status == "requested"


def test_who_may_is_asked_for_each_thing() -> None:
    hanna, place, other = a_member("Hanna"), a_place(), a_place(name="Other")
    hers, theirs = a_resource(place=place), a_resource(place=other, name="Van", kind="equipment")
    place.hosts.add(hanna)
    Rule.objects.create(organisation=place.organisation, what="who", terms={"roles": ["host"]})
    a_booking(hanna, hers)
    with pytest.raises(Invalid) as refusal:
        a_booking(hanna, hers, theirs, hours=(12, 14))
    told_of = [(entry["code"], entry["resource"]) for entry in refusal.value.extra["fields"]["resources"]]
    assert told_of == [("not_for_you", theirs.pk)]
    assert kept_from(hanna, None, NOW) == [theirs.pk]


def test_who_is_let_off_a_rule_of_one_thing_keeps_that_of_another() -> None:
    ada, host, long, short = a_member("Ada"), a_member("Hanna"), a_resource(max_minutes=60), a_resource(max_minutes=60)
    rule = Rule.objects.create(resource=long, what="length", terms={"max_minutes": 60})
    Exemption.objects.create(rule=rule, member=ada, granted_by=host, granted_at=NOW)
    a_booking(ada, long)
    with pytest.raises(Invalid) as refusal:
        a_booking(ada, long, short, hours=(12, 14))
    assert [entry["code"] for entry in refusal.value.extra["fields"]["ends_at"]] == ["too_long"]


def test_everybody_concerned_hears_of_another_time_and_who_is_new_of_the_invitation() -> None:
    ada, fellow, guest, new = (a_member(name) for name in ("Ada", "Fay", "Gus", "Nia"))
    studio = a_resource()
    booking = a_booking(ada, studio, people=[guest.pk], collective=a_collective(ada, fellow).pk)
    start, end = span(13, 15)
    people = [guest.pk, new.pk]
    actions.move(member=ada, booking=booking, starts_at=start, ends_at=end, people=people, at=NOW)
    assert [told(it) for it in (ada, fellow, guest, new)] == [
        [],
        ["booking_made", "booking_moved"],
        ["booking_made", "booking_moved"],
        ["booking_invited"],
    ]
    assert Notice.objects.filter(kind="booking_moved").first().data["starts_at"] == "2026-11-30T13:00:00Z"  # type: ignore[union-attr]
    actions.move(member=ada, booking=booking, title="Choir", at=NOW)
    assert len(told(guest)) == 2


def test_of_a_series_that_moves_they_hear_once() -> None:
    ada, guest, new, studio = a_member("Ada"), a_member("Gus"), a_member("Nia"), a_resource()
    first = a_series(ada, studio, people=[guest.pk]).bookings.order_by("occurrence")[0]
    wish: dict[str, Any] = {"first": wall_of("2026-12-01T20:00"), "end": wall_of("2026-12-01T22:00")}
    change_series(member=ada, booking=first, scope="all", people=[guest.pk, new.pk], at=NOW, **wish)
    assert (told(guest), told(new)) == (["booking_made", "booking_moved"], ["booking_invited"])
    assert set(Notice.objects.exclude(kind="booking_made").values_list("data__times", flat=True)) == {4}


def test_asking_about_a_move_says_that_it_is_too_late_to_give_time_back() -> None:
    ada, studio = a_member(), a_resource(cancel_notice_minutes=24 * 60)
    booking = a_booking(ada, studio)
    start, end = span(10, 11)
    late = span(0, 1)[0]
    ask = {"member": ada, "resources": [studio.pk], "starts_at": start, "at": late, "moved": booking}
    with pytest.raises(Conflict) as refusal:
        checking.check(**ask, ends_at=end)  # type: ignore[arg-type]
    assert refusal.value.code == "too_late_to_cancel"


def test_only_the_end_is_judged_when_only_the_end_moves() -> None:
    ada, studio = a_member(), a_resource()
    series = a_series(ada, studio)
    Resource.objects.update(lead_minutes=60 * 24 * 90)
    first = series.bookings.get(occurrence="2026-12-01T19:00")
    change_series(member=ada, booking=first, scope="all", end=wall_of("2026-12-01T22:00"), at=NOW)
    assert {row.ends_at - row.starts_at for row in Booking.objects.all()} == {3 * HOUR}


def test_all_is_also_what_was_split_off_and_the_first_wish_is_known_again() -> None:

    from tests.bookings.test_series import starts

    ada, studio = a_member(), a_resource()
    series = a_series(ada, studio)
    third = series.bookings.get(occurrence="2026-12-15T19:00")
    wish: dict[str, Any] = {"first": wall_of("2026-12-15T18:00"), "end": wall_of("2026-12-15T20:00")}
    change_series(member=ada, booking=third, scope="following", at=NOW, **wish)
    assert starts() == ["12-01 18:00", "12-08 18:00", "12-15 17:00", "12-22 17:00"]
    first = Booking.objects.get(occurrence="2026-12-01T19:00")
    wish = {"first": wall_of("2026-12-02T20:00"), "end": wall_of("2026-12-02T22:00")}
    assert len(change_series(member=ada, booking=first, scope="all", at=NOW, **wish)) == 4
    assert starts() == ["12-02 19:00", "12-09 19:00", "12-16 18:00", "12-23 18:00"]
    later = Booking.objects.get(starts_at=utc(2026, 12, 23, 18))
    assert len(cancel_series(member=ada, booking=later, scope="all", at=NOW)[0]) == 4
