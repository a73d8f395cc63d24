"""Every member reads how points are counted; a coordinator changes it, and what was before is kept."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from backend.members.models import Member
from backend.mentoring.learning import choices_of
from backend.mentoring.models import MentorshipRequest, Programme, Showing
from backend.mentoring.people import PEOPLE
from backend.mentoring.weighing import GAINS, shared_out, weights_of
from matching import FAR
from tests.cast import a_guide, a_member, an_organisation, signed_in
from tests.mentoring.test_cohorts import a_programme

pytestmark = pytest.mark.django_db
DEFAULTS = {
    "wishes": 500, "mutual": 150, "sector": 100, "hours": 100, "languages": 50, "abroad": 50, "track_record": 50,
}  # fmt: skip


@pytest.fixture(autouse=True)
def _nobody_is_known_yet() -> None:
    PEOPLE.forget()


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


def test_a_coordinator_chooses_among_programmes_of_other_organisations_too(coordinator: Member) -> None:
    abroad = Programme.objects.create(organisation=an_organisation(), name="Abroad", track="social")
    a_programme(coordinator)
    abroad.coordinators.add(coordinator, a_member("Dora"))
    assert [one["name"] for one in read(coordinator)["programmes"]] == ["Abroad", "Welcome"]
    assert [one["name"] for one in read(a_member("Ada"))["programmes"]] == ["Welcome"]


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


def version_of(programme: Programme) -> str:
    return f"programme-{programme.pk}-1"


def asked_for_hours(programme: Programme, count: int) -> None:
    """So many members saw two guides, one with what they want and one with common hours, and asked the latter."""
    wise, free = a_guide("Wise"), a_guide("Free")
    version, now = version_of(programme), timezone.now()
    for number in range(count):
        member = a_member(f"Member {number}")
        for place, (guide, points) in enumerate(((wise, {"wishes": 400}), (free, {"hours": 100})), start=1):
            Showing.objects.create(
                member=member, person=guide, day=now.date(), place=place, chance=1, points=points, weights=version
            )
        MentorshipRequest.objects.create(mentee=member, mentor=free, track="economic", message="Hello", created_at=now)


def test_what_members_choose_is_proposed_and_counts_once_a_coordinator_approves(coordinator: Member) -> None:
    programme = a_programme(coordinator)
    client, path = signed_in(coordinator), f"/api/programmes/{programme.pk}/weights"
    assert client.post(f"{path}/learn/").json()["code"] == "nothing_learnt"
    asked_for_hours(programme, 100)
    proposal = client.post(f"{path}/learn/").json()["proposal"]
    assert proposal["points"]["hours"] > 100
    assert proposal["points"]["wishes"] < 500
    assert sum(proposal["points"].values()) == 1000
    assert proposal["evidence"]["after"] > proposal["evidence"]["before"]
    assert points(read(coordinator, programme)) == DEFAULTS
    assert read(a_member("Ada"), programme)["proposal"] is None
    assert signed_in(a_member("Eve")).post(f"{path}/decide/", {"approve": True}).status_code == 404
    answer = client.post(f"{path}/decide/", {"approve": True}).json()
    assert points(answer) == proposal["points"]
    assert [row["source"] for row in answer["history"]] == ["estimated", "given"]
    assert client.post(f"{path}/decide/", {"approve": True}).json()["code"] == "no_proposal"


def test_a_guide_who_was_asked_within_the_week_was_chosen_from_that_list(coordinator: Member) -> None:
    programme, now = a_programme(coordinator), timezone.now()
    wise, free = a_guide("Wise"), a_guide("Free")
    chosen = []
    for days in (-1, 0, 7, 8):
        Showing.objects.all().delete()
        member = a_member(f"Asks after {days} days")
        for place, guide in enumerate((wise, free), start=1):
            Showing.objects.create(
                member=member, person=guide, day=now.date(), place=place, chance=1, points={}, weights=version_of(programme)
            )  # fmt: skip
        request = MentorshipRequest.objects.create(mentee=member, mentor=free, track="economic", message="Hello", created_at=now)  # fmt: skip
        MentorshipRequest.objects.filter(pk=request.pk).update(created_at=now + dt.timedelta(days=days))
        chosen.append([choice.chosen for choice in choices_of(programme)])
    assert chosen == [[], [1], [1], []]


def test_a_refused_proposal_and_one_for_older_weights_change_nothing(coordinator: Member) -> None:
    programme = a_programme(coordinator)
    client, path = signed_in(coordinator), f"/api/programmes/{programme.pk}/weights"
    asked_for_hours(programme, 100)
    client.post(f"{path}/learn/")
    assert points(client.post(f"{path}/decide/", {"approve": False}).json()) == DEFAULTS
    client.post(f"{path}/learn/")
    weighed(coordinator, programme, points=DEFAULTS | {"wishes": 400, "sector": 200})
    assert client.post(f"{path}/decide/", {"approve": True}).json()["code"] == "no_proposal"


def test_two_had_better_be_different_where_a_coordinator_says_so_and_it_stays_until_said_otherwise(
    coordinator: Member,
) -> None:
    programme = a_programme(coordinator)
    assert read(coordinator, programme)["like"] == {"sector": "similar", "experience": "similar"}
    answer = weighed(coordinator, programme, points=DEFAULTS, like={"sector": "different"}).json()
    assert answer["like"] == {"sector": "different", "experience": "similar"}
    answer = weighed(coordinator, programme, levels={"wishes": "must"}, like={"experience": "different"}).json()
    assert answer["like"] == {"sector": "different", "experience": "different"}
    programme.refresh_from_db()
    weights = weights_of(programme)
    assert (weights.sector_apart, weights.levels) == (True, FAR)
    answer = weighed(coordinator, programme, points=DEFAULTS, like={"sector": "similar"}).json()
    assert answer["like"] == {"sector": "similar", "experience": "different"}
    assert weighed(coordinator, programme, points=DEFAULTS, like={"sector": "alike"}).status_code == 400
