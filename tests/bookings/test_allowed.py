"""What a search finds is what the rules allow: compared with asking every rule for each thing and each start."""

import datetime as dt
import random

import pytest

from backend.bookings import rules, search, times
from backend.bookings.availability import free_window
from backend.bookings.models import Resource
from backend.bookings.times import MINUTE
from tests.bookings.cast import HOUR, NOW, a_place, a_resource
from tests.cast import a_member

pytestmark = pytest.mark.django_db
RULES = (rules.past, rules.length, rules.lead, rules.ahead)


def various(zone: str, luck: random.Random) -> list[Resource]:
    place = a_place(timezone=zone)
    return [
        a_resource(
            place=place, name=f"Thing {number}", min_minutes=luck.choice([30, 60, 180]), max_minutes=luck.choice([180, 240]),
            step_minutes=30, lead_minutes=luck.choice([0, 60, 3000]), ahead_days=luck.choice([1, 2, 90]),
        )
        for number in range(12)
    ]  # fmt: skip


def test_what_is_found_free_then_is_what_the_rules_of_time_allow() -> None:
    luck = random.Random(5)
    things = various("Europe/Brussels", luck)
    Resource.objects.update(opens_minute=0, closes_minute=times.MINUTES_A_DAY)
    seen = set()
    for _ in range(60):
        start = NOW + luck.choice([-30, 0, 59, 60, 61, 1440, 2880, 2881, 3000, 90 * 1440, 124 * 1440]) * MINUTE
        end = start + luck.choice([30, 60, 180, 240, 270]) * MINUTE
        found = set(free_window(Resource.objects.all(), start, end, at=NOW).values_list("pk", flat=True))
        wishes = [rules.Wish(thing, start, end, NOW) for thing in things]
        assert found == {wish.resource.pk for wish in wishes if all(rule(wish) is None for rule in RULES)}
        seen.add(len(found))
    assert len(seen) > 3


def test_the_first_free_time_is_the_first_that_keeps_every_rule() -> None:
    luck, ada = random.Random(6), a_member()
    things = various("Europe/Brussels", luck)
    end = NOW + 4 * 24 * HOUR
    for minutes in (30, 60, 180, 240, 270):
        found, _ = search.first_free(Resource.objects.all(), member=ada, minutes=minutes, start=NOW, end=end, at=NOW)
        expected = {}
        for thing in things:
            starts = (NOW + step * 30 * MINUTE for step in range(4 * 48))
            spans = ((start, start + minutes * MINUTE) for start in starts if start + minutes * MINUTE <= end)
            first = next((span for span in spans if not list(rules.problems(rules.Wish(thing, *span, NOW)))), None)
            if first is not None:
                expected[thing.pk] = first
        assert {one.resource.pk: (one.starts_at, one.ends_at) for one in found} == expected


def test_a_night_when_the_clocks_move_is_judged_by_the_kinder_of_both_lengths() -> None:
    place = a_place(timezone="Europe/Brussels")
    hours = {"opens_minute": 0, "closes_minute": times.MINUTES_A_DAY, "ahead_days": 365}
    thing = a_resource(place=place, min_minutes=240, max_minutes=240, **hours)
    start = dt.datetime(2027, 3, 28, 0, tzinfo=dt.UTC)
    for minutes, allowed in ((180, True), (240, True), (120, False), (300, False)):
        found = free_window(Resource.objects.all(), start, start + minutes * MINUTE, at=start - 24 * HOUR)
        wish = rules.Wish(thing, start, start + minutes * MINUTE, start - 24 * HOUR)
        assert (found.exists(), rules.length(wish) is None) == (allowed, allowed)
