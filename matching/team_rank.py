"""Which of two teams is better, in one whole number.

    rank = VALUE · value − JOINING · newcomers + needs covered by members

The larger rank has the larger value; of equal values it asks fewer people, and then leaves to members what they can do.
"""

import numpy as np

from matching.intake import Whole
from matching.team_call import LARGEST
from matching.team_pool import Pool

TASK_NEEDS = 2
"""How many needs one person covers at most."""
JOINING = LARGEST * TASK_NEEDS + 1
VALUE = LARGEST * JOINING + 1

Choice = tuple[tuple[int, int], ...]
"""(row, task) of everyone who does something."""


def gains(pool: Pool, rows: Whole, task: Whole) -> Whole:
    """What is added to the rank when each of these rows does the task beside it. Where they cannot do it, it is no gain."""
    needs = np.array([len(task) for task in pool.tasks])
    worth = pool.worth[rows, task]
    gain: Whole = VALUE * worth + np.where(rows < pool.members, needs[task] * (worth > 0), -JOINING)
    return gain


def rank_of(pool: Pool, choice: Choice) -> int:
    rows, tasks = np.array(choice, np.int64).reshape(-1, 2).T
    return int(gains(pool, rows, tasks).sum())


def value_of(pool: Pool, choice: Choice) -> int:
    return sum(int(pool.worth[row, task]) for row, task in choice)


def value_at(pool: Pool, rank: int) -> int:
    """The most that the value of a team can be whose rank is at most this."""
    return (rank + pool.call.seats * JOINING) // VALUE
