"""Places for who is rarely shown: the chances are true, and the same seed draws the same people."""

from collections import Counter
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.exploring import drawn

PEOPLE = st.lists(st.integers(1, 40), unique=True, max_size=7)
SHOWN = st.dictionaries(st.integers(1, 40), st.integers(0, 9), max_size=20)


@given(PEOPLE, SHOWN, st.integers(0, 2), st.text(max_size=5))
def test_the_chances_are_those_of_drawing_without_putting_back(
    people: list[int], shown: dict[int, int], places: int, seed: str
) -> None:
    weights = {person: 1 / (1 + shown.get(person, 0)) for person in people}
    true: Counter[int] = Counter()
    for order in permutations(people, min(places, len(people))):
        left, chance = sum(weights.values()), 1.0
        for person in order:
            chance *= weights[person] / left
            left -= weights[person]
        for person in order:
            true[person] += chance  # type: ignore[assignment]
    found = drawn(people, shown, places, seed=seed)
    assert len({person for person, _ in found}) == len(found) == min(places, len(people))
    assert all(chance == pytest.approx(true[person]) for person, chance in found)
    assert drawn(people[::-1], shown, places, seed=seed) == found


def test_over_many_seeds_people_are_drawn_as_often_as_is_said() -> None:
    shown, draws = {1: 9, 2: 0, 3: 0, 4: 4}, 4_000
    often: Counter[int] = Counter()
    said: dict[int, float] = {}
    for seed in range(draws):
        for person, chance in drawn([1, 2, 3, 4], shown, 2, seed=str(seed)):
            often[person] += 1
            said[person] = chance
    assert sum(said.values()) == pytest.approx(2)
    assert all(often[person] / draws == pytest.approx(chance, abs=0.03) for person, chance in said.items())
    assert often[1] < often[4] < often[2]


@pytest.mark.parametrize(
    ("people", "shown", "places"), [([1, 1], {}, 1), ([1], {1: -1}, 1), ([1], {}, 3), ([1], {}, -1)]
)
def test_odd_input_is_refused(people: list[int], shown: dict[int, int], places: int) -> None:
    with pytest.raises(ValueError):
        drawn(people, shown, places, seed="")
