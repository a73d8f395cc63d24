"""A stored cohort can be checked by whoever has the record and nothing else."""

import json
from dataclasses import replace
from typing import Any

import pytest

from matching import Objective, assign, check, written_cohort, written_intake
from tests.matching.test_certificate import INTAKE


@pytest.mark.parametrize("objective", list(Objective))
def test_a_stored_cohort_is_checked_with_nothing_beside_it(objective: Objective) -> None:
    intake, cohort = stored(objective)
    assert check(intake, cohort) == ()


@pytest.mark.parametrize("objective", list(Objective))
def test_a_stored_cohort_with_other_pairs_is_refused(objective: Objective) -> None:
    intake, cohort = stored(objective)
    one, other = cohort["pairs"][3], cohort["pairs"][4]
    one[1], other[1] = other[1], one[1]
    assert check(intake, cohort)


@pytest.mark.parametrize("objective", [Objective.PROTECT_WORST_OFF, Objective.PREFER_STABILITY])
def test_what_stands_beside_another_objective_is_checked_too(objective: Objective) -> None:
    intake, cohort = stored(objective)
    cohort["plain"]["figures"]["points"] += 1
    assert check(intake, cohort) == ("the plain cohort: the figures of the cohort are not as said",)
    assert check(intake, cohort | {"plain": None})


@pytest.mark.parametrize(
    "change",
    [
        {"scarcity": [0] * 12},
        {"pairs": None},
        {"pairs": [[1, 2]]},
        {"objective": "whatever"},
        {"prices": 7},
        {"prices": [["a"]]},
        {"figures": {}},
        {"said": "by me"},
    ],
)
def test_a_record_that_says_something_else_is_refused(change: dict[str, Any]) -> None:
    intake, cohort = stored(Objective.TOTAL)
    assert check(intake, cohort | change)


@pytest.mark.parametrize(
    "change", [{"candidates": None}, {"mentees": ["a"]}, {"floor": 1}, {"floor": "a"}, {"more": 1}]
)
def test_a_record_of_another_intake_is_refused(change: dict[str, Any]) -> None:
    intake, cohort = stored(Objective.TOTAL)
    assert check(intake | change, cohort)


def stored(objective: Objective) -> tuple[Any, Any]:
    """As a database would give it back."""
    intake = replace(INTAKE, at_least=None) if objective == Objective.OWN_RANKINGS else INTAKE
    cohort = assign(intake, objective=objective)
    return json.loads(json.dumps(written_intake(intake))), json.loads(json.dumps(written_cohort(cohort)))
