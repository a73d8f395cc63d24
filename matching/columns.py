"""What is known of everyone, as columns of numbers: a person is a slot, the same place in every column."""

from collections.abc import Hashable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from matching.people import HOURS_A_WEEK, Person

Slots = NDArray[np.int32]
WORD_BITS = 64
PLAIN = ("ids", "numbers", "country", "flags", "wants", "marks")


class Masks:
    """One bit mask per slot, kept in whole 64-bit words."""

    def __init__(self, bits: int) -> None:
        self._bits = bits
        self.words = np.zeros((0, self._width()), np.uint64)

    def fill(self, masks: Sequence[int]) -> None:
        self.words = self._as_words(masks)

    def set(self, slot: int, mask: int) -> None:
        if (more := self._width() - self.words.shape[1]) > 0:
            self.words = np.pad(self.words, ((0, 0), (0, more)))
        self.words[slot] = self._as_words([mask])[0]

    def common(self, slots: Slots, mask: int) -> NDArray[np.int64]:
        """How many bits of this mask each slot has."""
        asked = self._as_words([mask])[0]
        count = np.zeros(len(slots), np.int64)
        for word in np.flatnonzero(asked):
            count += np.bitwise_count(self.words[slots, word] & asked[word])
        return count

    def _width(self) -> int:
        return max(1, -(-self._bits // WORD_BITS))

    def _as_words(self, masks: Sequence[int]) -> NDArray[np.uint64]:
        size = self._width() * WORD_BITS // 8
        raw = b"".join(mask.to_bytes(size, "little") for mask in masks)
        return np.frombuffer(raw, "<u8").astype(np.uint64).reshape(len(masks), self._width())


class Codes(Masks):
    """Sets of codes as masks: a code not seen before takes the next bit."""

    def __init__(self) -> None:
        self._bit: dict[Hashable, int] = {}
        super().__init__(0)

    def learn(self, codes: Iterable[Hashable]) -> int:
        """The mask of these codes, new ones included."""
        for code in codes:
            self._bit.setdefault(code, len(self._bit))
        self._bits = len(self._bit)
        return self.known(codes)

    def known(self, codes: Iterable[Hashable]) -> int:
        """The mask of those among these codes that someone has had."""
        return sum(1 << self._bit[code] for code in codes if code in self._bit)


class Columns:
    """The columns of everyone. In `flags`: is here, wishes to go abroad, named a language, a format, both wants and offers."""

    def __init__(self, people: Sequence[Person]) -> None:
        size = len(people)
        self.ids = np.zeros(size, np.int64)
        self.numbers = np.zeros((size, 4), np.int32)  # places open, waiting, good, rated
        self.country = np.zeros(size, np.int16)  # 0: not said
        self.flags = np.zeros((size, 5), bool)
        most = max((len(person.wants) for person in people), default=0) or 1
        self.wants = np.zeros((size, most), np.int32)  # rows of `wanted`
        self.marks = np.zeros((size, most, 2), np.int8)  # level now and priority of each
        self.countries: dict[str, int] = {"": 0}
        self.wanted: dict[int, int] = {}  # the row of a wanted skill; 0 stands for none
        self.sectors, self.languages, self.tracks, self.formats = Codes(), Codes(), Codes(), Codes()
        self.hours = Masks(HOURS_A_WEEK)
        self.sectors.fill([self.sectors.learn(person.sectors) for person in people])
        self.languages.fill([self.languages.learn(person.comfortable) for person in people])
        self.tracks.fill([self.tracks.learn(person.tracks) for person in people])
        self.formats.fill([self.formats.learn(person.formats) for person in people])
        self.hours.fill([person.hours for person in people])
        for slot, person in enumerate(people):
            self._set_numbers(slot, person)

    def set(self, slot: int, person: Person) -> None:
        """Writes a person into their slot."""
        self.sectors.set(slot, self.sectors.learn(person.sectors))
        self.languages.set(slot, self.languages.learn(person.comfortable))
        self.tracks.set(slot, self.tracks.learn(person.tracks))
        self.formats.set(slot, self.formats.learn(person.formats))
        self.hours.set(slot, person.hours)
        if (more := len(person.wants) - self.wants.shape[1]) > 0:
            self.wants = np.pad(self.wants, ((0, 0), (0, more)))
            self.marks = np.pad(self.marks, ((0, 0), (0, more), (0, 0)))
        self._set_numbers(slot, person)

    def _set_numbers(self, slot: int, person: Person) -> None:
        self.ids[slot] = person.id
        self.numbers[slot] = person.places_open, person.waiting, person.good, person.rated
        self.country[slot] = self.countries.setdefault(person.country, len(self.countries))
        named = bool(person.languages), bool(person.formats), bool(person.wants and person.offers)
        self.flags[slot] = True, person.abroad, *named
        self.wants[slot], self.marks[slot] = 0, 0
        for place, (skill, level_now, priority) in enumerate(person.wants):
            self.wants[slot, place] = self.wanted.setdefault(skill, len(self.wanted) + 1)
            self.marks[slot, place] = level_now, priority

    def free(self, slot: int) -> None:
        """The slot belongs to nobody from now on."""
        self.flags[slot] = False

    def grow(self, size: int) -> None:
        """Makes room for `size` slots."""
        for name in PLAIN:
            setattr(self, name, _longer(getattr(self, name), size))
        for masks in self._masks():
            masks.words = _longer(masks.words, size)

    def _masks(self) -> tuple[Masks, ...]:
        return self.sectors, self.languages, self.tracks, self.formats, self.hours

    @property
    def nbytes(self) -> int:
        plain = sum(getattr(self, name).nbytes for name in PLAIN)
        return plain + sum(masks.words.nbytes for masks in self._masks())


def _longer(column: NDArray, size: int) -> NDArray:
    longer = np.zeros((size, *column.shape[1:]), column.dtype)
    longer[: len(column)] = column
    return longer
