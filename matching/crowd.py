"""Everyone as arrays: a member is a slot, the same place in every array. Made from people or from arrays, kept as files."""

import json
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from matching.people import COMFORTABLE, HOURS_A_WEEK, Person

HOURS_BYTES = HOURS_A_WEEK // 8
LEVELS_OFFERED = 5
GATED = ("flags", "tracks", "formats", "languages")
"""What conditions ask of a member. Where it comes to 64 bits at most it lies side by side, so that it is read at once."""
GATE_BYTES = 8
HERE, OPEN, ABROAD, SPEAKS, MEETS, BOTH = (1 << bit for bit in range(6))
"""Bits of `flags`: is in the index, has an open place, wishes to go abroad, named a language, a format, both wants and offers."""
PLACES, WAITING, GOOD, RATED, SCARCITY = range(5)
"""Columns of `numbers`."""


Lists = tuple[NDArray[np.intp], NDArray[np.intp], list[NDArray[np.int32]]]
"""For each list its skill (a place among those asked for), its level, and the slots in it."""


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
    rated, scarcity in points · `flags` uint8[N]. `gate` uint64[N] holds `flags`,
    `tracks`, `formats` and `languages`, which are then views of it; it is empty when they are too wide. That and the lists of who offers what are made from these when not given. Raises ValueError for ids that are not ascending, or too many skills.
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
    gate: NDArray[np.uint64] = field(default_factory=lambda: np.empty(0, np.uint64))
    lists_from: NDArray[np.int32] = field(default_factory=lambda: np.empty(0, np.int32))
    listed: NDArray[np.int32] = field(default_factory=lambda: np.empty(0, np.int32))

    def __post_init__(self) -> None:
        if len(self.ids) > 1 and not (np.diff(self.ids) > 0).all():
            raise ValueError("ids: each once, in ascending order")
        if len(self.skills) > 1 << 16:
            raise ValueError(f"skills: {len(self.skills)} are more than 65,536")
        if not len(self.lists_from):
            self._list()
        self._lay_side_by_side()

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
        countries = [_place(books.countries, one.country) for one in everyone]
        return cls(
            ids=ids,
            skills=skills,
            offers_from=_starts([len(one.offers) for one in everyone]),
            offered=np.searchsorted(skills, [skill for skill, _ in offers]).astype(np.uint16),
            levels=np.array([level for _, level in offers], np.uint8),
            wants_from=_starts([len(one.wants) for one in everyone]),
            wanted=np.searchsorted(skills, [skill for skill, *_ in wants]).astype(np.uint16),
            marks=np.array([4 * level_now + priority for _, level_now, priority in wants], np.uint8),
            sectors=_masks([sorted(one.sectors) for one in everyone], books.sectors),
            languages=_masks([sorted(one.comfortable) for one in everyone], books.languages),
            hours=_bytes([one.hours for one in everyone], HOURS_BYTES),
            countries=np.array(countries, np.uint8),
            numbers=np.array(numbers, np.uint16).reshape(-1, 5),
            flags=np.array([flags_of(one) for one in everyone], np.uint8),
            tracks=_masks([sorted(one.tracks) for one in everyone], books.tracks),
            formats=_masks([sorted(one.formats) for one in everyone], books.formats),
            books=books,
        )

    def person(self, slot: int) -> Person:
        """The person in a slot, as far as ranking needs: languages below B1 are forgotten, the others are B1."""
        offers = slice(self.offers_from[slot], self.offers_from[slot + 1])
        wants = slice(self.wants_from[slot], self.wants_from[slot + 1])
        marks = self.marks[wants].tolist()
        places, waiting, good, rated, scarcity = self.numbers[slot].tolist()
        return Person.trusted(
            id=int(self.ids[slot]),
            offers=tuple(zip(self.skills[self.offered[offers]].tolist(), self.levels[offers].tolist(), strict=True)),
            wants=tuple(
                (skill, mark >> 2, mark & 3)
                for skill, mark in zip(self.skills[self.wanted[wants]].tolist(), marks, strict=True)
            ),
            sectors=frozenset(_codes(self.sectors[slot], self.books.sectors)),
            languages=tuple((code, COMFORTABLE) for code in sorted(_codes(self.languages[slot], self.books.languages))),
            hours=int.from_bytes(self.hours[slot].tobytes(), "little"),
            country=self.books.countries[self.countries[slot]],
            tracks=frozenset(_codes(self.tracks[slot], self.books.tracks)),
            formats=frozenset(_codes(self.formats[slot], self.books.formats)),
            places_open=places,
            waiting=waiting,
            good=good,
            rated=rated,
            scarcity=scarcity,
            abroad=bool(self.flags[slot] & ABROAD),
        )

    def slot_of(self, id: int) -> int | None:
        """The slot of this id; None when there is none."""
        slot = int(np.searchsorted(self.ids, id))
        return slot if slot < len(self) and self.ids[slot] == id else None

    def lists(self, skills: Sequence[int]) -> Lists:
        """Who offers these skills, level by level; only lists in which somebody is."""
        asked = np.array(skills, np.int64)
        if not len(self.skills):
            return np.empty(0, np.intp), np.empty(0, np.intp), []
        at = np.minimum(np.searchsorted(self.skills, asked), len(self.skills) - 1)
        known = np.flatnonzero(self.skills[at] == asked)
        keys = (at[known][:, None] * LEVELS_OFFERED + np.arange(LEVELS_OFFERED)).ravel()
        begins, ends = self.lists_from[keys], self.lists_from[keys + 1]
        some = np.flatnonzero(begins < ends)
        ranges = zip(begins[some].tolist(), ends[some].tolist(), strict=True)
        listed = self.listed
        return (
            known[some // LEVELS_OFFERED],
            some % LEVELS_OFFERED + 1,
            [listed[begin:end] for begin, end in ranges],
        )

    def wants_of(self, slots: NDArray[np.int32]) -> tuple[NDArray[np.intp], NDArray[np.int64], NDArray[np.uint8]]:
        """All wishes of these slots: whose (a place in `slots`), the skill, and 4 · level now + priority."""
        begins, ends = self.wants_from[slots], self.wants_from[slots + 1]
        sizes = ends - begins
        whose = np.repeat(np.arange(len(slots)), sizes)
        at = np.arange(len(whose)) + np.repeat(begins - (np.cumsum(sizes) - sizes), sizes)
        return whose, self.skills[self.wanted[at]], self.marks[at]

    def _list(self) -> None:
        """Lists of who offers each skill at each level, one after the other: `listed` from lists_from[5 · skill + level - 1]."""
        keys = self.offered.astype(np.int32) * LEVELS_OFFERED + (self.levels - np.uint8(1))
        slots = np.repeat(np.arange(len(self), dtype=np.int32), np.diff(self.offers_from))
        self.listed = slots[np.argsort(keys, kind="stable")]
        counts = np.bincount(keys, minlength=LEVELS_OFFERED * len(self.skills))
        self.lists_from = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)

    def _lay_side_by_side(self) -> None:
        """Makes the gate and has its columns lie in it, unless they do."""
        columns = {name: getattr(self, name) for name in GATED}
        widths = _widths(columns)
        if sum(widths) > GATE_BYTES:
            self.gate = np.empty(0, np.uint64)
        elif not len(self.gate) or not all(np.may_share_memory(column, self.gate) for column in columns.values()):
            self.gate = np.zeros(len(self), np.uint64)
            for name, place in _within(self.gate, widths).items():
                place[:] = columns[name]
                setattr(self, name, place)

    @property
    def nbytes(self) -> int:
        return sum(array.nbytes for array in self._arrays().values())

    def save(self, folder: Path) -> None:
        """Writes a file per array into an empty folder; `open` maps them."""
        for name, array in self._arrays().items():
            np.save(folder / f"{name}.npy", array)
        widths = _widths({name: getattr(self, name) for name in GATED}) if len(self.gate) else []
        (folder / "books.json").write_text(json.dumps({"books": vars(self.books), "widths": widths}))

    @classmethod
    def open(cls, folder: Path) -> Self:
        """The arrays of a folder, mapped: read when touched, shared between processes, and changed for this one only."""
        words = json.loads((folder / "books.json").read_text())
        arrays = {path.stem: np.asarray(np.load(path, mmap_mode="c")) for path in folder.glob("*.npy")}
        side_by_side: dict[str, Any] = dict(_within(arrays["gate"], words["widths"])) if words["widths"] else {}
        return cls(books=Books(**words["books"]), **arrays, **side_by_side)

    def _arrays(self) -> dict[str, NDArray[Any]]:
        """All that holds something of its own."""
        twice = GATED if len(self.gate) else ("gate",)
        names = (each.name for each in fields(self) if each.name != "books" and each.name not in twice)
        return {name: getattr(self, name) for name in names}


def _widths(columns: Mapping[str, NDArray[np.uint8]]) -> list[int]:
    """Bytes of each column of a gate."""
    return [1 if columns[name].ndim == 1 else columns[name].shape[1] for name in GATED]


def _within(gate: NDArray[np.uint64], widths: Sequence[int]) -> dict[str, NDArray[np.uint8]]:
    """The columns of a gate, so many bytes each."""
    room = gate.view(np.uint8).reshape(-1, GATE_BYTES)
    ends = np.cumsum(widths).tolist()
    places = {name: room[:, end - width : end] for name, width, end in zip(GATED, widths, ends, strict=True)}
    return places | {"flags": places["flags"][:, 0]}


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


def mask_of(codes: Iterable[Hashable], book: list[Any], *, learn: bool = False) -> int:
    """The mask of these codes; unknown ones take the next bit (`learn`) or are left out."""
    known = (_place(book, code) if learn else (book.index(code) if code in book else -1) for code in codes)
    return sum(1 << place for place in known if place >= 0)


def _place(book: list[Any], code: Hashable) -> int:
    if code not in book:
        book.append(code)
    return book.index(code)


def _masks(codes: Sequence[Iterable[Hashable]], book: list[Any]) -> NDArray[np.uint8]:
    masks = [mask_of(some, book, learn=True) for some in codes]
    return _bytes(masks, max(1, -(-len(book) // 8)))


def _bytes(masks: Sequence[int], width: int) -> NDArray[np.uint8]:
    raw = b"".join(mask.to_bytes(width, "little") for mask in masks)
    return np.frombuffer(raw, np.uint8).reshape(len(masks), width).copy()


def _starts(sizes: Sequence[int]) -> NDArray[np.int32]:
    return np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32)


def _codes(mask: NDArray[np.uint8], book: list[Any]) -> list[Any]:
    bits, found = int.from_bytes(mask.tobytes(), "little"), []
    while bits:
        lowest = bits & -bits
        found.append(book[lowest.bit_length() - 1])
        bits ^= lowest
    return found
