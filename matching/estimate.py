"""What choices say about weights: a careful estimate around the current ones, kept only when it foretells choices better.

Somebody saw a list and chose one person. With x(i, p) the share of part p that person i reached, w(p) its points, d(i) what was
deducted and c(i) the chance with which i was shown, the chosen one is k with probability

    exp(u(k)) / c(k)  /  Σ_i exp(u(i)) / c(i),        u(i) = (Σ_p w(p) · x(i, p) − d(i)) / 100,

a conditional logit (McFadden 1974) with the correction for alternatives that were drawn (McFadden 1978): without it people would
only confirm the ranking that they were shown. The weights are those that maximise the likelihood less STIFFNESS / 2 · Σ ((w − now) / 100)²,
so that little evidence moves them little. Every fifth list is held out. Whole points that come to the same sum are judged on
those lists alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

LEAST = 100
"""With fewer lists nothing is said."""
HELD_OUT = 5
SCALE = 100.0
STIFFNESS = 4.0
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Shown:
    """One person of a list: the share (0–1) reached of each part, the points deducted, and the chance of being shown."""

    shares: Mapping[str, float]
    deducted: int = 0
    chance: float = 1.0


@dataclass(frozen=True)
class Choice:
    """A list as it was shown, and the place (from 0) of whoever was chosen."""

    shown: tuple[Shown, ...]
    chosen: int


@dataclass(frozen=True)
class Estimate:
    """New points per part, and the mean log-likelihood of the lists held out under the current and under the new ones."""

    points: dict[str, int]
    learnt_from: int
    held_out: int
    before: float
    after: float


def estimate(choices: Sequence[Choice], now: Mapping[str, int]) -> Estimate | None:
    """Weights that foretell the choices held out better than the current ones, or None. The order of the lists matters: it
    decides which are held out.

    Raises ValueError for a chance that is not within 0 and 1, or a choice that was not shown.
    """
    for choice in choices:
        if not 0 <= choice.chosen < len(choice.shown):
            raise ValueError("chosen: this person was not shown")
        if any(not 0 < one.chance <= 1 for one in choice.shown):
            raise ValueError("chance: not within 0 and 1")
    if len(choices) < LEAST:
        return None
    parts = list(now)
    lists = [_columns(choice, parts) for choice in choices]
    held = lists[HELD_OUT - 1 :: HELD_OUT]
    learnt = [one for place, one in enumerate(lists) if place % HELD_OUT != HELD_OUT - 1]
    start = np.array([now[part] for part in parts], np.float64)

    def loss(points: Floats) -> tuple[float, Floats]:
        apart = (points - start) / SCALE
        value, slope = STIFFNESS / 2 * float(apart @ apart), STIFFNESS * apart / SCALE
        for one in learnt:
            likelihood, gradient = _likelihood(one, points)
            value, slope = value - likelihood, slope - gradient
        return value, slope

    best = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[(0, None)] * len(parts)).x
    points = _whole(best, int(start.sum()))
    before, after = (float(np.mean([_likelihood(one, w)[0] for one in held])) for w in (start, points.astype(float)))
    if after <= before:
        return None
    return Estimate(dict(zip(parts, points.tolist(), strict=True)), len(learnt), len(held), before, after)


List = tuple[Floats, Floats, int]


def _columns(choice: Choice, parts: Sequence[str]) -> List:
    shares = np.array([[one.shares.get(part, 0.0) for part in parts] for one in choice.shown])
    fixed = np.array([-one.deducted / SCALE - np.log(one.chance) for one in choice.shown])
    return shares, fixed, choice.chosen


def _likelihood(one: List, points: Floats) -> tuple[float, Floats]:
    """The log-likelihood of a choice, and its slope."""
    shares, fixed, chosen = one
    gains = shares @ points / SCALE + fixed
    gains -= gains.max()
    chance = np.exp(gains) / np.exp(gains).sum()
    return float(np.log(chance[chosen])), (shares[chosen] - chance @ shares) / SCALE


def _whole(points: Floats, total: int) -> NDArray[np.int64]:
    """In proportion, as whole points that come to the total; what is left goes to the largest remainders."""
    exact = points * (total / points.sum()) if points.sum() else np.full(len(points), total / len(points))
    whole = np.floor(exact).astype(np.int64)
    order = np.argsort(-(exact - whole), kind="stable")
    whole[order[: total - int(whole.sum())]] += 1
    return whole
