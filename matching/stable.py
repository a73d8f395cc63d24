"""Pairs by the rankings that people handed in themselves: nobody could do better together than with whom they got.

Deferred acceptance (Gale & Shapley 1962, for several places Roth 1984): each mentee asks down their list; a mentor holds the
best who asked, as many as there are places, and lets the others go on. Two people are a possible pair only where each lists
the other. Who is listed as equal is told apart by a lot from the published seed, drawn per pair, never by the order of rows.

For lists without equals the outcome is the best for every mentee among all stable ones, no mentee can gain by handing in another
list (Dubins & Freedman 1981), and who stays without a pair does so in every stable outcome (Roth 1986). With equals it
is stable in the sense that no two would both gain strictly.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from heapq import heappush, heappushpop
from itertools import islice

Tier = int | Sequence[int]
"""A person, or several who are liked the same."""
Lists = Mapping[int, Sequence[Tier]]
Orders = dict[int, list[int]]
Ranks = dict[int, dict[int, int]]


@dataclass(frozen=True)
class Agreement:
    """`pairs` are (mentee, mentor), in order; `unmatched` are the mentees without one; `proposals` is how often somebody
    asked, those in vain included."""

    pairs: tuple[tuple[int, int], ...]
    unmatched: tuple[int, ...]
    proposals: int


def agree(mentees: Lists, mentors: Lists, capacities: Mapping[int, int], *, seed: int = 0) -> Agreement:
    """Stable pairs of mentees and mentors by their own lists, best first, as good for the mentees as stable pairs can be.

    `capacities` are the places of each mentor, 1 where nothing is said; 0 takes nobody. The time grows with the length of the
    lists. Raises ValueError for somebody listed twice, listed but not there, on both sides, or a capacity that is not a whole
    number of places.
    """
    lists, orders = told_apart(mentees, seed), told_apart(mentors, seed)
    _check(lists, orders, capacities)
    ranks = {mentor: dict(zip(order, range(len(order)), strict=True)) for mentor, order in orders.items()}
    places = {mentor: capacities.get(mentor, 1) for mentor in mentors}
    left = {mentee: iter(mine) for mentee, mine in lists.items()}
    # Of each mentor the ranks of those held, as negative numbers: the least liked is the smallest.
    held: dict[int, list[int]] = {mentor: [] for mentor in mentors}
    proposals = 0
    for first in sorted(lists):
        mentee = first
        while (mentor := next(left[mentee], None)) is not None:
            proposals += 1
            rank = ranks[mentor].get(mentee)
            if rank is None or not places[mentor]:
                continue
            if len(held[mentor]) < places[mentor]:
                heappush(held[mentor], -rank)
                break
            # Whoever is let go, perhaps the one who asked, asks on.
            mentee = orders[mentor][-heappushpop(held[mentor], -rank)]
    pairs = tuple(sorted((orders[mentor][-rank], mentor) for mentor, kept in held.items() for rank in kept))
    matched = {mentee for mentee, _ in pairs}
    return Agreement(pairs, tuple(mentee for mentee in sorted(mentees) if mentee not in matched), proposals)


def blocking_pairs(
    pairs: Sequence[tuple[int, int]], mentees: Lists, mentors: Lists, capacities: Mapping[int, int]
) -> list[tuple[int, int]]:
    """Those who list each other, are not paired, and would both rather be; none where pairs are stable. Knows nothing of `agree`.

    Raises ValueError for pairs that do not list each other, a mentee with two mentors, or a mentor beyond their places.
    """
    likes, ranks = _ranks(mentees), _ranks(mentors)
    mentor_of = dict(pairs)
    mentees_of: dict[int, list[int]] = {mentor: [] for mentor in mentors}
    for mentee, mentor in pairs:
        if mentor not in likes.get(mentee, {}) or mentee not in ranks.get(mentor, {}):
            raise ValueError(f"pairs: {mentee} and {mentor} do not list each other")
        mentees_of[mentor].append(mentee)
    if len(mentor_of) < len(pairs):
        raise ValueError("pairs: a mentee has two mentors")
    for mentor, found in mentees_of.items():
        if len(found) > capacities.get(mentor, 1):
            raise ValueError(f"pairs: {mentor} has {len(found)} mentees for {capacities.get(mentor, 1)} places")
    blocking = []
    for mentee, mine in likes.items():
        for mentor, liking in mine.items():
            rank = ranks.get(mentor, {}).get(mentee)
            if rank is None or (mentee in mentor_of and liking >= mine[mentor_of[mentee]]):
                continue
            theirs = [ranks[mentor][one] for one in mentees_of[mentor]]
            if len(theirs) < capacities.get(mentor, 1) or any(rank < one for one in theirs):
                blocking.append((mentee, mentor))
    return sorted(blocking)


def told_apart(lists: Lists, seed: int) -> Orders:
    """Every list with its equals told apart by lots of their own."""
    return {
        # Most have no equals.
        person: list(tiers) if set(map(type, tiers)) <= {int} else _in_order(person, tiers, seed)  # type: ignore[arg-type]
        for person, tiers in lists.items()
    }


def circle(
    pairs: Sequence[tuple[int, int]], mentees: Orders, mentors: Orders, capacities: Mapping[int, int]
) -> list[int]:
    """Mentees who could all do better by each taking a place of the next one's mentor, and pairs would stay stable; empty where
    these are the best stable pairs for every mentee. Knows nothing of `agree`.

    `pairs` are stable for these lists, which know no equals (`told_apart`). A mentor whose places are full can only come by the dearest
    below their least who would rather have them; where that leads back to itself all of them gain, and where it never does no
    stable outcome is better for anybody (rotations: Irving & Leather 1986).
    """
    likes, ranks = _ranks(mentees), _ranks(mentors)
    mentor_of = dict(pairs)
    mentees_of: dict[int, list[int]] = {}
    for mentee, mentor in pairs:
        mentees_of.setdefault(mentor, []).append(mentee)
    comes: dict[int, int] = {}
    for mentor, mine in mentees_of.items():
        if len(mine) < capacities.get(mentor, 1):
            continue
        least = max(ranks[mentor][one] for one in mine)
        for mentee in islice(mentors[mentor], least + 1, None):
            liking = likes[mentee].get(mentor)
            now = mentor_of.get(mentee)
            if liking is not None and (now is None or liking < likes[mentee][now]):
                # Who is without a pair is so in every stable outcome, so nobody below them can come.
                if now is not None:
                    comes[mentor] = mentee
                break
    ended: set[int] = set()
    for first in sorted(comes):
        path, at = dict[int, int](), first
        while at in comes and at not in path and at not in ended:
            path[at] = len(path)
            at = mentor_of[comes[at]]
        if at in path:
            return sorted(comes[mentor] for mentor in list(path)[path[at] :])
        ended |= path.keys()
    return []


def _check(mentees: Orders, mentors: Orders, capacities: Mapping[int, int]) -> None:
    if both := sorted(mentees.keys() & mentors.keys()):
        raise ValueError(f"{both[0]} is a mentee and a mentor")
    for mentor, places in capacities.items():
        if mentor not in mentors:
            raise ValueError(f"capacities: {mentor} is no mentor")
        if isinstance(places, bool) or not isinstance(places, int) or places < 0:
            raise ValueError(f"capacities: {places!r} of {mentor} is not a whole number of places")
    for lists, others, what in ((mentees, set(mentors), "mentor"), (mentors, set(mentees), "mentee")):
        for person, order in lists.items():
            once = set(order)
            if not once <= others:
                raise ValueError(f"the list of {person}: {min(once - others)} is no {what}")
            if len(once) < len(order):
                twice = next(one for place, one in enumerate(order) if one in order[:place])
                raise ValueError(f"the list of {person}: {twice} stands there twice")


def _tiers(tiers: Sequence[Tier]) -> Iterator[list[int]]:
    for tier in tiers:
        yield [tier] if isinstance(tier, int) else list(tier)


def _ranks(lists: Lists) -> Ranks:
    return {
        person: {other: rank for rank, tier in enumerate(_tiers(tiers)) for other in tier}
        for person, tiers in lists.items()
    }


def _in_order(person: int, tiers: Sequence[Tier], seed: int) -> list[int]:
    found: list[int] = []
    for tier in _tiers(tiers):
        found += sorted(tier, key=lambda other: (_lot(seed, person, other), other))
    return found


def _lot(seed: int, person: int, other: int) -> bytes:
    return blake2b(f"{seed}:{person}:{other}".encode(), digest_size=8).digest()
