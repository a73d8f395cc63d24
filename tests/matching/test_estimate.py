"""Weights follow what people choose, carefully, and only when that foretells choices that were not looked at."""

import numpy as np
import pytest

from matching.estimate import LEAST, Choice, Shown, estimate

NOW = {"wishes": 600, "hours": 200, "sector": 200}


def choices(true: dict[str, int], count: int, *, seed: int = 1, chances: bool = False) -> list[Choice]:
    """People who choose by other weights than the current ones."""
    draw = np.random.default_rng(seed)
    made = []
    for _ in range(count):
        shares = draw.random((10, len(true)))
        chance = np.where(draw.random(10) < 0.3, 0.2, 1.0) if chances else np.ones(10)
        gains = shares @ np.array(list(true.values())) / 100 - np.log(chance)
        odds = np.exp(gains - gains.max())
        shown = tuple(
            Shown(dict(zip(true, row, strict=True)), chance=one)
            for row, one in zip(shares.tolist(), chance.tolist(), strict=True)
        )
        made.append(Choice(shown, int(draw.choice(10, p=odds / odds.sum()))))
    return made


@pytest.mark.parametrize("chances", [False, True])
def test_weights_move_towards_those_by_which_people_choose_and_come_to_the_same_sum(chances: bool) -> None:
    found = estimate(choices({"wishes": 300, "hours": 600, "sector": 100}, 600, chances=chances), NOW)
    assert found is not None
    assert sum(found.points.values()) == 1000
    assert found.points["hours"] > 400 > found.points["wishes"]
    assert found.after > found.before
    assert (found.learnt_from, found.held_out) == (480, 120)


def test_the_same_choices_give_the_same_weights() -> None:
    given = choices({"wishes": 300, "hours": 600, "sector": 100}, 200)
    assert estimate(given, NOW) == estimate(given, NOW)


def test_where_people_choose_as_foretold_or_at_random_hardly_anything_moves() -> None:
    found = estimate(choices(NOW, 400), NOW)
    assert found is None or max(abs(found.points[part] - NOW[part]) for part in NOW) <= 100


def test_what_lists_that_were_held_out_speak_against_is_not_proposed() -> None:
    """Every fifth list is held out: there people choose the other way round."""
    by_hours, by_wishes = {"wishes": 300, "hours": 600, "sector": 100}, {"wishes": 900, "hours": 0, "sector": 100}
    learnt, held = choices(by_hours, 400), choices(by_wishes, 400, seed=2)
    assert estimate(learnt, NOW) is not None
    assert estimate([held[at] if at % 5 == 4 else one for at, one in enumerate(learnt)], NOW) is None


def test_the_less_evidence_the_nearer_to_the_current_weights() -> None:
    """Where everybody chooses whoever has most hours, the likeliest weights would have nothing else."""
    draw = np.random.default_rng(3)
    lists = []
    for shares in draw.random((400, 10, len(NOW))):
        shown = tuple(Shown(dict(zip(NOW, row, strict=True))) for row in shares.tolist())
        lists.append(Choice(shown, int(shares[:, 1].argmax())))
    few, many = estimate(lists[:100], NOW), estimate(lists, NOW)
    assert few is not None
    assert many is not None
    assert NOW["hours"] + 300 < few.points["hours"] < 650 < 800 < many.points["hours"] < 900


def test_little_evidence_says_nothing() -> None:
    assert estimate(choices({"wishes": 0, "hours": 1000, "sector": 0}, LEAST - 1), NOW) is None


def test_what_was_not_shown_cannot_be_chosen() -> None:
    with pytest.raises(ValueError, match="not shown"):
        estimate([Choice((Shown({}),), 1)], NOW)
    with pytest.raises(ValueError, match="chance"):
        estimate([Choice((Shown({}, chance=0),), 0)], NOW)
