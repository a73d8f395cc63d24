"""A team as it is proposed: who would cover what, what stays uncovered, and who could come instead."""

from dataclasses import dataclass

from matching.team_call import Need


@dataclass(frozen=True)
class Cover:
    """A need that one person covers with an offer of theirs; `percent` is how close the offer is (`matching.near`)."""

    skill: int
    offered: int
    level: int
    percent: int


@dataclass(frozen=True)
class Alternate:
    """Someone who could have the seat instead, and the value of the team with them, everyone else doing what they do."""

    person: int
    covers: tuple[Cover, ...]
    value: int


@dataclass(frozen=True)
class Seat:
    """One person and what they cover: one need or two, of a member possibly none. Members have no alternates."""

    person: int
    covers: tuple[Cover, ...]
    is_member: bool = False
    alternates: tuple[Alternate, ...] = ()


@dataclass(frozen=True)
class Team:
    """Members first, then those who would join, each by id.

    All of them speak `language` and are free in the hours `slot` and `slot` + 1 of the week (UTC, Monday 00:00 is 0, modulo
    168); both are None when nobody would join. Members who did not say what they speak, or when they are free, are not asked.
    `gaps` are the needs with the number of people still lacking. No team has more than `bound` for its `value`.
    """

    seats: tuple[Seat, ...]
    language: str | None
    slot: int | None
    countries: tuple[str, ...]
    gaps: tuple[Need, ...]
    places: int
    value: int
    bound: int

    @property
    def covered(self) -> int:
        """How many of the places are covered."""
        return self.places - sum(gap.people for gap in self.gaps)

    @property
    def coverage(self) -> int:
        """The same in percent of all places, rounded down."""
        return 100 * self.covered // self.places

    @property
    def proven(self) -> bool:
        """Whether no other team is worth more."""
        return self.value == self.bound

    @property
    def joining(self) -> tuple[int, ...]:
        """The ids of those who would join."""
        return tuple(seat.person for seat in self.seats if not seat.is_member)
