"""A programme in which nothing but the members' own rankings decides who guides whom."""

import json

import pytest
from django.utils import timezone

from backend.errors import Invalid
from backend.members.models import Member
from backend.mentoring import cohorts, programmes, publishing
from backend.mentoring.deciding import decided_for
from backend.mentoring.models import Cohort, PlacePrice, Programme
from backend.mentoring.people import PEOPLE
from backend.mentoring.why import why
from matching import check
from tests.cast import a_skill, signed_in
from tests.mentoring.test_cohorts import a_mentee, a_mentor, a_programme, pairs
from tests.mentoring.test_programmes import joined, likes

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture(autouse=True)
def _nobody_is_known_yet() -> None:
    PEOPLE.forget()


@pytest.fixture
def programme(coordinator: Member) -> Programme:
    return a_programme(coordinator, decides="rankings", floor=900)


def worked_out(programme: Programme, by: Member) -> Cohort:
    return cohorts.run(cohorts.ask_for(programme=programme, by=by, objective=None, at=NOW), clock=timezone.now)


def cast(programme: Programme) -> dict[str, Member]:
    """Ada and Bo look for a guide, Vera and Vito have a place each and offer nothing that they want."""
    vat, sewing = a_skill("VAT return"), a_skill("sewing")
    people = {name: a_mentee(name, vat) for name in ("Ada", "Bo")}
    people |= {name: a_mentor(name, sewing, places=1) for name in ("Vera", "Vito")}
    for name, member in people.items():
        joined(programme, member, "mentor" if name.startswith("V") else "mentee")
    return people


def test_the_order_in_which_people_like_each_other_decides_and_points_do_not(
    programme: Programme, coordinator: Member
) -> None:
    who = cast(programme)
    likes(programme, who["Ada"], who["Vera"], who["Vito"])
    likes(programme, who["Bo"], who["Vera"], who["Vito"])
    for dearest, other in (("Ada", "Bo"), ("Bo", "Ada")):
        likes(programme, who["Vera"], who[dearest])
        cohort = worked_out(programme, coordinator)
        assert pairs(cohort) == {(dearest, "Vera"), (other, "Vito")}
        assert cohort.certificate is not None
        assert (cohort.objective, cohort.certificate["proof"]) == ("own_rankings", "stability")
        assert cohort.certificate["figures"]["blocking"] == 0
        assert check(json.loads(json.dumps(cohort.intake)), json.loads(json.dumps(cohort.certificate))) == ()
    assert why(cohort, who["Ada"].pk, who["Vera"].pk).outcome == "others_dearer"
    assert why(cohort, who["Bo"].pk, who["Vito"].pk).outcome == "dearer_given"
    assert not PlacePrice.objects.exists()


def test_nobody_is_given_who_was_not_named_or_would_rather_not(programme: Programme, coordinator: Member) -> None:
    who = cast(programme)
    likes(programme, who["Ada"], who["Vera"])
    assert pairs(worked_out(programme, coordinator)) == {("Ada", "Vera")}
    likes(programme, who["Vera"], avoided=(who["Ada"],))
    cohort = worked_out(programme, coordinator)
    assert pairs(cohort) == set()
    assert dict(cohort.seats.values_list("mentee__name", "why_empty")) == {"Ada": "excluded", "Bo": "no_candidate"}


def test_a_demand_of_the_coordinator_comes_first(programme: Programme, coordinator: Member) -> None:
    who = cast(programme)
    likes(programme, who["Ada"], who["Vera"])
    cohorts.demand(programme=programme, mentee=who["Bo"], mentor=who["Vera"], kind="kept", by=coordinator)
    assert pairs(worked_out(programme, coordinator)) == {("Bo", "Vera")}


def test_what_members_were_told_decides_and_nothing_else(programme: Programme, coordinator: Member) -> None:
    points = a_programme(coordinator, name="By points")
    for one, objective in ((programme, "total"), (points, "own_rankings")):
        with pytest.raises(Invalid) as refusal:
            cohorts.ask_for(programme=one, by=coordinator, objective=objective, at=NOW)
        assert refusal.value.as_dict()["fields"]["objective"][0]["code"] == "decided_otherwise"


def test_the_doors_say_so_to_coordinators_and_members(programme: Programme, coordinator: Member) -> None:
    who = cast(programme)
    likes(programme, who["Ada"], who["Vito"], who["Vera"])
    office, ada = signed_in(coordinator), signed_in(who["Ada"])
    at = f"/api/programmes/{programme.pk}"
    assert office.get(f"{at}/").json()["objectives"] == ["own_rankings"]
    programmes.change(programme=programme, by=coordinator, decides="points")
    assert office.patch(f"{at}/settings/", {"decides": "rankings"}, format="json").json()["decides"] == "rankings"
    assert office.post(f"{at}/match/", {"objective": "total"}, format="json").status_code == 400
    assert ada.get(f"/api/offered-programmes/{programme.pk}/").json()["decides"] == "rankings"
    cohort = worked_out(programme, coordinator)
    rows = office.get(f"/api/cohorts/{cohort.pk}/seats/").json()["results"]
    given = [(row["mentee"]["name"], row["mentee_rank"], row["mentor_rank"]) for row in rows if row["mentor"]]
    assert given == [("Ada", 1, None)]
    publishing.publish(cohort=cohort, by=coordinator, at=NOW)
    decided = ada.get(f"/api/offered-programmes/{programme.pk}/decided/").json()
    assert (decided["objective"], decided["quality"]["figures"]["blocking"]) == ("own_rankings", 0)
    assert [wish["outcome"] for wish in decided["wishes"]] == ["given", "dearer_given"]
    assert decided_for(programme, who["Bo"])["why_empty"] == "no_candidate"
