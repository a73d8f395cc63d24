"""Finding a concept while someone types: by prefix, by word, in any language, with a typo mended.

Each process keeps the folded labels sorted in memory and reads them again when the vocabulary changes; the answer is the
same on every database engine.
"""

import threading
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from backend.skills.folding import fold
from backend.skills.models import Label, Skill, VocabularyVersion

Kind = Literal["skill", "profession", "sector"]
ANSWERS = 12
LAST = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Entry:
    kind: Kind
    id: int
    text: str
    folded: str
    language: str
    is_preferred: bool
    is_proposed: bool


@dataclass(frozen=True, slots=True)
class Found:
    """A concept and the label by which it was found."""

    kind: Kind
    id: int
    label: Entry
    is_mended: bool = False


class TypeAhead:
    """The labels of one version of the vocabulary, ready to be searched."""

    def __init__(self, entries: list[Entry]) -> None:
        self.entries = entries
        words = sorted(
            (word, number, start) for number, entry in enumerate(entries) for word, start in _word_starts(entry.folded)
        )
        self._words = words
        self._keys = [word for word, _number, _start in words]
        self._vocabulary = sorted({word.split(" ")[0] for word in self._keys})

    def search(self, query: str, *, language: str, kinds: frozenset[Kind], limit: int = ANSWERS) -> list[Found]:
        """The best concepts for what has been typed so far, best first; each concept once.

        Order: begins a preferred name in the reader's language, begins a synonym of it, begins a word inside, then the
        same in other languages; when that finds too little, with one letter mended (two in long words).
        """
        folded = fold(query)
        if not folded:
            return []
        found = self._ranked(folded, language, kinds)
        if len(found) < limit // 2:
            for mended in self._mended(folded):
                for hit in self._ranked(mended, language, kinds):
                    if not any(hit.kind == other.kind and hit.id == other.id for other in found):
                        found.append(Found(hit.kind, hit.id, hit.label, is_mended=True))
                if len(found) >= limit:
                    break
        return found[:limit]

    def _ranked(self, folded: str, language: str, kinds: frozenset[Kind]) -> list[Found]:
        best: dict[tuple[Kind, int], tuple[tuple[int, ...], str, Entry]] = {}
        for entry, start in self._hits(folded):
            if entry.kind not in kinds:
                continue
            rank = (
                entry.language != language,
                start > 0,
                not entry.is_preferred,
                entry.folded != folded,
                entry.is_proposed,
                len(entry.folded),
            )
            key = (entry.kind, entry.id)
            if key not in best or (rank, entry.folded) < best[key][:2]:
                best[key] = (rank, entry.folded, entry)
        order = sorted(best.items(), key=lambda item: (item[1][0], item[1][1], item[0]))
        return [Found(kind, pk, entry) for (kind, pk), (_rank, _folded, entry) in order]

    def _hits(self, folded: str) -> Iterator[tuple[Entry, int]]:
        """Labels in which a word begins with what was typed, and where; typed words after the first may stand anywhere."""
        low, high = bisect_left(self._keys, folded), bisect_left(self._keys, folded + LAST)
        for _word, number, start in self._words[low:high]:
            yield self.entries[number], start
        first, _space, rest = folded.partition(" ")
        if rest and low == high:
            wanted = rest.split()
            for _word, number, start in self._words[bisect_left(self._keys, first) : bisect_left(self._keys, first + LAST)]:
                words = self.entries[number].folded.split()
                if all(any(word.startswith(want) for word in words) for want in wanted):
                    yield self.entries[number], start + 1

    def _mended(self, folded: str) -> list[str]:
        """What was typed, with its longest unknown word replaced by the nearest known words."""
        words = folded.split(" ")
        unknown = [word for word in words if len(word) >= 4 and not self._is_known(word)]
        if not unknown:
            return []
        typed = max(unknown, key=len)
        allowed = 2 if len(typed) >= 8 else 1
        near: list[tuple[int, str]] = []
        for word in self._vocabulary:
            # A longer word is compared by its beginning: people stop typing when the answer shows.
            for length in {len(typed), len(typed) - 1, len(typed) + 1, len(word)}:
                if abs(length - len(typed)) <= allowed and length <= len(word):
                    distance = _distance(typed, word[:length], allowed)
                    if distance <= allowed:
                        near.append((distance, word[:length]))
                        break
        near.sort()
        return [" ".join(word if word != typed else better for word in words) for _distance_, better in near[:5]]

    def _is_known(self, word: str) -> bool:
        low = bisect_left(self._keys, word)
        return low < len(self._keys) and self._keys[low].startswith(word)


def _word_starts(folded: str) -> Iterator[tuple[str, int]]:
    """Each end of the label that begins at a word: `stage lighting` → `stage lighting`, `lighting`."""
    start = 0
    while True:
        yield folded[start:], start
        space = folded.find(" ", start)
        if space < 0:
            return
        start = space + 1


def _distance(a: str, b: str, most: int) -> int:
    """Edits between two words (insert, delete, replace, swap neighbours), or `most + 1` when there are more.

    Optimal string alignment distance.
    """
    if abs(len(a) - len(b)) > most or (a[0] != b[0] and a[1:2] != b[1:2] and a[:1] != b[1:2]):
        return most + 1
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, start=1):
        older, before, row = before, row, [i]
        for j, y in enumerate(b, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]


class _Kept:
    """The type-ahead of this process and the version of the vocabulary that it was made from."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.version = -1
        self.typeahead = TypeAhead([])


_kept = _Kept()


def version() -> int:
    """How often the vocabulary has changed."""
    return VocabularyVersion.objects.filter(pk=1).values_list("number", flat=True).first() or 0


def current() -> TypeAhead:
    """The type-ahead over the vocabulary as it is now."""
    now = version()
    with _kept.lock:
        if _kept.version != now:
            _kept.typeahead, _kept.version = TypeAhead(_entries()), now
        return _kept.typeahead


def _entries() -> list[Entry]:
    rows = Label.objects.exclude(skill__status=Skill.Status.RETIRED).values_list(
        "skill", "profession", "sector", "text", "folded", "language", "is_preferred", "skill__status"
    )
    return [
        Entry(*_concept(skill, profession, sector), text, folded, language, preferred, status == Skill.Status.PROPOSED)
        for skill, profession, sector, text, folded, language, preferred, status in rows.order_by("pk")
    ]


def _concept(skill: int | None, profession: int | None, sector: int | None) -> tuple[Kind, int]:
    if skill is not None:
        return "skill", skill
    if profession is not None:
        return "profession", profession
    assert sector is not None  # a_label_belongs_to_one_concept
    return "sector", sector
