"""A coordinator demands that a guide is given at least so many people, and learns whose demands clash."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from backend.errors import Conflict, Invalid, NotAllowed
from backend.members.models import Member
from backend.mentoring import cohorts, participants, programmes
from backend.mentoring.models import Cohort, Participant, Programme
from backend.mentoring.people import PEOPLE
from backend.skills.models import Skill
from matching import check
from tests.cast import a_member, a_skill, signed_in
from tests.mentoring.test_cohorts import a_mentee, a_mentor, a_programme, pairs, worked_out
from tests.mentoring.test_programmes import joined

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nobody_is_known_yet() -> None:
    PEOPLE.forget()


def guiding(programme: Programme, member: Member) -> Participant:
    joined(programme, member, "mentor")
    return programme.participants.get(member=member)


def demanded(programme: Programme, guide: Participant, at_least: int, by: Member) -> Participant:
    return participants.demand(programme=programme, participant=guide.pk, at_least=at_least, by=by)


def test_a_guide_whom_nobody_would_be_given_is_given_as_many_as_are_demanded(coordinator: Member, vat: Skill) -> None:
    ada, bo = a_mentee("Ada", vat), a_mentee("Bo", vat)
    a_mentor("Vera", vat, places=2)
    sid = a_mentor("Sid", a_skill("sewing"), places=2)
    programme = a_programme(coordinator)
    assert {guide for _, guide in pairs(worked_out(programme, coordinator))} == {"Vera"}
    guide = guiding(programme, sid)
    url = f"/api/programmes/{programme.pk}/participants/{guide.pk}/"
    answer = signed_in(coordinator).patch(url, {"at_least": 1}, format="json")
    assert (answer.status_code, answer.json()["at_least"]) == (200, 1)
    for objective in cohorts.objectives_of(programme):
        cohort = worked_out(programme, coordinator, objective)
        assert sorted(guide for _, guide in pairs(cohort)) == ["Sid", "Vera"]
        assert cohort.intake is not None
        assert cohort.certificate is not None
        assert check(cohort.intake, cohort.certificate) == ()
    assert ada.pk != bo.pk


def test_guides_whose_demands_clash_are_named_with_them(coordinator: Member, vat: Skill) -> None:
    a_mentee("Ada", vat)
    programme = a_programme(coordinator)
    for name in ("Vera", "Sid"):
        demanded(programme, guiding(programme, a_mentor(name, vat, places=2)), 1, coordinator)
    cohort = worked_out(programme, coordinator)
    assert (cohort.status, cohort.failure) == ("failed", "least_impossible")
    assert cohort.failure_detail == "Sid (≥ 1), Vera (≥ 1)"
    demanded(programme, programme.participants.get(member__name="Sid"), 0, coordinator)
    assert pairs(worked_out(programme, coordinator)) == {("Ada", "Vera")}


@pytest.mark.parametrize("change", [{"guide_paused": True}, {"guide_capacity": 1}])
def test_more_than_a_guide_has_places_for_is_named_too(coordinator: Member, vat: Skill, change: dict[str, Any]) -> None:
    a_mentee("Ada", vat), a_mentee("Bo", vat)
    vera, programme = a_mentor("Vera", vat, places=2), a_programme(coordinator)
    demanded(programme, guiding(programme, vera), 2, coordinator)
    assert worked_out(programme, coordinator).status == "ready"
    Member.objects.filter(pk=vera.pk).update(**change, changed_at=timezone.now())
    cohort = worked_out(programme, coordinator)
    assert (cohort.failure, cohort.failure_detail) == ("least_impossible", "Vera (≥ 2)")


def test_what_is_demanded_says_nothing_about_what_a_place_is_worth(coordinator: Member, vat: Skill) -> None:
    programme = a_programme(coordinator)
    demanded(programme, guiding(programme, a_mentor("Vera", vat)), 1, coordinator)
    assert worked_out(programme, coordinator).status == "failed"
    cohorts.price_places_of(programme, at=timezone.now())


def test_only_guides_can_be_given_somebody_and_only_where_points_decide(coordinator: Member, vat: Skill) -> None:
    ada, vera, programme = a_mentee("Ada", vat), a_mentor("Vera", vat), a_programme(coordinator)
    joined(programme, ada)
    mentee, guide = programme.participants.get(member=ada), guiding(programme, vera)
    with pytest.raises(Invalid) as refused:
        demanded(programme, mentee, 1, coordinator)
    assert refused.value.extra["fields"]["at_least"][0]["code"] == "not_a_guide_here"
    with pytest.raises(IntegrityError), transaction.atomic():
        Participant.objects.filter(pk=mentee.pk).update(at_least=1)
    with pytest.raises(NotAllowed, match="not_a_coordinator"):
        demanded(programme, guide, 1, ada)
    demanded(programme, guide, 1, coordinator)
    Programme.objects.filter(pk=programme.pk).update(decides="rankings")
    with pytest.raises(Invalid) as refused:
        demanded(programme, guide, 2, coordinator)
    assert refused.value.extra["fields"]["at_least"][0]["code"] == "decided_otherwise"
    programme.refresh_from_db()
    assert worked_out(programme, coordinator, Cohort.Objective.OWN_RANKINGS).status == "ready"
    programmes.move(programme=programme, event="close", by=coordinator)
    with pytest.raises(Conflict, match="programme_closed"):
        demanded(programme, guide, 0, coordinator)


@pytest.mark.parametrize("wish", [{}, {"at_least": -1}, {"at_least": 21}, {"at_least": "many"}, {"at_least": None}])
def test_a_demand_that_makes_no_sense_is_refused(coordinator: Member, vat: Skill, wish: dict[str, Any]) -> None:
    programme = a_programme(coordinator)
    url = f"/api/programmes/{programme.pk}/participants/{guiding(programme, a_mentor('Vera', vat)).pk}/"
    answer = signed_in(coordinator).patch(url, wish, format="json")
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["at_least"])
    assert signed_in(a_member("Bo")).patch(url, {"at_least": 1}, format="json").status_code == 404
    assert signed_in(coordinator).patch(f"{url[:-1]}99/", {"at_least": 1}, format="json").status_code == 404


def test_people_who_cannot_all_be_kept_together_are_named(coordinator: Member, vat: Skill) -> None:
    ada, bo = a_mentee("Ada", vat), a_mentee("Bo", vat)
    vera, programme = a_mentor("Vera", vat, places=1), a_programme(coordinator)
    for mentee in (ada, bo):
        cohorts.demand(programme=programme, mentee=mentee, mentor=vera, kind="kept", by=coordinator)
    cohort = worked_out(programme, coordinator)
    assert (cohort.failure, cohort.failure_detail) == ("kept_clash", "Ada – Vera; Bo – Vera")
