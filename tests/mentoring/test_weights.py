"""Every member reads how points are counted; a coordinator changes it, and what was before is kept."""

from typing import Any

import pytest

from backend.members.models import Member
from backend.mentoring.models import Programme
from backend.mentoring.people import PEOPLE
from backend.mentoring.weighing import GAINS, shared_out
from tests.cast import a_member, an_organisation, signed_in
from tests.mentoring.test_cohorts import a_programme

pytestmark = pytest.mark.django_db
DEFAULTS = {
    "wishes": 500, "mutual": 150, "sector": 100, "hours": 100, "languages": 50, "abroad": 50, "track_record": 50,
}  # fmt: skip


@pytest.fixture(autouse=True)
def _nobody_is_known_yet() -> None:
    PEOPLE.forget()


@pytest.fixture
def coordinator() -> Member:
    return a_member("Cleo")


def read(member: Member, programme: Programme | None = None) -> dict[str, Any]:
    path = "/api/weights/" + (f"?programme={programme.pk}" if programme else "")
    answer: dict[str, Any] = signed_in(member).get(path).json()
    return answer


def points(answer: dict[str, Any]) -> dict[str, int]:
    return {row["part"]: row["points"] for row in answer["weights"] if not row["deducts"]}


def weighed(by: Member, programme: Programme, **wish: Any) -> Any:
    return signed_in(by).post(f"/api/programmes/{programme.pk}/weights/", wish, format="json")


def test_every_member_reads_the_defaults_and_those_of_each_programme(coordinator: Member) -> None:
    programme = a_programme(coordinator)
    answer = read(a_member("Ada"))
    assert (points(answer), answer["version"], answer["programme"]) == (DEFAULTS, "guide-1", None)
    assert [one["name"] for one in answer["programmes"]] == ["Welcome"]
    theirs = read(a_member("Zoé", organisation=an_organisation()), programme)
    assert (points(theirs), theirs["may"]) == (DEFAULTS, {"edit": False})


def test_a_coordinator_changes_them_and_the_old_ones_are_kept_under_their_number(coordinator: Member) -> None:
    programme = a_programme(coordinator)
    wish = DEFAULTS | {"wishes": 400, "sector": 200}
    assert points(weighed(coordinator, programme, points=wish).json()) == wish
    answer = read(a_member("Ada"), programme)
    assert [(row["number"], row["source"], row["weights"]["sector"]) for row in answer["history"]] == [
        (2, "edited", 200),
        (1, "given", 100),
    ]
    assert answer["version"] == f"programme-{programme.pk}-2"
    programme.refresh_from_db()
    assert (programme.weights["sector_first"], programme.weights["sector_more"]) == (120, 40)


def test_words_become_points_that_come_to_a_thousand(coordinator: Member) -> None:
    programme = a_programme(coordinator)
    levels = {"wishes": "must", "hours": "high", "languages": "medium", "sector": "low"}
    found = points(weighed(coordinator, programme, levels=levels).json())
    assert found == {
        "wishes": 533,
        "hours": 267,
        "languages": 133,
        "sector": 67,
        "mutual": 0,
        "abroad": 0,
        "track_record": 0,
    }
    for count in range(1, len(GAINS) + 1):
        assert sum(shared_out(dict.fromkeys(GAINS[:count], "high")).values()) == 1000


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"points": DEFAULTS | {"wishes": 501}}, "weights_not_whole"),
        ({"points": DEFAULTS | {"wishes": -1}}, "min_value"),
        ({"points": {"age": 1000}}, "invalid_choice"),
        ({"levels": {}}, "weights_nothing"),
        ({"levels": {"wishes": "very"}}, "invalid_choice"),
        ({}, "required"),
    ],
)
def test_weights_that_cannot_be_are_refused(coordinator: Member, wish: dict[str, Any], code: str) -> None:
    answer = weighed(coordinator, a_programme(coordinator), **wish)
    assert answer.status_code == 400
    assert f'"{code}"' in answer.content.decode().replace('": "', '": "')


def test_only_coordinators_change_them(coordinator: Member) -> None:
    programme = a_programme(coordinator)
    assert weighed(a_member("Eve"), programme, points=DEFAULTS).status_code == 404
    programme.refresh_from_db()
    assert programme.weights_version == 1
