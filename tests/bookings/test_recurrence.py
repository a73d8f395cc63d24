"""Rules of repetition against a plain day-by-day expansion, and against the clocks of Europe and overseas."""

import datetime as dt
from calendar import monthrange
from collections.abc import Iterator
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.bookings import times
from backend.bookings.recurrence import DAYS, BadRule, Recurrence, occurrences, wall_of

DAY = dt.timedelta(days=1)


def plainly(rule: Recurrence, first: dt.datetime) -> Iterator[dt.datetime]:
    """Every day is looked at and asked whether it belongs; nothing is shared with what is tested."""
    monday = first.date() - first.weekday() * DAY
    day, found = first.date(), 0
    while (rule.count is None or found < rule.count) and (rule.until is None or day <= rule.until):
        if _belongs(rule, day, first.date(), monday):
            found += 1
            yield dt.datetime.combine(day, first.time())
        if day.year > first.year + 200:
            return
        day += DAY


def _belongs(rule: Recurrence, day: dt.date, first: dt.date, monday: dt.date) -> bool:
    months = (day.year - first.year) * 12 + day.month - first.month
    if rule.every == "DAILY":
        return (day - first).days % rule.interval == 0
    if rule.every == "WEEKLY":
        days = rule.days or (first.weekday(),)
        return (day - monday).days // 7 % rule.interval == 0 and day.weekday() in days
    if rule.every == "YEARLY":
        return (day.month, day.day) == (first.month, first.day) and (day.year - first.year) % rule.interval == 0
    if months % rule.interval:
        return False
    last = monthrange(day.year, day.month)[1]
    if rule.nth:
        from_end = (last - day.day) // 7 + 1
        return day.weekday() == rule.days[0] and (from_end == 1 if rule.nth < 0 else (day.day - 1) // 7 + 1 == rule.nth)
    wanted = rule.month_day or first.day
    return day.day == (last if wanted < 0 else wanted)


@st.composite
def rules(draw: st.DrawFn) -> Recurrence:
    every = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    interval = draw(st.integers(1, 4))
    days: tuple[int, ...] = ()
    nth = month_day = 0
    if every == "WEEKLY":
        days = tuple(sorted(draw(st.sets(st.integers(0, 6), max_size=4))))
    if every == "MONTHLY" and draw(st.booleans()):
        days, nth = (draw(st.integers(0, 6)),), draw(st.sampled_from([1, 2, 3, 4, 5, -1]))
    elif every == "MONTHLY":
        month_day = draw(st.sampled_from([0, 1, 15, 29, 30, 31, -1]))
    return Recurrence(every, interval, days, nth, month_day, count=draw(st.integers(1, 30)))


@given(rules(), st.datetimes(wall_of("2026-01-01T00:00"), wall_of("2027-12-31T00:00")), st.integers(0, 500))
def test_a_rule_falls_on_the_days_that_a_plain_reading_finds(rule: Recurrence, first: dt.datetime, days: int) -> None:
    first = first.replace(second=0, microsecond=0)
    for one in (rule, rule.ending(first.date() + days * DAY)):
        assert Recurrence.read(one.text()) == one
        expected = list(islice(plainly(one, first), 500))
        try:
            found = one.walls(first)
        except BadRule as refusal:
            if refusal.code == "no_occurrences":
                assert not expected
            elif refusal.code == "too_many_occurrences":
                assert len(expected) > 400
            else:
                assert expected[-1] - first > dt.timedelta(days=731)
            continue
        assert found == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("FREQ=DAILY", "series_without_end"), ("", "series_without_end"), ("FREQ=DAILY;COUNT=2;UNTIL=20270101", "rule_not_supported"),
        ("FREQ=HOURLY;COUNT=2", "rule_not_supported"), ("FREQ=WEEKLY;BYSETPOS=1;COUNT=2", "rule_not_supported"),
        ("FREQ=YEARLY;BYWEEKNO=3;COUNT=2", "rule_not_supported"), ("FREQ=DAILY;COUNT=0", "rule_not_supported"),
        ("FREQ=DAILY;COUNT=x", "rule_not_supported"), ("FREQ=DAILY;INTERVAL=0;COUNT=2", "rule_not_supported"),
        ("FREQ=DAILY;UNTIL=20271301", "rule_not_supported"), ("FREQ=DAILY;UNTIL=20270101T100000Z", "rule_not_supported"),
        ("FREQ=WEEKLY;BYDAY=1MO;COUNT=2", "rule_not_supported"), ("FREQ=MONTHLY;BYDAY=MO;COUNT=2", "rule_not_supported"),
        ("FREQ=MONTHLY;BYDAY=1MO,2TU;COUNT=2", "rule_not_supported"), ("FREQ=MONTHLY;BYDAY=1MO;BYMONTHDAY=3;COUNT=2", "rule_not_supported"),
        ("FREQ=DAILY;FREQ=DAILY;COUNT=2", "rule_not_supported"), ("FREQ=WEEKLY;WKST=SU;COUNT=2", "rule_not_supported"),
        ("x" * 5000, "rule_not_supported"),
    ],
)  # fmt: skip
def test_a_rule_that_we_do_not_take_is_refused_by_name(text: str, code: str) -> None:
    with pytest.raises(BadRule) as refusal:
        Recurrence.read(text)
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("FREQ=DAILY;COUNT=401", "too_many_occurrences"), ("FREQ=DAILY;COUNT=999999999", "too_many_occurrences"),
        ("FREQ=WEEKLY;UNTIL=20500101", "too_many_occurrences"), ("FREQ=YEARLY;COUNT=4", "series_too_long"),
        ("FREQ=DAILY;UNTIL=20200101", "no_occurrences"),
    ],
)  # fmt: skip
def test_a_series_is_neither_too_long_nor_empty(text: str, code: str) -> None:
    with pytest.raises(BadRule) as refusal:
        Recurrence.read(text).walls(wall_of("2026-12-01T09:00"))
    assert refusal.value.code == code


# The hours of UTC at which 19:00 on a Tuesday is, in winter and in summer; the same where the clocks never change.
TUESDAYS = [
    ("Europe/Paris", 18, 17), ("Europe/Brussels", 18, 17), ("Europe/Lisbon", 19, 18), ("Europe/Athens", 17, 16),
    ("Atlantic/Azores", 20, 19), ("America/Martinique", 23, 23), ("Indian/Reunion", 15, 15),
]  # fmt: skip
# In 2027 and 2028 the clocks of Europe change at 01:00 UTC on the last Sundays of March and October.
CHANGES = [
    (wall_of("2027-03-28T01:00"), wall_of("2027-10-31T01:00")), (wall_of("2028-03-26T01:00"), wall_of("2028-10-29T01:00")),
]  # fmt: skip


@pytest.mark.parametrize(("zone", "winter", "summer"), TUESDAYS)
def test_a_weekly_tuesday_stays_at_seven_in_the_evening_for_two_years(zone: str, winter: int, summer: int) -> None:
    first = wall_of("2026-12-01T19:00")
    found = occurrences(Recurrence.read("FREQ=WEEKLY;COUNT=104"), first, first.replace(hour=21), zone)
    assert len(found) == 104
    for number, one in enumerate(found):
        day = first + number * 7 * DAY
        is_summer = any(spring <= day < autumn for spring, autumn in CHANGES)
        start = day.replace(hour=summer if is_summer else winter, tzinfo=dt.UTC)
        assert one.span == (start, start + dt.timedelta(hours=2)), (zone, day)
        assert not one.was_moved


# Where 02:30 does not exist in spring (or exists, because the clocks change at another hour there), and what it becomes.
GAPS = {
    "Europe/Paris": ("02:30", "03:30"), "Europe/Brussels": ("02:30", "03:30"), "Europe/Lisbon": ("01:30", "02:30"),
    "Europe/Athens": ("03:30", "04:30"), "Atlantic/Azores": ("00:30", "01:30"),
}  # fmt: skip


@pytest.mark.parametrize(("zone", "gap", "instead"), [(zone, *walls) for zone, walls in GAPS.items()])
@pytest.mark.parametrize("spring", [dt.date(2027, 3, 28), dt.date(2028, 3, 26)])
def test_a_time_that_does_not_exist_is_as_much_later_as_the_clocks_jump(
    zone: str, gap: str, instead: str, spring: dt.date
) -> None:
    first = dt.datetime.combine(spring - DAY, dt.time.fromisoformat(gap))
    found = occurrences(Recurrence.read("FREQ=DAILY;COUNT=3"), first, first + dt.timedelta(hours=3), zone)
    assert [(one.was_moved, one.is_twice) for one in found] == [(False, False), (True, False), (False, False)]
    span = found[1].span
    assert span is not None
    shown = span[0].astimezone(times.zone(zone)).replace(tzinfo=None)
    assert shown == dt.datetime.combine(spring, dt.time.fromisoformat(instead))


@pytest.mark.parametrize("zone", ["America/Martinique", "Indian/Reunion"])
def test_overseas_every_half_past_two_exists(zone: str) -> None:
    first = wall_of("2027-03-27T02:30")
    found = occurrences(Recurrence.read("FREQ=DAILY;COUNT=400"), first, first + dt.timedelta(hours=1), zone)
    assert not any(one.was_moved or one.is_twice for one in found)


@pytest.mark.parametrize(("zone", "gap"), [(zone, walls[0]) for zone, walls in GAPS.items()])
@pytest.mark.parametrize("autumn", [dt.date(2027, 10, 31), dt.date(2028, 10, 29)])
def test_a_time_that_exists_twice_means_the_first(zone: str, gap: str, autumn: dt.date) -> None:
    wall = dt.datetime.combine(autumn, dt.time.fromisoformat(gap))
    (found,) = occurrences(Recurrence.read("FREQ=DAILY;COUNT=1"), wall, wall + dt.timedelta(hours=3), zone)
    assert found.span is not None
    start, end = found.span
    again = start + dt.timedelta(hours=1)
    assert again.astimezone(times.zone(zone)).replace(tzinfo=None) == wall, "it is shown once more an hour later"
    assert (found.is_twice, found.was_moved) == (True, False)
    assert end - start == dt.timedelta(hours=4), "three hours on the clock"


@pytest.mark.parametrize("zone", [zone for zone, *_ in TUESDAYS])
def test_a_loan_for_a_day_is_23_or_25_hours_long_when_the_clocks_change(zone: str) -> None:
    first = wall_of("2026-12-01T12:00")
    lengths: dict[dt.date, float] = {}
    for year in (0, 365):
        start = first + year * DAY
        for one in occurrences(Recurrence.read("FREQ=DAILY;COUNT=365"), start, start + DAY, zone):
            assert one.span is not None
            lengths[wall_of(one.wall).date()] = (one.span[1] - one.span[0]) / dt.timedelta(hours=1)
    has_summer = zone not in ("America/Martinique", "Indian/Reunion")
    odd = {change.date() - DAY: 23 + 2 * at for pair in CHANGES for at, change in enumerate(pair)}
    expected = odd if has_summer else {}
    assert {day: hours for day, hours in lengths.items() if hours != 24} == expected


def test_a_series_moved_by_days_falls_on_other_weekdays() -> None:
    rule = Recurrence.read("FREQ=WEEKLY;BYDAY=MO,SU;UNTIL=20270131")
    moved = rule.moved(dt.timedelta(days=1))
    assert [DAYS[day] for day in moved.days] == ["MO", "TU"]
    assert moved.until == dt.date(2027, 2, 1)
    with pytest.raises(BadRule):
        Recurrence.read("FREQ=MONTHLY;BYDAY=1MO;COUNT=3").moved(dt.timedelta(days=1))
