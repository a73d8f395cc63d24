"""Small intakes, and the best cohorts among all that are possible."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import numpy as np
from hypothesis import strategies as st

from matching.intake import Candidates, Intake

Row = tuple[int, int, int, int, int]
"""Mentee, mentor, track, points for the mentee, points for the mentor."""
Name = tuple[int, int, int]


@dataclass(frozen=True)
class Small:
    """An intake as plain tuples, so that a test can shuffle it and a person can read it."""

    seats: Sequence[tuple[int, int]]
    mentors: dict[int, int]
    rows: Sequence[Row]
    at_least: dict[int, int] = field(default_factory=dict)
    excluded: Sequence[tuple[int, int]] = ()
    kept: Sequence[Name] = ()
    options: dict[str, Any] = field(default_factory=dict)

    def intake(self) -> Intake:
        columns = np.array(self.rows, np.int64).reshape(-1, 5).T
        return Intake(
            mentees=[mentee for mentee, _ in self.seats],
            tracks=[track for _, track in self.seats],
            mentors=list(self.mentors),
            capacity=list(self.mentors.values()),
            at_least=[self.at_least.get(mentor, 0) for mentor in self.mentors],
            candidates=Candidates(columns[0], columns[1], columns[3], columns[4], track=columns[2]),
            excluded=self.excluded,
            kept=self.kept,
            **self.options,
        )

    def shuffled(self, order: Any) -> "Small":
        """The same intake told in another order."""
        seats, rows, mentors = list(self.seats), list(self.rows), list(self.mentors.items())
        for part in (seats, rows, mentors):
            order.shuffle(part)
        return Small(seats, dict(mentors), rows, self.at_least, self.excluded, self.kept, self.options)

    def possible(self) -> Iterator[tuple[Row, ...]]:
        """Every cohort that is possible at all, pair by pair."""
        floor = self.options.get("floor", 0)
        per_seat: list[list[Row | None]] = []
        for mentee, track in self.seats:
            mine = [row for row in self.rows if (row[0], row[2]) == (mentee, track)]
            kept = [row for row in mine if row[:3] in self.kept and row[:2] not in self.excluded]
            alive = [row for row in mine if min(row[3:]) >= floor and row[:2] not in self.excluded]
            must = any(name[::2] == (mentee, track) for name in self.kept)
            per_seat.append([*kept] if must else [None, *alive])
        for choice in product(*per_seat):
            rows = tuple(row for row in choice if row)
            load = {mentor: sum(row[1] == mentor for row in rows) for mentor in self.mentors}
            if len({row[:2] for row in rows}) == len(rows) and all(
                self.at_least.get(mentor, 0) <= load[mentor] <= places for mentor, places in self.mentors.items()
            ):
                yield rows

    def decent(self) -> int:
        """The upper quartile of what mentees gain in all pairs that are neither excluded nor below the floor."""
        floor = self.options.get("floor", 0)
        points = sorted(
            row[3]
            for row in self.rows
            if row[:3] in self.kept or (min(row[3:]) >= floor and row[:2] not in self.excluded)
        )
        return points[3 * (len(points) - 1) // 4] if points else 0

    def worth(self, rows: Sequence[Row]) -> int:
        d = self.decent()
        return sum(joint(row) - max(0, d - row[3]) ** 2 // max(1, d) for row in rows)

    def best(self, threshold: int = 0) -> list[tuple[Row, ...]]:
        """All possible cohorts with the most seats filled and then the most worth; mentees not in kept pairs reach the threshold."""
        those = [rows for rows in self.possible() if all(row[3] >= threshold or row[:3] in self.kept for row in rows)]
        most = max(((len(rows), self.worth(rows)) for rows in those), default=None)
        return [rows for rows in those if (len(rows), self.worth(rows)) == most]


def joint(row: Row) -> int:
    return (row[3] + row[4]) // 2


def names(rows: Sequence[Row]) -> tuple[Name, ...]:
    """As a cohort tells its pairs."""
    return tuple(sorted((row[:3] for row in rows), key=lambda name: (name[0], name[2])))


def an_intake(points: Sequence[Sequence[int]], places: Sequence[int], **options: Any) -> Small:
    """Mentees 1, 2, … and mentors 101, 102, …; one row of joint points per mentee, 0 for no candidate."""
    rows = [
        (1 + at, 101 + to, 0, value, value) for at, row in enumerate(points) for to, value in enumerate(row) if value
    ]
    fields = {name: options.pop(name) for name in ("at_least", "excluded", "kept") if name in options}
    seats = [(1 + at, 0) for at in range(len(points))]
    return Small(seats, dict(enumerate(places, 101)), rows, **fields, options=options)


@st.composite
def smalls(draw: st.DrawFn, tracks: int = 1, kept: bool = False) -> Small:
    """Up to five seats and four mentors; few different points, so that ties abound."""
    people = draw(st.integers(0, 5 // tracks))
    mentors = draw(st.lists(st.integers(0, 3), max_size=4))
    scale = draw(st.sampled_from([1, 7, 250]))
    seats = [(10 * one, track) for one in range(1, people + 1) for track in range(tracks)]
    rows = []
    for mentee, track in seats:
        for mentor in range(len(mentors)):
            if draw(st.integers(0, 3)):
                rows.append(
                    (mentee, 5 + mentor, track, scale * draw(st.integers(0, 4)), scale * draw(st.integers(0, 4)))
                )
    places = {5 + mentor: count for mentor, count in enumerate(mentors)}
    at_least = {mentor: draw(st.integers(0, min(1, count))) for mentor, count in places.items()}
    pairs = [row[:2] for row in rows]
    excluded = draw(st.lists(st.sampled_from(pairs), max_size=2)) if pairs else []
    settled = draw(st.lists(st.sampled_from([row[:3] for row in rows]), max_size=1)) if rows and kept else []
    options = {"seed": draw(st.integers(0, 9)), "floor": draw(st.sampled_from([0, 0, scale]))}
    return Small(seats, places, rows, at_least if draw(st.booleans()) else {}, excluded, settled, options)
