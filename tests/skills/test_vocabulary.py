"""The starter vocabulary: complete in four languages, no key, label or link astray."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parents[2] / "backend" / "skills" / "vocabulary"
LANGUAGES = ("en", "fr", "nl", "de")
FAMILIES = {
    *("stage", "audiovisual", "visual", "writing", "teaching", "care"),
    *("crafts", "food", "digital", "research", "business", "freelance"),
}
KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
FIELDS = {
    "skill": {*LANGUAGES, "broader", "near", "esco"},
    "sector": {*LANGUAGES, "nace"},
    "profession": {*LANGUAGES, "skills", "sector", "esco"},
}
ESCO = {
    "skill": re.compile(r"http://data\.europa\.eu/esco/skill/[0-9A-Za-z-]+"),
    "profession": re.compile(r"http://data\.europa\.eu/esco/occupation/[0-9a-f-]+"),
}
# The divisions of each section of NACE Rev. 2.1; a code may go on to a group or a class.
SECTIONS = {
    letter: range(first, last + 1)
    for letter, first, last in [
        *[("A", 1, 3), ("B", 5, 9), ("C", 10, 33), ("D", 35, 35), ("E", 36, 39), ("F", 41, 43), ("G", 46, 47)],
        *[("H", 49, 53), ("I", 55, 56), ("J", 58, 60), ("K", 61, 63), ("L", 64, 66), ("M", 68, 68), ("N", 69, 75)],
        *[("O", 77, 82), ("P", 84, 84), ("Q", 85, 85), ("R", 86, 88), ("S", 90, 93), ("T", 94, 96), ("U", 97, 98)],
        ("V", 99, 99),
    ]
}
NACE = re.compile(r"([A-V])([0-9]{2})([.][0-9]{1,2})?")

Rows = list[tuple[str, dict[str, Any]]]

FILES = {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.toml"))}


def rows(kind: str) -> Rows:
    return [(key, row) for data in FILES.values() for key, row in data.get(kind, {}).items()]


SKILLS, SECTORS, PROFESSIONS = rows("skill"), rows("sector"), rows("profession")
KINDS = pytest.mark.parametrize("kind", ["skill", "sector", "profession"])
IN_EACH_LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)


def repeated(things: Iterable[str]) -> list[str]:
    return sorted(thing for thing, count in Counter(things).items() if count > 1)


def links(kind: str, field: str) -> Iterator[tuple[str, str]]:
    return ((key, target) for key, row in rows(kind) for target in row.get(field, ()))


def test_there_are_twelve_families_each_named_in_four_languages_in_a_file_of_its_own() -> None:
    families = {stem: data["family"] for stem, data in FILES.items() if "family" in data}

    assert set(families) == FAMILIES
    assert all(set(family) == {"key", *LANGUAGES} and family["key"] == stem for stem, family in families.items())
    assert set(FILES) - FAMILIES == {"_sectors", "_professions", "_isco"}


def test_there_are_enough_skills_professions_and_sectors() -> None:
    assert len(SKILLS) >= 350
    assert len(PROFESSIONS) >= 80
    assert len(SECTORS) >= 40
    assert [stem for stem in sorted(FAMILIES) if len(FILES[stem]["skill"]) < 30] == []


@KINDS
def test_keys_are_plain_and_given_once(kind: str) -> None:
    keys = [key for key, _ in rows(kind)]

    assert [key for key in keys if not KEY.fullmatch(key)] == []
    assert repeated(keys) == []


@KINDS
def test_an_entry_has_only_the_fields_that_are_read(kind: str) -> None:
    assert [(key, sorted(set(row) - FIELDS[kind])) for key, row in rows(kind) if set(row) - FIELDS[kind]] == []


@KINDS
@IN_EACH_LANGUAGE
def test_every_entry_has_short_tidy_labels_in_the_language(kind: str, language: str) -> None:
    assert [key for key, row in rows(kind) if not row.get(language)] == []
    labels = [(key, label) for key, row in rows(kind) for label in row[language]]
    assert [(key, label) for key, label in labels if not 0 < len(label) <= 80 or label != " ".join(label.split())] == []


@KINDS
@IN_EACH_LANGUAGE
def test_no_two_entries_share_a_preferred_label(kind: str, language: str) -> None:
    assert repeated(row[language][0].casefold() for _, row in rows(kind)) == []


@KINDS
@IN_EACH_LANGUAGE
def test_no_entry_repeats_a_label(kind: str, language: str) -> None:
    assert [key for key, row in rows(kind) if repeated(label.casefold() for label in row[language])] == []


@IN_EACH_LANGUAGE
def test_no_synonym_is_the_preferred_label_of_another_skill(language: str) -> None:
    preferred = {row[language][0].casefold(): key for key, row in SKILLS}
    synonyms = [(key, label) for key, row in SKILLS for label in row[language][1:]]

    assert [(key, label) for key, label in synonyms if preferred.get(label.casefold(), key) != key] == []


def test_every_skill_has_a_synonym_in_some_language() -> None:
    assert [key for key, row in SKILLS if all(len(row[language]) == 1 for language in LANGUAGES)] == []


@pytest.mark.parametrize("kind", ["skill", "profession"])
def test_esco_addresses_are_well_formed_and_used_once(kind: str) -> None:
    addresses = [row["esco"] for _, row in rows(kind) if "esco" in row]

    assert [address for address in addresses if not ESCO[kind].fullmatch(address)] == []
    assert repeated(addresses) == []


def test_a_third_of_the_skills_are_anchored_in_esco() -> None:
    assert 3 * sum("esco" in row for _, row in SKILLS) >= len(SKILLS)


@pytest.mark.parametrize(("kind", "field"), [("skill", "broader"), ("skill", "near"), ("profession", "skills")])
def test_links_lead_to_other_skills_that_exist_and_are_listed_once(kind: str, field: str) -> None:
    known = {key for key, _ in SKILLS}

    assert [(key, to) for key, to in links(kind, field) if to not in known] == []
    assert [key for key, row in rows(kind) if repeated(row.get(field, ()))] == []
    assert kind != "skill" or [key for key, to in links(kind, field) if key == to] == []


def test_a_near_link_is_listed_from_one_side_only_and_never_doubles_a_broader_one() -> None:
    pairs = [" ~ ".join(sorted(pair)) for pair in links("skill", "near")]
    broader = {" ~ ".join(sorted(pair)) for pair in links("skill", "broader")}

    assert repeated(pairs) == []
    assert sorted(broader.intersection(pairs)) == []


def test_broader_links_never_come_back_to_where_they_started() -> None:
    parents = {key: row.get("broader", []) for key, row in SKILLS}

    for start in parents:
        reached, ahead = set(), list(parents[start])
        while ahead:
            key = ahead.pop()
            if key not in reached:
                reached.add(key)
                ahead.extend(parents[key])
        assert start not in reached, start


def test_a_profession_has_four_to_ten_skills_and_a_sector_that_exists() -> None:
    sectors = {key for key, _ in SECTORS}

    assert [key for key, row in PROFESSIONS if not 4 <= len(row["skills"]) <= 10] == []
    assert [(key, row["sector"]) for key, row in PROFESSIONS if row["sector"] not in sectors] == []


def test_sectors_carry_a_nace_code_whose_letter_is_its_section() -> None:
    def is_nace(code: str) -> bool:
        match = NACE.fullmatch(code)
        return match is not None and int(match[2]) in SECTIONS[match[1]]

    assert [(key, row.get("nace")) for key, row in SECTORS if not is_nace(row.get("nace", ""))] == []
