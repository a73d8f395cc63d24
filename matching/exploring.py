"""Who is rarely shown gets a place too: drawn with chances that are known, so that what is learnt later is not a circle.

Of the people who would have come next, each weighs 1 / (1 + how often they were shown lately); as many as there are places are
drawn one after the other without putting back, from a published seed. With the weights w and their sum W, for two places

    chance(i) = w(i)/W + Σ over j ≠ i of w(j)/W · w(i)/(W − w(j)),

for one place its first term (Horvitz & Thompson 1952 on why such chances must be kept).
"""

from collections.abc import Mapping, Sequence
from hashlib import sha256

PLACES_MOST = 2


def drawn(people: Sequence[int], shown: Mapping[int, int], places: int, *, seed: str) -> list[tuple[int, float]]:
    """Who gets the places, and with which chance each: at most two, all of them with chance 1 where there are no more.

    The same seed draws the same people, in whatever order they are given. Raises ValueError for a person given twice, a
    negative number of showings, or a number of places other than 0, 1 and 2.
    """
    if not 0 <= places <= PLACES_MOST:
        raise ValueError(f"places: {places} is not within 0 and {PLACES_MOST}")
    if len(set(people)) < len(people):
        raise ValueError("people: somebody is given twice")
    if any(count < 0 for count in shown.values()):
        raise ValueError("shown: a number of showings is negative")
    weights = {person: 1 / (1 + shown.get(person, 0)) for person in sorted(people)}
    chances = {person: _chance(person, weights, places) for person in weights}
    left, found = dict(weights), []
    for place in range(min(places, len(weights))):
        person = _one(left, seed, place)
        found.append((person, chances[person]))
        del left[person]
    return found


def _chance(person: int, weights: Mapping[int, float], places: int) -> float:
    """That this person is among those drawn."""
    if places >= len(weights):
        return 1.0
    whole, mine = sum(weights.values()), weights[person]
    first = mine / whole
    if places == 1:
        return first
    return first + sum(w / whole * mine / (whole - w) for other, w in weights.items() if other != person)


def _one(weights: Mapping[int, float], seed: str, place: int) -> int:
    lot = int.from_bytes(sha256(f"{seed}:{place}".encode()).digest()[:8], "big") / 2**64 * sum(weights.values())
    for person, weight in weights.items():
        lot -= weight
        if lot < 0:
            return person
    return next(reversed(list(weights)))
