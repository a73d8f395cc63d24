"""When two people are both free: in two zones, in the nights when clocks change, and around all that they have to do."""

import datetime as dt

import portion
import pytest
from hypothesis import given
from hypothesis import strategies as some

from backend.bookings.free import Span
from backend.bookings.models import Booking
from backend.bookings.times import clock
from backend.members.models import Away
from backend.mentoring import circles
from backend.mentoring.common_time import in_both, starts, weekly_spans, without
from backend.mentoring.engagements import common_time
from backend.mentoring.models import CircleMeeting, OpenHour
from tests.bookings.cast import a_booking, a_pool, a_resource
from tests.cast import a_guide, a_member, signed_in, utc
from tests.mentoring.pair_cast import NOW, a_mentorship, a_session, free

MIDNIGHT = utc(2026, 11, 30)
HOUR = dt.timedelta(hours=1)


def test_weekly_hours_of_two_zones_meet_on_the_real_clock() -> None:
    monday = (MIDNIGHT, MIDNIGHT + 24 * HOUR)
    brussels = weekly_spans([(0, 9 * 60, 12 * 60)], "Europe/Brussels", monday)
    lisbon = weekly_spans([(0, 9 * 60, 12 * 60)], "Europe/Lisbon", monday)
    assert brussels == [(utc(2026, 11, 30, 8), utc(2026, 11, 30, 11))]
    assert in_both(brussels, lisbon) == [(utc(2026, 11, 30, 9), utc(2026, 11, 30, 11))]


def test_the_same_weekly_hour_moves_in_utc_when_only_one_of_two_countries_has_changed_its_clock() -> None:
    """In March 2027 New York changes on the 14th, Brussels on the 28th: for two weeks they are five hours apart, not six."""
    week = [(0, 14 * 60, 18 * 60)]
    for day, overlap in ((utc(2027, 3, 8), 4), (utc(2027, 3, 15), 3), (utc(2027, 3, 29), 4)):
        window = (day, day + 48 * HOUR)
        here = weekly_spans(week, "Europe/Brussels", window)
        there = weekly_spans([(0, 8 * 60, 12 * 60)], "America/New_York", window)
        assert [(end - start) / HOUR for start, end in in_both(here, there)] == [overlap]


def test_an_hour_that_the_clocks_jump_over_is_not_there_and_one_shown_twice_is_twice_as_long() -> None:
    spring = (utc(2027, 3, 27, 12), utc(2027, 3, 28, 12))
    assert weekly_spans([(6, 120, 180)], "Europe/Brussels", spring) == []
    assert weekly_spans([(6, 60, 240)], "Europe/Brussels", spring) == [(utc(2027, 3, 28, 0), utc(2027, 3, 28, 2))]
    # Half of it is jumped over: what is left begins when the clock shows 03:00.
    assert weekly_spans([(6, 150, 210)], "Europe/Brussels", spring) == [(utc(2027, 3, 28, 1), utc(2027, 3, 28, 1, 30))]
    autumn = (utc(2026, 10, 24, 12), utc(2026, 10, 25, 12))
    assert weekly_spans([(6, 60, 240)], "Europe/Brussels", autumn) == [(utc(2026, 10, 24, 23), utc(2026, 10, 25, 3))]


ZONES = ("Europe/Brussels", "Europe/Lisbon", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu")


@given(some.sampled_from(ZONES), some.integers(0, 730), some.integers(0, 6), some.integers(0, 95), some.integers(1, 40))
def test_every_moment_that_is_found_shows_one_of_the_hours_on_the_clock(
    zone: str, day: int, weekday: int, quarter: int, length: int
) -> None:
    opens, closes = quarter * 15, min(1440, (quarter + length) * 15)
    start = utc(2026, 1, 1) + dt.timedelta(days=day)
    window = (start, start + dt.timedelta(days=9))
    found = weekly_spans([(weekday, opens, closes)], zone, window)
    moment = window[0]
    while moment < window[1]:
        date, minute = clock(moment, zone)
        is_shown = date.weekday() == weekday and opens <= minute < closes
        is_found = any(first <= moment < last for first, last in found)
        # An hour shown twice is found from its first time on, without a hole: a little more than what the clock says.
        is_twice = clock(moment - dt.timedelta(hours=1), zone)[1] >= minute > 0
        assert is_found == is_shown or is_twice
        moment += dt.timedelta(minutes=15)


quarters = some.lists(some.tuples(some.integers(0, 90), some.integers(1, 9)), max_size=8)


def _spans(rows: list[tuple[int, int]]) -> list[Span]:
    found = portion.empty()
    for first, length in rows:
        found |= portion.closedopen(first, first + length)
    return [(MIDNIGHT + one.lower * HOUR, MIDNIGHT + one.upper * HOUR) for one in found if not one.empty]


def _oracle(spans: list[Span]) -> portion.Interval:
    found = portion.empty()
    for start, end in spans:
        found |= portion.closedopen(start, end)
    return found


@given(quarters, quarters)
def test_cutting_and_meeting_are_those_of_intervals(one: list[tuple[int, int]], other: list[tuple[int, int]]) -> None:
    first, second = _spans(one), _spans(other)
    assert _oracle(in_both(first, second)) == _oracle(first) & _oracle(second)
    assert _oracle(without(first, second)) == _oracle(first) - _oracle(second)


def test_starts_lie_on_whole_steps_and_leave_room_for_the_length() -> None:
    spans = [(utc(2026, 11, 30, 9, 10), utc(2026, 11, 30, 11))]
    found = starts(spans, HOUR, dt.timedelta(minutes=30), 5)
    assert found == [utc(2026, 11, 30, 9, 30), utc(2026, 11, 30, 10)]


@pytest.mark.django_db
def test_what_either_has_to_do_is_cut_out_but_a_tool_keeps_nobody_away() -> None:
    grace, ada, eve = a_guide("Grace"), a_member("Ada"), a_member("Eve")
    mentorship, other = a_mentorship(grace, ada), a_mentorship(grace, eve)
    for person in (grace, ada):
        free(person, 0, 9, 19)  # 08:00 to 18:00 UTC
    monday = (MIDNIGHT, MIDNIGHT + 24 * HOUR)
    assert common_time([grace, ada], monday).spans == [(utc(2026, 11, 30, 8), utc(2026, 11, 30, 18))]
    a_session(other, eve, starts_at=utc(2026, 11, 30, 9), anyway=True)
    a_booking(ada, a_resource(), hours=(11, 12))
    invited = a_booking(eve, a_resource(name="Office"), hours=(12, 13))
    invited.people.add(ada)
    a_booking(ada, a_pool(3), hours=(8, 18))
    OpenHour.objects.create(
        guide=grace, starts_at=utc(2026, 11, 30, 16), ends_at=utc(2026, 11, 30, 17), status="taken", taken_by=eve,
        created_at=NOW, changed_at=NOW,
    )  # fmt: skip
    circle = circles.open_circle(member=grace, title="Prices that hold", seats=3, at=NOW)
    circles.join(circle=circle, member=eve, at=NOW)
    CircleMeeting.objects.create(
        circle=circle, starts_at=utc(2026, 11, 30, 14), ends_at=utc(2026, 11, 30, 15), planned_at=NOW
    )
    left = [(start.hour, end.hour) for start, end in common_time([mentorship.mentor, ada], monday).spans]
    assert left == [(8, 9), (10, 11), (13, 14), (15, 16), (17, 18)]
    Booking.objects.all().update(status="cancelled")
    left = [(start.hour, end.hour) for start, end in common_time([grace, ada], monday).spans]
    assert left == [(8, 9), (10, 14), (15, 16), (17, 18)]


@pytest.mark.django_db
def test_days_away_begin_and_end_on_the_clock_of_who_is_away() -> None:
    grace = a_guide("Grace", timezone="Atlantic/Azores")
    ada = a_member("Ada")
    Away.objects.create(member=grace, first_day=dt.date(2026, 11, 30), last_day=dt.date(2026, 11, 30))
    for person in (grace, ada):
        for weekday in range(7):
            free(person, weekday, 0, 24)
    found = common_time([grace, ada], (MIDNIGHT, MIDNIGHT + 48 * HOUR)).spans
    assert found == [(MIDNIGHT, utc(2026, 11, 30, 1)), (utc(2026, 12, 1, 1), utc(2026, 12, 2))]


@pytest.mark.django_db
def test_who_has_told_no_hours_is_taken_to_have_those_of_a_working_week_and_that_is_said() -> None:
    mentorship = a_mentorship()
    free(mentorship.mentor, 2, 18, 22)
    window = "from=2027-01-04T00:00:00Z&until=2027-01-11T00:00:00Z&minutes=60"
    answer = signed_in(mentorship.mentee).get(f"/api/mentorships/{mentorship.pk}/common-time/?{window}").json()
    assert answer == {
        "spans": [{"starts_at": "2027-01-06T17:00:00Z", "ends_at": "2027-01-06T19:00:00Z"}],
        "assumed": [mentorship.mentee.pk],
    }
    assert signed_in(a_member("Eve")).get(f"/api/mentorships/{mentorship.pk}/common-time/").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query", ["minutes=5", "minutes=x", "from=now", "from=2027-01-04T00:00:00", "until=2036-01-01T00:00:00Z"]
)
def test_a_window_that_makes_no_sense_is_refused(query: str) -> None:
    mentorship = a_mentorship()
    answer = signed_in(mentorship.mentee).get(f"/api/mentorships/{mentorship.pk}/common-time/?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
