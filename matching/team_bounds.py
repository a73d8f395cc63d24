"""How much a team could be worth at most: a quick look at every language and slot, and a close one at a few."""

from collections.abc import Sequence

import numpy as np

from matching.intake import Whole
from matching.team_pool import SLOTS, Pool
from matching.team_rank import JOINING, TASK_NEEDS, VALUE, gains


def quick(pool: Pool) -> Whole:
    """For each language and slot, the most that the rank can be: for each place the best person there, as often as one likes,
    but no more places than all seats together can cover.
    """
    call = pool.call
    best = np.zeros((call.places, len(pool.languages), SLOTS), np.int64)
    place = 0
    for at, need in enumerate(call.needs):
        able = np.flatnonzero(pool.worth[:, at])
        able = able[np.argsort(-pool.worth[able, at], kind="stable")]
        for language in range(len(pool.languages)):
            rows = able[pool.speaks[able, language] | (able < pool.members)]
            there = np.cumsum(pool.free[rows] | (rows < pool.members)[:, None], axis=0, dtype=np.int32)
            for nth in range(need.people if len(rows) else 0):
                worth = pool.worth[rows[(there > nth).argmax(axis=0)], at]
                best[place + nth, language] = np.where(there[-1] > nth, worth, 0)
        place += need.people
    best.sort(axis=0)
    most: Whole = VALUE * best[-TASK_NEEDS * call.size :].sum(axis=0)
    return most + TASK_NEEDS * pool.members


class Places:
    """The states in which the places of a call can be: how many people each need has already, in all combinations.

    A state is at least as good as those with fewer places covered. Adding one person after another then is a dynamic program
    over the states; it forgets only who was added, so that somebody may be counted for several seats.
    """

    def __init__(self, pool: Pool) -> None:
        people = [need.people for need in pool.call.needs]
        counts = np.indices([one + 1 for one in people]).reshape(len(people), -1)
        strides = np.cumprod([1, *(one + 1 for one in people[:0:-1])])[::-1]
        self._after = [np.flatnonzero((counts[list(task)] > 0).all(axis=0)) for task in pool.tasks]
        self._before = [
            after - int(strides[list(task)].sum()) for after, task in zip(self._after, pool.tasks, strict=True)
        ]
        self._pool = pool
        self._members = np.zeros((counts.shape[1], 1), np.int64)
        tasks = np.arange(len(pool.tasks))
        for row in range(pool.members):
            self._members = self._with_one(self._members, gains(pool, tasks * 0 + row, tasks)[:, None])

    @property
    def alone(self) -> int:
        """The rank of the members by themselves."""
        return int(self._members[-1, 0])

    def close(self, groups: Sequence[Whole]) -> Whole:
        """For each group of candidates, the most that the rank of a team with them can be."""
        worth = np.stack([self._pool.worth[rows].max(axis=0, initial=0) for rows in groups], axis=1)
        rank = np.repeat(self._members, len(groups), axis=1)
        for _ in range(self._pool.call.seats):
            rank = self._with_one(rank, VALUE * worth - JOINING)
        most: Whole = rank[-1]
        return most

    def _with_one(self, rank: Whole, gain: Whole) -> Whole:
        """The states (rows) once one more person has done the best task, or none; one column per group."""
        after = rank.copy()
        for task, (new, old) in enumerate(zip(self._after, self._before, strict=True)):
            after[new] = np.maximum(after[new], rank[old] + gain[task])
        return after
