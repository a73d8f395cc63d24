"""The ranking as one would write it down: a plain loop over everyone. Slow, and right by reading; the index must equal it."""

from collections.abc import Container, Iterable, Mapping

from matching.explanation import Explanation
from matching.near import Nearness, Rung
from matching.people import Person, priced
from matching.score import explain
from matching.weights import GUIDE, Weights


def top(
    people: Iterable[Person],
    me: Person,
    k: int,
    near: Nearness,
    weights: Weights = GUIDE,
    *,
    track: str | None = None,
    allowed: Container[int] | None = None,
    exclude: Container[int] = (),
    narrowest: Rung = Rung.EXACT,
    prices: Mapping[int, int] | None = None,
) -> list[Explanation]:
    """The k best people for me, best first, the smaller id first among equals. See `matching.index.Index.top`."""
    if k < 1:
        return []
    could = [
        answer
        for them in people
        if allowed is None or them.id in allowed
        if not (answer := explain(me, priced(them, prices), near, weights, track=track, exclude=exclude)).why_not
    ]
    found: list[Explanation] = []
    for rung in Rung:
        found = [answer for answer in could if answer.rung <= rung]
        if rung >= narrowest and len(found) >= k:
            break
    return sorted(found, key=lambda answer: (-answer.total, answer.them))[:k]
