"""Two at the same instant, on their own connections."""

from typing import Any

import pytest

from backend.members import actions
from backend.members.merging import merge_skill
from backend.members.models import Member, Offer, SpokenLanguage
from backend.skills.actions import propose_skill
from backend.skills.models import Label, Sector, Skill
from tests.cast import a_member, a_skill, signed_in, utc
from tests.conversations.cast import together

pytestmark = pytest.mark.django_db(transaction=True)
AT = utc(2026, 11, 23, 9)


def test_two_windows_saving_one_profile_end_with_the_list_of_one_of_them() -> None:
    ada = a_member("Ada")
    skills = [a_skill(f"skill {number}") for number in range(6)]
    lists = [skills[:3], skills[3:], skills[1:5]]

    def save(chosen: list[Skill]) -> Any:
        offers = [{"skill": skill, "level": 3} for skill in chosen]
        return actions.edit_profile(member=ada, at=AT, offers=offers, about=chosen[0].key)

    for _ in range(5):
        answers = together(*[lambda chosen=chosen: save(chosen) for chosen in lists])  # type: ignore[misc]
        assert [type(answer) for answer in answers] == [Member, Member, Member]
        kept = set(Offer.objects.filter(member=ada).values_list("skill", flat=True))
        about = Member.objects.get(pk=ada.pk).about
        assert [kept] == [{skill.pk for skill in chosen} for chosen in lists if chosen[0].key == about]


def test_one_skill_proposed_twice_at_once_is_made_once() -> None:
    for number in range(5):
        name = f"puppets {number}"
        one, other = together(*[lambda name=name: propose_skill(name=name, language="en")] * 2)  # type: ignore[misc]
        assert one[0].pk == other[0].pk
        assert sorted((one[1], other[1])) == [False, True]
    assert (Skill.objects.count(), Label.objects.count()) == (5, 5)


def test_two_writing_different_lists_of_one_member_are_both_found() -> None:
    viewer, sector = a_member("Viewer"), Sector.objects.create(key="stage", names={"en": "Stage"})
    for number in range(8):
        ada, skill = a_member(f"Ada {number}"), a_skill(f"skill {number}")
        together(
            lambda ada=ada, skill=skill: Offer.objects.create(member=ada, skill=skill, level=3),  # type: ignore[misc]
            lambda ada=ada: SpokenLanguage.objects.create(member=ada, code="fr", level=5),  # type: ignore[misc]
            lambda ada=ada: ada.sectors.add(sector),  # type: ignore[misc]
        )
        query: dict[str, Any] = {"skill": skill.pk, "language": "fr", "min_level": 5, "sector": sector.pk}
        found = signed_in(viewer).get("/api/members/", query).json()
        assert [row["id"] for row in found["results"]] == [ada.pk]


def test_a_merge_and_who_edits_the_merged_skill_wait_for_each_other() -> None:
    settled = a_skill("sewing")
    for number in range(8):
        proposed, ada = a_skill(f"couture {number}", status="proposed"), a_member(f"Ada {number}")
        Offer.objects.create(member=ada, skill=proposed, level=3)
        _, edited = together(
            lambda skill=proposed: merge_skill(skill=skill, into=settled, at=AT),  # type: ignore[misc]
            lambda ada=ada, skill=proposed: actions.edit_profile(  # type: ignore[misc]
                member=ada, at=AT, offers=[{"skill": skill, "level": 5}]
            ),
        )
        assert edited == ada
