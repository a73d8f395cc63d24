"""Who would complete us: `complete` finds people who together cover what a team lacks.

A person covers a need with their offer that is closest to it, if its level is the one asked at least; a higher level counts no more.
Let c(p, n) be its closeness in percent (`matching.near`, only what is NEAR) and w(n) the priority of the need, 1 to 3. Then

    value = Σ w(n) · c(p, n)        over every need n and every person p who covers it,

where a need is covered by as many people as it asks for, at most, a person covers two needs at most, and whoever joins covers one at
least. Everyone who joins and all members share a language (at B1) and two consecutive hours of the week; a member who said nothing
of it stands in nobody's way. Of teams of equal value
the one with fewer newcomers is better, and then the one in which members do more.

A greedy team is there at once. Then every language and slot is looked at, the most promising first, by three bounds, each dearer
than the one before: the best person for each place (`team_bounds.quick`), a dynamic program over the places
(`team_bounds.Places`), and an integer program (`team_integer`). It ends when no bound is above the best team, which is then optimal.
"""

from collections.abc import Callable, Iterable
from math import inf

from matching.able import Able
from matching.near import Nearness
from matching.people import Person
from matching.team_answer import Team
from matching.team_call import Call
from matching.team_pool import gather
from matching.team_search import Search
from matching.team_seats import team_of


def complete(
    people: Iterable[Person],
    call: Call,
    near: Nearness,
    *,
    besides: Able | None = None,
    spent: Callable[[], float] | None = None,
    budget: float = inf,
) -> Team:
    """The best team for a call, among the members, who must be among these people, and everyone else of them and of those `besides`.

    `spent` says how many seconds have been used so far, and `budget` how many may be; the search then ends with the best team
    so far, never one below the greedy one, and with what is proven about it. Reading the people and the greedy team are not cut
    short; a budget of 0 gives that team. Without `spent` only a budget of 0 or none is possible. The order of people and needs
    does not matter, except that a spent budget may end the search earlier or later. When nobody can join, the team is its members.

    Raises ValueError for people named twice, unknown members or a budget below 0, and `Infeasible`, which is one, for members
    who have no language or no two hours in common, or come from too few countries for the seats left.
    """
    if not budget >= 0:
        raise ValueError(f"budget: {budget} is not 0 or more seconds")
    if spent is None and 0 < budget < inf:
        raise ValueError("budget: without `spent` only 0 or none is possible")
    pool = gather(people, call, near, besides)
    return team_of(pool, Search(pool, spent or _nothing, budget).run())


def _nothing() -> float:
    return 0.0
