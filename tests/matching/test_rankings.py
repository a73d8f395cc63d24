"""A cohort by what people say themselves: the checker accepts it alone, and it is told apart from what points would choose."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from matching import check, written_cohort, written_intake
from matching.certificate import Cohort, Objective, empty_of, pairs_of
from matching.cohorts import assign
from matching.fairness import figures_of
from matching.intake import Infeasible, Intake
from matching.market import Market
from matching.verification import verify
from tests.matching.cohort_cast import Small, an_intake, names, smalls

RANKED = Objective.OWN_RANKINGS


def crossed() -> Small:
    """Ada and Bo each like the guide best who likes the other best: two stable outcomes, of which one is the mentees'."""
    rows = [(1, 101, 0, 9, 1), (1, 102, 0, 1, 9), (2, 102, 0, 9, 1), (2, 101, 0, 1, 9)]
    return Small([(1, 0), (2, 0)], {101: 1, 102: 1}, rows)


def dressed(intake: Intake, cohort: Cohort, rows: tuple[tuple[int, int, int], ...]) -> Cohort:
    """Other pairs under the same certificate, with all that can be counted counted honestly."""
    market = Market.of(intake)
    chosen = np.full(len(market.mentee), -1)
    if rows:
        pairs = market.rows(*np.array(rows, np.int64).T)
        chosen[market.seat[pairs]] = pairs
    worth = int(market.joint[chosen[chosen >= 0]].sum())
    certificate = replace(cohort.certificate, figures=figures_of(market, chosen), worth=worth)
    return replace(cohort, pairs=pairs_of(market, chosen), empty=empty_of(market, chosen), certificate=certificate)


def test_what_mentees_like_best_decides_where_guides_would_have_it_otherwise() -> None:
    cohort = assign(crossed().intake(), objective=RANKED)
    assert [pair[:2] for pair in cohort.pairs] == [(1, 101), (2, 102)]
    assert (cohort.certificate.figures.blocking, cohort.certificate.proof) == (0, "stability")
    others = dressed(crossed().intake(), cohort, ((1, 102, 0), (2, 101, 0)))
    assert verify(crossed().intake(), others) == ("a stable cohort is better for some mentees",)


def test_fewer_may_have_a_guide_than_points_would_find() -> None:
    rows = [(1, 101, 0, 5, 5), (1, 102, 0, 4, 4), (2, 101, 0, 5, 4)]
    intake = Small([(1, 0), (2, 0)], {101: 1, 102: 1}, rows).intake()
    ranked = assign(intake, objective=RANKED)
    assert [pair[:2] for pair in ranked.pairs] == [(1, 101)]
    assert ranked.plain is not None
    assert (ranked.plain.certificate.figures.matched, ranked.plain.certificate.figures.blocking) == (2, 1)
    assert verify(intake, dressed(intake, ranked, ranked.plain.pairs)) == (
        "mentee 1 and mentor 101 would rather have each other",
    )


@settings(max_examples=25, deadline=None)
@given(smalls(kept=True))
def test_of_all_possible_cohorts_only_the_one_that_rankings_decide_for_is_accepted(small: Small) -> None:
    intake = replace(small.intake(), at_least=None)
    try:
        cohort = assign(intake, objective=RANKED)
    except Infeasible:
        return
    assert verify(intake, cohort) == ()
    assert check(written_intake(intake), written_cohort(cohort)) == ()
    for rows in list(replace(small, at_least={}).possible())[:20]:
        other = dressed(intake, cohort, names(rows))
        assert (verify(intake, other) == ()) is (other.pairs == cohort.pairs)


def test_another_proof_or_several_tracks_are_refused() -> None:
    intake = crossed().intake()
    cohort = assign(intake, objective=RANKED)
    for change in ({"proof": "bound"}, {"objective": Objective.TOTAL}, {"unique": False}, {"bonus": 7}):
        assert verify(intake, replace(cohort, certificate=replace(cohort.certificate, **change))) != ()
    with pytest.raises(ValueError, match="several tracks"):
        assign(Small([(1, 0), (1, 1)], {101: 1}, [(1, 101, 0, 5, 5)]).intake(), objective=RANKED)
    with pytest.raises(ValueError, match="must be filled"):
        assign(an_intake([[5]], [1], at_least={101: 1}).intake(), objective=RANKED)


def test_stable_is_another_word_for_own_rankings_and_goes_with_nothing_else() -> None:
    intake = crossed().intake()
    stable = assign(intake, stable=True)
    assert written_cohort(stable) == written_cohort(assign(intake, objective=RANKED))
    assert stable.certificate.figures.blocking == 0
    assert assign(intake, objective=RANKED, stable=True).pairs == stable.pairs
    with pytest.raises(ValueError, match="rankings decide alone"):
        assign(intake, objective=Objective.PREFER_STABILITY, stable=True)
