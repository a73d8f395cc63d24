"""A team at once: where most could be had, whoever adds most is asked next."""

import numpy as np

from matching.intake import Whole
from matching.team_pool import Pool
from matching.team_rank import Choice


def greedy(pool: Pool, candidates: Whole) -> Choice | None:
    """Members first, in the order of their ids, then the candidate who adds most, as long as someone adds anything; of equals
    the smaller id. None when the countries would be too few.
    """
    lacking = np.array([need.people for need in pool.call.needs])
    chosen: list[tuple[int, int]] = []
    for member in range(pool.members):
        _take(pool, np.array([member]), lacking, chosen)
    countries = set(pool.at_home)
    rows = candidates
    for seats in range(pool.call.seats, 0, -1):
        missing = pool.call.countries - len(countries)
        if missing >= seats:
            rows = rows[~np.isin(pool.country[rows], [0, *countries])]
        row = _take(pool, rows, lacking, chosen)
        if row is None:
            break
        countries |= {int(pool.country[row])} - {0}
        rows = candidates[~np.isin(candidates, [one for one, _ in chosen])]
    joined = any(row >= pool.members for row, _ in chosen)
    return None if joined and len(countries) < pool.call.countries else tuple(chosen)


def _take(pool: Pool, rows: Whole, lacking: Whole, chosen: list[tuple[int, int]]) -> int | None:
    """Gives the best task that is still open to the best of these rows; None when nobody can do any."""
    still = [task for task, needs in enumerate(pool.tasks) if all(lacking[need] for need in needs)]
    if not len(rows) or not still:
        return None
    worth = pool.worth[rows][:, still]
    at, best = divmod(int(worth.argmax()), len(still))
    if not worth[at, best]:
        return None
    row, task = int(rows[at]), still[best]
    lacking[list(pool.tasks[task])] -= 1
    chosen.append((row, task))
    return row
