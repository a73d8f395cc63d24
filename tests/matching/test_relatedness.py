"""Which skills can stand in for each other: beside the definition, reckoned plainly, and on cases whose answer is known."""

import math
from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.relatedness import LEAST, LIMIT, Described, Related, related

SKILLS = st.integers(1, 9)
WORDS = st.dictionaries(st.sampled_from("abcdefg"), st.integers(1, 4).map(float), max_size=4)


@st.composite
def descriptions(draw: st.DrawFn) -> Described:
    skills = draw(st.lists(SKILLS, unique=True, max_size=8))
    count = len(skills)
    nodes = st.one_of(SKILLS, st.integers(-4, -1))
    pairs = st.lists(st.tuples(SKILLS, SKILLS), max_size=3)
    return Described(
        skills=skills,
        words=draw(st.lists(WORDS, min_size=count, max_size=count)),
        names=draw(st.lists(st.lists(st.frozensets(st.sampled_from("ab"), max_size=2), max_size=2), min_size=count, max_size=count)),
        above=draw(st.lists(st.tuples(nodes, nodes), max_size=12)),
        jobs=draw(st.lists(st.tuples(st.integers(1, 4), SKILLS, st.sampled_from([1.0, 0.5])), max_size=12, unique_by=lambda row: row[:2])),
        needed=draw(pairs),
        helpful=draw(pairs),
    )  # fmt: skip


def plainly(known: Described) -> tuple[dict[tuple[int, int], float], dict[tuple[int, int], float]]:
    """By the definition at the head of the module, one pair at a time; not yet rounded."""
    n, skills = len(known.skills), list(known.skills)
    said = dict(zip(skills, known.words, strict=True))
    frequency = Counter(word for words in known.words for word in words)
    text = {s: {w: (1 + math.log(c)) * math.log(n / frequency[w]) for w, c in said[s].items()} for s in skills}

    lines = {s: above(s, known) for s in skills}
    ic = {node: -math.log(sum(node in line for line in lines.values()) / n) for line in lines.values() for node in line}

    jobs = [row for row in known.jobs if row[1] in said]
    total, per_skill, per_job = sum(w for _, _, w in jobs), Counter[int](), Counter[int]()
    for job, skill, weight in jobs:
        per_skill[skill] += weight  # type: ignore[assignment]
        per_job[job] += weight  # type: ignore[assignment]
    vectors: dict[int, dict[int, float]] = {s: {} for s in skills}
    for job, skill, weight in jobs:
        vectors[skill][job] = max(0, math.log(weight * total / (per_skill[skill] * per_job[job])))
    trust = {s: min(1, math.log(1 + len(vectors[s])) / math.log(6)) for s in skills}

    near, together = {}, {}
    called = [{name for name in names if name} for names in known.names]
    for (i, a), (j, b) in combinations(enumerate(skills), 2):
        common = max((ic[node] for node in lines[a] & lines[b]), default=0)
        lin = min(1, 2 * common / (ic[a] + ic[b])) if ic[a] + ic[b] else 0
        together[a, b] = cosine(vectors[a], vectors[b]) * min(trust[a], trust[b])
        value = min(60, 55 * cosine(text[a], text[b]) + 25 * lin + 20 * together[a, b])
        for pairs, percent in ((known.needed, 80), (known.helpful, 70)):
            if (a, b) in pairs or (b, a) in pairs:
                value = max(value, percent)
        near[a, b] = max(value, 90) if called[i] & called[j] else value
    return near, {pair: 100 * value for pair, value in together.items()}


def above(skill: int, known: Described) -> set[int]:
    found = {skill}
    while more := {parent for below, parent in known.above if below in found} - found:
        found |= more
    return found


def cosine(a: dict[object, float] | dict[str, float] | dict[int, float], b: dict) -> float:  # type: ignore[type-arg]
    lengths = math.sqrt(sum(x * x for x in a.values()) * sum(x * x for x in b.values()))
    return sum(x * b.get(key, 0) for key, x in a.items()) / lengths if lengths else 0


@given(descriptions())
def test_every_percent_is_what_the_definition_says(known: Described) -> None:
    found = related(known)
    for rows, wanted in zip((found.near, found.complements), plainly(known), strict=True):
        answered = {(a, b): percent for a, b, percent in rows.tolist()}
        for (a, b), value in wanted.items():
            for pair in ((a, b), (b, a)):
                # Two ways of reckoning may round a half differently.
                assert abs(answered.get(pair, 0) - value) <= 0.51 or (pair not in answered and value < LEAST)
        assert len(answered) == len(rows)
        assert rows.tolist() == sorted(rows.tolist(), key=lambda row: (known.skills.index(row[0]), -row[2], row[1]))


def described(*said: str, **more: object) -> Described:
    """Skills 1, 2, … of these words."""
    words = [dict.fromkeys(text.split(), 1.0) for text in said]
    return Described(range(1, len(said) + 1), words, [[frozenset(text.split())] for text in said], **more)  # type: ignore[arg-type]


def percents(found: Related) -> dict[tuple[int, int], int]:
    return {(a, b): percent for a, b, percent in found.near.tolist()}


def test_a_name_in_other_words_is_nearly_the_same() -> None:
    assert percents(related(described("graphic design", "design graphic", "bread bake")))[1, 2] == 90


def test_what_only_goes_together_completes_and_does_not_replace() -> None:
    jobs = [(job, skill, 1.0) for job in range(6) for skill in (1, 2)] + [(9, 3, 1.0)]
    found = related(described("film", "tax", "bread", jobs=jobs))
    assert percents(found) == {}
    assert [1, 2, 100] in found.complements.tolist()


def test_each_keeps_its_nearest_twenty() -> None:
    count = 40
    found = related(
        described(*(f"w{number}" for number in range(count)), needed=[(1, other) for other in range(2, count + 1)])
    )
    mine = [row for row in found.near.tolist() if row[0] == 1]
    assert [other for _, other, _ in mine] == list(range(2, LIMIT + 2))


def test_progress_is_told_to_the_end() -> None:
    told: list[tuple[int, int]] = []
    related(described(*(f"w{number}" for number in range(250))), progress=lambda done, of: told.append((done, of)))
    assert told == [(100, 250), (200, 250), (250, 250)]


def test_nothing_at_all() -> None:
    found = related(described())
    assert (len(found.near), len(found.complements)) == (0, 0)


def test_odd_input_is_refused() -> None:
    with pytest.raises(ValueError, match="1 skills, 2 words"):
        Described([1], [{}, {}], [[]])
    with pytest.raises(ValueError, match="listed twice"):
        Described([1, 1], [{}, {}], [[], []])
