"""Skills, professions and sectors over HTTP."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from backend.skills.actions import changed
from backend.skills.models import Complement, Family, Label, NearSkill, Profession, Sector, Skill, SkillLink
from tests.cast import a_member, a_skill, signed_in

pytestmark = pytest.mark.django_db


def named(concept: Any, **labels: list[str]) -> Any:
    """Gives a concept its labels per language, the preferred one first."""
    kind = {Skill: "skill", Profession: "profession", Sector: "sector"}[type(concept)]
    for language, texts in labels.items():
        for number, text in enumerate(texts):
            Label.saying(text, language=language, is_preferred=number == 0, **{kind: concept}).save()
    concept.names = {language: texts[0] for language, texts in labels.items()}
    concept.save()
    changed()
    return concept


def lighting() -> Skill:
    skill: Skill = named(
        a_skill("stage lighting"),
        en=["stage lighting", "lighting for shows"],
        fr=["éclairage scénique", "lumière de spectacle"],
        nl=["podiumbelichting"],
        de=["Bühnenbeleuchtung"],
    )
    return skill


def asked(path: str, language: str = "en", **query: Any) -> Any:
    client = signed_in(a_member(onboarded_at=None))
    return client.get(path, query, headers={"accept-language": language})


def test_type_ahead_answers_in_the_readers_language_and_says_what_matched() -> None:
    skill = lighting()
    row = {"kind": "skill", "id": skill.pk, "is_proposed": False}
    assert asked("/api/skills/", "fr", q="stage li").json() == [
        row | {"name": "éclairage scénique", "matched": "stage lighting", "matched_language": "en"}
    ]
    assert asked("/api/skills/", "fr", q="eclair").json() == [
        row | {"name": "éclairage scénique", "matched": None, "matched_language": None}
    ]
    assert asked("/api/skills/", "nl", q="lumiere").json() == [
        row | {"name": "podiumbelichting", "matched": "lumière de spectacle", "matched_language": "fr"}
    ]


def test_the_language_cookie_beats_the_browsers_language() -> None:
    lighting()
    client = signed_in(a_member())
    client.cookies["lang"] = "de"
    answer = client.get("/api/skills/", {"q": "stage"}, headers={"accept-language": "fr"})
    assert [row["name"] for row in answer.json()] == ["Bühnenbeleuchtung"]


def test_professions_and_sectors_only_when_asked_for() -> None:
    named(a_skill("photography"), en=["photography"])
    profession = named(Profession.objects.create(key="photographer"), en=["photographer"])
    sector = named(Sector.objects.create(key="photo", nace="N74"), en=["photo studios"])
    assert [row["kind"] for row in asked("/api/skills/", q="photo").json()] == ["skill"]
    rows = asked("/api/skills/", q="photo", kind="profession,sector").json()
    assert [(row["kind"], row["id"]) for row in rows] == [("sector", sector.pk), ("profession", profession.pk)]
    assert asked("/api/skills/", q="photo", kind="nonsense").json() == []


def test_with_nothing_typed_there_is_something_to_begin_with() -> None:
    family = Family.objects.create(key="stage", names={"en": "Stage"})
    broad, narrow = a_skill("event technology", family=family), a_skill("stage lighting", family=family)
    SkillLink.objects.create(source=broad, target=narrow, kind="broader")
    assert [row["name"] for row in asked("/api/skills/").json()] == ["event technology"]
    assert [row["name"] for row in asked("/api/skills/", q="  ").json()] == ["event technology"]


@pytest.mark.parametrize("rows", [1, 3])
def test_type_ahead_asks_the_database_the_same_however_much_it_finds(rows: int, django_assert_num_queries: Any) -> None:
    for number in range(rows):
        named(a_skill(f"sewing {number}"), en=[f"sewing {number}"])
    client = signed_in(a_member())
    client.get("/api/skills/", {"q": "sew"})
    with django_assert_num_queries(8):  # session, member, five ways of finding it, names
        assert len(client.get("/api/skills/", {"q": "sew"}).json()) == rows


@pytest.mark.parametrize("typed", ["x" * 5000, "%_%", "<script>alert(1)</script>", "\ud7ff", "' OR 1=1 --", "🎻"])
def test_nonsense_finds_nothing(typed: str) -> None:
    lighting()
    answer = asked("/api/skills/", q=typed)
    assert (answer.status_code, answer.json()) == (200, [])


def test_a_skill_with_its_neighbours() -> None:
    family = Family.objects.create(key="stage", names={"en": "Stage", "fr": "Scène"})
    skill = lighting()
    skill.family = family
    skill.save()
    above, below, beside, other = (a_skill(name) for name in ("technology", "follow spots", "sound", "light design"))
    for source, target, kind in (
        (above, skill, "broader"),
        (skill, below, "broader"),
        (skill, beside, "near"),
        (other, skill, "near"),
    ):
        SkillLink.objects.create(source=source, target=target, kind=kind)
    found = asked(f"/api/skills/{skill.pk}/", "fr").json()
    assert (found["name"], found["family"]) == ("éclairage scénique", {"key": "stage", "name": "Scène"})
    assert found["synonyms"] == ["lumière de spectacle"]
    assert found["broader"] == [{"id": above.pk, "name": "technology"}]
    assert found["narrower"] == [{"id": below.pk, "name": "follow spots"}]
    assert found["near"] == [{"id": other.pk, "name": "light design"}, {"id": beside.pk, "name": "sound"}]
    assert found["complements"] == []


def test_what_is_near_comes_before_what_is_less_so_and_what_completes_apart() -> None:
    skill, close, closer, retired = (a_skill(name) for name in ("lighting", "dimming", "rigging", "gas lamps"))
    Skill.objects.filter(pk=retired.pk).update(status="retired")
    for other, percent in ((close, 50), (closer, 60), (retired, 90)):
        NearSkill.objects.create(skill=skill, other=other, percent=percent)
    Complement.objects.create(skill=skill, other=close, percent=40)
    found = asked(f"/api/skills/{skill.pk}/").json()
    assert [one["name"] for one in found["near"]] == ["rigging", "dimming"]
    assert [one["name"] for one in found["complements"]] == ["dimming"]


@pytest.mark.parametrize("number", ["0", "999999", "99999999999999999999999999", "abc", "-1"])
def test_a_skill_that_does_not_exist_answers_404(number: str) -> None:
    answer = asked(f"/api/skills/{number}/")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def proposed(name: Any, language: str = "en") -> Any:
    client = signed_in(a_member())
    return client.post("/api/skills/", {"name": name}, headers={"accept-language": language})


def test_a_missing_skill_is_usable_at_once() -> None:
    answer = proposed("  Marionnettes à   fils ", "fr")
    assert (answer.status_code, answer.json()["name"], answer.json()["status"]) == (
        201,
        "Marionnettes à fils",
        "proposed",
    )
    assert answer.json()["names"] == {"fr": "Marionnettes à fils"}
    rows = asked("/api/skills/", q="marionnettes").json()
    assert [(row["id"], row["is_proposed"]) for row in rows] == [(answer.json()["id"], True)]


def test_a_skill_known_under_this_label_is_answered_instead() -> None:
    skill = lighting()
    for name in ("Stage Lighting", "LIGHTING for shows", "eclairage scenique"):
        answer = proposed(name)
        assert (answer.status_code, answer.json()["id"]) == (200, skill.pk)
    assert Skill.objects.count() == 1


def test_names_that_look_alike_in_an_address_stay_apart() -> None:
    keys = [
        Skill.objects.get(pk=proposed(name).json()["id"]).key
        for name in ("foo", "foo 3", "foo+", "foo#", "кукла", "頭部")
    ]
    assert len(set(keys)) == 6


def test_a_label_of_a_retired_skill_can_be_proposed_anew() -> None:
    skill = lighting()
    skill.status = "retired"
    skill.save()
    assert proposed("stage lighting").status_code == 201


@pytest.mark.parametrize("name", ["", " ", "a", "!!!", "x" * 81, None, 7.5e300, ["a"], {"a": 1}, "nul\x00byte"])
def test_a_name_that_cannot_be_used_is_refused(name: Any) -> None:
    answer = proposed(name)
    if isinstance(name, float):
        assert answer.status_code in (201, 400)
        return
    assert (answer.status_code, answer.json()["code"], list(answer.json()["fields"])) == (400, "invalid", ["name"])
    assert Skill.objects.count() == 0


def test_markup_in_a_name_stays_text() -> None:
    assert proposed("<b>bold</b> work").json()["name"] == "<b>bold</b> work"


def test_sectors_and_a_profession() -> None:
    sector = named(Sector.objects.create(key="arts", nace="S90"), en=["Performing arts"], fr=["Arts vivants"])
    Sector.objects.create(key="old", nace="A01", is_retired=True)
    skill = lighting()
    profession = named(Profession.objects.create(key="tech", sector=sector), en=["technician"], fr=["technicien"])
    profession.skills.add(skill)
    assert asked("/api/sectors/", "fr").json() == [
        {"id": sector.pk, "key": "arts", "name": "Arts vivants", "nace": "S90"}
    ]
    assert asked(f"/api/professions/{profession.pk}/", "fr").json() == {
        "id": profession.pk,
        "key": "tech",
        "name": "technicien",
        "sector": {"id": sector.pk, "name": "Arts vivants"},
        "skills": [{"id": skill.pk, "name": "éclairage scénique"}],
    }


@pytest.mark.parametrize("path", ["/api/skills/", "/api/skills/1/", "/api/sectors/", "/api/professions/1/"])
def test_someone_signed_out_learns_nothing(path: str) -> None:
    answer = APIClient().get(path)
    assert (answer.status_code, answer.json()["code"]) == (401, "signed_out")
