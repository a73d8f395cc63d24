"""Bringing in the European classification: a dozen rows laid out like the official download."""

import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from backend.skills import esco, esco_import, typeahead
from backend.skills.actions import load_vocabulary
from backend.skills.models import Label, Profession, Sector, Skill, SkillGroup, SkillLink

pytestmark = pytest.mark.django_db

AT = "http://data.europa.eu/esco"
LIGHTING, RIGGING, RIG_LIGHTS, DESIGN, COLOUR = (f"{AT}/skill/{number}" for number in "12345")
ELECTRICIAN, DESIGNER = f"{AT}/occupation/e", f"{AT}/occupation/d"
STAGE, ALL_SKILLS = f"{AT}/skill/S6.1", f"{AT}/skill/S6"
Rows = list[list[str]]


def a_skill_row(uri: str, name: str, others: str = "", **more: str) -> list[str]:
    said = {"status": "released", "description": ""} | more
    return ["KnowledgeSkillCompetence", uri, name, others, "", said["status"], said["description"]]


SKILL_COLUMNS = ["conceptType", "conceptUri", "preferredLabel", "altLabels", "hiddenLabels", "status", "description"]
OCCUPATION_COLUMNS = ["conceptType", "conceptUri", "iscoGroup", "preferredLabel", "altLabels", "status", "naceCode"]


def files(**changes: Rows) -> dict[str, Rows]:
    """The rows of each file, the columns first."""
    return {
        "skills_en": [
            SKILL_COLUMNS,
            a_skill_row(LIGHTING, "stage lights", "stage lighting\nlight for shows", description="Light on a stage."),
            a_skill_row(RIGGING, "rigging"),
            a_skill_row(RIG_LIGHTS, "rig lights", "hang lanterns\r\nrig lights"),
            a_skill_row(DESIGN, "colour design", status="released"),
            a_skill_row(COLOUR, "colour theory", status="deprecated"),
        ],
        "skills_fr": [
            SKILL_COLUMNS,
            a_skill_row(LIGHTING, "éclairage de plateau"),
            a_skill_row(RIG_LIGHTS, "suspendre des projecteurs", "accrocher des projecteurs"),
        ],
        "skills_es": [SKILL_COLUMNS, a_skill_row(LIGHTING, "iluminación escénica")],
        "skillGroups_en": [
            ["conceptType", "conceptUri", "preferredLabel", "altLabels", "status"],
            ["SkillGroup", ALL_SKILLS, "handling", "", "released"],
            ["SkillGroup", STAGE, "working on stages", "", "released"],
        ],
        "broaderRelationsSkillPillar_en": [
            ["conceptType", "conceptUri", "broaderType", "broaderUri"],
            ["SkillGroup", STAGE, "SkillGroup", ALL_SKILLS],
            ["KnowledgeSkillCompetence", RIGGING, "SkillGroup", STAGE],
            ["KnowledgeSkillCompetence", RIG_LIGHTS, "KnowledgeSkillCompetence", RIGGING],
        ],
        "skillSkillRelations_en": [
            ["originalSkillUri", "originalSkillType", "relationType", "relatedSkillType", "relatedSkillUri"],
            [RIG_LIGHTS, "skill/competence", "essential", "knowledge", LIGHTING],
            [DESIGN, "skill/competence", "optional", "knowledge", LIGHTING],
        ],
        "occupations_en": [
            OCCUPATION_COLUMNS,
            ["Occupation", ELECTRICIAN, "3435", "stage electrician", "lighting electrician\nsparks", "released", ""],
            ["Occupation", DESIGNER, "9999", "colour designer", "", "released", "http://data.europa.eu/ux2/nace2.1/J59.11"],
        ],
        "occupationSkillRelations_en": [
            ["occupationUri", "relationType", "skillType", "skillUri"],
            [ELECTRICIAN, "essential", "skill/competence", RIG_LIGHTS],
            [ELECTRICIAN, "optional", "skill/competence", RIGGING],
            [DESIGNER, "essential", "skill/competence", DESIGN],
        ],
    } | changes  # fmt: skip


def written(rows: Rows) -> bytes:
    """As the download has it: rows end in CRLF, every field is quoted, a field may hold line feeds."""
    quoted = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    return ("\r\n".join(quoted) + "\r\n").encode()


def a_zip(folder: Path, **changes: Rows) -> Path:
    path = folder / "ESCO.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for base, rows in files(**changes).items():
            if rows:
                archive.writestr(f"ESCO dataset - v1.2.0 - classification/{base}.csv", written(rows))
    return path


def everything() -> list[Any]:
    tables = (Skill, SkillGroup, Profession, Sector, SkillLink, Label)
    through = (Profession.skills.through, Profession.optional_skills.through)
    return [sorted(table.objects.values_list(), key=str) for table in (*tables, *through)]  # type: ignore[attr-defined]


def ours() -> Skill:
    return Skill.objects.create(
        key="stage-lighting", names={"en": "lighting for the stage", "fr": "éclairage scénique"}, esco_uri=LIGHTING
    )


def skill(uri: str) -> Skill:
    return Skill.objects.get(esco_uri=uri)


def test_skills_come_with_their_names_groups_and_relations(tmp_path: Path) -> None:
    done = esco_import.import_esco([a_zip(tmp_path)])
    assert (done.skills, done.professions, done.problems) == (4, 2, [])
    assert skill(LIGHTING).names == {
        "en": "stage lights", "fr": "éclairage de plateau", "es": "iluminación escénica"
    }  # fmt: skip
    assert (skill(LIGHTING).said_by, skill(LIGHTING).status) == ("esco", "active")
    assert skill(LIGHTING).description == "Light on a stage."
    group = SkillGroup.objects.get(esco_uri=STAGE)
    assert group.parent == SkillGroup.objects.get(esco_uri=ALL_SKILLS)
    # What lies under another skill is in the group of that one.
    assert skill(RIGGING).group == skill(RIG_LIGHTS).group == group
    links = SkillLink.objects.values_list("source__esco_uri", "target__esco_uri", "kind")
    assert set(links) == {
        (RIGGING, RIG_LIGHTS, "broader"), (RIG_LIGHTS, LIGHTING, "essential"), (DESIGN, LIGHTING, "optional")
    }  # fmt: skip
    labels = Label.objects.filter(skill=skill(RIG_LIGHTS), language="en").order_by("pk")
    assert list(labels.values_list("text", "is_preferred")) == [("rig lights", True), ("hang lanterns", False)]


def test_occupations_are_professions_with_skills_and_a_sector(tmp_path: Path) -> None:
    stage = Sector.objects.create(key="stage-technology", names={"en": "Stage technology"}, nace="S90.39")
    film = Sector.objects.create(key="film-and-tv", names={"en": "Film"}, nace="J59.1")
    esco_import.import_esco([a_zip(tmp_path)])
    electrician, designer = (Profession.objects.get(esco_uri=uri) for uri in (ELECTRICIAN, DESIGNER))
    assert (electrician.sector, designer.sector) == (stage, film)
    assert list(electrician.skills.all()) == [skill(RIG_LIGHTS)]
    assert list(electrician.optional_skills.all()) == [skill(RIGGING)]
    found = typeahead.search("sparks", language="en", kinds=frozenset({"profession"}))
    assert [one.concept for one in found] == [electrician]


def test_our_own_words_come_first_and_are_not_said_twice(tmp_path: Path) -> None:
    mine = ours()
    Label.saying("Stage  Lighting", language="en", is_preferred=True, skill=mine).save()
    esco_import.import_esco([a_zip(tmp_path)])
    mine.refresh_from_db()
    assert (mine.key, mine.said_by) == ("stage-lighting", "core")
    assert mine.names == {
        "en": "lighting for the stage", "fr": "éclairage scénique", "es": "iluminación escénica"
    }  # fmt: skip
    labels = mine.labels.filter(language="en").order_by("pk").values_list("text", "is_preferred", "said_by")
    assert list(labels) == [
        ("Stage  Lighting", True, "core"), ("stage lights", False, "esco"), ("light for shows", False, "esco")
    ]  # fmt: skip


def test_a_profession_of_ours_keeps_its_sector_and_skills(tmp_path: Path) -> None:
    film = Sector.objects.create(key="film-and-tv", names={"en": "Film"}, nace="J59.1")
    mine = Profession.objects.create(key="electrician", names={"en": "gaffer"}, esco_uri=ELECTRICIAN, sector=film)
    own = Skill.objects.create(key="cables", names={"en": "cables"})
    mine.skills.add(own)
    Sector.objects.create(key="stage-technology", names={"en": "Stage technology"}, nace="S90.39")
    esco_import.import_esco([a_zip(tmp_path)])
    mine.refresh_from_db()
    assert (mine.names["en"], mine.sector, list(mine.skills.all())) == ("gaffer", film, [own])
    assert set(mine.optional_skills.all()) == {skill(RIG_LIGHTS), skill(RIGGING)}


def test_importing_again_changes_nothing(tmp_path: Path) -> None:
    ours()
    esco_import.import_esco([a_zip(tmp_path)])
    before = everything()
    done = esco_import.import_esco([a_zip(tmp_path)])
    assert (done.labels, done.links, done.retired) == (0, 0, 0)
    assert everything() == before


def test_a_new_version_renames_retires_and_brings_back(tmp_path: Path) -> None:
    esco_import.import_esco([a_zip(tmp_path)])
    pk = skill(RIGGING).pk
    rows = files()["skills_en"]
    renamed = [*rows[:2], a_skill_row(RIG_LIGHTS, "hang lights"), rows[4]]
    fewer = {"occupations_en": files()["occupations_en"][:2]}
    done = esco_import.import_esco([a_zip(tmp_path, skills_en=renamed, **fewer)])
    assert done.retired == 2
    assert (skill(RIGGING).pk, skill(RIGGING).status) == (pk, "retired")
    assert Profession.objects.get(esco_uri=DESIGNER).is_retired
    assert skill(RIG_LIGHTS).names["en"] == "hang lights"
    assert set(Label.objects.filter(skill=skill(RIG_LIGHTS), language="en").values_list("text", flat=True)) == {
        "hang lights"
    }
    assert Label.objects.filter(skill=skill(RIGGING)).exists()
    assert typeahead.search("rigging", language="en", kinds=frozenset({"skill"})) == []

    esco_import.import_esco([a_zip(tmp_path)])
    assert (skill(RIGGING).pk, skill(RIGGING).status) == (pk, "active")
    assert not Profession.objects.get(esco_uri=DESIGNER).is_retired


@pytest.mark.parametrize(
    "broken",
    [
        ["KnowledgeSkillCompetence", RIGGING],
        a_skill_row(RIGGING, ""),
        a_skill_row(RIGGING, "r\ufffdgging"),
        a_skill_row(RIGGING, "x" * 300),
    ],
)
def test_what_cannot_be_read_has_not_disappeared(tmp_path: Path, broken: list[str]) -> None:
    esco_import.import_esco([a_zip(tmp_path)])
    before = everything()
    rows = files()["skills_en"]
    said: list[str] = []
    done = esco_import.import_esco([a_zip(tmp_path, skills_en=[*rows[:2], broken, *rows[3:]])], say=said.append)
    assert (done.retired, len(done.problems)) == (0, 1)
    assert "Not all rows of the English skills could be read, so none is retired." in said
    assert everything() == before


@pytest.mark.parametrize(
    "base", ["broaderRelationsSkillPillar_en", "skillSkillRelations_en", "occupationSkillRelations_en"]
)
def test_relations_that_cannot_be_read_stay(tmp_path: Path, base: str) -> None:
    esco_import.import_esco([a_zip(tmp_path)])
    before = everything()
    for fewer in ([*files()[base][:-1], ["too", "few"]], [files()[base][0], ["too", "few"]]):
        esco_import.import_esco([a_zip(tmp_path, **{base: fewer})])
        assert everything() == before
    esco_import.import_esco([a_zip(tmp_path, **{base: files()[base][:-1]})])
    assert everything() != before


def test_a_damaged_zip_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    path = a_zip(tmp_path)
    esco_import.import_esco([path])
    before = everything()
    path.write_bytes(path.read_bytes().replace(b"hang lanterns", b"hang lamps -- "[:13]))
    with pytest.raises(esco.Unreadable, match=r"skills_en\.csv .* is damaged"):
        esco_import.import_esco([path])
    assert everything() == before


def test_what_a_coordinator_merged_stays_merged(tmp_path: Path) -> None:
    esco_import.import_esco([a_zip(tmp_path)])
    Skill.objects.filter(esco_uri=RIGGING).update(status="retired", merged_into=skill(RIG_LIGHTS))
    esco_import.import_esco([a_zip(tmp_path)])
    assert (skill(RIGGING).status, skill(RIGGING).merged_into) == ("retired", skill(RIG_LIGHTS))


def test_a_further_language_retires_nothing_and_leaves_the_others_alone(tmp_path: Path) -> None:
    esco_import.import_esco([a_zip(tmp_path)])
    before = Label.objects.exclude(language="fr").count(), SkillLink.objects.count()
    only: dict[str, Rows] = {base: [] for base in files()} | {
        "skills_fr": [SKILL_COLUMNS, a_skill_row(DESIGN, "dessin de couleurs")]
    }
    done = esco_import.import_esco([a_zip(tmp_path, **only)])
    assert done.retired == 0
    assert skill(DESIGN).names["fr"] == "dessin de couleurs"
    assert (Label.objects.exclude(language="fr").count(), SkillLink.objects.count()) == before
    assert set(Label.objects.filter(language="fr").values_list("text", flat=True)) >= {"dessin de couleurs"}


def test_our_files_take_over_what_had_been_imported_before(tmp_path: Path) -> None:
    """Members who chose the imported concept keep their choice."""
    from backend.skills import vocabulary

    uri = next(entry.esco for entry in vocabulary.read().skills if entry.esco)
    rows = [SKILL_COLUMNS, a_skill_row(str(uri), "an imported name", "an imported synonym")]
    esco_import.import_esco([a_zip(tmp_path, skills_en=rows)])
    pk = skill(str(uri)).pk
    load_vocabulary()
    assert (skill(str(uri)).pk, skill(str(uri)).said_by) == (pk, "core")
    assert not skill(str(uri)).key.startswith("esco-")
    preferred = skill(str(uri)).labels.filter(language="en", is_preferred=True)
    assert [label.said_by for label in preferred] == ["core"]


def test_folders_zips_and_the_layout_of_version_1_0_are_read_alike(tmp_path: Path) -> None:
    folder = tmp_path / "ESCO"
    folder.mkdir()
    for base, rows in files().items():
        plain = base.removesuffix("_en") if "Relations" in base else base
        (folder / f"{plain}.csv").write_bytes(b"\xef\xbb\xbf" + written(rows))
    done = esco_import.import_esco([folder])
    assert (done.skills, done.professions, done.problems) == (4, 2, [])
    assert SkillLink.objects.count() == 3


def test_columns_are_found_by_name_and_unknown_ones_ignored(tmp_path: Path) -> None:
    mixed = [["new column", *reversed(SKILL_COLUMNS)], ["?", *reversed(a_skill_row(RIGGING, "rigging"))]]
    esco_import.import_esco([a_zip(tmp_path, skills_en=mixed)])
    assert skill(RIGGING).names["en"] == "rigging"


def test_what_cannot_be_read_is_reported_by_file_and_line(tmp_path: Path) -> None:
    rows = files()["skills_en"]
    odd = [*rows[:2], ["too", "few"], a_skill_row("", "nameless"), a_skill_row(RIG_LIGHTS, "x" * 300), rows[2]]
    done = esco_import.import_esco([a_zip(tmp_path, skills_en=odd)])
    said = [problem.removeprefix("ESCO dataset - v1.2.0 - classification/") for problem in done.problems]
    # The first skill takes two lines, for its labels stand on two.
    assert said == [
        "skills_en.csv line 4: has 2 cells instead of 7",
        "skills_en.csv line 5: has no conceptUri",
        "skills_en.csv line 6: leaves out a label of 300 letters",
    ]
    assert skill(RIGGING).names["en"] == "rigging"


def test_an_interrupted_import_leaves_everything_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ours()
    before = everything()

    def interrupted(*_about: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(esco_import, "_equip", interrupted)
    with pytest.raises(KeyboardInterrupt):
        esco_import.import_esco([a_zip(tmp_path)])
    assert everything() == before


def test_the_command_says_how_far_it_is_and_what_it_did(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("import_esco", str(a_zip(tmp_path)))
    said = capsys.readouterr().out
    assert "Read ESCO dataset - v1.2.0 - classification/skills_fr.csv" in said
    assert "4 skills and 2 professions" in said


@pytest.mark.parametrize("content", [None, b"", b"not a zip"])
def test_a_path_without_such_data_is_refused(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "somewhere.zip"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CommandError, match="neither a folder nor a zip"):
        call_command("import_esco", str(path))
    (tmp_path / "empty").mkdir()
    with pytest.raises(esco.Unreadable, match="holds no file of an ESCO download"):
        esco_import.import_esco([tmp_path / "empty"])
    assert not Skill.objects.exists()
