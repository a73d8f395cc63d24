"""Loading the starter vocabulary: again and again, and after its files have changed."""

from pathlib import Path

import pytest
from django.core.management import call_command

from backend.skills import typeahead, vocabulary
from backend.skills.actions import load_vocabulary
from backend.skills.models import Family, Label, Profession, Sector, Skill, SkillLink
from backend.skills.nearness import current
from matching.near import Rung

pytestmark = pytest.mark.django_db

STAGE = """
[family]
key = "stage"
en = "Stage"
fr = "Scène"
nl = "Podium"
de = "Bühne"

[skill.event-technology]
en = ["event technology"]
fr = ["technique événementielle"]
nl = ["evenemententechniek"]
de = ["Veranstaltungstechnik"]

[skill.stage-lighting]
en = ["stage lighting", "lighting for shows"]
fr = ["éclairage scénique"]
nl = ["podiumbelichting"]
de = ["Bühnenbeleuchtung"]
broader = ["event-technology"]
near = ["sound"]
esco = "http://data.europa.eu/esco/skill/1"

[skill.sound]
en = ["sound engineering"]
fr = ["prise de son"]
nl = ["geluidstechniek"]
de = ["Tontechnik"]
broader = ["event-technology"]
"""
SECTORS = """
[sector.performing-arts]
en = ["Performing arts"]
fr = ["Arts vivants"]
nl = ["Podiumkunsten"]
de = ["Darstellende Kunst"]
nace = "S90"
"""
PROFESSIONS = """
[profession.lighting-technician]
en = ["lighting technician"]
fr = ["éclairagiste"]
nl = ["lichttechnicus"]
de = ["Lichttechniker"]
skills = ["stage-lighting", "event-technology"]
sector = "performing-arts"
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(vocabulary, "FOLDER", tmp_path)
    keep(tmp_path, STAGE, SECTORS, PROFESSIONS)
    return tmp_path


def keep(folder: Path, stage: str, sectors: str = SECTORS, professions: str = PROFESSIONS) -> None:
    for name, text in (("stage", stage), ("_sectors", sectors), ("_professions", professions)):
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    vocabulary.read.cache_clear()
    load_vocabulary()


@pytest.fixture(autouse=True)
def _the_real_files_afterwards() -> object:
    yield
    vocabulary.read.cache_clear()


def everything() -> list[object]:
    tables = (Family, Sector, Skill, Profession, SkillLink, Label, Profession.skills.through)
    return [list(table.objects.order_by("pk").values_list()) for table in tables]  # type: ignore[attr-defined]


def test_what_the_files_say_is_in_the_database() -> None:
    lighting = Skill.objects.get(key="stage-lighting")
    assert (lighting.names["fr"], lighting.esco_uri, lighting.family and lighting.family.key) == (
        "éclairage scénique",
        "http://data.europa.eu/esco/skill/1",
        "stage",
    )
    assert list(lighting.labels.filter(language="en").order_by("pk").values_list("text", "folded", "is_preferred")) == [
        ("stage lighting", "stage lighting", True),
        ("lighting for shows", "lighting for shows", False),
    ]
    profession = Profession.objects.get()
    assert profession.sector == Sector.objects.get(nace="S90")
    assert sorted(skill.key for skill in profession.skills.all()) == ["event-technology", "stage-lighting"]


def test_loading_again_changes_nothing() -> None:
    before = everything()
    load_vocabulary()
    assert everything() == before


def test_a_renamed_concept_keeps_its_id(folder: Path) -> None:
    before = Skill.objects.get(key="sound").pk
    keep(folder, STAGE.replace('"sound engineering"', '"live sound", "sound engineering"'))
    sound = Skill.objects.get(key="sound")
    assert (sound.pk, sound.names["en"]) == (before, "live sound")
    assert list(sound.labels.filter(language="en").order_by("pk").values_list("text", "is_preferred")) == [
        ("live sound", True),
        ("sound engineering", False),
    ]


def test_a_skill_that_left_the_files_is_retired_and_comes_back_as_itself(folder: Path) -> None:
    sound = Skill.objects.get(key="sound")
    keep(folder, STAGE[: STAGE.index("[skill.sound]")].replace('near = ["sound"]', ""))
    assert Skill.objects.get(pk=sound.pk).status == "retired"
    search = typeahead.search("sound", language="en", kinds=frozenset({"skill"}))
    assert search == []
    keep(folder, STAGE)
    assert Skill.objects.get(pk=sound.pk).status == "active"
    assert len(typeahead.search("sound", language="en", kinds=frozenset({"skill"}))) == 1


def test_a_profession_and_a_sector_that_left_the_files_are_retired(folder: Path) -> None:
    keep(folder, STAGE, sectors="", professions="")
    assert list(Profession.objects.values_list("key", "is_retired")) == [("lighting-technician", True)]
    assert list(Sector.objects.values_list("key", "is_retired")) == [("performing-arts", True)]
    kinds = frozenset({"skill", "profession", "sector"})
    assert typeahead.search("performing arts", language="en", kinds=kinds) == []  # type: ignore[arg-type]
    keep(folder, STAGE)
    assert list(Profession.objects.values_list("is_retired", flat=True)) == [False]


def test_a_uri_may_move_from_one_skill_to_another(folder: Path) -> None:
    uri = 'esco = "http://data.europa.eu/esco/skill/1"'
    moved = STAGE.replace(uri, "").replace("[skill.event-technology]", f"[skill.event-technology]\n{uri}")
    keep(folder, moved)
    assert list(Skill.objects.filter(esco_uri__isnull=False).values_list("key", flat=True)) == ["event-technology"]


def test_a_link_that_left_the_files_is_gone(folder: Path) -> None:
    assert SkillLink.objects.filter(kind="near").count() == 1
    keep(folder, STAGE.replace('near = ["sound"]', ""))
    assert SkillLink.objects.filter(kind="near").count() == 0


def test_what_members_proposed_stays(folder: Path) -> None:
    own = Skill.objects.create(key="own-puppets", names={"en": "puppets"}, status="proposed")
    load_vocabulary()
    own.refresh_from_db()
    assert own.status == "proposed"


def test_nearness_follows_the_vocabulary(folder: Path) -> None:
    lighting, sound = Skill.objects.get(key="stage-lighting").pk, Skill.objects.get(key="sound").pk
    before = current()
    assert before is current()
    assert dict(before.close(lighting))[sound] == 80
    keep(folder, STAGE.replace('near = ["sound"]', ""))
    after = current()
    assert after is not before
    # Still siblings: both are kinds of event technology.
    assert dict(after.close(lighting))[sound] == 40
    assert Rung.NEAR.word == "near"


def test_the_command_says_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_vocabulary")
    assert capsys.readouterr().out.startswith("3 skills, 1 professions, 1 sectors.\n")
