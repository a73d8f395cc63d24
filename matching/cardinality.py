"""How many seats can be filled at all, and which demands for mentors' places cannot be met."""

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, maximum_bipartite_matching

from matching.intake import Flags, Infeasible, Whole
from matching.market import Market

NAMED = 8


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
    """Whether a chain of moves would fill one more seat. If none does, no more can be filled at all (Berge 1957)."""
    reached = _reached(market, allowed, chosen, np.flatnonzero(chosen < 0))
    load = np.bincount(market.host[chosen[chosen >= 0]], minlength=len(market.mentor))
    return bool((reached & (load < market.capacity)).any())


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
        raise Infeasible(f"{wanted}, but only {len(seats)} could be theirs: {_named(market.mentee[seats])}")


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


def _reached(market: Market, allowed: Flags, chosen: Whole, seats: Whole) -> Flags:
    """The mentors that these seats reach by moves along allowed pairs, each making the mentor's own mentees move on."""
    count, mentors = len(market.mentee), len(market.mentor)
    pair = np.flatnonzero(allowed)
    movers = np.flatnonzero(chosen >= 0)
    movers = movers[~market.kept[chosen[movers]]]
    hosts = market.host[chosen[movers]]
    root = count + mentors
    # Row by row, as pairs lie: from seats to mentors, from mentors to their mentees, and from the root to where moves begin.
    degrees = (np.bincount(market.seat[pair], minlength=count), np.bincount(hosts, minlength=mentors), [len(seats)])
    heads = (count + market.host[pair], movers[np.argsort(hosts, kind="stable")], seats)
    start, head = np.cumsum(np.concatenate(([0], *degrees))), np.concatenate(heads)
    net = csr_array((np.ones(len(head), np.int8), head, start), shape=(root + 1, root + 1))
    reached = np.zeros(root + 1, bool)
    reached[breadth_first_order(net, root, return_predecessors=False)] = True
    return reached[count:root]


def _named(ids: Whole) -> str:
    names = ", ".join(str(one) for one in np.unique(ids)[:NAMED])
    return names if len(np.unique(ids)) <= NAMED else f"{names}, …"
