"""People who came or changed since the arrays of everyone else were made: the same columns, growing."""

from collections.abc import Set
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.columns import NO_WORDS, Loose, mask_of, place_of
from matching.crowd import AHEAD, HOURS_BYTES, LEVELS_OFFERED, SIDE_BY_SIDE, Books, Lists, flags_of
from matching.people import Person

Slots = NDArray[np.int32]
MASKS = ("sectors", "languages", "tracks", "formats")
PLAIN = ("ids", "countries", "numbers", "flags", "hours", "wants", "marks", *MASKS)


class Posting:
    """A set of slots in an array that grows by half; the order says nothing."""

    __slots__ = ("count", "slots")

    def __init__(self) -> None:
        self.slots, self.count = np.empty(2, np.int32), 0

    def add(self, slot: int) -> None:
        if self.count == len(self.slots):
            self.slots = np.resize(self.slots, self.count + self.count // 2 + 2)
        self.slots[self.count] = slot
        self.count += 1

    def discard(self, slot: int) -> None:
        """The last one takes the place of the one that leaves."""
        (at,) = np.flatnonzero(self.slots[: self.count] == slot)
        self.count -= 1
        self.slots[at] = self.slots[self.count]


class Fresh:
    """A crowd that changes: see `matching.crowd.Crowd` for the columns; `wants` and `marks` are a row a slot, 0 for none."""

    def __init__(self) -> None:
        self.books, self.gate, self.week = Books(), NO_WORDS, NO_WORDS
        self.ids = np.zeros(0, np.int64)
        self.countries = np.zeros(0, np.uint8)
        self.numbers = np.zeros((0, 5), np.uint16)
        self.flags = np.zeros(0, np.uint8)
        self.hours = np.zeros((0, HOURS_BYTES), np.uint8)
        self.wants = np.zeros((0, 4), np.int64)
        self.marks = np.zeros((0, 4), np.uint8)
        for name in MASKS:
            setattr(self, name, np.zeros((0, 1), np.uint8))
        self.slots: dict[int, int] = {}
        self._people: dict[int, Person] = {}
        self._lists: dict[int, dict[int, Posting]] = {}
        self._offering: dict[int, set[int]] = {}
        self._with_places: dict[int, set[int]] = {}
        self._free: list[int] = []

    def __len__(self) -> int:
        return len(self.slots)

    def slot_of(self, id: int) -> int | None:
        """The slot of this id; None when there is none."""
        return self.slots.get(id)

    def person(self, slot: int) -> Person:
        return self._people[slot]

    def people(self, slots: NDArray[np.intp]) -> list[Person]:
        return [self._people[slot] for slot in slots.tolist()]

    def put(self, person: Person) -> None:
        """Takes a person in, or in place of what was known of them."""
        slot = self.slots.get(person.id)
        if slot is None:
            slot = self.slots[person.id] = self._free_slot()
        else:
            self._unlist(slot)
        self._people[slot] = person
        for skill, level in person.offers:
            self._lists.setdefault(skill, {}).setdefault(level, Posting()).add(slot)
            self._offering.setdefault(skill, set()).add(slot)
            if person.places_open:
                self._with_places.setdefault(skill, set()).add(slot)
        write_scalars(self, slot, person)
        self.ids[slot] = person.id
        self._write_wants(slot, person)

    def remove(self, id: int) -> bool:
        """Forgets a person; whether there was one."""
        slot = self.slots.pop(id, None)
        if slot is None:
            return False
        self._unlist(slot)
        del self._people[slot]
        self.flags[slot] = 0
        self._free.append(slot)
        return True

    def lists(self, skills: NDArray[np.int64], with_places: bool) -> Lists:
        """Who offers these skills, level by level; only lists in which somebody is."""
        found = [
            (place * LEVELS_OFFERED + level - 1, posting.slots[: posting.count])
            for place, skill in enumerate(skills.tolist())
            if skill in self._lists
            for level, posting in self._lists[skill].items()
            if posting.count
        ]
        return np.array([cell for cell, _ in found], np.intp), Loose([slots for _, slots in found])

    def offering(self, skills: Set[int], with_places: bool, most: int) -> set[int] | None:
        """The slots of those who offer one of these, and have an open place if asked; None where they are more than so many."""
        offering, found = self._with_places if with_places else self._offering, set[int]()
        for skill in offering.keys() & skills:
            found |= offering[skill]
            if len(found) > most:
                return None
        return found

    def wants_of(self, slots: Slots) -> tuple[NDArray[np.intp], NDArray[np.int64], NDArray[np.uint8]]:
        """All wishes of these slots: whose (a place in `slots`), the skill, and 4 · level now + priority."""
        whose, at = np.nonzero(self.marks[slots])
        return whose, self.wants[slots[whose], at], self.marks[slots[whose], at]

    @property
    def nbytes(self) -> int:
        lists = sum(posting.slots.nbytes for levels in self._lists.values() for posting in levels.values())
        return lists + sum(getattr(self, name).nbytes for name in PLAIN)

    def _unlist(self, slot: int) -> None:
        for skill, level in self._people[slot].offers:
            self._lists[skill][level].discard(slot)
            self._offering[skill].discard(slot)
            self._with_places.get(skill, set()).discard(slot)

    def _write_wants(self, slot: int, person: Person) -> None:
        if (more := len(person.wants) - self.wants.shape[1]) > 0:
            self.wants = np.pad(self.wants, ((0, 0), (0, more)))
            self.marks = np.pad(self.marks, ((0, 0), (0, more)))
        self.marks[slot] = 0
        for at, (skill, level_now, priority) in enumerate(person.wants):
            self.wants[slot, at], self.marks[slot, at] = skill, 4 * level_now + priority

    def _free_slot(self) -> int:
        if not self._free:
            size = len(self.ids)
            more = size + size // 2 + 64
            for name in PLAIN:
                column = getattr(self, name)
                setattr(self, name, np.concatenate([column, np.zeros((more - size, *column.shape[1:]), column.dtype)]))
            self._free = list(range(more - 1, size - 1, -1))
        return self._free.pop()


def write_scalars(store: Any, slot: int, person: Person) -> None:
    """Writes what fits a column of `store` (a Fresh or a Crowd): all of a person but offers and wants."""
    for name, codes in (
        ("sectors", person.sectors),
        ("languages", person.comfortable),
        ("tracks", person.tracks),
        ("formats", person.formats),
    ):
        mask = mask_of(codes, getattr(store.books, name), learn=True)
        column: NDArray[np.uint8] = getattr(store, name)
        if (more := -(-mask.bit_length() // 8) - column.shape[1]) > 0:
            column = np.pad(column, ((0, 0), (0, more)))
            setattr(store, name, column)
            side = next(side for side, names in SIDE_BY_SIDE.items() if name in names)
            setattr(store, side, NO_WORDS)  # its columns no longer lie side by side
        column[slot] = np.frombuffer(mask.to_bytes(column.shape[1], "little"), np.uint8)
    store.hours[slot] = np.frombuffer(person.hours.to_bytes(HOURS_BYTES, "little"), np.uint8)
    store.countries[slot] = place_of(person.country, store.books.countries)
    store.numbers[slot] = person.places_open, person.waiting, person.good, person.rated, person.scarcity
    store.flags[slot] = flags_of(person) | store.flags[slot] & AHEAD
