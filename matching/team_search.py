"""The search over every language and slot, the most promising first, until nothing else can be better or the budget is spent."""

from collections.abc import Callable
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

import numpy as np

from matching.intake import Whole
from matching.team_bounds import Places, quick
from matching.team_greedy import greedy
from matching.team_integer import best_of
from matching.team_pool import SLOTS, Pool
from matching.team_rank import Choice, rank_of

AT_ONCE = 16
"""How many are looked at closely at a time."""
GREEDY, GREEDY_AT_MOST = 16, 256
"""For how many languages and slots a team is put together greedily; more only as long as there is none."""

QUICK, CLOSE, SOLVED = range(3)
NOBODY = -1


@dataclass(frozen=True)
class Best:
    """The best choice found, where it meets (language · SLOTS + slot, or NOBODY), and the most that a rank can be."""

    choice: Choice
    where: int
    rank: int
    bound: int


class Search:
    """Where a team could meet, by the most that it could be worth there: bounds are made closer only while they matter."""

    def __init__(self, pool: Pool, spent: Callable[[], float], budget: float) -> None:
        self._pool, self._spent, self._budget = pool, spent, budget
        self._places = Places(pool)
        most = quick(pool).ravel() if pool.call.seats else np.zeros(0, np.int64)
        there = np.flatnonzero(most)
        self._open = [(-rank, QUICK, where) for rank, where in zip(most[there].tolist(), there.tolist(), strict=True)]
        self._open.append((-self._places.alone, CLOSE, NOBODY))
        heapify(self._open)
        self._found: tuple[int, int, Choice] = (0, NOBODY, ())

    def run(self) -> Best:
        self._begin()
        while self._may_improve() and self._spent() < self._budget:
            if self._open[0][1] == QUICK:
                self._look_closely()
            else:
                self._solve()
        rank, where, choice = self._found
        return Best(choice, where, rank, max(rank, -self._open[0][0] if self._open else rank))

    def _begin(self) -> None:
        """Greedily: the members alone, and with others where that promises most."""
        promising = [where for _, _, where in sorted(self._open)[:GREEDY_AT_MOST]]
        for tried, where in enumerate([NOBODY, *promising]):
            if tried > GREEDY and self._found[1] != NOBODY:
                break
            choice = greedy(self._pool, self._who(where))
            if choice is not None:
                self._keep(where, choice)

    def _may_improve(self) -> bool:
        """Whether something open could be better; what is solved as far as it goes never is."""
        return bool(self._open) and -self._open[0][0] > self._found[0] and self._open[0][1] != SOLVED

    def _look_closely(self) -> None:
        some: list[tuple[int, int]] = []
        while len(some) < AT_ONCE and self._may_improve() and self._open[0][1] == QUICK:
            rank, _, where = heappop(self._open)
            some.append((-rank, where))
        closer = self._places.close([self._who(where) for _, where in some])
        for rank, (known, where) in zip(closer.tolist(), some, strict=True):
            heappush(self._open, (-min(rank, known), CLOSE, where))

    def _solve(self) -> None:
        rank, _, where = heappop(self._open)
        solved = best_of(self._pool, self._who(where), -rank, self._budget - self._spent())
        if solved.choice is not None:
            self._keep(where, solved.choice)
        if solved.bound is not None:
            heappush(self._open, (-solved.bound, SOLVED, where))

    def _keep(self, where: int, choice: Choice) -> None:
        """The better one of two; of equals the one found first."""
        rank = rank_of(self._pool, choice)
        if rank > self._found[0]:
            self._found = rank, where, choice

    def _who(self, where: int) -> Whole:
        return np.zeros(0, np.int64) if where == NOBODY else self._pool.who(*divmod(where, SLOTS))
