"""Finding a concept while someone types: by prefix, by word, in any language, with a typo mended.

The labels stay in the database (see `lookup`); each process keeps only the words that occur in them, for what stands inside
a word and for what was mistyped. The steps are the same on every engine.
"""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

from django.db.models import QuerySet

from backend.skills import lookup
from backend.skills.folding import fold
from backend.skills.lookup import Hit
from backend.skills.mending import Words
from backend.skills.models import Label, Profession, Sector, Skill, VocabularyVersion

Kind = Literal["skill", "profession", "sector"]
ANSWERS = 12
PROFESSIONS = 3
"""So many of the answers are kept for professions where others are asked for too."""
# A concept has several labels, and some concepts are retired.
LABELS = 5 * ANSWERS
# One or two letters begin so many words inside labels that only the labels' own beginnings help.
WORDS_MIN_LENGTH = 3
# Inside words only what is long enough to mean something: German and Dutch write words together.
INSIDE_MIN_LENGTH = 5
MENDED_MIN_LENGTH, MENDED_TWICE_MIN_LENGTH = 4, 8
TYPED_MAX_LENGTH, TYPED_MAX_WORDS = 100, 8
MENDINGS, INSIDES = 20, 40

Step = tuple[list[list[str]] | None, str | None, bool]
"""What the label must hold (None: it begins with what was typed), in which language (None: any), whether only ours are meant."""


@dataclass(frozen=True, slots=True)
class Found:
    """A concept, the label by which it was found, and whether what was typed had to be mended for it."""

    kind: str
    concept: Any
    text: str
    language: str
    is_mended: bool = False


def search(query: str, *, language: str, kinds: frozenset[Kind], limit: int = ANSWERS) -> list[Found]:
    """The best concepts for what has been typed so far, best first; each concept once.

    Order: begins a label in the reader's language (ours first, then preferred ones), begins a word inside one, the same in other
    languages, stands inside a word (Bühnenbeleuchtung); only where nothing is found, with a letter mended (two in long words).
    Professions come after skills.
    """
    typed = " ".join(fold(query[:TYPED_MAX_LENGTH]).split(" ")[:TYPED_MAX_WORDS])
    finds = _Finds(typed, kinds, limit)
    if not typed or not kinds:
        return []
    finds.take(_steps(typed, language), is_mended=False)
    if not finds.answer():
        finds.take(_mended_steps(typed, language), is_mended=True)
    return finds.answer()


def _steps(typed: str, language: str) -> Iterator[Step]:
    words = typed.split(" ")
    yield None, language, True
    for spoken in (language, None):
        yield None, spoken, False
        if len(typed) >= WORDS_MIN_LENGTH:
            yield [[word] for word in words], spoken, False
    if any(len(word) >= INSIDE_MIN_LENGTH for word in words):
        yield _inside(words), None, False


def named(typed: str) -> QuerySet[Label]:
    """All labels, in any language, in which words begin with each word of what was typed, or hold it where it is long enough."""
    return lookup.holding(_inside(typed.split(" ")))


def _inside(words: list[str]) -> list[list[str]]:
    """Each word, with the known words inside which it stands."""
    long = {word for word in words if len(word) >= INSIDE_MIN_LENGTH}
    known = _words() if long else Words()
    return [[word, *(known.containing(word, INSIDES) if word in long else ())] for word in words]


def _mended_steps(typed: str, language: str) -> Iterator[Step]:
    """What was typed with one word replaced by what is near to it: words that nobody knows first, then the longest."""
    known, words = _words(), typed.split(" ")
    order = sorted(range(len(words)), key=lambda at: (known.has_beginning(words[at]), -len(words[at])))
    for most in (1, 2):
        for at in order:
            if len(words[at]) < (MENDED_MIN_LENGTH if most == 1 else MENDED_TWICE_MIN_LENGTH):
                continue
            if near := [word for word in known.near(words[at], most) if word != words[at]][:MENDINGS]:
                mended = [near if place == at else [word] for place, word in enumerate(words)]
                yield mended, language, False
                yield mended, None, False
    # Too short to be mended: what the other words find.
    for at in order:
        if len(words) > 1 and len(words[at]) < MENDED_MIN_LENGTH:
            yield [[word] for place, word in enumerate(words) if place != at], None, False


class _Finds:
    """What was found so far; professions apart, for they would be lost among the many labels of skills."""

    def __init__(self, typed: str, kinds: frozenset[Kind], limit: int) -> None:
        self._typed, self._limit = typed, limit
        self._groups = [group for group in (kinds - {"profession"}, kinds & {"profession"}) if group]
        self._found: dict[frozenset[Kind], dict[tuple[str, int], Found]] = {group: {} for group in self._groups}

    def take(self, steps: Iterator[Step], *, is_mended: bool) -> None:
        """Go step after step until there is enough."""
        for beginnings, language, ours in steps:
            for group in self._groups:
                found = self._found[group]
                if len(found) < self._room(group):
                    hits = lookup.labels(
                        self._typed, beginnings, language=language, ours=ours, kinds=group, limit=LABELS
                    )
                    self._add(found, hits, self._room(group) - len(found), is_mended)
            if len(self.answer()) >= self._limit:
                return

    def answer(self) -> list[Found]:
        """The best first."""
        professions = [one for group in self._groups[1:] for one in self._found[group].values()]
        others = [one for group in self._groups[:1] for one in self._found[group].values()]
        return others[: self._limit - len(professions)] + professions

    def _room(self, group: frozenset[Kind]) -> int:
        return self._limit if group is self._groups[0] else min(PROFESSIONS, self._limit)

    def _add(self, found: dict[tuple[str, int], Found], hits: list[Hit], room: int, is_mended: bool) -> None:
        """The concepts of these labels that may still be chosen."""
        fresh: dict[tuple[str, int], Hit] = {}
        for hit in hits:
            if (hit.kind, hit.id) not in found:
                fresh.setdefault((hit.kind, hit.id), hit)
        usable = {
            (kind, concept.pk): concept
            for kind in {kind for kind, _pk in fresh}
            for concept in _usable(kind, [pk for one, pk in fresh if one == kind][: 2 * room])
        }
        for key in [key for key in fresh if key in usable][:room]:
            found[key] = Found(key[0], usable[key], fresh[key].text, fresh[key].language, is_mended)


def _usable(kind: str, pks: list[int]) -> Any:
    """Those of these concepts that can be chosen."""
    if kind == "skill":
        return Skill.objects.exclude(status=Skill.Status.RETIRED).filter(pk__in=pks).only("key", "names", "status")
    model: Any = Profession if kind == "profession" else Sector
    return model.objects.filter(pk__in=pks, is_retired=False).only("key", "names")


class _Kept:
    """The words of this process, the version of the vocabulary that they were read from, and the last label that was read."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.version = self.labels = -1
        self.last = lookup.Said()
        self.words = Words()

    def read(self, version: int, labels: int) -> None:
        """Reads what was said since, where all else stays; everything otherwise."""
        goes_on = labels == self.labels and self.last.last and lookup.still_says(self.last.last, self.last.text)
        said = lookup.said(since=self.last.last if goes_on else 0)
        self.words = self.words.and_also(said.words) if goes_on else Words(said.words)
        self.last, self.version, self.labels = replace(said, words=frozenset()), version, labels


_kept = _Kept()


def version() -> int:
    """A number that is another one after each change of the vocabulary."""
    return _versions()[0]


def _versions() -> tuple[int, int]:
    """That number, and the one of what labels said that were there."""
    return VocabularyVersion.objects.filter(pk=1).values_list("number", "labels").first() or (0, 0)


def _words() -> Words:
    """The words of all labels as they are now."""
    now, labels = _versions()
    with _kept.lock:
        if _kept.version != now:
            _kept.read(now, labels)
        return _kept.words
