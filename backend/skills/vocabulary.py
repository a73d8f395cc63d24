"""Reads the starter vocabulary: readable TOML files, one a family, beside this module in `vocabulary/`."""

import tomllib
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "vocabulary"
LANGUAGES = ("en", "fr", "nl", "de")
Labels = dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Entry:
    """A concept of the starter vocabulary. `labels` per language: the preferred one first, then synonyms."""

    key: str
    labels: Labels
    esco: str | None = None
    family: str = ""
    broader: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    nace: str = ""
    skills: tuple[str, ...] = ()
    sector: str = ""

    @property
    def names(self) -> dict[str, str]:
        return {language: labels[0] for language, labels in self.labels.items()}


@dataclass(frozen=True)
class Vocabulary:
    families: dict[str, dict[str, str]] = field(default_factory=dict)
    skills: list[Entry] = field(default_factory=list)
    sectors: list[Entry] = field(default_factory=list)
    professions: list[Entry] = field(default_factory=list)


@lru_cache(maxsize=1)
def read() -> Vocabulary:
    """The whole starter vocabulary, in the order of the files."""
    found = Vocabulary()
    for path in sorted(FOLDER.glob("*.toml")):
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        family = data.get("family", {})
        if family:
            found.families[family["key"]] = {language: family[language] for language in LANGUAGES}
        found.skills.extend(_entry(key, row, family=family["key"]) for key, row in data.get("skill", {}).items())
        found.sectors.extend(_entry(key, row) for key, row in data.get("sector", {}).items())
        found.professions.extend(_entry(key, row) for key, row in data.get("profession", {}).items())
    return found


def _entry(key: str, row: dict[str, Any], family: str = "") -> Entry:
    return Entry(
        key=key,
        labels={language: tuple(row[language]) for language in LANGUAGES},
        esco=row.get("esco"),
        family=family,
        broader=tuple(row.get("broader", ())),
        near=tuple(row.get("near", ())),
        nace=row.get("nace", ""),
        skills=tuple(row.get("skills", ())),
        sector=row.get("sector", ""),
    )
