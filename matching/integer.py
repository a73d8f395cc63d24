"""Assignments that no network expresses: nobody is given the same mentor on two tracks. HiGHS solves them, one aim after another."""

from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, vstack

from matching.goal import Goal, lots
from matching.intake import Flags, Infeasible, Whole
from matching.market import Market

TIE_BITS = 16


def by_integers(market: Market, goal: Goal) -> Whole:
    """The pair of each seat, or -1: the most seats if `everyone` counts, then the most worth, then the largest sum of lots.

    Three programs, so that every number in them is small enough for the solver's tolerances. Raises `Infeasible` when places
    that must be filled cannot be.
    """
    pair = np.flatnonzero(goal.allowed)
    rules = _rules(market, pair)
    if goal.everyone:
        _, most = _most(np.ones(len(pair), np.int64), rules)
        rules.append(_sum_is(np.ones(len(pair), np.int64), most))
    worth = goal.worth[pair] + np.int64(0 if goal.everyone else goal.bonus)
    _, most = _most(worth, rules)
    rules.append(_sum_is(worth, most))
    used, _ = _most(lots(market, pair, 1, TIE_BITS), rules)
    chosen = np.full(len(market.mentee), -1)
    chosen[market.seat[pair[used]]] = pair[used]
    return chosen


def most_by_integers(market: Market, allowed: Flags) -> int:
    """How many seats these pairs can fill; -1 when they cannot fill all places that must be."""
    pair = np.flatnonzero(allowed)
    try:
        return _most(np.ones(len(pair), np.int64), _rules(market, pair))[1]
    except Infeasible:
        return -1


def _rules(market: Market, pair: Whole) -> list[LinearConstraint]:
    people, couple = np.unique(market.couple[pair], return_inverse=True)
    return [
        _rule(market.seat[pair], len(market.mentee), 0, np.ones(len(market.mentee))),
        _rule(market.host[pair], len(market.mentor), market.needed, market.places),
        _rule(couple, len(people), 0, np.ones(len(people))),
    ]


def _sum_is(value: Whole, total: int) -> LinearConstraint:
    return LinearConstraint(csr_array(value[None, :].astype(np.float64)), total, total)


def _rule(row: Whole, rows: int, least: Any, most: Any) -> LinearConstraint:
    """For each row, how many of its pairs may be chosen."""
    ones = csr_array((np.ones(len(row)), (row, np.arange(len(row)))), shape=(rows, len(row)))
    return LinearConstraint(ones, least, most)


def _most(value: Whole, rules: list[LinearConstraint]) -> tuple[Any, int]:
    """Which pairs are chosen, and the proven largest sum of their values."""
    one = LinearConstraint(
        vstack([rule.A for rule in rules]),
        np.concatenate([np.broadcast_to(rule.lb, rule.A.shape[0]) for rule in rules]),
        np.concatenate([np.broadcast_to(rule.ub, rule.A.shape[0]) for rule in rules]),
    )
    found = milp(
        -value, constraints=one, bounds=Bounds(0, 1), integrality=np.ones(len(value)), options={"mip_rel_gap": 0}
    )
    if found.status == 2:
        raise Infeasible("the places that must be filled cannot be, as long as nobody has the same mentor twice")
    if found.status != 0:
        raise ArithmeticError(f"HiGHS stopped without an optimum: {found.message}")
    used = found.x > 0.5
    total, bound = int(value[used].sum()), int(np.floor(-found.mip_dual_bound + 1e-3))
    if total != bound:
        raise ArithmeticError(f"HiGHS found {total} but proved no more than {bound}")
    return used, total
