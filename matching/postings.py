"""Who offers which skill at which level: one growing list of slots for each (skill, level)."""

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from matching.people import Offer

Slots = NDArray[np.int32]
LEVELS = range(1, 6)


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

    @property
    def current(self) -> Slots:
        return self.slots[: self.count]


class Postings:
    """All lists. Filled at once from many people, then changed in place."""

    def __init__(self, offers_by_slot: Iterable[tuple[Offer, ...]]) -> None:
        rows = [(slot, skill, level) for slot, offers in enumerate(offers_by_slot) for skill, level in offers]
        slots, skills, levels = np.array(rows, np.int64).reshape(-1, 3).T
        order = np.lexsort((slots, levels, skills))
        sorted_slots = slots[order].astype(np.int32)
        skills, levels = skills[order], levels[order]
        begins = np.flatnonzero(np.diff(skills, prepend=-1) | np.diff(levels, prepend=-1))
        ends = np.append(begins, len(order))[1:]
        self._lists = {
            (int(skills[begin]), int(levels[begin])): Posting(sorted_slots[begin:end].copy())
            for begin, end in zip(begins, ends, strict=True)
        }

    def add(self, slot: int, offers: tuple[Offer, ...]) -> None:
        for offer in offers:
            if offer not in self._lists:
                self._lists[offer] = Posting(np.empty(0, np.int32))
            self._lists[offer].add(slot)

    def discard(self, slot: int, offers: tuple[Offer, ...]) -> None:
        for offer in offers:
            posting = self._lists[offer]
            posting.discard(slot)
            if not posting.count:
                del self._lists[offer]

    def of(self, skill: int) -> Iterator[tuple[int, Slots]]:
        """The levels at which someone offers this skill, each with who does."""
        for level in LEVELS:
            if (posting := self._lists.get((skill, level))) is not None:
                yield level, posting.current

    @property
    def nbytes(self) -> int:
        return sum(posting.slots.nbytes for posting in self._lists.values())
