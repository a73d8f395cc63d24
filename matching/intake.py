"""What a cohort is made from: who asks, who guides with how many places, and how well each possible pair fits."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from matching.people import within

Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]
Points = NDArray[np.int16]
"""From 0 to 1000: so few bytes a pair that all of them stay at hand."""
MOST_POINTS = 1_000


class Infeasible(ValueError):
    """Demands that cannot all be met; the sentence names those that clash.

    `mentors`: whose places cannot be filled as demanded. `pairs`: who, (mentee, mentor), cannot be kept together as demanded.
    """

    def __init__(self, words: str, *, mentors: Sequence[int] = (), pairs: Sequence[tuple[int, int]] = ()) -> None:
        super().__init__(words)
        self.mentors, self.pairs = tuple(mentors), tuple(pairs)


@dataclass(frozen=True, eq=False)
class Candidates:
    """Possible pairs as parallel arrays, in any order: row i says that `mentor[i]` could guide `mentee[i]` on `track[i]`.

    `for_mentee` and `for_mentor` are what each of the two gains, in whole points from 0 to 1000. `track` is a number per
    pair; without it there is one track, 0. Ids are whole numbers that never change for a person: they decide ties.
    `judged_for_mentee` and `judged_for_mentor` are how many of those 1000 points could be judged by what both have said
    (default: all; see `matching.gains`).
    """

    mentee: ArrayLike = ()
    mentor: ArrayLike = ()
    for_mentee: ArrayLike = ()
    for_mentor: ArrayLike = ()
    track: ArrayLike | None = None
    judged_for_mentee: ArrayLike | None = None
    judged_for_mentor: ArrayLike | None = None


@dataclass(frozen=True, eq=False)
class Intake:
    """Everything that a cohort depends on.

    `mentees` has one entry per wanted mentor, so whoever asks on two tracks stands there twice, beside `tracks` (default:
    all 0); such an entry is a seat. `capacity` and `at_least` are places per mentor, parallel to `mentors`. `excluded` holds
    (mentee, mentor), `kept` (mentee, mentor, track): kept pairs are in the cohort whatever their points. A pair below `floor`
    points of 1000 that could be judged, on either side, is no candidate. A pair that gives the mentee less than `decent` points is penalised; by
    default that is the upper quartile of what candidates give. `seed` is published before and settles ties. `weights` is the version of the weights behind the points.
    """

    mentees: ArrayLike
    mentors: ArrayLike
    capacity: ArrayLike
    candidates: Candidates = field(default_factory=Candidates)
    tracks: ArrayLike | None = None
    at_least: ArrayLike | None = None
    excluded: Sequence[tuple[int, int]] = ()
    kept: Sequence[tuple[int, int, int]] = ()
    floor: int = 0
    decent: int | None = None
    seed: int = 0
    weights: str = ""

    def __post_init__(self) -> None:
        within("floor", self.floor, 0, MOST_POINTS)
        if self.decent is not None:
            within("decent", self.decent, 0, MOST_POINTS)
        within("seed", self.seed, 0, 2**63 - 1)
