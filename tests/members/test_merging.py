"""A coordinator merges a proposed skill with one that we had already."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from backend.errors import Conflict
from backend.members.changes import changed_since, mark
from backend.members.merging import follow_merged, merge_skill
from backend.members.models import Member, Offer, Want
from backend.skills import typeahead
from backend.skills.actions import propose_skill
from backend.skills.models import Label, Skill
from tests.cast import a_member, a_skill, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def sewing() -> Skill:
    skill = a_skill("sewing")
    Label.saying("sewing", language="en", is_preferred=True, skill=skill).save()
    return skill


@pytest.fixture
def couture() -> Skill:
    return propose_skill(name="couture", language="fr")[0]


def merged(skill: Skill, into: Skill) -> None:
    merge_skill(skill=skill, into=into, at=timezone.now())
    skill.refresh_from_db()


def test_its_words_find_the_settled_skill(sewing: Skill, couture: Skill) -> None:
    merged(couture, sewing)
    found = typeahead.search("coutu", language="en", kinds=frozenset({"skill"}))
    assert [(one.concept, one.text) for one in found] == [(sewing, "couture")]
    assert (couture.status, couture.merged_into) == ("retired", sewing)
    assert propose_skill(name="Couture", language="fr") == (sewing, False)


def test_what_members_chose_moves_and_who_had_both_keeps_the_higher(sewing: Skill, couture: Skill) -> None:
    ada, bo = a_member("Ada"), a_member("Bo")
    before = Member.objects.get(pk=ada.pk).changed_at
    Offer.objects.create(member=ada, skill=couture, level=4)
    Offer.objects.create(member=bo, skill=couture, level=5), Offer.objects.create(member=bo, skill=sewing, level=2)
    (
        Want.objects.create(member=ada, skill=couture, priority=1),
        Want.objects.create(member=ada, skill=sewing, priority=3),
    )
    merged(couture, sewing)
    assert set(Offer.objects.values_list("member", "skill", "level")) == {(ada.pk, sewing.pk, 4), (bo.pk, sewing.pk, 5)}
    assert list(Want.objects.values_list("skill", "priority")) == [(sewing.pk, 3)]
    assert Member.objects.get(pk=ada.pk).changed_at > before


def test_only_proposals_are_merged_and_only_with_what_is_settled(sewing: Skill, couture: Skill) -> None:
    other = a_skill("weaving")
    for skill, into in ((sewing, other), (other, couture), (sewing, sewing)):
        with pytest.raises(Conflict):
            merged(skill, into)
    merged(couture, sewing)
    with pytest.raises(Conflict):
        merged(couture, other)


def in_admin(*skills: Skill, **fields: Any) -> Any:
    staff = a_member("Cleo", is_staff=True, **fields)
    staff.user_permissions.add(Permission.objects.get(codename="view_skill"))
    chosen = {"action": "merge_proposals", "_selected_action": [skill.pk for skill in skills]}
    return signed_in(staff).post("/admin/skills/skill/", chosen, format="multipart", follow=True)


def test_in_the_admin_the_settled_one_among_the_chosen_takes_the_others_in(sewing: Skill, couture: Skill) -> None:
    assert in_admin(couture, sewing).status_code == 200
    couture.refresh_from_db()
    assert couture.merged_into == sewing


def test_without_a_settled_one_nothing_is_merged(couture: Skill) -> None:
    assert b"Choose one settled skill" in in_admin(couture).content
    couture.refresh_from_db()
    assert couture.merged_into is None


def test_what_members_chose_follows_a_skill_that_made_way_for_another_and_that_for_a_third(sewing: Skill) -> None:
    """As when our vocabulary adopts what was imported before."""
    ada, bo = a_member("Ada"), a_member("Bo")
    first, second = a_skill("sew", status="retired"), a_skill("to sew", status="retired", merged_into=sewing)
    Skill.objects.filter(pk=first.pk).update(merged_into=second)
    Offer.objects.create(member=ada, skill=first, level=4)
    Want.objects.create(member=bo, skill=second)
    start = mark()
    follow_merged(at=timezone.now())
    assert ada.offers.get().skill == sewing
    assert bo.wants.get().skill == sewing
    assert {ada.pk, bo.pk} <= changed_since(start)[0]


def test_skills_that_made_way_for_each_other_are_left_alone(sewing: Skill) -> None:
    other = a_skill("to sew", status="retired", merged_into=sewing)
    Skill.objects.filter(pk=sewing.pk).update(merged_into=other, status="retired")
    ada = a_member("Ada")
    Offer.objects.create(member=ada, skill=other, level=4)
    follow_merged(at=timezone.now())
    assert ada.offers.get().skill == other
