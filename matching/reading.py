"""Reads the columns of an intake, and says in a sentence which number cannot be meant."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from matching.intake import MOST_POINTS, Flags, Intake, Points, Whole
from matching.places import ascend

DENSE = 4
"""Where ids lie so close to each other, a table finds them sooner than a search does."""
POINT_BITS = MOST_POINTS.bit_length()
BESIDE_CODE = 2 * POINT_BITS + 1
"""Bits for the points of a pair and whether they reach the floor, below its number while pairs are sorted."""


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


def columns(name: str, rows: Sequence[Sequence[int]], size: int) -> list[Whole]:
    """Rows of so many numbers as columns. Raises ValueError for any other row."""
    for row in rows:
        if len(row) != size:
            raise ValueError(f"{name}: {row!r} is not {size} numbers")
    return [whole(name, [row[at] for row in rows]) for at in range(size)]


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
        rows = table.take(asked - first if first else asked)
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
) -> tuple[Whole, Whole, Whole, Points, Points, Flags]:
    """Seat, host, a number for both, points for both, and whether these reach the floor on both sides, by that number."""
    given = intake.candidates
    mentee, mentor = whole("candidates: mentee", given.mentee), whole("candidates: mentor", given.mentor)
    mentee_gains = whole("candidates: for_mentee", given.for_mentee, most=MOST_POINTS)
    mentor_gains = whole("candidates: for_mentor", given.for_mentor, most=MOST_POINTS)
    no_track = np.broadcast_to(np.int64(0), mentee.shape)
    track = no_track if given.track is None else whole("candidates: track", given.track)
    gains = {"for_mentee": mentee_gains, "for_mentor": mentor_gains}
    same_length({"mentee": mentee, "mentor": mentor, **gains, "track": track})
    reaches = _reaches(intake, mentee_gains, given.judged_for_mentee)
    reaches &= _reaches(intake, mentor_gains, given.judged_for_mentor)
    for_mentee, for_mentor = mentee_gains.astype(np.int16), mentor_gains.astype(np.int16)
    for row in np.flatnonzero(mentee == mentor)[:1]:
        raise ValueError(f"{mentee[row]} cannot be mentor and mentee of one pair")
    seat, host = seat_rows(mentees, tracks, mentee, track), rows_of("mentor", mentors, mentor)
    if len(mentees) * len(mentors) >> (63 - BESIDE_CODE):
        raise ValueError(f"{len(mentees)} seats and {len(mentors)} mentors are too many for one cohort")
    code = seat * len(mentors)
    code += host
    if (code[1:] <= code[:-1]).any():
        for_mentee, for_mentor, reaches = _ascend(code, for_mentee, for_mentor, reaches)
        np.floor_divide(code, len(mentors), out=seat)
        np.multiply(seat, -len(mentors), out=host)
        host += code
        for row in np.flatnonzero(code[1:] == code[:-1])[:1]:
            pair = f"mentee {mentees[seat[row]]} with mentor {mentors[host[row]]} on track {tracks[seat[row]]}"
            raise ValueError(f"{pair} stands twice")
    return seat, host, code, for_mentee, for_mentor, reaches


def _ascend(code: Whole, for_mentee: Points, for_mentor: Points, reaches: Flags) -> tuple[Points, Points, Flags]:
    """Sorts the codes in place, and answers the others in that order. Each pair is one number meanwhile, which is sooner sorted
    and read than rows are looked up.
    """
    for column, bits in ((for_mentee, POINT_BITS), (for_mentor, POINT_BITS), (reaches, 1)):
        code <<= bits
        code |= column
    ascend(code)
    lower, most = code.astype(np.int32), (1 << POINT_BITS) - 1
    code >>= BESIDE_CODE
    first, second = ((lower >> bits & most).astype(np.int16) for bits in (POINT_BITS + 1, 1))
    return first, second, (lower & 1).astype(bool)


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
    people = mentees[np.diff(mentees, prepend=-1) > 0]
    row = rows_of("mentee", people, mentee)
    if len(tracks) and (tracks == tracks[0]).all() and (track == tracks[0]).all():
        return row
    known = np.unique(tracks)
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
    one, other = columns("excluded", intake.excluded, 2)
    mentee, mentor = rows_of("excluded: mentee", people, one), rows_of("excluded: mentor", mentors, other)
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
