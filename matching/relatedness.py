"""How well one skill can stand in for another, and which skills complete each other, from what is said about them.

Of two skills a and b, in percent:
    what their names say is the same, in other words        90   "graphic design", "design graphics"
    one needs the other                                     80
    one is helped by the other                              70
    else 55 text + 25 hierarchy + 20 jobs · trust, at most  60
where
    text       cosine of the words said of each (names, synonyms, description), weighed by tf-idf (Salton & Buckley 1988)
    hierarchy  2 ic(c) / (ic(a) + ic(b)) (Lin 1998), c being the most telling concept above both, ic(c) = -log of the share
               of all skills that lie under c (Resnik 1995)
    jobs       cosine of the jobs that each is part of, weighed by positive pointwise mutual information (Church & Hanks 1990)
    trust      little for skills of few jobs, and half for those of more than 150: min(1, ln(1 + jobs) / ln 6)
Each skill keeps its nearest 20 of at least 25 percent. Jobs alone can bring no more than 20: what often goes together
completes, and does not replace; it is answered apart.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

LIMIT, LEAST = 20, 25
SAME_WORDS, NEEDED, HELPFUL, MOST = 90, 80, 70, 60
TEXT, HIERARCHY, JOBS = 55, 25, 20
MANY_JOBS, ENOUGH_JOBS = 150, 6
BLOCK = 100

Floats = NDArray[np.float32]
Triples = NDArray[np.int64]
"""Rows of (skill, other, percent), by skill, the highest first."""


@dataclass(frozen=True)
class Described:
    """What is known of some skills. Skills, groups and jobs are numbers; a skill's word lists may be empty.

    `words` has for each skill how often each word is said of it, `names` the sets of words of its names (one a name).
    `above` are (skill or group, what lies above it), groups having numbers that no skill has; circles do no harm. `jobs` are
    (job, skill, weight above 0). `needed` and `helpful` are pairs of skills. Raises ValueError where lengths differ or a skill is listed twice.
    """

    skills: Sequence[int]
    words: Sequence[Mapping[str, float]]
    names: Sequence[Iterable[frozenset[str]]]
    above: Iterable[tuple[int, int]] = ()
    jobs: Iterable[tuple[int, int, float]] = ()
    needed: Iterable[tuple[int, int]] = ()
    helpful: Iterable[tuple[int, int]] = ()

    def __post_init__(self) -> None:
        if not len(self.skills) == len(self.words) == len(self.names):
            raise ValueError(f"{len(self.skills)} skills, {len(self.words)} words and {len(self.names)} names")
        if len(set(self.skills)) < len(self.skills):
            raise ValueError("a skill is listed twice")


@dataclass(frozen=True)
class Related:
    """`near` can stand in for each other (both ways round); `complements` often go together."""

    near: Triples
    complements: Triples


def related(described: Described, *, progress: Callable[[int, int], None] = lambda done, of: None) -> Related:
    """The relations of all these skills with each other; `progress` is told how many of how many are done.

    About a millisecond a skill for 14,000 skills; memory grows with the skills, not with their pairs.
    """
    skills = np.array(described.skills, np.int64)
    at = {skill: place for place, skill in enumerate(skills.tolist())}
    text = _weighed_words(described.words)
    hierarchy = _Hierarchy(at, described.above)
    jobs, trust = _weighed_jobs(at, described.jobs)
    explicit = _explicit(described, at)
    near: list[Triples] = []
    complements: list[Triples] = []
    columns_of_text, columns_of_jobs = text.T.tocsr(), jobs.T.tocsr()
    for start in range(0, len(skills), BLOCK):
        rows = np.arange(start, min(start + BLOCK, len(skills)))
        together = (jobs[rows] @ columns_of_jobs).toarray() * np.minimum(trust[rows, None], trust[None, :])
        mixed = TEXT * (text[rows] @ columns_of_text).toarray() + HIERARCHY * hierarchy.block(rows) + JOBS * together
        percents = np.minimum(MOST, np.rint(mixed)).astype(np.int64)
        for row, place in enumerate(rows.tolist()):
            others, least = explicit.get(place, ([], []))
            percents[row, others] = np.maximum(percents[row, others], least)
        near.append(_best(percents, rows, skills))
        complements.append(_best(np.rint(100 * together).astype(np.int64), rows, skills))
        progress(int(rows[-1]) + 1, len(skills))
    nothing = [np.empty((0, 3), np.int64)]
    return Related(np.concatenate(near or nothing), np.concatenate(complements or nothing))


def _weighed_words(said: Sequence[Mapping[str, float]]) -> sparse.csr_array:
    """A row of unit length for each skill: (1 + ln tf) · ln(n / df)."""
    places: dict[str, int] = {}
    columns = [places.setdefault(word, len(places)) for words in said for word in words]
    counts = np.array([count for words in said for count in words.values()], np.float32)
    ends = np.cumsum([0, *(len(words) for words in said)])
    matrix = sparse.csr_array((1 + np.log(np.maximum(counts, 1)), columns, ends), (len(said), len(places)), np.float32)
    document_frequency = np.bincount(np.array(columns, np.int64), minlength=len(places))
    return _of_unit_length(matrix * np.log(len(said) / np.maximum(document_frequency, 1)).astype(np.float32))


def _weighed_jobs(at: Mapping[int, int], jobs: Iterable[tuple[int, int, float]]) -> tuple[sparse.csr_array, Floats]:
    """A row of unit length for each skill over the jobs that it is part of, and how far to trust it."""
    known = [(at[skill], job, weight) for job, skill, weight in jobs if skill in at]
    places: dict[int, int] = {}
    columns = np.array([places.setdefault(job, len(places)) for _, job, _ in known], np.int64)
    rows = np.array([row for row, _, _ in known], np.int64)
    weights = np.array([weight for _, _, weight in known], np.float64)
    of_skill = np.bincount(rows, weights, len(at)) if len(rows) else np.zeros(len(at))
    of_job = np.bincount(columns, weights, len(places)) if len(rows) else np.zeros(len(places))
    mutual = np.log(weights * weights.sum() / (of_skill[rows] * of_job[columns])) if len(rows) else weights
    matrix = sparse.csr_array((np.maximum(mutual, 0), (rows, columns)), (len(at), len(places)), np.float32)
    count = np.bincount(rows, minlength=len(at))
    trust = np.minimum(1, np.log1p(count) / np.log(ENOUGH_JOBS)) * np.where(count > MANY_JOBS, 0.5, 1)
    return _of_unit_length(matrix), trust.astype(np.float32)


def _of_unit_length(matrix: sparse.csr_array) -> sparse.csr_array:
    lengths = np.sqrt(matrix.multiply(matrix).sum(axis=1))
    unit: sparse.csr_array = matrix.multiply(1 / np.where(lengths > 0, lengths, 1)[:, None]).tocsr().astype(np.float32)
    return unit


class _Hierarchy:
    """Lin similarity of skills by what lies above both."""

    def __init__(self, at: Mapping[int, int], above: Iterable[tuple[int, int]]) -> None:
        parents: dict[int, set[int]] = {}
        for below, parent in above:
            if below != parent:
                parents.setdefault(below, set()).add(parent)
        lineages = [_ancestors(skill, parents) for skill in at]
        under: dict[int, list[int]] = {}
        for place, lineage in enumerate(lineages):
            for node in lineage:
                under.setdefault(node, []).append(place)
        self._under = {node: np.array(places, np.int64) for node, places in under.items()}
        telling = {node: float(-np.log(len(places) / len(at))) for node, places in under.items()}
        # The broadest first, so that what is more telling is written over it.
        self._lineages = [sorted(lineage, key=lambda node: (telling[node], node)) for lineage in lineages]
        self._telling = telling
        self._own = np.array([telling[skill] for skill in at], np.float32)

    def block(self, rows: NDArray[np.int64]) -> Floats:
        """The similarity of these skills with all, 0 to 1."""
        common = np.zeros((len(rows), len(self._own)), np.float32)
        for row, place in enumerate(rows.tolist()):
            for node in self._lineages[place]:
                common[row, self._under[node]] = self._telling[node]
        both = self._own[rows, None] + self._own[None, :]
        return np.minimum(1, 2 * common / np.where(both > 0, both, 1))


def _ancestors(skill: int, parents: Mapping[int, set[int]]) -> set[int]:
    """The skill itself and all that lies above it."""
    found, edge = {skill}, {skill}
    while edge:
        edge = {parent for one in edge for parent in parents.get(one, ())} - found
        found |= edge
    return found


def _explicit(described: Described, at: Mapping[int, int]) -> dict[int, tuple[list[int], list[int]]]:
    """For each skill the places of others that are near by name or by what is said, and to what percent at least."""
    percents: dict[int, Counter[int]] = {}

    def say(one: int, other: int, percent: int) -> None:
        if one != other:
            for this, that in ((one, other), (other, one)):
                found = percents.setdefault(this, Counter())
                found[that] = max(found[that], percent)

    for pairs, percent in ((described.needed, NEEDED), (described.helpful, HELPFUL)):
        for one, other in pairs:
            if one in at and other in at:
                say(at[one], at[other], percent)
    called: dict[frozenset[str], list[int]] = {}
    for place, names in enumerate(described.names):
        for name in set(names):
            if name:
                called.setdefault(name, []).append(place)
    for places in called.values():
        for one in places:
            for other in places:
                say(one, other, SAME_WORDS)
    return {place: (list(found), list(found.values())) for place, found in percents.items()}


def _best(percents: NDArray[np.int64], rows: NDArray[np.int64], skills: NDArray[np.int64]) -> Triples:
    """The highest of each row, at most 20 and of 25 percent at least; among equals those with the smaller number."""
    percents[np.arange(len(rows)), rows] = 0
    row, column = np.nonzero(percents >= LEAST)
    value = percents[row, column]
    order = np.lexsort((skills[column], -value, row))
    row, column, value = row[order], column[order], value[order]
    first = np.searchsorted(row, np.arange(len(rows)))
    keep = np.arange(len(row)) - first[row] < LIMIT
    return np.stack([skills[rows[row]], skills[column], value], 1)[keep]
