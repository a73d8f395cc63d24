"""How many seats can be filled at all, and which demands for mentors' places cannot be met."""

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching

from matching.intake import Flags, Infeasible, Whole
from matching.market import Market
from matching.places import ranges

NAMED = 8
AT_ONCE = 1024
"""So many seats are followed at a time: a few lead to nearly everyone, and the others need not be looked at then."""


def most_seats(market: Market, allowed: Flags, room: Whole | None = None) -> Whole:
    """A pair or -1 for each seat, so that as many as possible are filled (Hopcroft & Karp 1973, each place a column)."""
    room = market.places if room is None else room
    pair = np.flatnonzero(allowed & (room > 0)[market.host])
    room = np.minimum(room, np.bincount(market.host[pair], minlength=len(room)))
    first = np.concatenate(([0], np.cumsum(room)))
    copies = room[market.host[pair]]
    edge = np.repeat(pair, copies)
    place = first[market.host[edge]] + np.arange(len(edge)) - np.repeat(np.cumsum(copies) - copies, copies)
    shape = (len(market.mentee), int(first[-1]))
    chosen = np.full(shape[0], -1)
    if not len(edge):
        return chosen
    net = csr_array((np.ones(len(edge), np.int8), (market.seat[edge], place)), shape=shape)
    column = maximum_bipartite_matching(net, perm_type="column")
    used = column[market.seat[edge]] == place
    chosen[market.seat[edge[used]]] = edge[used]
    return chosen


def could_fill_more(market: Market, allowed: Flags, chosen: Whole) -> bool:
    """Whether a chain of moves would fill one more seat. If none does, no more can be filled at all (Berge 1957).

    From the empty seats along allowed pairs to mentors, from those without a free place on with the mentees whom they would have to
    let go, and so on, each mentor once.
    """
    load = np.bincount(market.host[chosen[chosen >= 0]], minlength=len(market.mentor))
    free = load < market.capacity
    movers = np.flatnonzero(chosen >= 0)
    movers = movers[~market.kept[chosen[movers]]]
    order = np.argsort(market.host[chosen[movers]], kind="stable")
    movers = movers[order]
    first = np.searchsorted(market.host[chosen[movers]], np.arange(len(free) + 1))
    # Whom no pair leads to is taken for reached, so that the end shows once everyone else is.
    seats, reached = np.flatnonzero(chosen < 0), np.bincount(market.host, minlength=len(free)) == 0
    while len(seats) and not reached.all():
        pairs, seats = market.pairs_of(seats[:AT_ONCE]), seats[AT_ONCE:]
        found = np.zeros(len(free), bool)
        found[market.host[pairs[allowed[pairs]]]] = True
        if (found & free).any():
            return True
        mentors = np.flatnonzero(found & ~reached)
        reached |= found
        seats = np.concatenate((seats, movers[ranges(first[mentors], first[mentors + 1])]))
    return False


def can_fill(market: Market, allowed: Flags, seats: int) -> bool:
    """Whether so many seats, kept ones included, and every place that must be filled can be.

    Both at once then, too: whatever some matching covers on one side, some largest matching covers (Mendelsohn & Dulmage 1958).
    """
    filled = int((most_seats(market, allowed) >= 0).sum()) + int(market.kept.sum())
    needed = market.needed
    return filled >= seats and int((most_seats(market, allowed, needed) >= 0).sum()) == int(needed.sum())


def refuse_shortage(market: Market) -> None:
    """Raises `Infeasible` when mentors must be given more mentees than there are candidates for them, and names both."""
    needed = market.needed
    if not needed.any():
        return
    chosen = most_seats(market, market.open, needed)
    load = np.bincount(market.host[chosen[chosen >= 0]], minlength=len(needed))
    for short in np.flatnonzero(load < needed)[:1]:
        mentors, seats = _rivals(market, chosen, needed, int(short))
        wanted = f"mentors {_named(market.mentor[mentors])} must be given {needed[mentors].sum()} mentees together"
        words = f"{wanted}, but only {len(seats)} could be theirs: {_named(market.mentee[seats])}"
        raise Infeasible(words, mentors=market.mentor[mentors].tolist())


def _rivals(market: Market, chosen: Whole, needed: Whole, short: int) -> tuple[Whole, Whole]:
    """The mentors who compete for the same mentees as this one, and all those mentees (Hall 1935)."""
    mentors = np.zeros(len(needed), bool)
    mentors[short] = True
    seats = np.zeros(len(market.mentee), bool)
    before = -1
    while before < (before := int(mentors.sum())):
        seats[market.seat[market.open & (needed > 0)[market.host] & mentors[market.host]]] = True
        mentors[market.host[chosen[seats & (chosen >= 0)]]] = True
    return np.flatnonzero(mentors), np.flatnonzero(seats)


def _named(ids: Whole) -> str:
    names = ", ".join(str(one) for one in np.unique(ids)[:NAMED])
    return names if len(np.unique(ids)) <= NAMED else f"{names}, …"
