"""What the engine answers: rows of points that are the score, and the reasons why somebody cannot be asked."""

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from matching.near import Rung


class Part(StrEnum):
    """What a row of points is for. The last three are deductions."""

    WISHES = "wishes"
    MUTUAL = "mutual"
    SECTOR = "sector"
    HOURS = "hours"
    LANGUAGES = "languages"
    ABROAD = "abroad"
    TRACK_RECORD = "track_record"
    WAITING = "waiting"
    SCARCITY = "scarcity"
    BALANCE = "balance"


class Condition(StrEnum):
    """A hard condition that is not fulfilled."""

    ONESELF = "oneself"
    EXCLUDED = "excluded"
    NO_COMMON_LANGUAGE = "no_common_language"
    NO_COMMON_FORMAT = "no_common_format"
    TRACK_NOT_OFFERED = "track_not_offered"
    NO_OPEN_PLACE = "no_open_place"


@dataclass(slots=True, unsafe_hash=True)
class Row:
    """One addend of the score, and what it is about, never changed once made though it is not frozen, which takes long; `maximum` is what it could have been, 0 for a deduction.

    wishes, mutual: the wanted `skill` (with the `level_now` and `priority` of who wants it), the offered skill that it is
    `met_with` (None: not met) at `level`, `percent` how close the two are, on which `rung` · sector: `sectors` in common ·
    hours: `count` of common hours · languages: `languages` in common · abroad: `country` of the other · track_record:
    `count` good `of` rated · waiting: `count` open requests for `of` places · scarcity: `count` points that a place is worth · balance: `count` is the difference of the fits.
    """

    part: Part
    points: int
    maximum: int
    skill: int | None = None
    level_now: int | None = None
    priority: int | None = None
    met_with: int | None = None
    level: int | None = None
    percent: int | None = None
    rung: Rung | None = None
    sectors: tuple[int, ...] | None = None
    languages: tuple[str, ...] | None = None
    country: str | None = None
    count: int | None = None
    of: int | None = None

    @property
    def facts(self) -> dict[str, Any]:
        """What the row is about, ready for JSON: only what applies, rungs by their word."""
        named = {field.name: getattr(self, field.name) for field in fields(self)[3:]}
        found = {name: value for name, value in named.items() if value is not None}
        if self.rung is not None:
            found["rung"] = self.rung.word
        return found


@dataclass(frozen=True)
class Reason:
    """Why this person cannot be asked, and what would change it.

    no_common_language: in `languages` (code, my level, their level), those first in which least is missing to B1 on both
    sides · no_common_format: `formats` of theirs · track_not_offered: the `tracks` they do offer · no_open_place: a place
    that becomes free, for which `waiting` people already wait. An exclusion by either side is never explained.
    """

    condition: Condition
    languages: tuple[tuple[str, int, int], ...] = ()
    formats: tuple[str, ...] = ()
    tracks: tuple[str, ...] = ()
    waiting: int = 0


@dataclass(slots=True, unsafe_hash=True)
class Explanation:
    """One person for another, never changed once made, like its rows: `total` is their sum. `why_not` is empty when they can be asked.

    `rung` is the closest one on which a wish is met; `version` names the weights.
    """

    me: int
    them: int
    total: int
    rows: tuple[Row, ...]
    rung: Rung
    why_not: tuple[Reason, ...]
    version: str

    def points(self, part: Part) -> int:
        """The points of one part."""
        return sum(row.points for row in self.rows if row.part == part)

    @property
    def fit_for_me(self) -> int:
        """A in the mathematics of `matching.score`."""
        return 2 * self.points(Part.WISHES) + self._shared

    @property
    def fit_for_them(self) -> int:
        """B in the mathematics of `matching.score`."""
        return 2 * self.points(Part.MUTUAL) + self._shared

    @property
    def _shared(self) -> int:
        one_sided = (Part.WISHES, Part.MUTUAL, Part.WAITING, Part.SCARCITY, Part.BALANCE)
        return sum(row.points for row in self.rows if row.part not in one_sided)
