"""Cohorts beside the best of all that are possible, for small intakes; and what an intake may not ask."""

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching import assignment
from matching.certificate import Cohort, Objective, Why
from matching.cohorts import assign
from matching.fairness import figures_of
from matching.goal import HASH_BITS, lots
from matching.intake import Candidates, Infeasible, Intake
from matching.market import Market
from matching.verification import verify
from tests.matching.cohort_cast import Small, an_intake, names, smalls

PROTECT, CALM = Objective.PROTECT_WORST_OFF, Objective.PREFER_STABILITY
some = settings(max_examples=150, deadline=None)


def assigned(small: Small, **options: Any) -> Cohort | None:
    """The cohort, checked; None when the demands clash, which no possible cohort may contradict."""
    try:
        cohort = assign(small.intake(), **options)
    except Infeasible:
        assert not small.best()
        return None
    assert verify(small.intake(), cohort) == ()
    return cohort


@some
@given(smalls(kept=True), st.randoms(use_true_random=False))
def test_a_cohort_is_the_best_of_all_that_are_possible_in_whatever_order_they_are_told(
    small: Small, order: Any
) -> None:
    if cohort := assigned(small):
        best = small.best()
        assert cohort.pairs in [names(rows) for rows in best]
        assert cohort.certificate.worth == small.worth(best[0])
        assert assign(small.shuffled(order).intake()) == cohort


@some
@given(st.sampled_from([1, 2]).flatmap(lambda tracks: smalls(tracks=tracks)))
def test_lots_leave_one_best_cohort_only(small: Small) -> None:
    if (cohort := assigned(small)) and cohort.certificate.proof == "prices":
        market = Market.of(small.intake())

        def drawn(pairs: Any) -> int:
            rows = market.rows(*np.array(pairs, np.int64).reshape(-1, 3).T)
            return int(lots(market, rows, 1, HASH_BITS).sum())

        sums = [drawn(names(rows)) for rows in small.best()]
        assert drawn(cohort.pairs) == max(sums)
        assert cohort.certificate.unique is (sums.count(max(sums)) == 1)


@some
@given(smalls(tracks=2, kept=True), st.randoms(use_true_random=False))
def test_nobody_has_the_same_mentor_on_two_tracks(small: Small, order: Any) -> None:
    if cohort := assigned(small):
        assert cohort.pairs in [names(rows) for rows in small.best()]
        assert assign(small.shuffled(order).intake()) == cohort


@some
@given(smalls(tracks=2, kept=True))
def test_another_solver_gives_the_same_cohort(small: Small) -> None:
    if cohort := assigned(small):
        assert assign(small.intake(), solver="ortools") == cohort


@some
@given(st.sampled_from([1, 2]).flatmap(lambda tracks: smalls(tracks=tracks, kept=True)))
def test_the_worst_off_reach_the_highest_threshold_at_which_as_many_seats_are_filled(small: Small) -> None:
    if cohort := assigned(small, objective=PROTECT):
        most = len(small.best()[0])
        thresholds = sorted({row[3] for row in small.rows}, reverse=True)
        reached = next(
            (one for one in thresholds if len(next(iter(small.best(one)), ())) == most and small.best(one)), 0
        )
        assert cohort.pairs in [names(rows) for rows in small.best(reached)]
        if len(cohort.pairs) > len(small.kept):
            gained = [row[3] for row in small.rows if row[:3] in cohort.pairs and row[:3] not in small.kept]
            assert min(gained) >= reached == cohort.certificate.threshold


@some
@given(smalls())
def test_who_prefers_stability_says_what_is_left_and_what_it_cost(small: Small) -> None:
    if cohort := assigned(small, objective=CALM):
        left = strongly_blocking(small, cohort)
        assert cohort.certificate.figures.strongly_blocking == left
        assert cohort.plain == assign(small.intake())
        assert cohort.plain.certificate.figures.matched >= len(cohort.pairs)


def strongly_blocking(small: Small, cohort: Cohort) -> int:
    mine = {row[:3]: row for row in small.rows if row[:3] in cohort.pairs}
    count = 0
    for row in small.rows:
        if row[:3] in mine or row[:2] in small.excluded or min(row[3:]) < small.options["floor"]:
            continue
        now = sum(other[3] for other in mine.values() if other[0] == row[0])
        held = [other[4] for other in mine.values() if other[1] == row[1]]
        places = small.mentors[row[1]]
        theirs = 0 if len(held) < places else min(held, default=10**6)
        count += row[3] - now >= 50 and row[4] - theirs >= 50
    return count


def test_pairs_who_would_leave_together_are_brought_together() -> None:
    rows = [(1, 101, 0, 300, 300), (1, 102, 0, 240, 240), (2, 101, 0, 240, 240), (3, 101, 0, 100, 100)]
    rows += [(2, 102, 0, 10, 10), (3, 102, 0, 30, 30)]
    small = Small([(1, 0), (2, 0), (3, 0)], {101: 1, 102: 1}, rows)
    assert assign(small.intake()).certificate.figures.strongly_blocking == 1
    calm = assign(small.intake(), objective=CALM)
    assert calm.certificate.figures.strongly_blocking == 0
    assert (1, 101, 0) in calm.pairs
    assert calm.certificate.boosts
    assert verify(small.intake(), calm) == ()


def test_everyone_is_placed_before_anyone_is_placed_well() -> None:
    cohort = assign(an_intake([[1000, 1], [900, 0]], [1, 1]).intake())
    assert cohort.pairs == ((1, 102, 0), (2, 101, 0))


def test_a_long_chain_of_moves_is_made_for_one_more_seat() -> None:
    """Each move costs nearly all points there are, so that the bonus of a filled seat must grow."""
    size = 40
    points = [[0] * size for _ in range(size)]
    for seat in range(size):
        points[seat][seat] = 1000 if seat < size - 1 else 0
        points[seat][(seat + 1) % size] = 1
    points[size - 1][0] = 1000
    cohort = assign(an_intake(points, [1] * size, decent=1000).intake())
    assert len(cohort.pairs) == size


def test_a_decent_match_for_two_is_better_than_an_excellent_and_a_poor_one() -> None:
    points = [[500, 100], [905, 500]]
    assert assign(an_intake(points, [1, 1], decent=500).intake()).pairs == ((1, 101, 0), (2, 102, 0))
    assert assign(an_intake(points, [1, 1], decent=0).intake()).pairs == ((1, 102, 0), (2, 101, 0))


def test_many_identical_people_are_placed_alike_whatever_the_solver_and_the_order() -> None:
    small = an_intake([[500] * 8] * 30, [3] * 8)
    cohort = assigned(small)
    assert cohort is not None
    assert len(cohort.pairs) == 24
    assert cohort.certificate.unique
    assert assign(small.shuffled(random.Random(1)).intake()) == cohort
    assert assign(replace(small, options={"seed": 1}).intake()).pairs != cohort.pairs


def test_lots_tell_the_tracks_of_one_person_apart() -> None:
    rows = [(1, mentor, track, 500, 500) for mentor in (8, 9) for track in (0, 1)]
    small = Small([(1, 0), (1, 1)], {8: 1, 9: 1}, rows)
    cohort = assigned(small)
    assert cohort is not None
    assert cohort.certificate.unique


def test_few_bits_for_lots_only_mean_that_more_are_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("matching.goal.HASH_BITS", 1)
    small = an_intake([[500] * 3] * 6, [2] * 3)
    cohort = assign(small.intake())
    assert len(cohort.certificate.prices) > 2
    assert verify(small.intake(), cohort) == ()
    assert assign(small.shuffled(random.Random(2)).intake()) == cohort


def test_a_large_intake_is_solved_from_its_promising_edges(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = np.random.default_rng(7)
    points = chance.integers(1, 300, (60, 25)) + chance.integers(0, 700, 25)
    small = an_intake(points.tolist(), [2] * 25)
    cohort = assigned(small)
    monkeypatch.setattr(assignment, "NEAREST", 2)
    monkeypatch.setattr(assignment, "STEPS", 1)
    assert assign(small.intake()) == cohort
    monkeypatch.setattr(assignment, "NEAREST", 100)
    assert assign(small.intake()) == cohort


def test_the_bytes_of_a_cohort_are_the_same_each_time() -> None:
    small = an_intake(np.random.default_rng(3).integers(0, 900, (40, 15)).tolist(), [2] * 15)
    assert {repr(assign(small.intake(), objective=one)) for one in [PROTECT] * 3} == {
        repr(assign(small.intake(), objective=PROTECT))
    }


@pytest.mark.parametrize(("people", "mentors"), [(0, 0), (1, 0), (0, 1), (1, 1)])
@pytest.mark.parametrize("objective", Objective)
def test_few_or_no_people_are_no_error(people: int, mentors: int, objective: Objective) -> None:
    for value in (0, 7):
        small = an_intake([[value] * mentors] * people, [1] * mentors)
        cohort = assign(small.intake(), objective=objective)
        assert len(cohort.pairs) == bool(people * mentors * value)
        assert verify(small.intake(), cohort) == ()


def test_an_empty_seat_says_why() -> None:
    small = an_intake(
        [[0, 0, 0], [5, 0, 0], [0, 500, 0], [0, 0, 400], [0, 0, 500]], [1, 1, 1], floor=6, excluded=[(3, 102)]
    )
    why = {empty.mentee: empty.why for empty in assign(small.intake()).empty}
    assert why == {1: Why.NO_CANDIDATE, 2: Why.BELOW_FLOOR, 3: Why.EXCLUDED, 4: Why.FULL}
    one_mentor = Small([(1, 0), (1, 1)], {9: 2}, [(1, 9, 0, 5, 5), (1, 9, 1, 6, 6)])
    cohort = assigned(one_mentor)
    assert cohort is not None
    assert cohort.pairs == ((1, 9, 1),)
    assert cohort.empty[0].why == Why.SAME_MENTOR
    assert cohort.certificate.proof == "bound"


def test_a_mentor_without_places_has_nobody() -> None:
    cohort = assign(an_intake([[900, 10]], [0, 1]).intake())
    assert cohort.pairs == ((1, 102, 0),)


def test_a_kept_pair_stays_even_below_the_floor() -> None:
    small = an_intake([[2, 900], [0, 800]], [1, 1], floor=50, kept=[(1, 101, 0)])
    assert assign(small.intake()).pairs == ((1, 101, 0), (2, 102, 0))


def test_a_minimum_is_met_although_others_would_be_better() -> None:
    small = an_intake([[900, 1], [900, 1]], [2, 2], at_least={102: 1})
    cohort = assigned(small)
    assert cohort is not None
    assert {pair.mentor for pair in cohort.pairs} == {101, 102}


def test_a_price_says_what_another_place_would_add() -> None:
    points = [[500, 300], [480, 300], [450, 100]]
    small = an_intake(points, [1, 2], decent=0)
    cohort = assign(small.intake())
    more = assign(an_intake(points, [2, 2], decent=0).intake())
    assert cohort.scarcity == (more.certificate.figures.points - cohort.certificate.figures.points, 0)


def test_prices_tell_guides_apart_also_where_mentees_outnumber_places() -> None:
    """Each further place would let one more be guided, worth 300, 380, 420 and 490 points; the lower quartile is what all have."""
    wanted = [300, 380, 420, 490]
    points = [[0] * at + [more] + [0] * (3 - at) for at, more in enumerate(wanted) for _ in range(2)]
    cohort = assign(an_intake(points, [1] * 4, decent=0).intake())
    assert cohort.certificate.figures.matched == 4
    assert cohort.scarcity == (0, 80, 120, 190)


@pytest.mark.parametrize(
    ("small", "words"),
    [
        (an_intake([[5]], [1], kept=[(1, 101, 0)], excluded=[(1, 101)]), "both kept and excluded"),
        (an_intake([[5], [5]], [1], kept=[(1, 101, 0), (2, 101, 0)]), "2 pairs are kept with mentor 101, who has 1"),
        (
            an_intake([[5, 5]], [1, 1], kept=[(1, 101, 0), (1, 102, 0)]),
            "mentor 101 on track 0 and .* for the same seat",
        ),
        (an_intake([[5]], [1], at_least={101: 2}), "at least 2 places of mentor 101 .* who has 1"),
        (an_intake([[5, 5]], [1, 1], at_least={101: 1, 102: 1}), "mentors 101, 102 .* 2 mentees .* only 1 .*: 1$"),
        (
            Small([(1, 0), (1, 1)], {9: 2}, [(1, 9, 0, 5, 5), (1, 9, 1, 6, 6)], at_least={9: 2}),
            "as long as nobody has the same mentor twice",
        ),
        (
            Small([(1, 0), (1, 1)], {9: 2}, [(1, 9, 0, 5, 5), (1, 9, 1, 6, 6)], kept=[(1, 9, 0), (1, 9, 1)]),
            "for the same pair of people",
        ),
    ],
)
def test_demands_that_clash_are_named(small: Small, words: str) -> None:
    with pytest.raises(Infeasible, match=words):
        assign(small.intake())


def test_who_clashes_can_be_read_from_the_refusal() -> None:
    with pytest.raises(Infeasible) as refused:
        assign(an_intake([[5], [5]], [1], kept=[(1, 101, 0), (2, 101, 0)]).intake())
    assert (refused.value.pairs, refused.value.mentors) == (((1, 101), (2, 101)), ())
    with pytest.raises(Infeasible) as refused:
        assign(an_intake([[5, 5]], [1, 1], at_least={101: 1, 102: 1}).intake())
    assert (refused.value.pairs, refused.value.mentors) == ((), (101, 102))


def an_intake_with(**changes: Any) -> Intake:
    pair: dict[str, Any] = {"mentee": [1], "mentor": [2], "for_mentee": [5], "for_mentor": [5]}
    pair |= {name: changes.pop(name) for name in list(changes) if name in (*pair, "track")}
    fields: dict[str, Any] = {"mentees": [1], "mentors": [2], "capacity": [1], "candidates": Candidates(**pair)}
    return Intake(**(fields | changes))


@pytest.mark.parametrize(
    ("intake", "words"),
    [
        (lambda: an_intake_with(mentee=[7]), "mentee 7 is unknown"),
        (lambda: an_intake_with(mentor=[7]), "mentor 7 is unknown"),
        (lambda: an_intake_with(track=[3]), "track 3 is unknown"),
        (lambda: an_intake_with(mentees=[1, 4], tracks=[0, 1], track=[1]), "mentee 1 does not ask on track 1"),
        (lambda: an_intake_with(mentors=[1, 2], capacity=[1, 1], mentor=[1]), "1 cannot be mentor and mentee"),
        (lambda: an_intake_with(for_mentee=[-1]), "for_mentee: -1 is not within 0 and 1000"),
        (lambda: an_intake_with(for_mentor=[1001]), "for_mentor: 1001 is not within"),
        (lambda: an_intake_with(for_mentor=[float("nan")]), "for_mentor: every number must be finite"),
        (lambda: an_intake_with(for_mentor=[0.5]), "whole numbers"),
        (lambda: an_intake_with(for_mentor=["5"]), "whole numbers"),
        (lambda: an_intake_with(mentee=[[1]]), "2 dimensions"),
        (lambda: an_intake_with(capacity=[-1]), "capacity: -1"),
        (lambda: an_intake_with(at_least=[-1]), "at_least: -1"),
        (lambda: an_intake_with(capacity=[1, 1]), "equally long: mentors 1, capacity 2"),
        (lambda: an_intake_with(mentor=[2, 2]), "equally long: mentee 1, mentor 2"),
        (
            lambda: an_intake_with(mentee=[1] * 2, mentor=[2] * 2, for_mentee=[5] * 2, for_mentor=[6] * 2),
            "stands twice",
        ),
        (
            lambda: an_intake_with(mentees=range(1, 2 << 21, 2), mentors=range(0, 2 << 21, 2), capacity=[1] * 2**21),
            "2097152 seats and 2097152 mentors are too many",
        ),
        (lambda: an_intake_with(mentees=[1, 1]), "mentee 1 asks on track 0 twice"),
        (lambda: an_intake_with(mentors=[2, 2], capacity=[1, 1]), "mentor 2 stands in mentors twice"),
        (lambda: an_intake_with(excluded=[(9, 2)]), "excluded: mentee 9 is unknown"),
        (lambda: an_intake_with(excluded=[(1, 9)]), "excluded: mentor 9 is unknown"),
        (lambda: an_intake_with(mentors=[2, 3], capacity=[1, 1], kept=[(1, 3, 0)]), "not among the candidates"),
        (lambda: an_intake_with(floor=-1), "floor"),
        (lambda: an_intake_with(decent=1001), "decent"),
        (lambda: an_intake_with(seed=-1), "seed"),
        (lambda: an_intake_with(floor=1.5), "floor: 1.5 is not a whole number"),
        (lambda: an_intake_with(floor="low"), "floor: 'low' is not a whole number"),
        (lambda: an_intake_with(decent=float("nan")), "decent: nan is not a whole number"),
        (lambda: an_intake_with(seed=None), "seed: None is not a whole number"),
        (lambda: an_intake_with(kept=[(1, 2)]), r"kept: \(1, 2\) is not 3 numbers"),
        (lambda: an_intake_with(excluded=[(1, 2, 0)]), r"excluded: \(1, 2, 0\) is not 2 numbers"),
    ],
)
def test_an_intake_that_cannot_be_meant_is_refused_in_a_sentence(intake: Callable[[], Intake], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        assign(intake())


def test_an_unknown_solver_or_objective_is_refused() -> None:
    with pytest.raises(ValueError, match="neither 'scipy' nor 'ortools'"):
        assign(an_intake([[5]], [1]).intake(), solver="magic")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="magic"):
        assign(an_intake([[5]], [1]).intake(), objective="magic")  # type: ignore[arg-type]


def test_a_solver_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "ortools.graph.python", None)
    with pytest.raises(ValueError, match="needs the package ortools"):
        assign(an_intake([[5]], [1]).intake(), solver="ortools")


def test_figures_are_counted_as_their_words_say() -> None:
    small = an_intake([[900, 100], [800, 300], [0, 200]], [1, 2])
    market = Market.of(small.intake())
    figures = figures_of(market, np.array([0, 3, 4]))
    assert (figures.matched, figures.points) == (3, 1400)
    assert (figures.worst_off, figures.fifth) == (200, 200)
    assert figures.blocking == 0
    assert (figures.most_load, figures.load_gini) == (2, 0.1667)
    worse = figures_of(market, np.array([1, 2, 4]))
    assert (worse.blocking, worse.strongly_blocking) == (1, 1)
    lonely = figures_of(market, np.array([-1, 3, 4]))
    assert (lonely.matched, lonely.blocking, lonely.strongly_blocking) == (2, 2, 2)
