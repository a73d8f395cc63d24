"""The checker accepts what `assign` found and nothing else, whoever made it and however well it is dressed up."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching import cardinality
from matching.cardinality import could_fill_more
from matching.certificate import Boost, Cohort, Empty, Objective, Pair, Why, empty_of, pairs_of
from matching.cohorts import assign
from matching.fairness import BY_LOT, LOT_BITS, by_lot, figures_of, greedy
from matching.goal import Goal, fair_worth, lots
from matching.intake import Candidates, Infeasible, Intake, Whole
from matching.market import Market
from matching.optimum import best
from matching.verification import verify
from tests.matching.cohort_cast import Small, an_intake, names, smalls

PROTECT, CALM = Objective.PROTECT_WORST_OFF, Objective.PREFER_STABILITY


def a_crowded_intake() -> Intake:
    """Forty mentees, 30 places; mentor 101 must have a mentee, and one pair is kept."""
    points = np.random.default_rng(11).integers(0, 40, (40, 12)) * 25
    return an_intake(
        points.tolist(),
        [3] * 10 + [0, 2],
        at_least={101: 2},
        kept=[(1, 102, 0)],
        excluded=[(2, 103)],
        weights="guide-1",
    ).intake()


INTAKE = a_crowded_intake()
COHORT = assign(INTAKE)


def dressed(market: Market, cohort: Cohort, chosen: Whole) -> Cohort:
    """Other pairs under the same certificate, with all that can be counted counted honestly."""
    certificate = replace(
        cohort.certificate,
        figures=figures_of(market, chosen),
        worth=int(fair_worth(market)[chosen[chosen >= 0]].sum()),
    )
    return Cohort(pairs_of(market, chosen), empty_of(market, chosen), certificate)


def test_a_cohort_is_accepted() -> None:
    assert verify(INTAKE, COHORT) == ()
    assert COHORT.certificate.gap == 0
    assert COHORT.certificate.proof == "prices"
    for objective in (PROTECT, CALM):
        assert verify(INTAKE, assign(INTAKE, objective=objective)) == ()


@pytest.mark.parametrize("way", [greedy, by_lot])
def test_plain_ways_are_refused(way: Callable[[Market], Whole]) -> None:
    market = Market.of(INTAKE)
    chosen = way(market)
    faults = verify(INTAKE, dressed(market, COHORT, chosen))
    assert any("gap" in fault or "filled" in fault or "demanded" in fault for fault in faults)


def test_more_points_for_fewer_people_are_refused_whatever_a_seat_is_said_to_count() -> None:
    intake = an_intake([[1000, 1], [900, 0]], [1, 1], decent=0).intake()
    market = Market.of(intake)
    richest = best(market, Goal(market.joint, market.open, everyone=False, bonus=1), "scipy")
    other = dressed(market, assign(intake), richest.chosen)
    certificate = replace(other.certificate, bonus=1, prices=richest.prices)
    assert len(other.pairs) == 1
    assert verify(intake, replace(other, certificate=certificate)) == ("more seats could be filled",)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from([1, 2]).flatmap(lambda tracks: smalls(tracks=tracks, kept=True)))
def test_the_greedy_way_takes_the_best_pair_that_is_still_possible(small: Small) -> None:
    try:
        market = Market.of(small.intake())
    except Infeasible:
        return
    lot = lots(market, np.arange(len(market.seat)), BY_LOT, LOT_BITS)
    rows = sorted(np.flatnonzero(market.open), key=lambda pair: (-market.joint[pair], -lot[pair]))
    chosen, room, couples = market.settled.copy(), market.places.copy(), set(market.couple[market.kept].tolist())
    for pair in rows:
        seat, host, couple = market.seat[pair], market.host[pair], market.couple[pair]
        if chosen[seat] < 0 and room[host] and couple not in couples:
            chosen[seat] = pair
            room[host] -= 1
            couples.add(couple)
    assert greedy(market).tolist() == chosen.tolist()


@settings(max_examples=60, deadline=None)
@given(smalls(kept=True))
def test_of_all_possible_cohorts_only_the_best_is_accepted(small: Small) -> None:
    try:
        cohort = assign(small.intake())
    except Infeasible:
        return
    market = Market.of(small.intake())
    for rows in list(small.possible())[:60]:
        pairs = market.rows(*np.array(names(rows), np.int64).reshape(-1, 3).T)
        chosen = np.full(len(small.seats), -1)
        chosen[market.seat[pairs]] = pairs
        other = dressed(market, cohort, chosen)
        assert (verify(small.intake(), other) == ()) is (other.pairs == cohort.pairs)


@pytest.mark.parametrize(("places", "more"), [(1, True), (0, False)])
def test_a_chain_of_moves_is_followed_to_its_end_however_few_seats_are_followed_at_a_time(
    monkeypatch: pytest.MonkeyPatch, places: int, more: bool
) -> None:
    """Mentees 1 and 3 have nobody: whom the first would have cannot let go; for the other two people would move on."""
    monkeypatch.setattr(cardinality, "AT_ONCE", 1)
    points = [[5, 0, 0, 0], [5, 0, 0, 0], [0, 5, 0, 0], [0, 5, 5, 0], [0, 0, 5, 5]]
    market = Market.of(an_intake(points, [1, 1, 1, places]).intake())
    names = np.array([(2, 101, 0), (4, 102, 0), (5, 103, 0)])
    chosen = np.full(5, -1)
    chosen[[1, 3, 4]] = market.rows(*names.T)
    assert could_fill_more(market, market.open, chosen) is more


def without_one() -> tuple[Pair, ...]:
    return COHORT.pairs[:5] + COHORT.pairs[6:]


def with_two_swapped() -> tuple[Pair, ...]:
    one, two = COHORT.pairs[3], COHORT.pairs[4]
    swapped = (one._replace(mentor=two.mentor), two._replace(mentor=one.mentor))
    return (*COHORT.pairs[:3], *swapped, *COHORT.pairs[5:])


@pytest.mark.parametrize(
    "pairs",
    [
        (),
        without_one(),
        with_two_swapped(),
        COHORT.pairs + COHORT.pairs[:1],
        COHORT.pairs[::-1],
        COHORT.pairs[1:],
        ((1, 999, 0), *COHORT.pairs[1:]),
        ((1, 2**70, 0), *COHORT.pairs[1:]),
        ((*COHORT.pairs[0][:2], 0.5), *COHORT.pairs[1:]),
    ],
)
def test_other_pairs_are_refused(pairs: Any) -> None:
    assert verify(INTAKE, replace(COHORT, pairs=pairs))


def a_price_more(more: float = 1) -> Any:
    first, *others = COHORT.certificate.prices
    return ((first[0] + more, *first[1:]), *others)


@pytest.mark.parametrize(
    "changes",
    [
        {"digest": "0" * 32},
        {"seed": 1},
        {"weights": "guide-2"},
        {"worth": COHORT.certificate.worth + 1},
        {"gap": 1},
        {"proof": "bound"},
        {"proof": "bound", "prices": (), "unique": False},
        {"unique": False},
        {"unique": False, "prices": COHORT.certificate.prices[:1]},
        {"prices": ()},
        {"prices": a_price_more()},
        {"prices": a_price_more(0.5)},
        {"bonus": COHORT.certificate.bonus + 0.5},
        {"prices": ((), *COHORT.certificate.prices[1:])},
        {"prices": COHORT.certificate.prices[:1]},
        {"prices": (tuple(-price for price in COHORT.certificate.prices[0]), *COHORT.certificate.prices[1:])},
        {"threshold": 0},
        {"threshold": 500},
        {"boosts": (Boost(1, 102, 0, 20),)},
        {"objective": PROTECT},
        {"objective": CALM},
        {"figures": COHORT.certificate.greedy},
        {"greedy": COHORT.certificate.figures},
        {"by_lot": COHORT.certificate.greedy},
    ],
)
def test_a_changed_certificate_is_refused(changes: dict[str, Any]) -> None:
    assert verify(INTAKE, replace(COHORT, certificate=replace(COHORT.certificate, **changes)))


@pytest.mark.parametrize("empty", [(), COHORT.empty[1:], tuple(one._replace(why=Why.EXCLUDED) for one in COHORT.empty)])
def test_other_reasons_for_an_empty_seat_are_refused(empty: tuple[Empty, ...]) -> None:
    assert COHORT.empty
    assert verify(INTAKE, replace(COHORT, empty=empty))


@pytest.mark.parametrize(
    "changes",
    [
        {"seed": 5},
        {"floor": 100},
        {"decent": 999},
        {"weights": ""},
        {"kept": ()},
        {"excluded": ()},
        {"at_least": None},
        {"capacity": [3] * 11 + [2]},
    ],
)
def test_a_cohort_for_another_intake_is_refused(changes: dict[str, Any]) -> None:
    other = replace(INTAKE, **changes)
    assert verify(other, COHORT)


def test_points_that_changed_since_are_noticed() -> None:
    given = INTAKE.candidates
    points = np.array(given.for_mentee)
    points[7] ^= 1
    other = replace(INTAKE, candidates=replace(given, for_mentee=points))
    assert "the certificate is for another intake" in verify(other, COHORT)


@pytest.mark.parametrize("change", [-25, 25, None])
def test_another_threshold_is_refused(change: int | None) -> None:
    cohort = assign(INTAKE, objective=PROTECT)
    threshold = cohort.certificate.threshold
    assert threshold is not None
    assert threshold > 25
    other = None if change is None else threshold + change
    assert verify(INTAKE, replace(cohort, certificate=replace(cohort.certificate, threshold=other)))


def test_what_stability_cost_is_checked_too() -> None:
    cohort = assign(INTAKE, objective=CALM)
    assert cohort.plain == COHORT
    worse = replace(COHORT, pairs=with_two_swapped())
    for plain in (None, worse, cohort):
        assert verify(INTAKE, replace(cohort, plain=plain))
    half: Any = 0.5
    changes: list[dict[str, Any]] = [
        {"boosts": ()},
        {"boosts": tuple(boost._replace(points=-boost.points) for boost in cohort.certificate.boosts)},
        {"boosts": tuple(boost._replace(points=boost.points + half) for boost in cohort.certificate.boosts)},
        {"bonus": 8008},
        {"unique": False},
    ]
    assert cohort.certificate.boosts
    for change in changes:
        assert verify(INTAKE, replace(cohort, certificate=replace(cohort.certificate, **change)))


def test_a_bound_by_the_solver_is_called_one() -> None:
    """Both seats want the only mentor; prices cannot say that two tracks with one mentor are one too many."""
    rows = [(1, 9, 0, 5, 5), (1, 9, 1, 6, 6), (2, 8, 0, 7, 7)]
    intake = Small([(1, 0), (1, 1), (2, 0)], {8: 1, 9: 2}, rows).intake()
    cohort = assign(intake)
    assert cohort.certificate.proof == "bound"
    assert not cohort.certificate.unique
    assert cohort.scarcity == ()
    assert verify(intake, cohort) == ()
    both = (Pair(1, 9, 0), *cohort.pairs)
    assert "someone is given the same mentor twice" in verify(intake, replace(cohort, pairs=both))


def test_an_intake_that_cannot_be_read_is_an_error_and_no_fault() -> None:
    with pytest.raises(ValueError, match="unknown"):
        verify(Intake([1], [2], [1], Candidates([3], [2], [1], [1])), COHORT)
