"""Near skills are worked out from the vocabulary, kept, and reach the matching."""

import datetime as dt
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from backend.skills import nearness
from backend.skills.actions import propose_skill
from backend.skills.models import Complement, Family, Label, NearSkill, Profession, Skill, SkillGroup, SkillLink
from backend.skills.relations import relate_skills
from backend.skills.tasks import relate
from matching import Rung

pytestmark = pytest.mark.django_db


def a_skill(key: str, language: str = "en", **values: Any) -> Skill:
    skill = Skill.objects.create(key=key.replace(" ", "-"), names={language: key}, **values)
    Label.saying(key, language=language, is_preferred=True, skill=skill).save()
    return skill


def near(skill: Skill) -> dict[str, int]:
    rows = NearSkill.objects.filter(skill=skill).select_related("other")
    return {row.other.key: row.percent for row in rows}


def test_the_same_words_in_another_form_are_nearly_the_same() -> None:
    knowledge, doing, other = a_skill("graphic design"), a_skill("designing graphics"), a_skill("bread baking")
    assert relate_skills() == 2
    assert near(knowledge) == {"designing-graphics": 90}
    assert near(doing) == {"graphic-design": 90}
    assert near(other) == {}
    assert nearness.current().close(knowledge.pk)[doing.pk] == 90


def test_a_proposal_in_another_language_meets_what_is_called_so_there() -> None:
    baking = a_skill("bread baking")
    Label.saying("boulangerie artisanale", language="fr", skill=baking).save()
    for name in ("soudure", "couture", "dessin", "chant", "danse", "tournage"):
        Label.saying(name, language="fr", skill=a_skill(f"english {name}")).save()
    proposed = a_skill("boulangerie", "fr", status=Skill.Status.PROPOSED)
    a_skill("menuiserie", "fr", status=Skill.Status.PROPOSED)
    relate_skills()
    assert near(proposed).keys() == {"bread-baking"}
    assert near(baking).keys() == {"boulangerie"}


def test_what_jobs_need_together_completes() -> None:
    film, tax = a_skill("filming"), a_skill("taxes")
    for number in range(6):
        Profession.objects.create(key=f"job-{number}", names={"en": "job"}).skills.add(film, tax)
    Profession.objects.create(key="baker", names={"en": "baker"}).skills.add(a_skill("bread"))
    relate_skills()
    assert near(film) == {}
    pairs = Complement.objects.values_list("skill__key", "other__key")
    assert set(pairs) == {("filming", "taxes"), ("taxes", "filming")}


def test_it_is_worked_out_anew_only_after_a_change() -> None:
    a_skill("graphic design")
    assert relate_skills() is not None
    before = nearness.current()
    assert relate_skills() is None
    assert nearness.current() is before
    a_skill("designing graphics")
    assert relate_skills() == 2
    assert nearness.current() is not before
    assert relate_skills(again=True) == 2


def test_retired_skills_stand_in_for_nothing() -> None:
    old = a_skill("graphic design")
    a_skill("designing graphics")
    relate_skills()
    old.status = Skill.Status.RETIRED
    old.save()
    assert relate_skills() == 0


def test_an_imported_skill_is_in_the_family_of_those_around_it() -> None:
    stage = Family.objects.create(key="stage", names={"en": "Stage"})
    around = SkillGroup.objects.create(key="esco-s6", names={})
    group = SkillGroup.objects.create(key="esco-s6-1", names={}, parent=around)
    ours = a_skill("lighting", family=stage, group=group)
    beside, below = a_skill("rigging", group=around), a_skill("dimming", group=group)
    near_now = nearness.current()
    assert near_now.set_of(ours.pk, Rung.AREA) == near_now.set_of(beside.pk, Rung.AREA) == stage.pk
    assert near_now.relation(ours.pk, below.pk)[0] == Rung.GROUP
    assert near_now.relation(ours.pk, beside.pk)[0] == Rung.AREA


def test_the_command_says_how_many(capsys: pytest.CaptureFixture[str]) -> None:
    one, other = a_skill("graphic design"), a_skill("layout")
    SkillLink.objects.create(source=one, target=other, kind="essential")
    call_command("relate_skills")
    assert "2 relations of skills" in capsys.readouterr().out
    call_command("relate_skills")
    assert "up to date" in capsys.readouterr().out
    assert near(other) == {"graphic-design": 80}


def test_proposals_are_related_together_and_later() -> None:
    for name in ("puppetry", "shadow theatre", "mask making"):
        propose_skill(name=name, language="en")
    (task,) = DBTaskResult.objects.filter(task_path="backend.skills.tasks.relate")
    assert task.run_after > timezone.now() + dt.timedelta(minutes=9)
    relate.func()
    propose_skill(name="stilt walking", language="en")
    assert DBTaskResult.objects.filter(task_path="backend.skills.tasks.relate").count() == 2
