"""What a team calls for: skills that it lacks, and the rules for those who would join."""

from collections.abc import Iterable
from dataclasses import dataclass

from matching.people import HOURS_A_WEEK, MOST_ID, within

MOST_NEEDS = 8
SMALLEST, LARGEST = 3, 6
"""How many people a team may be limited to."""


@dataclass(frozen=True, order=True)
class Need:
    """A skill at a level of at least `level` (1–5), offered by each of so many `people` (1–2); `priority` 1–3, as with wishes."""

    skill: int
    level: int = 1
    people: int = 1
    priority: int = 1

    def __post_init__(self) -> None:
        within("needed skill", self.skill, 0, MOST_ID)
        for name, most in (("level", 5), ("people", 2), ("priority", 3)):
            within(f"need {self.skill}: {name}", getattr(self, name), 1, most)


@dataclass(frozen=True)
class Call:
    """The needs of a team, by skill; who is in it already; how many it may be in all, newcomers included.

    Whoever joins speaks `language` (None: any one that all speak) and is free in two consecutive hours of the week in which all
    are; `hours` is a mask of the UTC week hours within which those must lie (None: any). `countries`: from so many the team must then come at least, those of its members included. The order in which anything is
    listed does not matter. Raises ValueError for what no team could be.
    """

    needs: tuple[Need, ...]
    members: tuple[int, ...] = ()
    size: int = LARGEST
    language: str | None = None
    countries: int = 0
    hours: int | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "needs", tuple(sorted(self.needs)))
        object.__setattr__(self, "members", tuple(sorted(self.members)))
        within("number of needs", len(self.needs), 1, MOST_NEEDS)
        _once("need", (need.skill for need in self.needs))
        _once("member", self.members)
        within("size", self.size, SMALLEST, LARGEST)
        within("number of members", len(self.members), 0, self.size)
        within("countries", self.countries, 0, self.size)
        if self.hours is not None and not (isinstance(self.hours, int) and 0 < self.hours < 1 << HOURS_A_WEEK):
            raise ValueError("hours: a mask of 168 bits is needed, or None for any")
        if self.language == "":
            raise ValueError("language: a code is needed, or None for any one in common")

    @property
    def places(self) -> int:
        """How many covers there are to be had: a need of two people has two."""
        return sum(need.people for need in self.needs)

    @property
    def seats(self) -> int:
        """How many people may join."""
        return self.size - len(self.members)


def _once(what: str, values: Iterable[int]) -> None:
    seen: set[int] = set()
    for value in values:
        if value in seen:
            raise ValueError(f"{what} {value}: named twice")
        seen.add(value)
