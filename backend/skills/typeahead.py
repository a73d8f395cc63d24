"""Finding a concept while someone types: by prefix, by word, in any language, with a typo mended.

Each process keeps the folded labels sorted in memory and reads them again when the vocabulary changes; the answer is the
same on every database engine.
"""

import threading
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from django.db.models import Q

from backend.skills.folding import fold
from backend.skills.mending import beginnings_near, trie
from backend.skills.models import Label, Skill, VocabularyVersion

Kind = Literal["skill", "profession", "sector"]
ANSWERS = 12
LAST = "\U0010ffff"
# Inside words only what is long enough to mean something: German and Dutch write words together.
INSIDE_MIN_LENGTH = 5
MENDED_MIN_LENGTH, MENDED_TWICE_MIN_LENGTH, MENDED_MAX_LENGTH = 4, 8, 24


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
            (word, number, start) for number, entry in enumerate(entries) for word, start in _word_starts(entry)
        )
        self._words = words
        self._keys = [word for word, _number, _start in words]
        self._trie = trie(word.split(" ")[0] for word in self._keys)

    def search(self, query: str, *, language: str, kinds: frozenset[Kind], limit: int = ANSWERS) -> list[Found]:
        """The best concepts for what has been typed so far, best first; each concept once.

        Order: begins a preferred name in the reader's language, begins a synonym of it, begins a word inside, stands
        inside a word (Bühnenbeleuchtung), then the same in other languages; when that finds too little, with one letter
        mended (two in long words).
        """
        folded = fold(query)
        if not folded:
            return []
        found = self._ranked(folded, language, kinds)
        if len(found) < max(1, limit // 2):
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
                start,
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
        """Labels that hold what was typed, and where: 0 begins the label, 1 begins a word, 2 its words stand apart or in
        another order, 3 inside a word.
        """
        for number, place in self._beginning(folded):
            yield self.entries[number], place
        first, *others = folded.split(" ")
        if others:
            for number, _place in self._beginning(first):
                words = self.entries[number].folded.split()
                if all(any(word.startswith(want) for word in words) for want in others):
                    yield self.entries[number], 2
        if len(folded) >= INSIDE_MIN_LENGTH:
            for entry in self.entries:
                if folded in entry.folded:
                    yield entry, 3

    def _beginning(self, folded: str) -> Iterator[tuple[int, int]]:
        low, high = bisect_left(self._keys, folded), bisect_left(self._keys, folded + LAST)
        for _word, number, place in self._words[low:high]:
            yield number, place

    def _mended(self, folded: str) -> list[str]:
        """What was typed, with its longest unknown word replaced by the nearest beginnings of known words."""
        words = folded.split(" ")
        unknown = [word for word in words if len(word) >= MENDED_MIN_LENGTH and not self._is_known(word)]
        if not unknown:
            return []
        typed = max(unknown, key=len)[:MENDED_MAX_LENGTH]
        near = beginnings_near(self._trie, typed, 1)
        if not near and len(typed) >= MENDED_TWICE_MIN_LENGTH:
            near = beginnings_near(self._trie, typed, 2)
        return [" ".join(better if word.startswith(typed) else word for word in words) for better in near[:5]]

    def _is_known(self, word: str) -> bool:
        low = bisect_left(self._keys, word)
        return low < len(self._keys) and self._keys[low].startswith(word)


def _word_starts(entry: Entry) -> Iterator[tuple[str, int]]:
    """Each end of the label that begins at a word: `stage lighting` → `stage lighting`, `lighting`; 0 is the beginning.

    What is written with a hyphen is found without it too: `e-mail` → `e mail`, `mail`, `email`.
    """
    start = 0
    while True:
        yield entry.folded[start:], int(start > 0)
        space = entry.folded.find(" ", start)
        if space < 0:
            break
        start = space + 1
    for word in entry.text.split():
        if "-" in word.strip("-"):
            yield fold(word.replace("-", "")), int(not entry.text.startswith(word))


class _Kept:
    """The type-ahead of this process and the version of the vocabulary that it was made from."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.version = -1
        self.typeahead = TypeAhead([])


_kept = _Kept()


def version() -> int:
    """A number that is another one after each change of the vocabulary."""
    return VocabularyVersion.objects.filter(pk=1).values_list("number", flat=True).first() or 0


def current() -> TypeAhead:
    """The type-ahead over the vocabulary as it is now."""
    now = version()
    with _kept.lock:
        if _kept.version != now:
            _kept.typeahead, _kept.version = TypeAhead(_entries()), now
        return _kept.typeahead


def _entries() -> list[Entry]:
    retired = Q(skill__status=Skill.Status.RETIRED) | Q(profession__is_retired=True) | Q(sector__is_retired=True)
    rows = Label.objects.exclude(retired).values_list(
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
