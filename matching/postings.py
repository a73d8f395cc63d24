"""Who offers what at which level: one growing list of slots for each (skill, level), or (group, level)."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from matching.people import Offer

Slots = NDArray[np.int32]


class Posting:
    """A set of slots in an array that grows by half; the order says nothing."""

    __slots__ = ("count", "slots")

    def __init__(self, slots: Slots) -> None:
        self.slots, self.count = slots, len(slots)

    def add(self, slot: int) -> None:
        if self.count == len(self.slots):
            grown = np.empty(self.count + self.count // 2 + 2, np.int32)
            grown[: self.count] = self.slots
            self.slots = grown
        self.slots[self.count] = slot
        self.count += 1

    def discard(self, slot: int) -> None:
        """The last one takes the place of the one that leaves."""
        (at,) = np.flatnonzero(self.slots[: self.count] == slot)
        self.count -= 1
        self.slots[at] = self.slots[self.count]


NOWHERE: dict[int, Posting] = {}


class Postings:
    """All lists. Filled at once from many people, then changed in place."""

    def __init__(self, offers_by_slot: Iterable[Iterable[Offer]]) -> None:
        rows = [(slot, skill, level) for slot, offers in enumerate(offers_by_slot) for skill, level in offers]
        slots, skills, levels = np.array(rows, np.int64).reshape(-1, 3).T
        order = np.lexsort((slots, levels, skills))
        sorted_slots: Slots = slots[order].astype(np.int32)
        skills, levels = skills[order], levels[order]
        begins = np.flatnonzero(np.diff(skills, prepend=-1) | np.diff(levels, prepend=-1))
        ends = np.append(begins, len(order))[1:]
        self._lists: dict[int, dict[int, Posting]] = {}
        for begin, end in zip(begins, ends, strict=True):
            levels_of = self._lists.setdefault(int(skills[begin]), {})
            levels_of[int(levels[begin])] = Posting(sorted_slots[begin:end].copy())

    def add(self, slot: int, offers: Iterable[Offer]) -> None:
        for skill, level in offers:
            levels = self._lists.setdefault(skill, {})
            if level not in levels:
                levels[level] = Posting(np.empty(0, np.int32))
            levels[level].add(slot)

    def discard(self, slot: int, offers: Iterable[Offer]) -> None:
        for skill, level in offers:
            levels = self._lists[skill]
            levels[level].discard(slot)
            if not levels[level].count:
                del levels[level]
                if not levels:
                    del self._lists[skill]

    def of(self, skill: int) -> Iterable[tuple[int, Posting]]:
        """The levels at which someone offers this, each with who does."""
        return self._lists.get(skill, NOWHERE).items()

    @property
    def nbytes(self) -> int:
        return sum(posting.slots.nbytes for levels in self._lists.values() for posting in levels.values())
