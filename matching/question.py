"""Who asks, and what of that is worked out once: which skills meet their wishes for how many points, and whose wishes they meet."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray

from matching.explanation import Explanation
from matching.near import Nearness, Rung
from matching.people import Person, Want, priced
from matching.places import Places
from matching.score import Explainer
from matching.weights import Weights

Numbers = NDArray[np.int64]
WISHES_AT_ONCE = 8
RANK_BITS = 16
"""Of a rank, below the number of the wish."""
RANKED = (1 << RANK_BITS) - 1


@dataclass(frozen=True)
class Reach:
    """Some of my wishes on one rung: `skills[i]` meets one of them.

    By cell (five for each skill, one a level): `rank` ascends by wish and, within one, by how well it is met, at last by whether that
    is the wanted skill itself; it is -1 where the wish is not met. `shares` is what each wish is worth, of `whole`.
    """

    wishes: int
    skills: Numbers
    rank: Numbers
    shares: Numbers
    whole: int

    def worth(self, rank: Numbers) -> NDArray[np.int32]:
        """Twice the points of these ranks, and one more for the wanted skill itself."""
        points = self.shares[rank >> RANK_BITS] * ((rank & RANKED) >> 1) // self.whole
        return (points << 1 | rank & 1).astype(np.int32)


class Prices:
    """What a place with some of the people costs, in points; with all others nothing."""

    def __init__(self, points: Mapping[int, int]) -> None:
        ids = as_ids(sorted(points))
        self._places = Places(ids)
        self._points = np.array([*(points[id] for id in ids.tolist()), 0], np.int64)

    def of(self, ids: Numbers) -> Numbers:
        found: Numbers = self._points[self._places.of(ids)]
        return found


@dataclass(frozen=True)
class Question:
    """Who asks, and how to answer."""

    me: Person
    near: Nearness
    weights: Weights
    track: str | None = None
    allowed: Numbers | None = None
    exclude: Numbers = field(default_factory=lambda: np.empty(0, np.int64))
    prices: Mapping[int, int] | None = None
    _reaches: dict[Rung, list[Reach]] = field(default_factory=dict)
    _explained: dict[int, Explanation] = field(default_factory=dict)

    def reaches(self, rung: Rung) -> list[Reach]:
        """All that meets a wish on this rung (NEAR: on the first two), some wishes at once."""
        if rung not in self._reaches:
            wants = self.me.wants
            some = (wants[begin : begin + WISHES_AT_ONCE] for begin in range(0, len(wants), WISHES_AT_ONCE))
            self._reaches[rung] = [self._reach(wishes, rung) for wishes in some]
        return self._reaches[rung]

    def price_of(self, ids: Numbers) -> Numbers:
        """What a place with each costs, in points, where `prices` say."""
        return self._prices.of(ids)

    @cached_property
    def _prices(self) -> Prices:
        return Prices(self.prices or {})

    @cached_property
    def explainer(self) -> Explainer:
        """For people against whom no condition speaks."""
        return Explainer(self.me, self.near, self.weights, track=self.track)

    def explained(self, them: Person) -> Explanation:
        """The score of somebody against whom no condition speaks, at the prices of this question."""
        found = self._explained.get(them.id)
        if found is None:
            found = self._explained[them.id] = self.explainer.of_askable(priced(them, self.prices))
        return found

    @cached_property
    def _whole(self) -> int:
        """What all my wishes weigh together, in hundredths of a percent of a percent."""
        return 10_000 * sum(self.near.weight(skill) * priority for skill, _, priority in self.me.wants)

    def _reach(self, wants: Sequence[Want], rung: Rung) -> Reach:
        levels, weight = self.weights.levels, self.near.weight
        found = [self.near.ranks(wanted, rung, levels[level_now]) for wanted, level_now, _ in wants]
        skills, ranks = (np.concatenate([one[at] for one in found]) for at in range(2))
        # Where a wish is not met the rank is -1, whichever wish it is.
        ranks |= np.repeat(np.arange(len(wants)) << RANK_BITS, [len(rank) for _, rank in found])
        shares = np.array([self.weights.wishes * weight(wanted) * priority for wanted, _, priority in wants], np.int64)
        return Reach(len(wants), skills, ranks, shares, self._whole)

    @cached_property
    def help(self) -> tuple[Numbers, Numbers]:
        """The wishes that an offer of mine meets on the first two rungs, ascending, and how well by level now, in 10⁴ths."""
        met = [self.near.help_of(offered) for offered, _ in self.me.offers]
        skills, percents = (np.concatenate([as_ids(()), *(rows[at] for rows in met)]) for at in range(2))
        levels = np.repeat(as_ids([level for _, level in self.me.offers]), [len(rows) for rows, _ in met])
        order = np.argsort(skills)
        skills, percents, levels = skills[order], percents[order], levels[order]
        first = np.flatnonzero(np.concatenate(([True], skills[1:] != skills[:-1]))[: len(skills)])
        quality = percents[:, None] * _levels(self.weights).T[levels]
        return skills[first], np.maximum.reduceat(quality, first) if len(first) else quality


def _levels(weights: Weights) -> Numbers:
    return _as_array(weights.levels)


@cache
def _as_array(levels: tuple[tuple[int, ...], ...]) -> Numbers:
    return np.array(levels, np.int64)


def as_ids(ids: Collection[int]) -> Numbers:
    return np.fromiter(ids, np.int64, len(ids))
