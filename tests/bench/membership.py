"""An invented membership of any size, drawn in columns: skills by a Zipf law, in groups and areas, as freelancers have them.

Popularity of the r-th skill is 1 / (r + 4)^0.9: of a million members 4 to 5 % offer the most common one. Everyone offers about
7 skills, most of them of two groups, and wants about 3; half are guides, of whom 40 % have a place.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching import Nearness
from matching.crowd import ABROAD, BOTH, HERE, HOURS_BYTES, MEETS, OPEN, SPEAKS, Books, Crowd

TRACKS = ["social", "economic", "cooperative"]
FORMATS = ["in_person", "online"]
SECTORS, LANGUAGES, COUNTRIES = 88, 40, 35


@dataclass(frozen=True)
class Vocabulary:
    skills: int = 14_000
    groups: int = 450
    areas: int = 75

    def nearness(self, seed: int) -> Nearness:
        """A quarter of the skills are below another one of their group, and a third have one alike."""
        chance = np.random.default_rng(seed)
        skills, groups = np.arange(self.skills), self.groups
        below = np.arange(4 * groups, self.skills, 4)
        alike = np.arange(1, self.skills, 3)
        other = (alike + groups * chance.integers(1, 6, len(alike))) % self.skills
        group = dict(zip(skills.tolist(), (skills % groups).tolist(), strict=True))
        areas = {skill: one % self.areas for skill, one in group.items()}
        return Nearness(np.stack([below % (4 * groups), below], 1), np.stack([alike, other], 1), group, areas)


def membership(members: int, vocabulary: Vocabulary, seed: int) -> Crowd:
    """The arrays of everyone; the same for the same seed."""
    chance = np.random.default_rng(seed)
    popular = 1 / (np.arange(vocabulary.skills) + 4) ** 0.9
    offers_from, offered = _some_skills(members, 7.1, 12, popular, vocabulary, chance)
    wants_from, wanted = _some_skills(members, 3.4, 5, popular, vocabulary, chance)
    guide = chance.random(members) < 0.5
    places = np.where(guide & (chance.random(members) < 0.4), chance.integers(1, 5, members), 0)
    rated = chance.poisson(2, members) * guide
    numbers = np.stack([places, chance.poisson(0.6, members) * guide, rated * 3 // 4, rated, rated * 0], 1)
    has_both = (np.diff(wants_from) > 0) & (np.diff(offers_from) > 0)
    abroad = chance.random(members) < 0.3
    flags = HERE | SPEAKS | MEETS | OPEN * (places > 0) | ABROAD * abroad | BOTH * has_both
    home = np.minimum(chance.zipf(1.6, members) - 1, COUNTRIES - 1)
    return Crowd(
        ids=np.arange(1, members + 1),
        skills=np.arange(vocabulary.skills),
        offers_from=offers_from,
        offered=offered.astype(np.uint16),
        levels=chance.integers(1, 6, len(offered), np.uint8),
        wants_from=wants_from,
        wanted=wanted.astype(np.uint16),
        marks=(4 * chance.integers(0, 4, len(wanted)) + chance.integers(1, 4, len(wanted))).astype(np.uint8),
        sectors=_bits([chance.integers(0, SECTORS, members) for _ in range(2)], SECTORS),
        languages=_bits([home % LANGUAGES, np.minimum(chance.zipf(1.8, members) - 1, LANGUAGES - 1)], LANGUAGES),
        tracks=(1 << chance.integers(0, 3, members)).astype(np.uint8)[:, None] | np.uint8(2),
        formats=np.where(chance.random(members) < 0.7, 3, 2).astype(np.uint8)[:, None],
        hours=_weeks(members, home, chance),
        countries=(home + 1).astype(np.uint8),
        numbers=numbers.astype(np.uint16),
        flags=flags.astype(np.uint8),
        books=Books(
            sectors=list(range(SECTORS)),
            languages=[f"l{number}" for number in range(LANGUAGES)],
            tracks=list(TRACKS),
            formats=list(FORMATS),
            countries=["", *(f"{chr(65 + n // 26)}{chr(65 + n % 26)}" for n in range(COUNTRIES))],
        ),
    )


def _some_skills(
    members: int,
    mean: float,
    most: int,
    popular: NDArray[np.float64],
    vocabulary: Vocabulary,
    chance: np.random.Generator,
) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Skills of everyone, each once a person: three in four from the groups of the first two."""
    share = np.cumsum(popular) / popular.sum()
    draws = np.searchsorted(share, chance.random((members, most)))
    homes = draws[:, chance.integers(0, 2, most)] % vocabulary.groups
    in_group = homes + vocabulary.groups * (draws // vocabulary.groups)
    stays = chance.random((members, most)) < 0.75
    stays[:, :2] = False
    drawn = np.where(stays & (in_group < vocabulary.skills), in_group, draws)
    drawn.sort(axis=1)
    again = np.zeros_like(stays)
    again[:, 1:] = drawn[:, 1:] == drawn[:, :-1]
    kept = (chance.random((members, most)) < mean / most * 1.3) & ~again
    kept[:, 0] |= ~kept.any(axis=1)
    starts = np.concatenate([[0], np.cumsum(kept.sum(axis=1))]).astype(np.int32)
    return starts, drawn[kept]


def _bits(places: list[NDArray[np.int64]], bits: int) -> NDArray[np.uint8]:
    members = len(places[0])
    mask = np.zeros((members, -(-bits // 8)), np.uint8)
    for place in places:
        mask[np.arange(members), place // 8] |= (1 << (place % 8)).astype(np.uint8)
    return mask


def _weeks(members: int, home: NDArray[np.int64], chance: np.random.Generator) -> NDArray[np.uint8]:
    """Two to four stretches of two to four hours on working days, in three time zones."""
    mask = np.zeros((members, HOURS_BYTES), np.uint8)
    everyone = np.arange(members)
    for stretch in range(4):
        start = 24 * chance.integers(0, 5, members) + chance.integers(8, 19, members) - home % 3
        length = np.where(chance.random(members) < 0.75 if stretch > 1 else True, chance.integers(2, 5, members), 0)
        for hour in range(4):
            at = (start + hour) % 168
            mask[everyone, at // 8] |= ((hour < length) << (at % 8)).astype(np.uint8)
    return mask
