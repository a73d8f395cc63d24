"""A person as the engine sees them: numbers and codes only, checked once at the edge and trusted from then on."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Self

HOURS_A_WEEK = 168
COMFORTABLE = 3
"""B1: from here on people can talk with each other (1–6 are CEFR A1–C2, 7 is native)."""
FORMATS = frozenset({"online", "in_person"})
MOST_ID = 2**63 - 1
MOST_SAID = 1_000
"""So many of a kind one may name: each wish costs a search, and nobody means a million of them."""

Offer = tuple[int, int]
Want = tuple[int, int, int]
Spoken = tuple[str, int]


@dataclass(frozen=True)
class Person:
    """One person. The order in which anything is listed does not matter: two people who say the same are equal.

    `offers` are (skill, level 1–5); `wants` are (skill, level now 0–4, priority 1–3); `languages` are (code, level 1–7),
    also accepted as a mapping. `hours` is a mask of the free UTC hours of a week, Monday 00:00 is bit 0. `places_open` and
    `waiting` count free places and open requests of a guide; `good` of `rated` mentorships were rated good; `scarcity` is what
    a place of theirs is worth in points (a price, 0 when nobody must be turned away). What is empty was not said, and counts
    neither for nor against anyone. Raises ValueError for anything that cannot be.
    """

    id: int
    offers: tuple[Offer, ...] = ()
    wants: tuple[Want, ...] = ()
    sectors: frozenset[int] = frozenset()
    languages: tuple[Spoken, ...] | Mapping[str, int] = ()
    hours: int = 0
    country: str = ""
    tracks: frozenset[str] = frozenset()
    places_open: int = 0
    waiting: int = 0
    good: int = 0
    rated: int = 0
    scarcity: int = 0
    abroad: bool = False
    formats: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        for name in ("offers", "wants", "sectors", "languages"):
            if (count := len(getattr(self, name))) > MOST_SAID:
                raise ValueError(f"{name}: {count} are more than {MOST_SAID}")
        spoken = self.languages.items() if isinstance(self.languages, Mapping) else self.languages
        object.__setattr__(self, "offers", tuple((skill, level) for skill, level in self.offers))
        object.__setattr__(self, "wants", tuple((s, n, p) for s, n, p in self.wants))
        object.__setattr__(self, "languages", tuple((code, level) for code, level in spoken))
        for name in ("sectors", "tracks", "formats"):
            object.__setattr__(self, name, frozenset(getattr(self, name)))
        self._check()
        object.__setattr__(self, "offers", tuple(sorted(self.offers)))
        object.__setattr__(self, "wants", tuple(sorted(self.wants, key=_weightiest_first)))
        object.__setattr__(self, "languages", tuple(sorted(self.spoken)))

    @classmethod
    def trusted(cls, **fields: Any) -> Self:
        """Somebody who was checked before: all fields as they are kept, so that nothing is sorted or looked at again."""
        person = object.__new__(cls)
        person.__dict__.update(fields)
        return person

    def _check(self) -> None:
        within("id", self.id, 0, MOST_ID)
        for skill, level in self.offers:
            within("offered skill", skill, 0, MOST_ID)
            within("offered level", level, 1, 5)
        for skill, level_now, priority in self.wants:
            within("wanted skill", skill, 0, MOST_ID)
            within("level now", level_now, 0, 4)
            within("priority", priority, 1, 3)
        for code, level in self.spoken:
            if not isinstance(code, str) or not code:
                raise ValueError(f"language: {code!r} is not a code")
            within("language level", level, 1, 7)
        _once("offered skill", [skill for skill, _ in self.offers])
        _once("wanted skill", [skill for skill, _, _ in self.wants])
        _once("language", [code for code, _ in self.spoken])
        for name in ("places_open", "waiting", "good", "rated", "scarcity"):
            within(name, getattr(self, name), 0, 2**16 - 1)
        within("good of rated", self.good, 0, self.rated)
        if len(self.country) not in (0, 2):
            raise ValueError(f"country: {self.country!r} is not a code of two letters")
        within("hours (a mask of 168 bits)", self.hours, 0, (1 << HOURS_A_WEEK) - 1)
        if unknown := self.formats - FORMATS:
            raise ValueError(f"formats: unknown {sorted(unknown)}")

    @property
    def spoken(self) -> tuple[Spoken, ...]:
        """The languages as pairs, sorted by code."""
        assert isinstance(self.languages, tuple)
        return self.languages

    @cached_property
    def comfortable(self) -> frozenset[str]:
        """The languages in which this person can hold a conversation (B1 or better)."""
        return frozenset(code for code, level in self.spoken if level >= COMFORTABLE)


def priced(person: Person, prices: Mapping[int, int] | None) -> Person:
    """The same person at these prices of a place; as they are where none are given."""
    price = person.scarcity if prices is None else prices.get(person.id, 0)
    return person if price == person.scarcity else replace(person, scarcity=price)


def _weightiest_first(want: Want) -> tuple[int, int]:
    skill, _, priority = want
    return -priority, skill


def _once(what: str, values: Collection[int] | Collection[str]) -> None:
    if len(set(values)) != len(values):
        raise ValueError(f"{what}: named twice")


def within(what: str, value: int, low: int, high: int) -> None:
    """Raises ValueError for what is not a whole number, or not from `low` to `high`."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError(f"{what}: {value!r} is not a whole number")
    if not low <= value <= high:
        raise ValueError(f"{what}: {value} is not within {low} and {high}")
