"""Two at the same instant, on their own connections."""

from typing import Any

import pytest

from backend.members import actions
from backend.members.models import Member, Offer
from backend.skills.actions import propose_skill
from backend.skills.models import Label, Skill
from tests.cast import a_member, a_skill, utc
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
