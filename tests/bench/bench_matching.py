"""The ten best guides among 10,000 invented members, beside a careful plain loop that answers the same.

The loop knows no index, but all else one would do by hand: it looks at conditions first, prepares my wishes once, and adds whole
numbers. Both then explain their ten, and each answer of one is compared with the other's, row by row. CPU time of one thread.
"""

import random
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Generic, TypeVar

from matching import Explanation, Index, Nearness, Person
from tests.bench.figures import Row, percentile, row
from tests.bench.matching_loop import Loop

MEMBERS = 10_000
QUESTIONS = 300
CHANGES = 300
K = 10
SECTORS, LANGUAGES, COUNTRIES = 88, 40, 35
TRACKS = ("social", "economic", "cooperative")
PEER = "tuned_python"
T = TypeVar("T")


@dataclass(frozen=True)
class Vocabulary:
    skills: int
    groups: int
    areas: int


STARTER = Vocabulary(skills=450, groups=45, areas=12)
ESCO = Vocabulary(skills=14_000, groups=450, areas=75)
"""So many skills that few share one: most questions go down the ladder to its wide rungs."""


def run() -> list[Row]:
    return [*measured("10k", STARTER), *measured("10k.esco", ESCO)]


def measured(world: str, vocabulary: Vocabulary) -> list[Row]:
    chance = random.Random(20_261_123)
    near = a_taxonomy(vocabulary, chance)
    people = [a_member(id, vocabulary, chance) for id in range(1, MEMBERS + 1)]
    tracemalloc.start()
    index = Index(people, near)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    build = min(Timed(partial(Index, people, near)).cpu_ms for _ in range(3))

    asking = [chance.choice(people) for _ in range(QUESTIONS)]
    ours, theirs, wrong = compared(index, Loop(people, near), asking, chance)
    changes = []
    for _ in range(CHANGES):
        person = replace(a_member(chance.randrange(1, MEMBERS + 1), vocabulary, chance), waiting=1)
        people[person.id - 1] = person
        changes.append(Timed(partial(index.put, person)).cpu_ms)
    _, _, wrong_later = compared(index, Loop(people, near), asking[:100], chance)

    suggest, engine = f"matching.suggest.{world}", "numpy"
    p50, p99 = percentile(theirs, 50), percentile(theirs, 99)
    return [
        row(suggest, "cpu_p50_ms", percentile(ours, 50), engine=engine, peer=PEER, theirs=p50, target=10),
        row(suggest, "cpu_p99_ms", percentile(ours, 99), engine=engine, peer=PEER, theirs=p99),
        row(suggest, "wrong_answers", wrong, engine=engine, target=0),
        row(suggest, "wrong_answers_after_changes", wrong_later, engine=engine, target=0),
        row(f"matching.change.{world}", "cpu_p50_ms", percentile(changes, 50), engine=engine),
        row(f"matching.build.{world}", "cpu_ms", build, engine=engine),
        row(f"matching.build.{world}", "peak_mib", peak / 2**20, engine=engine),
        row(f"matching.memory.{world}", "bytes_per_member", index.nbytes / MEMBERS, engine=engine),
    ]


class Timed(Generic[T]):
    """What a deed answered, and the CPU time of this thread that it took."""

    def __init__(self, deed: Callable[[], T]) -> None:
        begun = time.thread_time_ns()
        self.answer = deed()
        self.cpu_ms = (time.thread_time_ns() - begun) / 1e6


def compared(
    index: Index, loop: Loop, asking: list[Person], chance: random.Random
) -> tuple[list[float], list[float], int]:
    """CPU of both for each question, asked in turn, and how often they disagree. A first round warms what both keep."""
    tracks = [chance.choice((None, *TRACKS)) for _ in asking]
    ours: list[float] = []
    theirs: list[float] = []
    wrong = 0
    for timed in (False, True):
        for me, track in zip(asking, tracks, strict=True):
            mine: Timed[list[Explanation]] = Timed(partial(index.top, me, K, track=track))
            others: Timed[list[Explanation]] = Timed(partial(loop.top, me, K, track))
            if timed:
                ours.append(mine.cpu_ms)
                theirs.append(others.cpu_ms)
                wrong += mine.answer != others.answer
    return ours, theirs, wrong


def a_taxonomy(vocabulary: Vocabulary, chance: random.Random) -> Nearness:
    """Skills in groups in areas; a quarter of the skills are below another one of their group, and a fifth have one alike."""
    skills, groups = vocabulary.skills, vocabulary.groups
    group = {skill: skill % groups for skill in range(skills)}
    broader = [(skill % (4 * groups), skill) for skill in range(4 * groups, skills, 4)]
    near = [(skill, (skill + groups * chance.randrange(1, 4)) % skills) for skill in range(1, skills, 5)]
    return Nearness(broader, near, group, {skill: one % vocabulary.areas for skill, one in group.items()})


def a_member(id: int, vocabulary: Vocabulary, chance: random.Random) -> Person:
    """Offers about 7 skills of two groups and wants about 3; half are guides, of whom 40 % have a place."""
    guides = chance.random() < 0.5
    home = [skewed(vocabulary.groups, chance) for _ in range(2)]
    in_group = vocabulary.skills // vocabulary.groups

    def some(least: int, most: int) -> list[int]:
        count = chance.randint(least, most)
        return sorted({chance.choice(home) + vocabulary.groups * skewed(in_group, chance) for _ in range(count)})

    start = chance.randrange(168)
    evening = sum(1 << (start + 24 * day + hour) % 168 for day in range(4) for hour in range(3))
    rated = chance.randrange(9) if guides else 0
    country = chance.randrange(COUNTRIES)
    return Person(
        id=id,
        offers=tuple((skill, chance.randint(1, 5)) for skill in some(4, 11)),
        wants=tuple((skill, chance.randint(0, 4), chance.randint(1, 3)) for skill in some(2, 5)),
        sectors=frozenset(skewed(SECTORS, chance) for _ in range(2)),
        languages={"en": chance.randint(1, 6)} | {f"l{country % LANGUAGES}": 7, f"l{chance.randrange(LANGUAGES)}": 4},
        hours=evening if chance.random() < 0.8 else 0,
        country=f"{country:02}",
        tracks=frozenset(track for track in TRACKS if guides and chance.random() < 0.6),
        places_open=chance.randint(1, 3) if guides and chance.random() < 0.4 else 0,
        waiting=chance.randrange(4) if guides else 0,
        good=rated - rated // 4,
        rated=rated,
        abroad=chance.random() < 0.5,
    )


def skewed(below: int, chance: random.Random) -> int:
    """Small numbers more often than large ones."""
    return int(below * chance.random() ** 2)


if __name__ == "__main__":
    from tests.bench.__main__ import table

    print(table(run()))
