"""Bookings that repeat: previewed, made, changed and ended together; never over one another, never against the wall clock."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.bookings import actions
from backend.bookings.audit import faults
from backend.bookings.models import Allocation, Booking, OpeningException, Resource, Rule, Series
from backend.bookings.recurrence import wall_of
from backend.bookings.series import Wish, book_series, preview
from backend.bookings.series_changes import cancel_series, change_series
from backend.bookings.wishes import items_of
from backend.errors import Conflict, Refusal
from backend.members.models import Member
from backend.notices.models import Notice
from tests.bookings.cast import HOUR, NOW, a_booking, a_collective, a_pool, a_resource, a_whole, at_once
from tests.cast import a_member, an_organisation, utc

pytestmark = pytest.mark.django_db

# Tuesday 1 December 2026, seven to nine in the evening in Brussels: 18:00 to 20:00 UTC.
FIRST, END = wall_of("2026-12-01T19:00"), wall_of("2026-12-01T21:00")
FOUR_WEEKS = "FREQ=WEEKLY;COUNT=4"


def a_wish(member: Member, *resources: Resource, **changes: Any) -> Wish:
    quantity = changes.pop("quantity", 1)
    values: dict[str, Any] = {"first": FIRST, "end": END, "rule": FOUR_WEEKS} | changes
    return Wish(member=member, items=items_of([it.pk for it in resources], quantity), **values)


def a_series(member: Member, *resources: Resource, **changes: Any) -> Series:
    more = {name: changes.pop(name) for name in ("title", "note", "people", "key") if name in changes}
    return book_series(wish=a_wish(member, *resources, **changes), at=NOW, **more)


def starts(series: Series | None = None, **narrowed: Any) -> list[str]:
    rows = Booking.objects.filter(status="confirmed", **narrowed).order_by("starts_at")
    return [f"{row.starts_at:%m-%d %H:%M}" for row in (rows.filter(series=series) if series else rows)]


def states(wish: Wish) -> list[str]:
    return [one.reason or ("shifted" if one.shifted else "free") for one in preview(wish, at=NOW)]


def test_every_occurrence_is_a_booking_on_the_wall_clock() -> None:
    ada, studio = a_member(), a_resource(ahead_days=400)
    series = a_series(ada, studio, rule="FREQ=MONTHLY;BYDAY=1TU;COUNT=6", title="Choir")
    assert starts(series) == ["12-01 18:00", "01-05 18:00", "02-02 18:00", "03-02 18:00", "04-06 17:00", "05-04 17:00"]
    assert Allocation.objects.filter(active=True).count() == 6
    assert set(Booking.objects.values_list("title", "occurrence")) >= {("Choir", "2027-04-06T19:00")}
    assert (series.rule, series.starts_wall) == ("FREQ=MONTHLY;BYDAY=1TU;COUNT=6", "2026-12-01T19:00")


def test_the_preview_names_each_time_that_is_taken_or_against_a_rule_and_changes_nothing() -> None:
    ada, studio = a_member(), a_resource()
    a_booking(a_member("Bob"), studio, starts_at=utc(2026, 12, 8, 19), ends_at=utc(2026, 12, 8, 21))
    day = dt.date(2026, 12, 15)
    OpeningException.objects.create(place=studio.place, first_day=day, last_day=day, reason="Inventory")
    wish = a_wish(ada, studio)
    assert states(wish) == ["free", "taken", "rule", "free"]
    assert [problem.code for problem in preview(wish, at=NOW)[2].problems] == ["place_closed"]
    assert Booking.objects.count() == 1


def test_what_is_taken_is_skipped_and_remembered() -> None:
    ada, studio = a_member(), a_resource()
    a_booking(a_member("Bob"), studio, starts_at=utc(2026, 12, 8, 19), ends_at=utc(2026, 12, 8, 21))
    series = a_series(ada, studio)
    assert starts(series) == ["12-01 18:00", "12-15 18:00", "12-22 18:00"]
    assert list(series.skipped.values_list("occurrence", "reason")) == [("2026-12-08T19:00", "taken")]


def test_what_is_taken_is_shifted_to_the_nearest_free_time() -> None:
    ada, studio = a_member(), a_resource()
    a_booking(a_member("Bob"), studio, starts_at=utc(2026, 12, 8, 19), ends_at=utc(2026, 12, 8, 21))
    assert states(a_wish(ada, studio, on_conflict="shift")) == ["free", "shifted", "free", "free"]
    series = a_series(ada, studio, on_conflict="shift")
    assert starts(series) == ["12-01 18:00", "12-08 17:00", "12-15 18:00", "12-22 18:00"]


def test_all_or_nothing_books_nothing_and_says_why() -> None:
    ada, studio = a_member(), a_resource()
    a_booking(a_member("Bob"), studio, starts_at=utc(2026, 12, 8, 19), ends_at=utc(2026, 12, 8, 21))
    with pytest.raises(Conflict) as refusal:
        a_series(ada, studio, on_conflict="all_or_nothing")
    assert refusal.value.code == "series_has_conflicts"
    assert [row["reason"] for row in refusal.value.extra["occurrences"]] == [None, "taken", None, None]
    assert (Series.objects.count(), Booking.objects.count()) == (0, 1)
    series = a_series(ada, studio, on_conflict="all_or_nothing", without=frozenset({"2026-12-08T19:00"}))
    assert starts(series) == ["12-01 18:00", "12-15 18:00", "12-22 18:00"]


def test_a_series_never_meets_itself() -> None:
    ada, van = a_member(), a_resource(kind="equipment", max_minutes=9999, buffer_after_minutes=60)
    wish = a_wish(ada, van, end=FIRST + dt.timedelta(hours=24), rule="FREQ=DAILY;COUNT=4")
    assert states(wish) == ["free", "taken", "free", "taken"]
    with_room = a_wish(
        ada,
        a_resource(kind="equipment", max_minutes=9999),
        end=FIRST + dt.timedelta(hours=24),
        rule="FREQ=DAILY;COUNT=4",
    )
    assert states(with_room) == ["free"] * 4


def test_a_quota_counts_the_times_of_the_series_itself() -> None:
    ada, studio = a_member(), a_resource()
    Rule.objects.create(what="quota", terms={"per": "member", "period": "week", "count": 2}, resource=studio)
    wish = a_wish(ada, studio, rule="FREQ=DAILY;COUNT=10")
    assert states(wish) == ["free"] * 2 + ["rule"] * 4 + ["free"] * 2 + ["rule"] * 2
    assert len(starts(a_series(ada, studio, rule="FREQ=DAILY;COUNT=10"))) == 4


@pytest.mark.parametrize("on_conflict", ["skip", "shift"])
def test_looking_at_many_times_asks_no_more_than_looking_at_few(on_conflict: str) -> None:
    ada, studio = a_member(), a_resource(ahead_days=400)
    a_booking(a_member("Bob"), studio, starts_at=utc(2026, 12, 8, 19), ends_at=utc(2026, 12, 8, 21))
    Rule.objects.create(what="quota", terms={"per": "member", "period": "week", "count": 2}, resource=studio)
    Rule.objects.create(what="who", terms={"roles": ["guide", "host"]}, resource=studio)
    asked = []
    for count in (10, 200):
        wish = a_wish(ada, studio, rule=f"FREQ=DAILY;COUNT={count}", on_conflict=on_conflict)
        with CaptureQueriesContext(connection) as queries:
            preview(wish, at=NOW)
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_a_host_is_told_once_of_a_series_that_waits_for_them() -> None:
    ada, host, hall = a_member("Ada"), a_member("Hanna"), a_resource(name="Hall")
    hall.place.hosts.add(host)
    Rule.objects.create(
        what="approval", terms={"risk": "Evenings", "when": "longer_than", "minutes": 60}, resource=hall
    )
    series = a_series(ada, hall)
    assert set(series.bookings.values_list("status", flat=True)) == {"requested"}
    notice = Notice.objects.get(member=host)
    assert (notice.kind, notice.data["times"]) == ("booking_to_approve", 4)


def test_what_a_series_costs_follows_its_length() -> None:
    ada, studio = a_member(), a_resource()
    Rule.objects.create(what="cost", terms={"per": "hour", "cents": 500}, resource=studio)
    series = a_series(ada, studio)
    assert set(series.bookings.values_list("cost_cents", flat=True)) == {1000}
    first = series.bookings.get(occurrence="2026-12-01T19:00")
    change_series(member=ada, booking=first, scope="all", end=wall_of("2026-12-01T22:00"), at=NOW)
    assert set(Booking.objects.values_list("cost_cents", flat=True)) == {1500}


def test_wholes_pools_and_collectives_repeat_too() -> None:
    ada, bob = a_member("Ada"), a_member("Bob")
    hall = a_whole(a_resource(name="Left"), a_resource(name="Right"))
    pool = a_pool(4, place=hall.place)
    series = a_series(ada, hall, pool, quantity=1, collective=a_collective(ada, bob).pk)
    assert Allocation.objects.filter(active=True).count() == 12
    assert series.collective is not None
    notice = Notice.objects.get(member=bob)
    assert (notice.kind, notice.data["times"]) == ("booking_made", 4)


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"rule": "FREQ=DAILY"}, "rule", "series_without_end"), ({"rule": "FREQ=DAILY;COUNT=10000"}, "rule", "too_many_occurrences"),
        ({"end": FIRST}, "ends_at", "ends_before_start"), ({"rule": "FREQ=SECONDLY;COUNT=2"}, "rule", "rule_not_supported"),
        ({"without": frozenset({"2026-12-01T19:00"}), "rule": "FREQ=DAILY;COUNT=1"}, "without", "no_occurrences"),
        ({"rule": "FREQ=YEARLY;COUNT=9"}, "rule", "series_too_long"),
    ],
)  # fmt: skip
def test_nonsense_is_refused_by_field(change: dict[str, Any], field: str, code: str) -> None:
    with pytest.raises(Refusal) as refusal:
        a_series(a_member(), a_resource(), **change)
    assert refusal.value.extra["fields"][field][0]["code"] == code
    assert Series.objects.count() == 0


def test_what_follows_moves_and_what_was_before_stays() -> None:
    ada, studio = a_member(), a_resource()
    series = a_series(ada, studio)
    third = series.bookings.get(occurrence="2026-12-15T19:00")
    change_series(
        member=ada,
        booking=third,
        scope="following",
        first=wall_of("2026-12-16T18:00"),
        end=wall_of("2026-12-16T21:00"),
        at=NOW,
    )
    assert starts() == ["12-01 18:00", "12-08 18:00", "12-16 17:00", "12-23 17:00"]
    series.refresh_from_db()
    later = Series.objects.get(continues=series)
    assert (series.rule, later.rule) == ("FREQ=WEEKLY;UNTIL=20261214T235959", "FREQ=WEEKLY;UNTIL=20261223T235959")
    assert list(later.bookings.order_by("pk").values_list("occurrence", flat=True)) == [
        "2026-12-16T18:00",
        "2026-12-23T18:00",
    ]
    assert list(faults(NOW)) == []


def test_a_cancelled_occurrence_stays_away_when_all_are_changed() -> None:
    ada, studio = a_member(), a_resource()
    series = a_series(ada, studio)
    second = series.bookings.get(occurrence="2026-12-08T19:00")
    actions.cancel(member=ada, booking=second, at=NOW)
    first = series.bookings.get(occurrence="2026-12-01T19:00")
    change_series(
        member=ada,
        booking=first,
        scope="all",
        first=wall_of("2026-12-01T20:00"),
        end=wall_of("2026-12-01T22:00"),
        at=NOW,
    )
    assert starts() == ["12-01 19:00", "12-15 19:00", "12-22 19:00"]
    change_series(member=ada, booking=first, scope="all", title="Choir", at=NOW)
    assert len(starts(title="Choir")) == 3
    assert Booking.objects.get(pk=second.pk).status == "cancelled"


def test_other_words_judge_no_time_again() -> None:
    ada, studio = a_member(), a_resource()
    series = a_series(ada, studio)
    Resource.objects.update(max_minutes=60, lead_minutes=60 * 24 * 90)
    booking = series.bookings.order_by("pk")[0]
    changed = change_series(member=ada, booking=booking, scope="all", title="Choir", note="Bring water", at=NOW)
    assert {row.title for row in changed} == {"Choir"}
    assert starts(series) == ["12-01 18:00", "12-08 18:00", "12-15 18:00", "12-22 18:00"]


def test_past_ones_never_change() -> None:
    ada, studio = a_member(), a_resource()
    series = a_series(ada, studio)
    later = utc(2026, 12, 9)
    booking = series.bookings.get(occurrence="2026-12-22T19:00")
    change_series(
        member=ada,
        booking=booking,
        scope="all",
        title="Choir",
        first=wall_of("2026-12-22T18:00"),
        end=wall_of("2026-12-22T20:00"),
        at=later,
    )
    assert starts() == ["12-01 18:00", "12-08 18:00", "12-15 17:00", "12-22 17:00"]
    assert starts(title="Choir") == ["12-15 17:00", "12-22 17:00"]
    with pytest.raises(Conflict) as refusal:
        change_series(member=ada, booking=booking, scope="all", title="Late", at=utc(2027, 1, 1))
    assert refusal.value.code == "already_over"


def test_an_occurrence_that_was_moved_alone_keeps_its_own_time() -> None:
    ada, studio = a_member(), a_resource()
    series = a_series(ada, studio)
    second = series.bookings.get(occurrence="2026-12-08T19:00")
    actions.move(member=ada, booking=second, starts_at=utc(2026, 12, 9, 9), ends_at=utc(2026, 12, 9, 11), at=NOW)
    first = series.bookings.get(occurrence="2026-12-01T19:00")
    change_series(
        member=ada,
        booking=first,
        scope="all",
        first=wall_of("2026-12-01T20:00"),
        end=wall_of("2026-12-01T22:00"),
        at=NOW,
    )
    assert starts() == ["12-01 19:00", "12-09 09:00", "12-15 19:00", "12-22 19:00"]


def test_a_change_that_cannot_be_leaves_everything_as_it_was_or_skips_when_asked() -> None:
    ada, studio = a_member(), a_resource()
    series = a_series(ada, studio)
    a_booking(a_member("Bob"), studio, starts_at=utc(2026, 12, 15, 20), ends_at=utc(2026, 12, 15, 22))
    first = series.bookings.get(occurrence="2026-12-01T19:00")
    wish: dict[str, Any] = {"first": wall_of("2026-12-01T20:00"), "end": wall_of("2026-12-01T22:00"), "at": NOW}
    with pytest.raises(Conflict) as refusal:
        change_series(member=ada, booking=first, scope="all", title="Choir", **wish)
    assert [(row["occurrence"], row["reason"]) for row in refusal.value.extra["occurrences"]] == [
        ("2026-12-15T20:00", "taken")
    ]
    assert starts(series) == ["12-01 18:00", "12-08 18:00", "12-15 18:00", "12-22 18:00"]
    assert starts(title="Choir") == []
    change_series(member=ada, booking=first, scope="all", skip_conflicts=True, **wish)
    assert starts(member=ada) == ["12-01 19:00", "12-08 19:00", "12-15 18:00", "12-22 19:00"]
    assert list(faults(NOW)) == []


@pytest.mark.parametrize("hours", [24, -24, 1, -1])
def test_a_daily_series_moves_over_its_own_old_times(hours: int) -> None:
    ada, van = a_member(), a_resource(kind="equipment", max_minutes=9999)
    series = a_series(ada, van, end=FIRST + dt.timedelta(hours=24), rule="FREQ=DAILY;COUNT=6")
    first = series.bookings.get(occurrence="2026-12-01T19:00")
    begins = FIRST + dt.timedelta(hours=hours)
    change_series(member=ada, booking=first, scope="all", first=begins, end=begins + dt.timedelta(hours=24), at=NOW)
    moved = [utc(2026, 12, 1, 18) + dt.timedelta(days=day, hours=hours) for day in range(6)]
    assert starts() == [f"{moment:%m-%d %H:%M}" for moment in moved]
    assert list(faults(NOW)) == []


def test_ending_a_series_ends_what_follows_and_frees_it() -> None:
    ada, studio = a_member(), a_resource()
    series = a_series(ada, studio)
    third = series.bookings.get(occurrence="2026-12-15T19:00")
    gone, late = cancel_series(member=ada, booking=third, scope="following", at=NOW)
    assert (len(gone), late, starts(series)) == (2, [], ["12-01 18:00", "12-08 18:00"])
    assert Allocation.objects.filter(active=True).count() == 2
    cancel_series(member=ada, booking=third, scope="all", at=NOW)
    assert starts(series) == []


def test_what_is_too_near_to_cancel_stays() -> None:
    ada, studio = a_member(), a_resource(cancel_notice_minutes=60 * 24 * 10)
    series = a_series(ada, studio)
    booking = series.bookings.get(occurrence="2026-12-22T19:00")
    gone, late = cancel_series(member=ada, booking=booking, scope="all", at=NOW)
    assert ([row.occurrence[:10] for row in gone], [row.occurrence[:10] for row in late]) == (
        ["2026-12-08", "2026-12-15", "2026-12-22"],
        ["2026-12-01"],
    )


def test_who_is_not_theirs_cannot_change_or_end_it() -> None:
    ada, eve, studio = a_member("Ada"), a_member("Eve"), a_resource()
    booking = a_series(ada, studio).bookings.order_by("pk")[0]
    for act in (change_series, cancel_series):
        with pytest.raises(Refusal) as refusal:
            act(member=eve, booking=booking, scope="all", at=NOW)  # type: ignore[operator]
        assert refusal.value.code == "not_found"
    single = a_booking(ada, studio)
    with pytest.raises(Conflict) as alone:
        cancel_series(member=ada, booking=single, scope="all", at=NOW)
    assert alone.value.code == "not_in_a_series"


@pytest.mark.django_db(transaction=True)
def test_two_series_and_a_booking_at_once_never_hold_twice() -> None:
    an_organisation()
    ada, bob, studio = a_member("Ada"), a_member("Bob"), a_resource()
    begin = utc(2026, 12, 15, 18)
    at_once(
        lambda: a_series(ada, studio),
        lambda: a_series(bob, studio),
        lambda: a_booking(bob, studio, starts_at=begin, ends_at=begin + HOUR),
    )
    assert list(faults(NOW)) == []
    assert Booking.objects.filter(starts_at=begin).count() == 1
    assert len(starts()) in (4, 5)
