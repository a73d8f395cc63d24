"""The sweep against an oracle: the `portion` library, and counting minute by minute."""

import datetime as dt
from itertools import pairwise

import portion
from hypothesis import given
from hypothesis import strategies as st

from backend.bookings.free import Diary, Hold, full, levels, merged, overlap, peak
from tests.cast import utc

START = utc(2026, 11, 30)


def at(minute: int) -> dt.datetime:
    return START + dt.timedelta(minutes=minute)


def oracle(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    union = portion.empty()
    for start, end in spans:
        union |= portion.closedopen(start, end)
    return [(piece.lower, piece.upper) for piece in union if not piece.empty]


minutes = st.integers(0, 40)
spans = st.tuples(minutes, minutes).map(lambda pair: (min(pair), max(pair)))
holds = st.lists(st.tuples(spans, st.integers(1, 4)), max_size=8)
windows = spans.filter(lambda pair: pair[0] < pair[1])


def held_at(known: list[tuple[tuple[int, int], int]], minute: int) -> int:
    return sum(units for (start, end), units in known if start <= minute < end)


def as_holds(known: list[tuple[tuple[int, int], int]]) -> list[Hold]:
    return [Hold(at(start), at(end), units) for (start, end), units in known]


@given(st.lists(spans, max_size=10))
def test_merging_is_the_union(known: list[tuple[int, int]]) -> None:
    assert merged((at(start), at(end)) for start, end in known) == [(at(a), at(b)) for a, b in oracle(known)]


@given(holds, windows)
def test_the_peak_is_the_most_held_in_any_minute(
    known: list[tuple[tuple[int, int], int]], window: tuple[int, int]
) -> None:
    expected = max(held_at(known, minute) for minute in range(*window))
    assert peak(as_holds(known), (at(window[0]), at(window[1]))) == expected


@given(holds, windows)
def test_levels_cover_the_window_without_a_gap(
    known: list[tuple[tuple[int, int], int]], window: tuple[int, int]
) -> None:
    parts = levels(as_holds(known), (at(window[0]), at(window[1])))
    assert (parts[0][0], parts[-1][1]) == (at(window[0]), at(window[1]))
    assert all(before[1] == after[0] for before, after in pairwise(parts))


@given(holds, windows, st.integers(0, 5))
def test_full_parts_are_the_minutes_beyond_the_room(
    known: list[tuple[tuple[int, int], int]], window: tuple[int, int], room: int
) -> None:
    crowded = [(minute, minute + 1) for minute in range(*window) if held_at(known, minute) > room]
    found = full(as_holds(known), (at(window[0]), at(window[1])), room=room)
    assert found == [(at(start), at(end)) for start, end in oracle(crowded)]


@given(holds, windows, st.integers(1, 5), st.integers(1, 5))
def test_a_diary_knows_room_as_counting_does(
    known: list[tuple[tuple[int, int], int]], window: tuple[int, int], capacity: int, quantity: int
) -> None:
    diary = Diary(as_holds(known), capacity=capacity, quantity=quantity)
    expected = all(held_at(known, minute) + quantity <= capacity for minute in range(*window))
    assert diary.has_room((at(window[0]), at(window[1]))) == expected


def test_neighbours_touch_without_overlapping() -> None:
    assert not overlap((at(0), at(10)), (at(10), at(20)))
    assert overlap((at(0), at(11)), (at(10), at(20)))
