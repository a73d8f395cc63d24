"""What is taken as it is comes to the same as what is looked at closely."""

import json
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as some
from rest_framework.exceptions import ValidationError

from backend.errors import Refusal
from realtime import frames, shapes

NEEDED: dict[str, some.SearchStrategy[Any]] = {
    "room": some.integers(1, 2**62),
    "client_id": some.uuids().map(str),
    "body": some.text(max_size=9),
}
MORE: dict[str, some.SearchStrategy[Any]] = {
    "topic": some.none() | some.integers(1, 9),
    "reply_to": some.none() | some.integers(1, 9),
    "language": some.sampled_from(["", "de", "nds"]),
    "important": some.booleans(),
    "everyone": some.booleans(),
    "mentions": some.lists(some.integers(1, 3), max_size=2),
    "attachments": some.lists(some.text(max_size=3), max_size=2),
    "ref": some.text(max_size=3),
    "stranger": some.none(),
}
ODD: list[Any] = [
    None,
    True,
    0,
    -3,
    2**62 + 1,
    1.5,
    "",
    " de",
    "d\u0435e",
    "deut",
    "12",
    "a\0b",
    "x" * 36,
    [],
    [0],
    ["x"],
    {},
]
GOOD = some.fixed_dictionaries(NEEDED, optional=MORE)


def content(kind: str, frame: dict[str, Any], *, closely: bool) -> Any:
    text = json.dumps({"type": kind, **frame})
    try:
        if closely:
            found = shapes.FROM_BROWSER[kind]().run_validation(json.loads(text))
            return {name: value for name, value in found.items() if name != "type"}
        return frames.read(text)[1]
    except (Refusal, ValidationError):
        return "refused"


def means_the_same(wish: dict[str, Any], kind: str = "message.post") -> bool:
    return bool(content(kind, wish, closely=False) == content(kind, wish, closely=True))


@given(GOOD)
def test_a_message_means_the_same_whether_it_is_taken_as_it_is_or_looked_at_closely(wish: dict[str, Any]) -> None:
    assert means_the_same(wish)


def test_so_does_one_with_any_odd_thing_in_any_place_and_one_that_lacks_something() -> None:
    plain = {"room": 1, "client_id": str(UUID(int=7)), "body": "Hello", "topic": 2, "language": "de", "mentions": []}
    assert content("message.post", plain, closely=False) != "refused"
    different = [(place, odd) for place in [*NEEDED, *MORE] for odd in ODD if not means_the_same(plain | {place: odd})]
    assert different == []
    assert [place for place in plain if not means_the_same({k: v for k, v in plain.items() if k != place})] == []


ROOMS = some.dictionaries(some.sampled_from(["1", "07", "7", "9" * 18]), some.none() | some.integers(0, 9), max_size=3)


@given(ROOMS)
def test_whoever_comes_back_means_the_same_rooms_and_numbers_either_way(rooms: dict[str, int | None]) -> None:
    assert content("subscribe", {"rooms": rooms}, closely=False) == {"rooms": {int(pk): at for pk, at in rooms.items()}}
    assert means_the_same({"rooms": rooms}, "subscribe")


def test_so_do_odd_rooms_and_numbers() -> None:
    keys = ["", " 1", "-1", "+1", "1.0", "x", "٣", "²", "9" * 19, "0"]
    wishes = [{"rooms": {"1": odd}} for odd in [*ODD, "3", True, 2.0]] + [{"rooms": {key: 1}} for key in keys]
    wishes += [{"rooms": odd} for odd in ODD] + [
        {},
        {"rooms": {"1": 1}, "ref": "x"},
        {"rooms": dict.fromkeys(map(str, range(201)))},
    ]
    assert [wish for wish in wishes if not means_the_same(wish, "subscribe")] == []
