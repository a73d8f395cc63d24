"""Deferred acceptance beside all outcomes there are: stable, best for the mentees, and the same whatever the order of rows."""

from itertools import product
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching import Agreement, agree, blocking_pairs
from matching.stable import circle

Lists = dict[int, list[Any]]
World = tuple[Lists, Lists, dict[int, int]]
BOTH: st.SearchStrategy[Any] = st.booleans()


@st.composite
def worlds(draw: st.DrawFn, equals: bool = False) -> World:
    mentees = list(range(1, 1 + draw(st.integers(0, 4))))
    mentors = list(range(101, 101 + draw(st.integers(0, 3))))
    capacities = {mentor: draw(st.integers(0, 2)) for mentor in mentors if draw(BOTH)}

    def lists(people: list[int], others: list[int]) -> Lists:
        return {person: tiers(draw(st.permutations(others))[: draw(st.integers(0, len(others)))]) for person in people}

    def tiers(order: list[int]) -> list[Any]:
        found: list[Any] = []
        for other in order:
            if equals and found and draw(BOTH):
                found[-1] = [*(found[-1] if isinstance(found[-1], list) else [found[-1]]), other]
            else:
                found.append(other)
        return found

    return lists(mentees, mentors), lists(mentors, mentees), capacities


def outcomes(world: World) -> list[tuple[tuple[int, int], ...]]:
    """Every choice of pairs who list each other and fit the places."""
    mentees, mentors, capacities = world
    possible = [[None, *(m for m in flat(tiers) if mentee in flat(mentors[m]))] for mentee, tiers in mentees.items()]
    found = []
    for choice in product(*possible):
        taken = [mentor for mentor in choice if mentor is not None]
        if all(taken.count(mentor) <= capacities.get(mentor, 1) for mentor in taken):
            found.append(tuple((e, m) for e, m in zip(mentees, choice, strict=True) if m is not None))
    return found


def flat(tiers: list[Any]) -> list[int]:
    return [other for tier in tiers for other in (tier if isinstance(tier, list) else [tier])]


def would_rather(world: World, pairs: tuple[tuple[int, int], ...]) -> list[tuple[int, int]]:
    """Blocking pairs by their definition."""
    mentees, mentors, capacities = world
    mine = dict(pairs)

    def rank(tiers: list[Any], other: int) -> int:
        return next(n for n, tier in enumerate(tiers) if other in (tier if isinstance(tier, list) else [tier]))

    found = []
    for mentee, mentor in product(mentees, mentors):
        if mentor not in flat(mentees[mentee]) or mentee not in flat(mentors[mentor]):
            continue
        if mentee in mine and rank(mentees[mentee], mentor) >= rank(mentees[mentee], mine[mentee]):
            continue
        theirs = [e for e, m in pairs if m == mentor]
        if len(theirs) < capacities.get(mentor, 1) or any(
            rank(mentors[mentor], mentee) < rank(mentors[mentor], one) for one in theirs
        ):
            found.append((mentee, mentor))
    return found


@given(worlds(equals=True), st.integers(0, 3))
def test_nobody_could_do_better_together(world: World, seed: int) -> None:
    found = agree(*world, seed=seed)
    assert found.pairs in outcomes(world)
    assert would_rather(world, found.pairs) == []
    assert sorted([*found.unmatched, *(mentee for mentee, _ in found.pairs)]) == sorted(world[0])


@given(worlds())
def test_no_stable_outcome_is_better_for_any_mentee_and_all_match_the_same_people(world: World) -> None:
    found = agree(*world)
    mine = dict(found.pairs)
    for pairs in outcomes(world):
        if not would_rather(world, pairs):
            theirs = dict(pairs)
            assert theirs.keys() == mine.keys()
            for mentee, mentor in mine.items():
                assert world[0][mentee].index(mentor) <= world[0][mentee].index(theirs[mentee])


@given(worlds())
def test_stable_outcomes_that_could_be_better_for_mentees_are_found_out(world: World) -> None:
    best = agree(*world).pairs
    for pairs in outcomes(world):
        if not would_rather(world, pairs):
            gainers = circle(pairs, *world)
            assert (gainers == []) is (pairs == best)
            assert all(dict(best)[mentee] != dict(pairs)[mentee] for mentee in gainers)


@given(worlds(equals=True), st.data())
def test_the_checker_names_the_blocking_pairs_of_any_outcome(world: World, data: st.DataObject) -> None:
    pairs = data.draw(st.sampled_from(outcomes(world)))
    assert blocking_pairs(pairs, *world) == sorted(would_rather(world, pairs))


@given(worlds(equals=True), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(world: World, order: Random) -> None:
    def shuffled(lists: Lists) -> Lists:
        people = order.sample(sorted(lists), len(lists))
        return {p: [order.sample(t, len(t)) if isinstance(t, list) else t for t in lists[p]] for p in people}

    mentees, mentors, capacities = world
    assert repr(agree(shuffled(mentees), shuffled(mentors), capacities)) == repr(agree(*world))


def test_another_seed_tells_equals_apart_in_another_way() -> None:
    mentees: Lists = {number: [101] for number in range(1, 9)}
    chosen = {agree(mentees, {101: [list(mentees)]}, {}, seed=seed).pairs for seed in range(20)}
    assert len(chosen) > 3


def test_a_place_more_is_never_worse() -> None:
    mentees: Lists = {1: [101], 2: [101, 102], 3: [101]}
    mentors: Lists = {101: [2, 1, 3], 102: [2]}
    assert agree(mentees, mentors, {}) == Agreement(((2, 101),), (1, 3), 3)
    assert agree(mentees, mentors, {101: 2}).pairs == ((1, 101), (2, 101))
    assert agree(mentees, mentors, {101: 0}).pairs == ((2, 102),)


def test_thousands_who_all_want_the_same_are_done_at_once() -> None:
    """A chain of as many refusals: no depth of calls grows with it."""
    count = 2_000
    mentees: Lists = {number: [10_001, 10_002] for number in range(count)}
    mentors: Lists = {10_001: list(range(count - 1, -1, -1)), 10_002: list(range(count))}
    assert len(agree(mentees, mentors, {10_001: 1, 10_002: count}).pairs) == count


@pytest.mark.parametrize(
    ("mentees", "mentors", "capacities", "words"),
    [
        ({1: [101]}, {101: [1]}, {102: 1}, "102 is no mentor"),
        ({1: [101]}, {101: [1]}, {101: -1}, "not a whole number"),
        ({1: [101]}, {101: [1]}, {101: 1.5}, "not a whole number"),
        ({1: [101]}, {101: [1]}, {101: True}, "not a whole number"),
        ({1: [102]}, {101: [1]}, {}, "102 is no mentor"),
        ({1: [101]}, {101: [2]}, {}, "2 is no mentee"),
        ({1: [101, [101]]}, {101: [1]}, {}, "stands there twice"),
        ({1: []}, {1: []}, {}, "a mentee and a mentor"),
    ],
)
def test_odd_lists_are_refused(mentees: Lists, mentors: Lists, capacities: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        agree(mentees, mentors, capacities)


@pytest.mark.parametrize(
    ("pairs", "words"),
    [([(1, 102)], "do not list"), ([(1, 101), (1, 103)], "two mentors"), ([(1, 101), (2, 101)], "for 1 places")],
)
def test_the_checker_refuses_what_is_no_outcome(pairs: list[tuple[int, int]], words: str) -> None:
    lists: tuple[Lists, Lists] = ({1: [101, 103], 2: [101]}, {101: [1, 2], 102: [], 103: [1]})
    with pytest.raises(ValueError, match=words):
        blocking_pairs(pairs, *lists, {})
