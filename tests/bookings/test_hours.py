"""When a house is open: weeks, exceptions, public holidays, nights over the change of the clocks."""

import datetime as dt
from typing import Any

import pytest

from backend.bookings import rules, times
from backend.bookings.availability import free_window
from backend.bookings.hours import Hours, holiday, with_hours
from backend.bookings.models import Opening, OpeningException, Resource
from backend.bookings.rules import Wish
from tests.bookings.cast import NOW, a_place, a_resource, span
from tests.cast import utc

MONDAY = dt.date(2026, 11, 30)
NINE_TO_SIX = tuple((day, 540, 1080) for day in range(5))
NIGHTS = tuple((day, 22 * 60, 30 * 60) for day in range(7))
BRUSSELS = "Europe/Brussels"


def covers(hours: Hours, start: dt.datetime, end: dt.datetime, *, throughout: bool = True) -> bool:
    return hours.cover(start, end, zone=BRUSSELS, throughout=throughout)


def test_a_place_without_hours_is_open_day_and_night() -> None:
    assert Hours().is_always_open
    assert covers(Hours(), utc(2026, 11, 29, 23), utc(2026, 12, 3, 4))


def test_a_week_is_read_on_the_clock_of_the_place() -> None:
    hours = Hours(NINE_TO_SIX)
    assert covers(hours, utc(2026, 11, 30, 8), utc(2026, 11, 30, 17))
    assert not covers(hours, utc(2026, 11, 30, 7), utc(2026, 11, 30, 9))
    assert not covers(hours, utc(2026, 11, 30, 16), utc(2026, 11, 30, 18))
    assert not covers(hours, utc(2026, 11, 28, 9), utc(2026, 11, 28, 10)), "Saturday"


def test_what_is_not_used_on_the_spot_may_stay_out_while_the_house_is_closed() -> None:
    hours = Hours(NINE_TO_SIX)
    friday_to_monday = utc(2026, 11, 27, 10), utc(2026, 11, 30, 10)
    assert covers(hours, *friday_to_monday, throughout=False)
    assert not covers(hours, *friday_to_monday)
    assert not covers(hours, utc(2026, 11, 28, 10), utc(2026, 11, 30, 10), throughout=False)


@pytest.mark.parametrize(
    ("day", "length"), [((2027, 3, 27), 7), ((2027, 10, 30), 9), ((2027, 6, 1), 8)], ids=["shorter", "longer", "usual"]
)
def test_a_night_over_the_change_of_the_clocks_is_open_as_long_as_it_lasts(day: Any, length: int) -> None:
    start = times.moment(dt.datetime.combine(dt.date(*day), dt.time(22)), BRUSSELS)
    hours = Hours(NIGHTS)
    assert covers(hours, start, start + dt.timedelta(hours=length))
    assert not covers(hours, start, start + dt.timedelta(hours=length, minutes=30))


def test_an_exception_goes_before_a_holiday_and_a_holiday_before_the_week() -> None:
    christmas = dt.date(2026, 12, 25)
    assert holiday("BE", "", christmas)
    kept = Hours(NINE_TO_SIX, (), ("BE", ""))
    assert (kept.on(christmas), kept.on(dt.date(2026, 12, 24))) == ((), ((540, 1080),))
    opened = Hours(NINE_TO_SIX, ((christmas, christmas, 600, 720, "Soup for all"),), ("BE", ""))
    assert (opened.on(christmas), opened.why_closed(christmas)) == (((600, 720),), "Soup for all")


def test_a_region_keeps_its_own_holidays_and_an_unknown_one_those_of_its_country() -> None:
    corpus_christi = dt.date(2027, 5, 27)
    assert holiday("DE", "BY", corpus_christi)
    assert not holiday("DE", "BE", corpus_christi)
    assert holiday("DE", "??", dt.date(2027, 10, 3))
    assert not holiday("XX", "", dt.date(2027, 1, 1))


@pytest.mark.django_db
def test_rule_and_search_agree_about_a_closed_house() -> None:
    house = a_place(closed_on_holidays=True)
    for weekday in range(5):
        Opening.objects.create(place=house, weekday=weekday, opens_minute=540, closes_minute=1080)
    OpeningException.objects.create(place=house, first_day=MONDAY, last_day=MONDAY, reason="Stocktaking")
    desk, drill = a_resource(place=house), a_resource(place=house, name="Drill", kind="equipment", max_minutes=9999)
    elsewhere = a_resource(place=a_place(name="Other"), max_minutes=9999)
    shown = with_hours(Resource.objects.filter(pk__in=[desk.pk, drill.pk, elsewhere.pk]).order_by("pk"))
    for start, end in [
        span(9, 10), span(9, 10, day=27), (utc(2026, 11, 27, 9), utc(2026, 12, 1, 9)), (utc(2026, 12, 25, 9), utc(2026, 12, 25, 10)),
    ]:  # fmt: skip
        found = set(free_window(Resource.objects.all(), start, end).values_list("pk", flat=True))
        kept = {it.pk for it in shown if not rules.house(Wish(it, start, end, NOW))}
        kept -= {it.pk for it in shown if it.kind == "workspace" and rules.opening(Wish(it, start, end, NOW))}
        assert found == kept, (start, end)
    problem = rules.house(Wish(shown[0], *span(9, 10), NOW))
    assert problem is not None
    assert problem.as_dict() == {
        "code": "place_closed", "detail": "Workshop is closed then.", "day": "2026-11-30", "open": [], "reason": "Stocktaking",
    }  # fmt: skip
