"""What a pair gains, and a floor that nobody falls below by having said little."""

from dataclasses import replace
from typing import Any

import pytest

from matching import GUIDE, Candidates, Intake, assign, explain, gains
from matching.people import Person
from tests.matching.cast import CRAFTS, LIGHTING, NEAR, SOUND, a_guide, ada, bela, hours


def test_what_each_gains_is_their_fit_out_of_the_most_that_it_could_be() -> None:
    answer = explain(ada(), bela(), NEAR)
    mine, theirs = gains(ada(), bela(), answer)
    assert mine.points == answer.fit_for_me * 1000 // 1350
    assert theirs.points == answer.fit_for_them * 1000 // 650
    assert (mine.judged, theirs.judged) == (1000, 1000)


@pytest.mark.parametrize(
    ("silent", "missing"),
    [
        ({"wants": ()}, 300),
        ({"sectors": frozenset()}, 100),
        ({"hours": 0}, 100),
        ({"languages": ()}, 50),
        ({"country": ""}, 50),
    ],
)
def test_what_the_guide_did_not_say_is_not_judged(silent: dict[str, Any], missing: int) -> None:
    _mine, theirs = gains_of(ada(), bela(**silent))
    assert theirs.judged == (650 - missing) * 1000 // 650


def test_a_guide_who_said_no_more_than_what_they_offer_is_above_the_floor() -> None:
    quiet = a_guide(3, offers=((LIGHTING, 4),))
    assert gains_of(ada(), quiet)[1].points < 100
    assert is_paired(ada(), quiet, floor=100)


def test_a_guide_who_said_that_all_is_different_is_below_the_floor() -> None:
    stranger = bela(wants=((SOUND, 0, 1),), sectors={CRAFTS}, hours=hours(20, 22), country="BE", good=0, rated=100)
    assert not is_paired(ada(), stranger, floor=100)
    assert is_paired(ada(), stranger, floor=0)


def test_a_guide_who_meets_no_wish_is_not_above_the_floor_by_being_silent() -> None:
    silent, newcomer = a_guide(3, rated=100), ada()
    mine, _theirs = gains_of(newcomer, silent)
    assert (mine.points, mine.judged) == (1, 777)
    assert not is_paired(newcomer, silent, floor=100)


@pytest.mark.parametrize("judged", [[1001], [-1], [0.5], [1, 2]])
def test_more_than_all_cannot_be_judged(judged: list[float]) -> None:
    with pytest.raises(ValueError, match="judged"):
        assign(Intake([1], [2], [1], Candidates([1], [2], [5], [5], judged_for_mentor=judged)))


def test_whether_the_floor_is_reached_is_part_of_what_is_proven() -> None:
    pair = Candidates([1], [2], [50], [50], judged_for_mentee=[500], judged_for_mentor=[400])
    intake = Intake([1], [2], [1], pair, floor=100)
    unsaid = replace(intake, candidates=replace(pair, judged_for_mentee=None))
    assert assign(intake).pairs
    assert not assign(unsaid).pairs
    assert assign(intake).certificate.digest != assign(unsaid).certificate.digest


def gains_of(me: Person, them: Person) -> Any:
    return gains(me, them, explain(me, them, NEAR), GUIDE)


def is_paired(me: Person, them: Person, *, floor: int) -> bool:
    mine, theirs = gains_of(me, them)
    columns = [me.id], [them.id], [mine.points], [theirs.points], None, [mine.judged], [theirs.judged]
    return bool(assign(Intake([me.id], [them.id], [1], Candidates(*columns), floor=floor)).pairs)
