"""The SciPy peer: my wishes as a sparse row times everyone's offers as a sparse matrix, and an exact re-rank of whom that finds.

A product adds up where the score takes the best offer, so those who can be asked are scored again from their own offers. Conditions,
shared parts, the other's wishes and reasons are the engine's own code; only who meets my wishes is found otherwise.
"""

import numpy as np
from scipy.sparse import csr_array

from matching import GUIDE, Explanation, Nearness, Person, explain
from matching.crowd import LEVELS_OFFERED, Crowd
from matching.question import Question
from matching.shelf import Shelf, Slots
from tests.bench.matching_sql import IS_EXACT, POINTS, spread

FOUND_EXACTLY = 1 << 20
"""Added for the wanted skill itself: more than all points of a product come to."""


class Sparse:
    """For questions that ten people answer exactly."""

    def __init__(self, crowd: Crowd, near: Nearness) -> None:
        self.crowd, self.near, self.shelf = crowd, near, Shelf(crowd)
        shape = LEVELS_OFFERED * len(crowd.skills), len(crowd)
        ones = np.ones(len(crowd.listed), np.int32)
        self.offers = csr_array((ones, crowd.listed, crowd.lists_from), shape=shape)
        self.key_of_offer = crowd.offered.astype(np.int32) * LEVELS_OFFERED + crowd.levels - 1
        self.column = np.zeros(shape[0], np.int32)
        self.shelf._size(len(crowd))

    def top(self, me: Person, k: int, track: str) -> list[Explanation]:
        ask = Question(me, self.near, GUIDE, track)
        wish, skill, level, packed = np.array(list(spread(me, self.near)), np.int64).T
        key = LEVELS_OFFERED * np.searchsorted(self.crowd.skills, skill) + level - 1
        worth = ((packed & POINTS) + FOUND_EXACTLY * (packed & IS_EXACT > 0)).astype(np.int32)
        row = csr_array((worth, (np.zeros(len(key), np.int32), key)), shape=(1, self.offers.shape[0]))
        found = row @ self.offers
        slots = found.indices[found.data >= FOUND_EXACTLY]
        slots = slots[self.shelf._askable(ask, slots)]
        slots = self._scored(slots, wish, key, packed)
        best = self.shelf.best(ask, slots, k)
        return [explain(me, them, self.near, track=track) for _, _, them in best]

    def _scored(self, slots: Slots, wish: np.ndarray, key: np.ndarray, packed: np.ndarray) -> Slots:
        """Those whose best offer for a wish is the wanted skill itself; their points are left on the shelf."""
        keys, column = np.unique(key, return_inverse=True)
        table = np.zeros((wish.max() + 1, 1 + len(keys)), np.int64)  # column 0 is for what I do not want
        table[wish, 1 + column] = packed
        self.column[keys] = 1 + np.arange(len(keys))
        begins, ends = self.crowd.offers_from[slots], self.crowd.offers_from[slots + 1]
        sizes = ends - begins
        starts = np.cumsum(sizes) - sizes
        offers = np.arange(sizes.sum()) + np.repeat(begins - starts, sizes)
        best = np.maximum.reduceat(table[:, self.column[self.key_of_offer[offers]]], starts, axis=1)
        self.column[keys] = 0
        exact = (best & IS_EXACT > 0).any(axis=0)
        self.shelf._points[slots] = (best & POINTS).sum(axis=0)
        return slots[exact]
