"""Which skills are close to which, and how close: the rungs of the ladder by which a wish is met.

A wish for a skill is met by an offer of
    the skill itself                                   100 %   rung EXACT
    a narrower or a near one                            80 %   rung NEAR
    a broader one                                       50 %   rung NEAR
    a sibling (both have a broader skill in common)     40 %   rung NEAR
    any other one of the same group                     20 %   rung GROUP
    any other one of the same area                      10 %   rung AREA
and otherwise not at all; what then remains in common (sector, hours, languages) is rung CONTEXT. At most 24 skills, the
wanted one included, are on the first two rungs: the closest, then those with the smaller number. One link is one step, so
circles in the links do no harm, and a skill without links is close to itself only.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from enum import IntEnum

LIMIT = 24
SAME, NARROWER, LIKE, BROADER, SIBLING, IN_GROUP, IN_AREA = 100, 80, 80, 50, 40, 20, 10

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


class Nearness:
    """The links between skills, never changed once made. Lists are worked out when first asked for and kept.

    `broader` are (broader skill, narrower skill), `near` are pairs in any order (arrays of two columns will do);
    `groups` and `areas` give the group and the area of a skill where it has one. Links of a skill to itself are ignored.
    """

    def __init__(
        self,
        broader: Iterable[Iterable[int]] = (),
        near: Iterable[Iterable[int]] = (),
        groups: Mapping[int, int] | None = None,
        areas: Mapping[int, int] | None = None,
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
        self._sets = {Rung.GROUP: dict(groups or {}), Rung.AREA: dict(areas or {})}
        self._members = {rung: _by_value(sets) for rung, sets in self._sets.items()}
        self._near: dict[int, dict[int, int]] = {}
        self._rings: dict[tuple[int, Rung], Close] = {}
        self._met_by: dict[int, Close] = {}

    def close(self, skill: int) -> Mapping[int, int]:
        """Percent by skill on the first two rungs, the skill itself first; at most 24."""
        found = self._near.get(skill)
        if found is None:
            percents = self._neighbours(skill) | {skill: SAME}
            found = self._near[skill] = dict(_closest_first(percents)[:LIMIT])
        return found

    def relation(self, wanted: int, offered: int) -> tuple[Rung, int]:
        """On which rung, and to what percent, the offered skill meets the wanted one."""
        if wanted == offered:
            return Rung.EXACT, SAME
        if percent := self.close(wanted).get(offered):
            return Rung.NEAR, percent
        if self._together(Rung.GROUP, wanted, offered):
            return Rung.GROUP, IN_GROUP
        if self._together(Rung.AREA, wanted, offered):
            return Rung.AREA, IN_AREA
        return Rung.CONTEXT, 0

    def ring(self, skill: int, rung: Rung) -> Close:
        """What this rung adds to the narrower ones."""
        found = self._rings.get((skill, rung))
        if found is None:
            if rung == Rung.EXACT:
                others: Iterable[int] = (skill,)
            elif rung == Rung.NEAR:
                others = self.close(skill)
            else:
                others = self._members[rung].get(self._sets[rung].get(skill), ()) if rung in self._sets else ()
            relations = ((other, self.relation(skill, other)) for other in others)
            found = _closest_first({other: percent for other, (at, percent) in relations if at == rung})
            self._rings[skill, rung] = found
        return found

    def met_by(self, offered: int) -> Close:
        """The wishes that an offer of this skill meets on the first two rungs: `close` read the other way round."""
        found = self._met_by.get(offered)
        if found is None:
            wanted = {offered: SAME}
            for skill in self._neighbours(offered):
                if percent := self.close(skill).get(offered):
                    wanted[skill] = percent
            found = self._met_by[offered] = _closest_first(wanted)
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
        return percents

    def _together(self, rung: Rung, one: int, other: int) -> bool:
        sets = self._sets[rung]
        return one in sets and sets[one] == sets.get(other)


def _pairs(links: Iterable[Iterable[int]]) -> Iterable[tuple[int, int]]:
    for link in links:
        one, other = (int(skill) for skill in link)
        if one != other:
            yield one, other


def _by_value(sets: Mapping[int, int]) -> dict[int | None, list[int]]:
    found: defaultdict[int | None, list[int]] = defaultdict(list)
    for skill in sorted(sets):
        found[sets[skill]].append(skill)
    return dict(found)


def _closest_first(percents: Mapping[int, int]) -> Close:
    return tuple(sorted(percents.items(), key=lambda entry: (-entry[1], entry[0])))
