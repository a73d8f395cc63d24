"""Works out which skills are near each other and which complete each other, from what the vocabulary says of them.

The reckoning is `matching.relatedness`; here its input is gathered and its answer kept. It needs no language but that of the
labels: members meet across languages because each skill is one concept, however it is called.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from itertools import islice
from typing import Any

import numpy as np
import snowballstemmer
from django.db import transaction
from django.db.models import Count, Max, Sum
from django.db.models.functions import Length

from backend.skills.actions import changed
from backend.skills.folding import fold
from backend.skills.models import (
    Complement,
    Label,
    NearSkill,
    Profession,
    Skill,
    SkillGroup,
    SkillLink,
    VocabularyVersion,
)
from matching.relatedness import Described, Triples, related

MAIN = "en"
"""Nearly all skills have words in it. Those that have none are compared in a language that they have."""
NAME_WEIGHT, OTHER_WEIGHT = 3.0, 1.0
ESSENTIAL, OPTIONAL = 1.0, 0.5
BATCH = 5_000
# Words of no meaning in the names of skills.
STOP = frozenset([
    "a", "an", "and", "the", "of", "for", "in", "to", "on", "with", "de", "des", "du", "la", "le", "les", "et", "en", "und",
])  # fmt: skip
LANGUAGES = {
    "en": "english", "fr": "french", "nl": "dutch", "de": "german", "es": "spanish", "it": "italian", "pt": "portuguese",
    "sv": "swedish", "da": "danish", "fi": "finnish", "hu": "hungarian", "ro": "romanian", "no": "norwegian",
}  # fmt: skip
Progress = Callable[[int, int], None]


def relate_skills(*, again: bool = False, progress: Progress = lambda done, of: None) -> int | None:
    """Work out all relations and keep them in the place of the old ones; answers how many, None when nothing has changed since.

    Readers see the old ones until the new ones are all there.
    """
    state = _state()
    version = VocabularyVersion.objects.filter(pk=1).first()
    if not again and version is not None and version.related_from == state:
        return None
    near, complements = _worked_out(progress)
    with transaction.atomic():
        changed(relations=True, labels=False)
        pairs: list[tuple[Any, Triples]] = [(NearSkill, near), (Complement, complements)]
        for model, rows in pairs:
            model.objects.all()._raw_delete(model.objects.db)  # nothing hangs on them, and there may be 300,000
            for some in _batches(rows.tolist()):
                model.objects.bulk_create(
                    model(skill_id=one, other_id=other, percent=share) for one, other, share in some
                )
        VocabularyVersion.objects.filter(pk=1).update(related_from=state)
    return len(near)


def _state() -> str:
    """A fingerprint of what the relations depend on: of a few figures, for rows are replaced when they change."""
    figures: list[Any] = []
    links = (SkillLink, Label, Profession.skills.through, Profession.optional_skills.through)
    for rows in links:
        figures += rows.objects.aggregate(n=Count("pk"), newest=Max("pk"), sum=Sum("pk")).values()  # type: ignore[attr-defined]
    usable = Skill.objects.exclude(status=Skill.Status.RETIRED)
    figures += usable.aggregate(
        n=Count("pk"), sum=Sum("pk"), group=Sum("group"), words=Sum(Length("description"))
    ).values()
    return sha256(" ".join(str(figure) for figure in figures).encode()).hexdigest()


def _worked_out(progress: Progress) -> tuple[Triples, Triples]:
    skills = Skill.objects.exclude(status=Skill.Status.RETIRED).order_by("pk")
    languages: defaultdict[int, list[str]] = defaultdict(list)
    spoken = Label.objects.filter(skill__in=skills).order_by("language").values_list("skill", "language").distinct()
    for pk, language in spoken.iterator():
        languages[pk].append(language)
    without = {pk: said for pk, said in languages.items() if MAIN not in said}
    near: list[Triples] = []
    complements: list[Triples] = []
    for language in [MAIN, *sorted({said[0] for said in without.values()})]:
        found = related(
            _described(language, [pk for pk, said in languages.items() if language in said]), progress=progress
        )
        mine = np.array([pk for pk, said in without.items() if said[0] == language], np.int64)
        for kept, rows in ((near, found.near), (complements, found.complements)):
            kept.append(rows if language == MAIN else rows[np.isin(rows[:, 0], mine) | np.isin(rows[:, 1], mine)])
    return _once(near), _once(complements)


def _once(found: list[Triples]) -> Triples:
    """Two skills may have met in several languages."""
    rows = np.concatenate(found)
    _, first = np.unique(rows[:, :2], axis=0, return_index=True)
    return rows[np.sort(first)]


def _described(language: str, skills: list[int]) -> Described:
    stem = _Stems(language)
    place = {pk: number for number, pk in enumerate(skills)}
    words: list[defaultdict[str, float]] = [defaultdict(float) for _ in skills]
    names: list[list[frozenset[str]]] = [[] for _ in skills]
    labels = Label.objects.filter(skill__isnull=False, language=language).values_list("skill", "folded", "is_preferred")
    for pk, folded, is_preferred in labels.iterator():
        if pk not in place:
            continue
        found = stem.all(folded)
        for word in found:
            words[place[pk]][word] += NAME_WEIGHT if is_preferred else OTHER_WEIGHT
        if is_preferred:
            names[place[pk]].append(frozenset(found))
    if language == MAIN:
        for pk, text in Skill.objects.exclude(description="").values_list("pk", "description").iterator():
            if pk in place:
                for word in stem.all(fold(text)):
                    words[place[pk]][word] += OTHER_WEIGHT
    return Described(
        skills=skills,
        words=words,
        names=names,
        above=list(_above()),
        jobs=list(_jobs()),
        needed=_linked(SkillLink.Kind.ESSENTIAL, SkillLink.Kind.NEAR),
        helpful=_linked(SkillLink.Kind.OPTIONAL),
    )


def _above() -> Iterator[tuple[int, int]]:
    """Skills below skills and groups, groups below groups, families above our own; all but skills below zero."""
    yield from ((below, above) for above, below in _linked(SkillLink.Kind.BROADER))
    for pk, group, family in Skill.objects.values_list("pk", "group", "family").iterator():
        if group is not None:
            yield pk, -2 * group
        elif family is not None:
            yield pk, -2 * family - 1
    for pk, parent in SkillGroup.objects.values_list("pk", "parent"):
        if parent is not None:
            yield -2 * pk, -2 * parent


def _jobs() -> Iterator[tuple[int, int, float]]:
    for through, weight in ((Profession.skills.through, ESSENTIAL), (Profession.optional_skills.through, OPTIONAL)):
        rows: Any = through.objects.filter(profession__is_retired=False).values_list("profession", "skill")  # type: ignore[attr-defined]
        for profession, skill in rows.iterator():
            yield profession, skill, weight


def _linked(*kinds: str) -> list[tuple[int, int]]:
    return list(SkillLink.objects.filter(kind__in=kinds).values_list("source", "target"))


class _Stems:
    """The stems of words in one language; each is worked out once."""

    def __init__(self, language: str) -> None:
        self._stemmer = snowballstemmer.stemmer(LANGUAGES[language]) if language in LANGUAGES else None
        self._known: dict[str, str] = {}

    def all(self, folded: str) -> list[str]:
        return [self._stem(word) for word in re.split(r"[ .&]+", folded) if word and word not in STOP]

    def _stem(self, word: str) -> str:
        found = self._known.get(word)
        if found is None:
            found = self._known[word] = self._stemmer.stemWord(word) if self._stemmer else word
        return found


def _batches(rows: Iterable[Any]) -> Iterator[list[Any]]:
    source = iter(rows)
    while some := list(islice(source, BATCH)):
        yield some
