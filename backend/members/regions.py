"""The regions of Europe by their ISO 3166-2 code (FR-ARA), and what each is called: `regions.toml`."""

import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import NamedTuple

from backend.skills.folding import fold

LIST = Path(__file__).with_suffix(".toml")


class Region(NamedTuple):
    """`names` by language; where a language has none of its own, the name that it has at home, under the empty one."""

    code: str
    names: dict[str, str]

    @property
    def country(self) -> str:
        return self.code[:2]

    def name_in(self, language: str) -> str:
        return self.names.get(language) or self.names[""]


class Known(NamedTuple):
    """Regions by their code; codes by country and the first administrative division of GeoNames, and by each folded word of a name."""

    regions: dict[str, Region]
    divisions: dict[tuple[str, str], str]
    words: dict[str, set[str]]


@cache
def known() -> Known:
    regions: dict[str, Region] = {}
    divisions: dict[tuple[str, str], str] = {}
    words: dict[str, set[str]] = {}
    for country, rows in tomllib.loads(LIST.read_text(encoding="utf-8")).items():
        for end, row in rows.items():
            code = sys.intern(f"{country}-{end}")
            divisions[country, row.pop("geonames")] = code
            regions[code] = Region(code, {"": row.pop("name"), **row})
            for word in fold(" ".join(regions[code].names.values())).split():
                words.setdefault(word, set()).add(code)
    return Known(regions, divisions, words)


def code_of(country: str, division: str) -> str:
    """The region that GeoNames calls the first administrative division so; empty where we know none."""
    return known().divisions.get((country, division), "")


def region(code: str) -> Region | None:
    return known().regions.get(code)


def called(words: str) -> set[str]:
    """Codes of the regions whose names hold each of these folded words, in whichever language; none for no word."""
    holding = [known().words.get(word, set()) for word in words.split()]
    return set.intersection(*holding) if holding else set()


def of_country(country: str, *, language: str) -> list[Region]:
    """By their names in this language; none where we know none."""
    there = [one for one in known().regions.values() if one.country == country]
    return sorted(there, key=lambda one: fold(one.name_in(language)))
