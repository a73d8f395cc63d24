"""Which skills are close to which, and how close: the rungs of the ladder by which a wish is met.

A wish for a skill is met by an offer of
    the skill itself                                   100 %   rung EXACT
    a narrower or a near one                            80 %   rung NEAR
    a broader one                                       50 %   rung NEAR
    a sibling (both have a broader skill in common)     40 %   rung NEAR
    any other one of the same group                     20 %   rung GROUP
    any other one of the same area                      10 %   rung AREA
    one that is said to be alike, to some percent              rung NEAR (see `matching.relatedness`)
whichever is most, and otherwise not at all; what then remains in common (sector, hours, languages) is rung CONTEXT. At most 24 skills, the
wanted one included, are on the first two rungs: the closest, then those with the smaller number. One link is one step, so
circles in the links do no harm, and a skill without links is close to itself only.
"""

import copy
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from matching.places import Places

LIMIT = 24
MOST_RANKS = 1 << 12
"""A kilobyte each."""
COMMON, RARER, RAREST = 100, 25, 300
SAME, NARROWER, LIKE, BROADER, SIBLING = 100, 80, 80, 50, 40

Close = tuple[tuple[int, int], ...]
"""(skill, percent), the closest first, then by number."""


class Rung(IntEnum):
    """How far a wish had to be stretched; smaller is closer."""

    EXACT = 0
    NEAR = 1
    GROUP = 2
    AREA = 3
    CONTEXT = 4

    @property
    def word(self) -> str:
        """The public name, such as `exact`."""
        return self.name.lower()


WIDE = {Rung.GROUP: 20, Rung.AREA: 10}
"""Percent for any other skill of the same group or area."""


class Nearness:
    """The links between skills, never changed once made. Lists are worked out when first asked for and kept.

    `broader` are (broader skill, narrower skill), `near` are pairs in any order (arrays of two columns will do);
    `groups` and `areas` give the group and the area of a skill where it has one. Links of a skill to itself are ignored.
    `alike` are rows of (wanted skill, offered skill, percent 1–100). `rarity` is how much a wish for a skill weighs
    beside others, in percent: see `rarity`; 100 where nothing is said.
    """

    def __init__(
        self,
        broader: Iterable[Iterable[int]] = (),
        near: Iterable[Iterable[int]] = (),
        groups: Mapping[int, int] | None = None,
        areas: Mapping[int, int] | None = None,
        rarity: Mapping[int, int] | None = None,
        alike: NDArray[np.int64] | None = None,
    ) -> None:
        self._broader: defaultdict[int, set[int]] = defaultdict(set)
        self._narrower: defaultdict[int, set[int]] = defaultdict(set)
        self._like: defaultdict[int, set[int]] = defaultdict(set)
        for one, other in _pairs(broader):
            self._narrower[one].add(other)
            self._broader[other].add(one)
        for one, other in _pairs(near):
            self._like[one].add(other)
            self._like[other].add(one)
        rows = np.empty((0, 3), np.int64) if alike is None else np.asarray(alike, np.int64).reshape(-1, 3)
        self._alike, self._alike_back = (rows[np.argsort(rows[:, column], kind="stable")] for column in (0, 1))
        if len(rows) and not 1 <= rows[:, 2].min() <= rows[:, 2].max() <= SAME:
            raise ValueError("alike: a percent is not within 1 and 100")
        self._sets = {Rung.GROUP: dict(groups or {}), Rung.AREA: dict(areas or {})}
        self._members: dict[Rung, dict[int, list[int]]] = {rung: _inverse(sets) for rung, sets in self._sets.items()}
        self._weigh(rarity or {})
        self._near: dict[int, dict[int, int]] = {}
        self._met_by: dict[int, Close] = {}
        self._helped: dict[int, frozenset[int]] = {}
        self._ranks: dict[tuple[int, Rung, tuple[int, ...]], tuple[NDArray[np.int64], NDArray[np.int64]]] = {}
        self._help: dict[int, tuple[NDArray[np.int64], NDArray[np.int64]]] = {}
        self._reached: dict[tuple[int, Rung], tuple[NDArray[np.int64], NDArray[np.int64]]] = {}

    def weighed(self, rarity: Mapping[int, int]) -> "Nearness":
        """The same links with this rarity; what was worked out is shared."""
        other = copy.copy(self)
        other._weigh(rarity)
        return other

    def _weigh(self, rarity: Mapping[int, int]) -> None:
        self._weights = dict(rarity)
        weighed = sorted(self._weights)
        self._weighed = Places(np.array(weighed, np.int64))
        self._weight = np.array([*(self._weights[skill] for skill in weighed), COMMON], np.int64)

    def close(self, skill: int) -> dict[int, int]:
        """Percent by skill on the first two rungs, the skill itself first; at most 24."""
        found = self._near.get(skill)
        if found is None:
            percents = self._neighbours(skill) | {skill: SAME}
            found = self._near[skill] = dict(_closest_first(percents)[:LIMIT])
        return found

    def relation(self, wanted: int, offered: int) -> tuple[Rung, int]:
        """On which rung, and to what percent, the offered skill meets the wanted one."""
        if percent := self.close(wanted).get(offered):
            return (Rung.EXACT if wanted == offered else Rung.NEAR), percent
        for rung in WIDE:
            if percent := self.together(wanted, offered, rung):
                return rung, percent
        return Rung.CONTEXT, 0

    def together(self, wanted: int, offered: int, rung: Rung) -> int:
        """Percent for being of one group (rung GROUP) or of one area (rung AREA); 0 when they are not."""
        sets = self._sets[rung]
        return WIDE[rung] if wanted in sets and sets[wanted] == sets.get(offered) else 0

    def set_of(self, skill: int, rung: Rung) -> int | None:
        """The group (rung GROUP) or the area (rung AREA) of this skill; None when it has none."""
        return self._sets[rung].get(skill)

    def reach(self, wanted: int, rung: Rung) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The skills that meet this wish on a rung (NEAR: on the first two), and to what percent each."""
        if rung not in WIDE:
            found = self._reached.get((wanted, rung))
            if found is None:
                close = self.close(wanted)
                found = self._reached[wanted, rung] = _whole(close), _whole(close.values())
            return found
        one = self.set_of(wanted, rung)
        if one is None:
            return _whole(()), _whole(())
        found = self._reached.get((one, rung))
        if found is None:
            members = _whole(self._members[rung][one])
            found = self._reached[one, rung] = members, np.full_like(members, WIDE[rung])
        return found

    def ranks(self, wanted: int, rung: Rung, steps: tuple[int, ...]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The skills of `reach`, and by cell (five for each, one a level offered) how well the wish is met where each level is worth
        so many percent: twice that in 10⁴ths, and one more for the wanted skill itself; -1 where it is not met.
        """
        found = self._ranks.get((wanted, rung, steps))
        if found is None:
            skills, percents = self.reach(wanted, rung)
            quality = percents[:, None] * np.array(steps[1:], np.int64)
            is_same = (skills == wanted)[:, None] & (rung not in WIDE)
            found = skills, np.where(quality > 0, quality << 1 | is_same, -1).ravel()
            if rung not in WIDE:
                if len(self._ranks) >= MOST_RANKS:
                    self._ranks.clear()
                self._ranks[wanted, rung, steps] = found
        return found

    def weight(self, skill: int) -> int:
        """How much a wish for this skill weighs beside others, in percent."""
        return self._weights.get(skill, COMMON)

    def weights_of(self, skills: NDArray[np.int64]) -> NDArray[np.int64]:
        """`weight` of many."""
        found: NDArray[np.int64] = self._weight[self._weighed.of(skills)]
        return found

    def met_by(self, offered: int) -> Close:
        """The wishes that an offer of this skill meets on the first two rungs: `close` read the other way round."""
        found = self._met_by.get(offered)
        if found is None:
            wanted = {offered: SAME}
            from_here, to_here = self._neighbours(offered), _of(self._alike_back, 1, offered)[:, 0].tolist()
            for skill in {*from_here, *to_here} - {offered}:
                if percent := self.close(skill).get(offered):
                    wanted[skill] = percent
            found = self._met_by[offered] = _closest_first(wanted)
        return found

    def helped(self, offered: int) -> frozenset[int]:
        """The wanted skills of `met_by`."""
        found = self._helped.get(offered)
        if found is None:
            found = self._helped[offered] = frozenset([wanted for wanted, _ in self.met_by(offered)])
        return found

    def help_of(self, offered: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """`met_by` as columns: the wanted skills, and to what percent the offered one meets each."""
        found = self._help.get(offered)
        if found is None:
            met = dict(self.met_by(offered))
            found = self._help[offered] = _whole(met), _whole(met.values())
        return found

    def _neighbours(self, skill: int) -> dict[int, int]:
        percents: dict[int, int] = {}
        above = self._broader.get(skill, set())
        steps = (
            (SIBLING, (other for parent in above for other in self._narrower[parent])),
            (BROADER, above),
            (LIKE, self._like.get(skill, ())),
            (NARROWER, self._narrower.get(skill, ())),
        )
        for percent, others in steps:
            for other in others:
                if other != skill:
                    percents[other] = max(percent, percents.get(other, 0))
        for _, other, percent in _of(self._alike, 0, skill).tolist():
            if other != skill:
                percents[other] = max(percent, percents.get(other, 0))
        return percents


def rarity(offering: Mapping[int, int], people: int) -> dict[int, int]:
    """How much a wish weighs, from how many of how many people offer the skill: 100 % for what everyone does, 25 more for each
    halving of those who do, 300 at most (inverse document frequency, Spärck Jones 1972, in whole steps).
    """
    return {
        skill: min(RAREST, COMMON + RARER * ((people // max(1, count)).bit_length() - 1))
        for skill, count in offering.items()
        if people >= max(1, count)
    }


def _whole(numbers: Collection[int]) -> NDArray[np.int64]:
    return np.fromiter(numbers, np.int64, len(numbers))


def _of(rows: NDArray[np.int64], column: int, skill: int) -> NDArray[np.int64]:
    """The rows with this skill in the column by which they are sorted."""
    start, end = np.searchsorted(rows[:, column], [skill, skill + 1])
    return rows[start:end]


def _inverse(sets: Mapping[int, int]) -> dict[int, list[int]]:
    members: defaultdict[int, list[int]] = defaultdict(list)
    for skill in sorted(sets):
        members[sets[skill]].append(skill)
    return dict(members)


def _pairs(links: Iterable[Iterable[int]]) -> Iterable[tuple[int, int]]:
    for link in links:
        one, other = (int(skill) for skill in link)
        if one != other:
            yield one, other


def _closest_first(percents: Mapping[int, int]) -> Close:
    return tuple(sorted(percents.items(), key=lambda entry: (-entry[1], entry[0])))
