"""What can be said of a person, and what cannot."""

from typing import Any

import pytest

from matching import LEVELS, Person, Weights
from tests.matching.cast import ada


def test_the_order_in_which_somebody_tells_does_not_matter() -> None:
    one = Person(id=1, offers=((2, 3), (1, 5)), wants=((7, 0, 1), (5, 2, 3)), languages=(("nl", 4), ("fr", 7)))
    other = Person(id=1, offers=((1, 5), (2, 3)), wants=((5, 2, 3), (7, 0, 1)), languages={"fr": 7, "nl": 4})
    assert one == other
    assert one.wants == ((5, 2, 3), (7, 0, 1))


def test_a_conversation_needs_b1() -> None:
    assert ada(languages={"fr": 7, "en": 3, "de": 2}).comfortable == {"fr", "en"}


@pytest.mark.parametrize(
    "fields",
    [
        {"offers": ((1, 0),)},
        {"offers": ((1, 6),)},
        {"offers": ((1, 2.5),)},
        {"offers": ((1, float("nan")),)},
        {"offers": ((1, True),)},
        {"offers": ((-1, 3),)},
        {"offers": ((1.5, 3),)},
        {"offers": ((2**63, 3),)},
        {"wants": ((float("inf"), 0, 1),)},
        {"wants": ((1, 0, 1.0),)},
        {"wants": ((None, 0, 1), (2, 0, 1))},
        {"offers": (([], 1), (2, 1))},
        {"languages": ((None, 3), ("fr", 3))},
        {"languages": {"": 3}},
        {"id": -1},
        {"id": 2**63},
        {"hours": 1.0},
        {"waiting": float("nan")},
        {"offers": ((1, 2), (1, 3))},
        {"wants": ((1, 5, 1),)},
        {"wants": ((1, 0, 0),)},
        {"wants": ((1, 0, 4),)},
        {"wants": ((1, 0, 1), (1, 2, 1))},
        {"wants": tuple((skill, 0, 1) for skill in range(1_000_000))},
        {"offers": tuple((skill, 1) for skill in range(1_001))},
        {"sectors": frozenset(range(1_001))},
        {"languages": {f"l{number}": 7 for number in range(1_001)}},
        {"languages": {"fr": 8}},
        {"languages": (("fr", 1), ("fr", 2))},
        {"hours": -1},
        {"hours": 1 << 168},
        {"places_open": -1},
        {"good": 2, "rated": 1},
        {"country": "Belgium"},
        {"formats": {"by_letter"}},
    ],
)
def test_what_cannot_be_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        ada(**fields)


def test_hours_reach_to_the_last_of_the_week() -> None:
    assert ada(hours=1 << 167).hours.bit_length() == 168


@pytest.mark.parametrize(
    "fields",
    [
        {"version": ""},
        {"wishes": -1},
        {"balance_percent": 51},
        {"wishes": float("nan")},
        {"wishes": float("inf")},
        {"wishes": 1.5},
        {"wishes": "500"},
        {"wishes": True},
        {"wishes": None},
        {"guiding": 1},
        {"version": 7},
        {"levels": ((0, 1.5, 0, 0, 0, 0),) * 5},
        {"levels": ((0, True, 0, 0, 0, 0),) * 5},
        {"levels": [[0, "a", 0, 0, 0, 0]] * 5},
        {"levels": 5},
        dict.fromkeys(
            ("wishes", "mutual", "sector", "hours", "languages", "abroad", "abroad_theirs", "track_record"), 0
        ),
        {"hours_enough": 0},
        {"record_good": 9},
        {"levels": ((0,) * 6,) * 4},
        {"levels": ((10,) * 6,) * 5},
        {"levels": ((0, 0, 0, 0, 0, 101),) * 5},
    ],
)
def test_weights_that_make_no_sense_are_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        Weights(**fields)


def test_levels_may_come_as_json_tells_them() -> None:
    assert Weights(levels=[list(row) for row in LEVELS]) == Weights()  # type: ignore[arg-type]
