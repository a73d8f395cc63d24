"""Everyone as arrays: a member is a slot, the same place in every array. Made from people or from arrays, kept as files."""

import json
from collections.abc import Iterable, Set
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from matching.columns import (
    MOST_KNOWN,
    NO_WORDS,
    WORD,
    Loose,
    Ranges,
    Words,
    as_bytes,
    as_wholes,
    between,
    codes_of,
    laid,
    masks_of,
    place_of,
    runs,
    starts_of,
    widths_of,
    within,
)
from matching.people import COMFORTABLE, HOURS_A_WEEK, Person
from matching.places import Places

HOURS_BYTES = HOURS_A_WEEK // 8
LEVELS_OFFERED = 5
EACH_LEVEL = np.arange(LEVELS_OFFERED)
SIDE_BY_SIDE = {"gate": ("flags", "tracks", "formats", "languages"), "week": ("hours", "sectors")}
"""What conditions ask of a member, and what is counted of them. The gate is there where it comes to 64 bits at most."""
BESIDE_FLAGS = np.uint64(8)
Told = tuple[frozenset[str], frozenset[str], frozenset[str], tuple[tuple[str, int], ...]]
"""Languages, tracks and formats of somebody, and the languages with their levels as far as these are known."""
HERE, OPEN, ABROAD, SPEAKS, MEETS, BOTH, AHEAD = (1 << bit for bit in range(7))
"""Bits of `flags`: is in the index, has an open place, wishes to go abroad, named a language, a format, both wants and offers; had
an open place when the lists were made, and so stands ahead in them."""
PLACES, WAITING, GOOD, RATED, SCARCITY = range(5)
"""Columns of `numbers`."""

Lists = tuple[NDArray[np.intp], Ranges | Loose]
"""For each list its cell (five for each skill asked for, one a level), and the slots in it."""


@dataclass
class Books:
    """Which bit of a mask stands for which code, by place; `countries` by number, where 0 is not said."""

    sectors: list[Any] = field(default_factory=list)
    languages: list[Any] = field(default_factory=list)
    tracks: list[Any] = field(default_factory=list)
    formats: list[Any] = field(default_factory=list)
    countries: list[Any] = field(default_factory=lambda: [""])


@dataclass
class Crowd:
    """N members, sorted by id; about 125 bytes each.

    `ids` int64[N] ascending · `skills` int64[S] ascending, the skills named anywhere; elsewhere a skill is its place in it ·
    `offers_from` int32[N+1], `offered` uint16[…], `levels` uint8[…]: the offers of slot i are those from offers_from[i] up
    to offers_from[i+1] · `wants_from` int32[N+1], `wanted` uint16[…], `marks` uint8[…] (4 · level now + priority), the
    weightiest first · masks uint8[N, bytes]: `sectors`, `languages` (those spoken at B1 or better), `tracks`, `formats` by
    the books, `hours` by the hour of the UTC week · `countries` uint8[N] · `numbers` uint16[N, 5]: places open, waiting, good,
    rated, scarcity in points · `flags` uint8[N]. `gate` uint64[N, 1] holds `flags`, `tracks`, `formats` and `languages`, `week`
    uint64[N, …] hours and sectors, which are then views of it; the gate is empty when they are too wide. These and the lists of
    who offers what are made when not given: in each list those who had an open place come first, so that a search for guides
    reads no further. Raises ValueError for ids that are not ascending, or too many skills.
    """

    ids: NDArray[np.int64]
    skills: NDArray[np.int64]
    offers_from: NDArray[np.int32]
    offered: NDArray[np.uint16]
    levels: NDArray[np.uint8]
    wants_from: NDArray[np.int32]
    wanted: NDArray[np.uint16]
    marks: NDArray[np.uint8]
    sectors: NDArray[np.uint8]
    languages: NDArray[np.uint8]
    tracks: NDArray[np.uint8]
    formats: NDArray[np.uint8]
    hours: NDArray[np.uint8]
    countries: NDArray[np.uint8]
    numbers: NDArray[np.uint16]
    flags: NDArray[np.uint8]
    books: Books
    gate: Words = field(default_factory=NO_WORDS.copy)
    week: Words = field(default_factory=NO_WORDS.copy)
    lists_from: NDArray[np.int32] = field(default_factory=lambda: np.empty(0, np.int32))
    lists_ahead: NDArray[np.int32] = field(default_factory=lambda: np.empty(0, np.int32))
    listed: NDArray[np.int32] = field(default_factory=lambda: np.empty(0, np.int32))

    def __post_init__(self) -> None:
        if len(self.ids) > 1 and not (np.diff(self.ids) > 0).all():
            raise ValueError("ids: each once, in ascending order")
        if len(self.skills) > 1 << 16:
            raise ValueError(f"skills: {len(self.skills)} are more than 65,536")
        if not (len(self.lists_from) and len(self.lists_ahead)):
            self._list()
        self._lay_side_by_side()
        self._known: dict[str, dict[int, frozenset[Any]]] = {
            name: {} for name in ("sectors", "languages", "tracks", "formats")
        }
        self._gates: dict[int, Told] = {}
        self._places = Places(self.skills)

    def __len__(self) -> int:
        return len(self.ids)

    @classmethod
    def of(cls, people: Iterable[Person]) -> Self:
        """The arrays of these people. Raises ValueError for the same id twice."""
        everyone = sorted(people, key=lambda person: person.id)
        ids = np.array([person.id for person in everyone], np.int64)
        if len(set(ids.tolist())) != len(ids):
            raise ValueError("people: the same id twice")
        offers = [offer for person in everyone for offer in person.offers]
        wants = [want for person in everyone for want in person.wants]
        skills = np.array(sorted({row[0] for row in offers} | {row[0] for row in wants}), np.int64)
        books = Books()
        numbers = [(one.places_open, one.waiting, one.good, one.rated, one.scarcity) for one in everyone]
        countries = [place_of(one.country, books.countries) for one in everyone]
        return cls(
            ids=ids,
            skills=skills,
            offers_from=starts_of([len(one.offers) for one in everyone]),
            offered=np.searchsorted(skills, [skill for skill, _ in offers]).astype(np.uint16),
            levels=np.array([level for _, level in offers], np.uint8),
            wants_from=starts_of([len(one.wants) for one in everyone]),
            wanted=np.searchsorted(skills, [skill for skill, *_ in wants]).astype(np.uint16),
            marks=np.array([4 * level_now + priority for _, level_now, priority in wants], np.uint8),
            sectors=masks_of([sorted(one.sectors) for one in everyone], books.sectors),
            languages=masks_of([sorted(one.comfortable) for one in everyone], books.languages),
            hours=as_bytes([one.hours for one in everyone], HOURS_BYTES),
            countries=np.array(countries, np.uint8),
            numbers=np.array(numbers, np.uint16).reshape(-1, 5),
            flags=np.array([flags_of(one) for one in everyone], np.uint8),
            tracks=masks_of([sorted(one.tracks) for one in everyone], books.tracks),
            formats=masks_of([sorted(one.formats) for one in everyone], books.formats),
            books=books,
        )

    def person(self, slot: int) -> Person:
        """The person in a slot: see `people`."""
        return self.people(np.array([slot]))[0]

    def people(self, slots: NDArray[np.intp]) -> list[Person]:
        """The people in these slots, as far as ranking needs: languages below B1 are forgotten, the others are B1."""
        offer, offers_of = between(self.offers_from, slots)
        want, wants_of = between(self.wants_from, slots)
        offers = list(zip(self.skills[self.offered[offer]].tolist(), self.levels[offer].tolist(), strict=True))
        marks = self.marks[want]
        levels_now, priorities = (marks >> 2).tolist(), (marks & 3).tolist()
        wants = list(zip(self.skills[self.wanted[want]].tolist(), levels_now, priorities, strict=True))
        books, known = self.books, self._known
        columns = zip(
            runs(offers, offers_of),
            runs(wants, wants_of),
            codes_of(self.sectors[slots], books.sectors, known["sectors"]),
            self._told(slots),
            as_wholes(self.hours[slots]),
            self.ids[slots].tolist(),
            self.countries[slots].tolist(),
            self.numbers[slots].tolist(),
            self.flags[slots].tolist(),
            strict=True,
        )
        return [
            Person.trusted(
                id=id,
                offers=tuple(offered),
                wants=tuple(wanted),
                sectors=sectors,
                languages=spoken,
                comfortable=languages,
                hours=hours,
                country=books.countries[country],
                tracks=tracks,
                formats=formats,
                places_open=places,
                waiting=waiting,
                good=good,
                rated=rated,
                scarcity=scarcity,
                abroad=bool(flags & ABROAD),
            )
            for offered, wanted, sectors, (languages, tracks, formats, spoken), hours, id, country, (
                places,
                waiting,
                good,
                rated,
                scarcity,
            ), flags in columns
        ]

    def _told(self, slots: NDArray[np.intp]) -> list[Told]:
        """What the gate holds of each beside flags: few different ones, which are kept."""
        if not len(self.gate):
            return [self._read(slot) for slot in slots.tolist()]
        gates, kept = (self.gate.take(slots) >> BESIDE_FLAGS).tolist(), self._gates
        found = []
        for slot, gate in zip(slots.tolist(), gates, strict=True):
            told = kept.get(gate)
            if told is None:
                if len(kept) >= MOST_KNOWN:
                    kept.clear()
                told = kept[gate] = self._read(slot)
            found.append(told)
        return found

    def _read(self, slot: int) -> Told:
        languages, tracks, formats = (
            next(codes_of(getattr(self, name)[slot : slot + 1], getattr(self.books, name), self._known[name]))
            for name in ("languages", "tracks", "formats")
        )
        return languages, tracks, formats, tuple([(code, COMFORTABLE) for code in sorted(languages)])

    def slot_of(self, id: int) -> int | None:
        """The slot of this id; None when there is none."""
        slot = int(np.searchsorted(self.ids, id))
        return slot if slot < len(self) and self.ids[slot] == id else None

    def lists(self, asked: NDArray[np.int64], with_places: bool) -> Lists:
        """Who offers these skills, level by level; only lists in which somebody is. `with_places`: of those who stand ahead."""
        if not len(self.skills) or not len(asked):
            return np.empty(0, np.intp), Loose([])
        at = self._places.of(asked)
        keys = (at[:, None] * LEVELS_OFFERED + EACH_LEVEL).ravel()
        begins = self.lists_from.take(keys)
        ends = self.lists_ahead.take(keys) if with_places else self.lists_from.take(keys + 1)
        cells = np.flatnonzero(begins < ends)
        if at.min() < 0:
            cells = cells[keys[cells] >= 0]
        begins = begins[cells]
        return cells, Ranges(self.listed, begins, ends[cells] - begins)

    def offering(self, skills: Set[int], with_places: bool, most: int) -> None:
        """In arrays it is never quicker to look at people one by one: see `matching.fresh`."""
        return

    def wants_of(self, slots: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.int64], NDArray[np.uint8]]:
        """All wishes of these slots: whose (a place in `slots`), the skill, and 4 · level now + priority."""
        at, sizes = between(self.wants_from, slots)
        return np.repeat(np.arange(len(slots)), sizes), self.skills[self.wanted[at]], self.marks[at]

    def _list(self) -> None:
        """Lists of who offers each skill at each level, one after the other: `listed` from lists_from[5 · skill + level - 1],
        and up to `lists_ahead` those who have an open place.
        """
        is_open = (self.flags & OPEN) > 0
        self.flags = np.where(is_open, self.flags | AHEAD, self.flags & ~np.uint8(AHEAD))
        slots = np.repeat(np.arange(len(self), dtype=np.int32), np.diff(self.offers_from))
        keys = (self.offered.astype(np.int32) * LEVELS_OFFERED + (self.levels - np.uint8(1))) * 2 + ~is_open[slots]
        self.listed = slots[np.argsort(keys, kind="stable")]
        ends = np.cumsum(np.bincount(keys, minlength=2 * LEVELS_OFFERED * len(self.skills)))
        self.lists_from = np.concatenate([[0], ends[1::2]]).astype(np.int32)
        self.lists_ahead = ends[::2].astype(np.int32)

    def _lay_side_by_side(self) -> None:
        """Makes the gate and the week and has their columns lie in them, unless they do."""
        for side, names in SIDE_BY_SIDE.items():
            columns, words = {name: getattr(self, name) for name in names}, getattr(self, side)
            if side == "gate" and sum(widths_of(columns.values())) > WORD:
                self.gate = NO_WORDS
            elif not len(words) or not all(np.may_share_memory(column, words) for column in columns.values()):
                words, places = laid(columns)
                for name, array in [(side, words), *places.items()]:
                    setattr(self, name, array)

    @property
    def nbytes(self) -> int:
        return sum(array.nbytes for array in self._arrays().values()) + self._places.nbytes

    def save(self, folder: Path) -> None:
        """Writes a file per array into an empty folder; `open` maps them."""
        for name, array in self._arrays().items():
            np.save(folder / f"{name}.npy", array)
        words = {"books": vars(self.books), "widths": {side: self._widths(side) for side in SIDE_BY_SIDE}}
        (folder / "books.json").write_text(json.dumps(words))

    @classmethod
    def open(cls, folder: Path) -> Self:
        """The arrays of a folder, mapped: read when touched, shared between processes, and changed for this one only."""
        words = json.loads((folder / "books.json").read_text())
        arrays = {path.stem: np.asarray(np.load(path, mmap_mode="c")) for path in folder.glob("*.npy")}
        for side, widths in words["widths"].items():
            if widths:
                arrays |= within(arrays[side], SIDE_BY_SIDE[side], widths)
        return cls(books=Books(**words["books"]), **arrays)

    def _widths(self, side: str) -> list[int]:
        """How many bytes of a side belong to each of its columns; nothing where it is not there."""
        return widths_of(getattr(self, name) for name in SIDE_BY_SIDE[side]) if len(getattr(self, side)) else []

    def _arrays(self) -> dict[str, NDArray[Any]]:
        """All that holds something of its own."""
        twice = {
            name for side, names in SIDE_BY_SIDE.items() for name in (names if len(getattr(self, side)) else [side])
        }
        names = (each.name for each in fields(self) if each.name != "books" and each.name not in twice)
        return {name: getattr(self, name) for name in names}


def flags_of(person: Person) -> int:
    """The bits of `flags` for somebody who is here."""
    said = (
        (OPEN, person.places_open),
        (ABROAD, person.abroad),
        (SPEAKS, person.languages),
        (MEETS, person.formats),
        (BOTH, person.wants and person.offers),
    )
    return HERE | sum(bit for bit, is_so in said if is_so)
