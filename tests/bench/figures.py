"""One measured figure as a row of `bench/results.json`, and the small arithmetic around it."""

from collections.abc import Sequence
from typing import Any, Literal, TypedDict


class Row(TypedDict):
    bench: str
    figure: str
    engine: str
    ours: float
    peer: str | None
    theirs: float | None
    ratio: float | None
    target: float | None
    holds: bool


Better = Literal["less", "more"]


def row(
    bench: str,
    figure: str,
    ours: float,
    *,
    engine: str = "",
    peer: str | None = None,
    theirs: float | None = None,
    target: float | None = None,
    better: Better = "less",
) -> Row:
    """A figure of ours, beside a peer's where there is one. `ratio` says how many times better ours is, whichever way is better.

    `target` is the ratio to reach; without a peer it is the figure itself that ours must not pass.
    """
    ratio: float | None = None
    if theirs is not None and ours > 0 and theirs > 0:
        ratio = theirs / ours if better == "less" else ours / theirs
    if target is None:
        holds = True
    elif theirs is not None:
        holds = ratio is not None and ratio >= target
    else:
        holds = ours <= target if better == "less" else ours >= target
    return Row(
        bench=bench,
        figure=figure,
        engine=engine,
        ours=_short(ours),
        peer=peer,
        theirs=None if theirs is None else _short(theirs),
        ratio=None if ratio is None else _short(ratio),
        target=target,
        holds=holds,
    )


def percentile(samples: Sequence[float], share: int) -> float:
    """The nearest-rank percentile: the smallest sample that `share` percent of them do not exceed."""
    ordered = sorted(samples)
    return ordered[max(0, -(-len(ordered) * share // 100) - 1)]


def problems(candidate: Any) -> str:
    """Why this is not a row; empty when it is one."""
    if not isinstance(candidate, dict):
        return f"not a row but {type(candidate).__name__}"
    wrong = set(Row.__annotations__) ^ set(candidate)
    return f"missing or unknown keys: {', '.join(sorted(wrong))}" if wrong else ""


def _short(number: float) -> float:
    """Four significant digits: more would pretend."""
    return float(f"{number:.4g}")
