"""Coordinators merge skills that members proposed, without going to the admin."""

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from backend.members.models import Member, Offer, Want
from backend.skills.actions import propose_skill
from backend.skills.models import Label, Skill
from tests.cast import a_member, a_skill, signed_in
from tests.mentoring.test_cohorts import a_programme

pytestmark = pytest.mark.django_db
PATH = "/api/proposed-skills/"


@pytest.fixture
def cleo() -> Member:
    member = a_member("Cleo")
    a_programme(member)
    return member


@pytest.fixture
def sewing() -> Skill:
    skill = a_skill("sewing")
    Label.saying("sewing", language="en", is_preferred=True, skill=skill).save()
    return skill


def proposed(name: str, *members: Member) -> Skill:
    skill = propose_skill(name=name, language="fr")[0]
    Offer.objects.bulk_create(Offer(member=member, skill=skill, level=3) for member in members)
    return skill


def merged(by: Member, skill: Skill, into: Skill) -> Any:
    return signed_in(by).post(f"{PATH}{skill.pk}/merge/", {"into": into.pk}, format="json")


def test_what_is_chosen_most_stands_first_and_what_is_settled_not_at_all(cleo: Member, sewing: Skill) -> None:
    rare, common = proposed("crochet"), proposed("couture", a_member("Ada"), a_member("Bo"))
    Want.objects.create(member=cleo, skill=common)
    Offer.objects.create(member=cleo, skill=sewing, level=3)
    assert signed_in(cleo).get(PATH).json() == [
        {"id": common.pk, "name": "couture", "chose": 3},
        {"id": rare.pk, "name": "crochet", "chose": 0},
    ]


def test_a_coordinator_merges_and_whoever_chose_it_has_chosen_the_other(cleo: Member, sewing: Skill) -> None:
    ada = a_member("Ada")
    couture = proposed("couture", ada)
    assert merged(cleo, couture, sewing).status_code == 204
    assert list(ada.offers.values_list("skill", flat=True)) == [sewing.pk]
    assert signed_in(cleo).get(PATH).json() == []
    assert signed_in(ada).get("/api/skills/?q=coutu").json()[0]["id"] == sewing.pk
    again = merged(cleo, couture, sewing)
    assert (again.status_code, again.json()["code"]) == (409, "not_mergeable")


def test_nothing_is_merged_with_another_proposal_or_with_what_is_not_there(cleo: Member, sewing: Skill) -> None:
    couture, crochet = proposed("couture"), proposed("crochet")
    assert merged(cleo, couture, crochet).json()["code"] == "not_mergeable"
    assert merged(cleo, sewing, sewing).json()["code"] == "not_mergeable"
    assert signed_in(cleo).post(f"{PATH}{couture.pk}/merge/", {"into": 987654}, format="json").status_code == 400
    assert signed_in(cleo).post(f"{PATH}987654/merge/", {"into": sewing.pk}, format="json").status_code == 404


def test_others_neither_see_nor_merge(cleo: Member, sewing: Skill) -> None:
    eve, couture = a_member("Eve"), proposed("couture")
    for answer in (signed_in(eve).get(PATH), merged(eve, couture, sewing)):
        assert (answer.status_code, answer.json()["code"]) == (403, "not_a_coordinator")
    couture.refresh_from_db()
    assert couture.status == Skill.Status.PROPOSED
    assert merged(cleo, couture, sewing).status_code == 204


def test_a_long_list_costs_no_more_than_a_short_one(
    cleo: Member, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(cleo)
    for more in (1, 2):
        for number in range(more):
            proposed(f"couture {more} {number}", a_member("Ada"))
        client.get(PATH)
        with django_assert_num_queries(QUERIES):
            client.get(PATH)


QUERIES = 4
