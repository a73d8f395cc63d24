"""How much a team could be worth at most: a quick look at every language and slot, and a close one at a few."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from matching.able import NONE
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
        is_met = bool(pool.languages) and pool.worth[:, at].any()
        worths, there = _at_hand(pool, at) if is_met else (NONE, NONE)
        for nth in range(need.people if is_met else 0):
            enough = there > nth
            best[place + nth] = np.where(enough[:, -1], worths[enough.argmax(axis=1)], 0)
        place += need.people
    best.sort(axis=0)
    most: Whole = VALUE * best[-TASK_NEEDS * call.size :].sum(axis=0)
    return most + TASK_NEEDS * pool.members


def _at_hand(pool: Pool, need: int) -> tuple[Whole, NDArray[np.int32]]:
    """What covering this need can be worth, the most first; and how many could cover it for as much or more, by language, worth and slot."""
    rows = np.flatnonzero(pool.worth[:, need])
    worths, nth = np.unique(-pool.worth[rows, need], return_inverse=True)
    who, language = np.nonzero(pool.speaks[rows])
    shape = len(pool.languages), len(worths)
    # A line for each language and worth, with a one for everyone who speaks it and is worth so much.
    lines = csr_array(
        (np.ones(len(who), np.int32), (language * len(worths) + nth[who], who)), shape=(shape[0] * shape[1], len(rows))
    )
    count = (lines @ pool.free[rows].astype(np.int32)).reshape(*shape, SLOTS)
    # Members are counted wherever and whenever it is.
    count += np.bincount(nth[rows < pool.members], minlength=len(worths)).astype(np.int32)[:, None]
    return -worths, np.cumsum(count, axis=1, dtype=np.int32)


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
