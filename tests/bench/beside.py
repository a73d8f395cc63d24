"""Ours and a peer answer the same questions in turn: what each spent, and how often they disagree."""

import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Generic, NamedTuple, TypeVar

from matching import Explanation, Nearness, Person, explain
from matching.crowd import Crowd
from tests.bench.figures import Row, percentile, row

T = TypeVar("T")
Questions = Sequence[tuple[Person, str]]
Top = Callable[[Person, str], list[Explanation]]
Ranking = Callable[[Person, str], list[tuple[int, int]]]


class Timed(Generic[T]):
    """What a deed answered, the CPU time of this thread that it took, and the time on the wall."""

    def __init__(self, deed: Callable[[], T]) -> None:
        wall, cpu = time.perf_counter_ns(), time.thread_time_ns()
        self.answer = deed()
        self.cpu_ms = (time.thread_time_ns() - cpu) / 1e6
        self.wall_ms = (time.perf_counter_ns() - wall) / 1e6


class Spent:
    """Milliseconds a question, of CPU and on the wall."""

    def __init__(self) -> None:
        self.cpu: list[float] = []
        self.wall: list[float] = []

    def asked(self, deed: Callable[[], T]) -> T:
        timed = Timed(deed)
        self.cpu.append(timed.cpu_ms)
        self.wall.append(timed.wall_ms)
        return timed.answer

    def without(self, other: "Spent") -> "Spent":
        """What remains of each question without what another deed spent on it."""
        rest = Spent()
        rest.cpu = [mine - less for mine, less in zip(self.cpu, other.cpu, strict=True)]
        rest.wall = [mine - less for mine, less in zip(self.wall, other.wall, strict=True)]
        return rest


class Beside(NamedTuple):
    ours: Spent
    theirs: Spent
    wrong: int

    def rows(self, name: str, engine: str, peer: str, **targets: float) -> list[Row]:
        """CPU and wall time at the median and the 99th percentile, and how many answers differ."""
        rows = [
            row(
                name,
                figure := f"{kind}_p{share}_ms",
                percentile(getattr(self.ours, kind), share),
                engine=engine,
                peer=peer,
                theirs=percentile(getattr(self.theirs, kind), share),
                target=targets.get(figure),
            )
            for kind in ("cpu", "wall")
            for share in (50, 99)
        ]
        return [*rows, row(name, f"wrong_answers_beside_{peer}", self.wrong, engine=engine, target=0)]


def beside(ours: Top, theirs: Top, asking: Questions) -> Beside:
    """A first round warms what both keep; in the second each question is asked of one and then of the other."""
    for me, track in asking:
        ours(me, track)
        theirs(me, track)
    mine, others = Spent(), Spent()
    wrong = 0
    for me, track in asking:
        answer = mine.asked(partial(ours, me, track))
        wrong += answer != others.asked(partial(theirs, me, track))
    return Beside(mine, others, wrong)


class Reasons:
    """What SQL does not say: the rows of the ten. With them a ranking answers what the engine answers."""

    def __init__(self, crowd: Crowd, near: Nearness) -> None:
        self.crowd, self.near = crowd, near

    def after(self, ranking: Ranking) -> Top:
        """Empty where a total is not the sum of its rows, which counts as a wrong answer."""

        def top(me: Person, track: str) -> list[Explanation]:
            found = ranking(me, track)
            answer = self.of(me, track, [id for id, _ in found])
            return answer if [one.total for one in answer] == [total for _, total in found] else []

        return top

    def of(self, me: Person, track: str, ids: list[int]) -> list[Explanation]:
        people = (self.crowd.person(slot) for id in ids if (slot := self.crowd.slot_of(id)) is not None)
        return [explain(me, them, self.near, track=track) for them in people]

    def spent(self, top: Top, asking: Questions) -> Spent:
        """What the reasons of these answers cost."""
        spent = Spent()
        for me, track in asking:
            ids = [one.them for one in top(me, track)]
            spent.asked(partial(self.of, me, track, ids))
        return spent
