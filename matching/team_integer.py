"""The best team among those who share a language and a slot, by HiGHS.

With z(p, t) = 1 when person p does task t, and u(c) = 1 when country c counts:

    largest Σ gain(p, t) · z(p, t), which is the rank of the team (`matching.team_rank`)
    nobody does more than one task, no need has more people than asked, no more join than there are seats,
    u(c) ≤ Σ z(p, t) over those of country c, for each country that no member is of, and Σ u(c) ≥ the countries still missing.

Few people can matter. Say that p does task t, in a team that K people may join. Of K others who do it as well, one is not in the
team and could be there instead of p. Where countries are missing, and p is of none that a member is of, that one has to be of p's
country, or the best of another such country from which nobody comes; of K of them there is always one. So the best K for each task are
enough, and with them, where countries are missing, the best K of each of the K countries with the best, those of members left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, vstack

from matching.intake import Whole
from matching.team_pool import Pool
from matching.team_rank import Choice, gains

TIME_IS_UP, IMPOSSIBLE = 1, 2


@dataclass(frozen=True)
class Solved:
    """The best choice that was found, if any, and the most that a rank can be; None when there can be no team."""

    choice: Choice | None
    bound: int | None


def best_of(pool: Pool, candidates: Whole, at_most: int, seconds: float = inf) -> Solved:
    """The best team of the members and these candidates. Its rank is known to be `at_most` this; HiGHS stops after `seconds`."""
    row, task = _columns(pool, candidates)
    if not len(row):
        return Solved((), 0)
    abroad = np.setdiff1d(pool.country[row], [0, *pool.at_home]) if _missing(pool) else np.zeros(0, np.int64)
    gain = gains(pool, row, task)
    found = milp(
        np.concatenate([-gain, np.zeros(len(abroad))]),
        constraints=_rules(pool, row, task, abroad, _missing(pool) if len(candidates) else 0),
        bounds=Bounds(0, 1),
        integrality=np.repeat([1, 0], [len(gain), len(abroad)]),
        options={"mip_rel_gap": 0} | ({} if seconds == inf else {"time_limit": max(0.0, seconds)}),
    )
    if found.status == IMPOSSIBLE:
        return Solved(None, None)
    if found.status not in (0, TIME_IS_UP):
        raise ArithmeticError(f"HiGHS stopped without an answer: {found.message}")
    proved = found.mip_dual_bound
    bound = at_most if proved is None or not np.isfinite(proved) else min(at_most, int(np.floor(1e-3 - proved)))
    if found.x is None:
        return Solved(None, bound)
    used = np.flatnonzero(found.x[: len(gain)] > 0.5)
    return Solved(tuple(zip(row[used].tolist(), task[used].tolist(), strict=True)), bound)


def _missing(pool: Pool) -> int:
    """How many countries newcomers must add."""
    return max(0, pool.call.countries - len(pool.at_home))


def _columns(pool: Pool, candidates: Whole) -> tuple[Whole, Whole]:
    """Who could do which task: members all that they can, of the candidates those who matter."""
    row = [np.flatnonzero(pool.worth[: pool.members, task]) for task in range(len(pool.tasks))]
    worth = pool.worth[candidates]
    order = np.argsort(-worth, axis=0, kind="stable")
    for task, able in enumerate(np.count_nonzero(worth, axis=0)):
        rows = candidates[order[:able, task]]
        best = rows[: pool.call.seats]
        if _missing(pool):
            best = np.union1d(best, rows[_best_abroad(pool.country[rows], pool.at_home, pool.call.seats)])
        row[task] = np.concatenate([row[task], best])
    return np.concatenate(row), np.repeat(np.arange(len(row)), [len(rows) for rows in row])


def _best_abroad(country: Whole, at_home: frozenset[int], seats: int) -> Whole:
    """Where the first so many of each of the first so many countries stand, apart from those at home."""
    known, first = np.unique(country, return_index=True)
    countries = [one for one in known[np.argsort(first)].tolist() if one and one not in at_home][:seats]
    return np.concatenate([np.zeros(0, np.int64), *(np.flatnonzero(country == one)[:seats] for one in countries)])


def _rules(pool: Pool, row: Whole, task: Whole, abroad: Whole, missing: int) -> LinearConstraint:
    column, width = np.arange(len(row)), len(row) + len(abroad)
    people, person = np.unique(row, return_inverse=True)
    cover = [(need, at) for at, one in enumerate(task.tolist()) for need in pool.tasks[one]]
    joining = np.flatnonzero(row >= pool.members)
    needs = [need.people for need in pool.call.needs]
    parts = [
        _sums(person, column, [1] * len(people), width),
        _sums([need for need, _ in cover], [at for _, at in cover], needs, width),
        _sums(joining * 0, joining, [pool.call.seats], width),
    ]
    if missing:
        parts.append(_sums(abroad * 0, len(row) + np.arange(len(abroad)), [-missing], width, -1))
        from_there, country = np.nonzero(pool.country[row][:, None] == abroad)
        at_most = _sums(np.arange(len(abroad)), len(row) + np.arange(len(abroad)), [0] * len(abroad), width)
        those = _sums(country, from_there, [0] * len(abroad), width, -1)
        parts.append((at_most[0] + those[0], at_most[1]))
    return LinearConstraint(vstack([sums for sums, _ in parts]), -np.inf, np.concatenate([most for _, most in parts]))


def _sums(row: Any, column: Any, most: Sequence[int], width: int, sign: int = 1) -> tuple[csr_array, Whole]:
    """Sums of columns, one per row, and the most that each may be."""
    values = np.full(len(column), float(sign))
    return csr_array((values, (row, column)), shape=(len(most), width)), np.array(most)
