"""Wall clocks, above all on the nights when they change."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from backend.bookings import times
from backend.bookings.fields import parsed
from tests.cast import utc

PARIS = "Europe/Paris"


def wall(month: int, day: int, hour: int, minute: int = 0) -> dt.datetime:
    return utc(2027, month, day, hour, minute).replace(tzinfo=None)


def test_a_wall_time_means_the_clock_of_the_place() -> None:
    assert times.moment(wall(1, 15, 9), PARIS) == utc(2027, 1, 15, 8)
    assert times.moment(wall(7, 15, 9), PARIS) == utc(2027, 7, 15, 7)
    assert times.moment(wall(7, 15, 9), "America/Martinique") == utc(2027, 7, 15, 13)


def test_half_past_two_does_not_exist_when_clocks_go_forward() -> None:
    with pytest.raises(times.DoesNotExist) as refusal:
        times.moment(wall(3, 28, 2, 30), PARIS)
    assert refusal.value.instead == wall(3, 28, 3, 30)
    assert times.moment(wall(3, 28, 1, 59), PARIS) == utc(2027, 3, 28, 0, 59)
    assert times.moment(wall(3, 28, 3), PARIS) == utc(2027, 3, 28, 1)


def test_half_past_two_is_the_first_of_two_when_clocks_go_back() -> None:
    assert times.moment(wall(10, 31, 2, 30), PARIS) == utc(2027, 10, 31, 0, 30)
    assert times.clock(utc(2027, 10, 31, 1, 30), PARIS) == (dt.date(2027, 10, 31), 150)


def test_a_day_is_1440_wall_minutes_whatever_it_lasts() -> None:
    for month, day, hours in ((3, 28, 23), (10, 31, 25), (6, 1, 24)):
        start, end = (
            times.moment(wall(month, day, 0), PARIS),
            times.moment(wall(month, day, 0) + dt.timedelta(days=1), PARIS),
        )
        assert (end - start, times.wall_minutes(start, end, PARIS)) == (dt.timedelta(hours=hours), 1440)


def test_midnight_closes_the_day_before() -> None:
    midnight = times.moment(wall(6, 2, 0), PARIS)
    assert times.clock(midnight, PARIS) == (dt.date(2027, 6, 2), 0)
    assert times.closing_clock(midnight, PARIS) == (dt.date(2027, 6, 1), 1440)


def test_starts_of_the_night_of_the_change_leave_out_what_does_not_exist() -> None:
    def shown(date: dt.date) -> list[int]:
        found = times.starts_on(date, opens=60, closes=240, step=30, zone_name=PARIS)
        return [times.clock(start, PARIS)[1] for start in found]

    assert shown(dt.date(2027, 3, 27)) == [60, 90, 120, 150, 180, 210]
    assert shown(dt.date(2027, 3, 28)) == [60, 90, 180, 210]


@pytest.mark.parametrize("name", ["Mars/Olympus", "", "../etc/passwd", "/etc/localtime"])
def test_what_is_not_a_zone_is_refused(name: str) -> None:
    with pytest.raises(ValidationError):
        times.known_zone(name)


def test_written_times_are_exact_or_naive() -> None:
    assert parsed("2026-11-24T14:00") == utc(2026, 11, 24, 14).replace(tzinfo=None)
    assert parsed("2026-11-24T14:00Z") == utc(2026, 11, 24, 14)
    assert parsed("2026-11-24T14:00+02:00") == parsed("2026-11-24T14:00 02:00") == utc(2026, 11, 24, 12)
    for nonsense in ("", "tomorrow", "2026-13-01T10:00", "2026-11-24", "0001-01-01T00:00Z", "9999-12-31T23:59-12:00"):
        assert parsed(nonsense) is None
