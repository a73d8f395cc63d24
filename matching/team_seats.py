"""From who does what to the team as it is proposed, with those who could come instead."""

import numpy as np

from matching.team_answer import Alternate, Cover, Seat, Team
from matching.team_call import Need
from matching.team_pool import SLOTS, Pool
from matching.team_rank import value_at, value_of
from matching.team_search import NOBODY, Best

ALTERNATES = 3


def team_of(pool: Pool, best: Best) -> Team:
    value = value_of(pool, best.choice)
    doing = dict.fromkeys(range(pool.members), ()) | {row: pool.tasks[task] for row, task in best.choice}
    joining = [row for row in sorted(doing) if row >= pool.members]
    where = best.where if joining else NOBODY
    gaps = _gaps(pool, doing)
    return Team(
        seats=tuple(
            Seat(
                person=int(pool.ids[row]),
                covers=_covers(pool, row, doing[row]),
                is_member=row < pool.members,
                alternates=_alternates(pool, doing, row, where, value) if row in joining else (),
            )
            for row in sorted(doing)
        ),
        language=None if where == NOBODY else pool.languages[where // SLOTS],
        slot=None if where == NOBODY else where % SLOTS,
        countries=tuple(sorted({pool.countries[pool.country[row]] for row in doing} - {""})),
        gaps=tuple(
            Need(need.skill, need.level, n, need.priority) for need, n in zip(pool.call.needs, gaps, strict=True) if n
        ),
        places=pool.call.places,
        value=value,
        bound=max(value, value_at(pool, best.bound)),
    )


def _gaps(pool: Pool, doing: dict[int, tuple[int, ...]]) -> list[int]:
    """How many people each need lacks."""
    lacking = [need.people for need in pool.call.needs]
    for task in doing.values():
        for need in task:
            lacking[need] -= 1
    return lacking


def _covers(pool: Pool, row: int, task: tuple[int, ...]) -> tuple[Cover, ...]:
    return tuple(pool.cover(row, need) for need in task)


def _alternates(
    pool: Pool, doing: dict[int, tuple[int, ...]], row: int, where: int, value: int
) -> tuple[Alternate, ...]:
    """Who else speaks the language, is free then, does part of what this seat or nobody does, and leaves enough countries."""
    others = {other: task for other, task in doing.items() if other != row}
    lacking = _gaps(pool, others)
    tasks = [at for at, task in enumerate(pool.tasks) if all(lacking[need] for need in task)]
    countries = {int(pool.country[other]) for other in others} - {0}
    rows = np.setdiff1d(pool.who(*divmod(where, SLOTS)), list(doing))
    if len(countries) < pool.call.countries:
        rows = rows[~np.isin(pool.country[rows], [0, *countries])]
    worth = pool.worth[rows][:, tasks]
    most = worth.max(axis=1, initial=0)
    first = np.argsort(-most, kind="stable")[:ALTERNATES]
    without = value - sum(pool.call.needs[need].priority * int(pool.percent[row, need]) for need in doing[row])
    return tuple(
        Alternate(
            person=int(pool.ids[rows[at]]),
            covers=_covers(pool, int(rows[at]), pool.tasks[tasks[worth[at].argmax()]]),
            value=without + int(most[at]),
        )
        for at in first
        if most[at]
    )
