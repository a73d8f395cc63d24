"""Reads the columns of an intake, and says in a sentence which number cannot be meant."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from matching.intake import MOST_POINTS, Flags, Intake, Whole

DENSE = 4
"""Where ids lie so close to each other, a table finds them sooner than a search does."""


def whole(name: str, values: ArrayLike, least: int = 0, most: int = 2**63 - 1) -> Whole:
    """One column as 64-bit numbers.

    Raises ValueError for more than one dimension, fractions, numbers that are not finite, and those outside `least`…`most`.
    """
    column: NDArray[Any] = np.asarray(values)
    if column.ndim != 1:
        raise ValueError(f"{name}: one row of numbers is needed, not {column.ndim} dimensions")
    if not len(column):
        return np.zeros(0, np.int64)
    if column.dtype.kind == "f":
        if not np.isfinite(column).all():
            raise ValueError(f"{name}: every number must be finite")
        if (column != np.floor(column)).any():
            raise ValueError(f"{name}: whole numbers are needed")
    elif column.dtype.kind not in "iu":
        raise ValueError(f"{name}: whole numbers are needed, not {column.dtype}")
    for extreme in (column.min(), column.max()):
        if not least <= int(extreme) <= most:
            raise ValueError(f"{name}: {int(extreme)} is not within {least} and {most}")
    return column.astype(np.int64, copy=False)


def same_length(columns: dict[str, Whole]) -> None:
    if len({len(column) for column in columns.values()}) > 1:
        lengths = ", ".join(f"{name} {len(column)}" for name, column in columns.items())
        raise ValueError(f"these belong together and must be equally long: {lengths}")


def rows_of(name: str, known: Whole, asked: Whole) -> Whole:
    """Where each of `asked` stands in the ascending `known`. Raises ValueError for one that does not."""
    if not len(asked):
        return np.zeros(0, np.int64)
    first, last = (int(known[0]), int(known[-1])) if len(known) else (0, -1)
    if asked.min() < first or asked.max() > last:
        raise ValueError(f"{name} {asked[np.argmax((asked < first) | (asked > last))]} is unknown")
    if last - first < DENSE * len(asked):
        table = np.full(last - first + 1, -1)
        table[known - first] = np.arange(len(known))
        rows = table[asked - first]
        strange = rows < 0
    else:
        rows = np.searchsorted(known, asked)
        strange = known[rows] != asked
    if strange.any():
        raise ValueError(f"{name} {asked[np.argmax(strange)]} is unknown")
    return rows


def read_mentors(intake: Intake) -> tuple[Whole, Whole, Whole]:
    mentor = whole("mentors", intake.mentors)
    capacity = whole("capacity", intake.capacity, most=2**31)
    at_least = np.zeros_like(mentor) if intake.at_least is None else whole("at_least", intake.at_least, most=2**31)
    same_length({"mentors": mentor, "capacity": capacity, "at_least": at_least})
    order = np.argsort(mentor, kind="stable")
    mentor = mentor[order]
    for row in np.flatnonzero(mentor[1:] == mentor[:-1])[:1]:
        raise ValueError(f"mentor {mentor[row]} stands in mentors twice")
    return mentor, capacity[order], at_least[order]


def read_seats(intake: Intake) -> tuple[Whole, Whole]:
    mentee = whole("mentees", intake.mentees)
    track = np.zeros_like(mentee) if intake.tracks is None else whole("tracks", intake.tracks)
    same_length({"mentees": mentee, "tracks": track})
    if not (mentee[1:] > mentee[:-1]).all():
        order = np.lexsort((track, mentee))
        mentee, track = mentee[order], track[order]
    for row in np.flatnonzero((mentee[1:] == mentee[:-1]) & (track[1:] == track[:-1]))[:1]:
        raise ValueError(f"mentee {mentee[row]} asks on track {track[row]} twice")
    return mentee, track


def read_pairs(
    intake: Intake, mentees: Whole, tracks: Whole, mentors: Whole
) -> tuple[Whole, Whole, Whole, Whole, Whole, Flags]:
    """Seat, host, a number for both, points for both, and whether these reach the floor on both sides, by that number."""
    given = intake.candidates
    mentee, mentor = whole("candidates: mentee", given.mentee), whole("candidates: mentor", given.mentor)
    for_mentee = whole("candidates: for_mentee", given.for_mentee, most=MOST_POINTS)
    for_mentor = whole("candidates: for_mentor", given.for_mentor, most=MOST_POINTS)
    track = np.zeros_like(mentee) if given.track is None else whole("candidates: track", given.track)
    columns = {"mentee": mentee, "mentor": mentor, "for_mentee": for_mentee, "for_mentor": for_mentor, "track": track}
    same_length(columns)
    reaches = _reaches(intake, for_mentee, given.judged_for_mentee) & _reaches(
        intake, for_mentor, given.judged_for_mentor
    )
    for row in np.flatnonzero(mentee == mentor)[:1]:
        raise ValueError(f"{mentee[row]} cannot be mentor and mentee of one pair")
    seat, host = seat_rows(mentees, tracks, mentee, track), rows_of("mentor", mentors, mentor)
    code = seat * len(mentors) + host
    if (code[1:] <= code[:-1]).any():
        order = np.argsort(code, kind="stable")
        code = code[order]
        for row in np.flatnonzero(code[1:] == code[:-1])[:1]:
            first = order[row]
            raise ValueError(f"mentee {mentee[first]} with mentor {mentor[first]} on track {track[first]} stands twice")
        seat, host, reaches = seat[order], host[order], reaches[order]
        for_mentee, for_mentor = for_mentee[order], for_mentor[order]
    return seat, host, code, for_mentee, for_mentor, reaches


def _reaches(intake: Intake, points: Whole, judged: ArrayLike | None) -> Flags:
    """Whether each is at the floor, which is asked of so many points of 1000."""
    if judged is None:
        return points >= intake.floor
    could = whole("candidates: judged", judged, most=MOST_POINTS)
    same_length({"points": points, "judged": could})
    reaches: Flags = points * MOST_POINTS >= intake.floor * could
    return reaches


def seat_rows(mentees: Whole, tracks: Whole, mentee: Whole, track: Whole) -> Whole:
    """The seats of these mentees on these tracks."""
    people, known = np.unique(mentees), np.unique(tracks)
    row = rows_of("mentee", people, mentee)
    if len(known) == 1 and (track == known).all():
        return row
    on = rows_of("track", known, track)
    if len(known) <= 1:
        return row
    seats = rows_of("mentee", people, mentees) * len(known) + rows_of("track", known, tracks)
    asked = row * len(known) + on
    at = np.minimum(np.searchsorted(seats, asked), len(seats) - 1)
    for pair in np.flatnonzero(seats[at] != asked)[:1]:
        raise ValueError(f"mentee {mentee[pair]} does not ask on track {track[pair]}")
    return at


def read_excluded(intake: Intake, mentees: Whole, mentors: Whole, seat: Whole, host: Whole) -> Flags:
    if not len(intake.excluded):
        return np.zeros(len(seat), bool)
    people = np.unique(mentees)
    mentee = rows_of("excluded: mentee", people, whole("excluded", [one for one, _ in intake.excluded]))
    mentor = rows_of("excluded: mentor", mentors, whole("excluded", [one for _, one in intake.excluded]))
    person = rows_of("mentee", people, mentees)
    return np.isin(person[seat] * len(mentors) + host, mentee * len(mentors) + mentor)


def pair_rows(seats: tuple[Whole, Whole], mentors: Whole, code: Whole, names: Sequence[Whole]) -> Whole:
    """Where these pairs stand, by mentee, mentor and track. Raises ValueError for one that is not among the candidates."""
    mentee, mentor, track = names
    asked = seat_rows(*seats, mentee, track) * len(mentors) + rows_of("mentor", mentors, mentor)
    at = np.minimum(np.searchsorted(code, asked), len(code) - 1)
    missing = code[at] != asked if len(code) else np.ones(len(asked), bool)
    for row in np.flatnonzero(missing)[:1]:
        pair = f"mentee {mentee[row]} with mentor {mentor[row]} on track {track[row]}"
        raise ValueError(f"{pair} is not among the candidates")
    return at
