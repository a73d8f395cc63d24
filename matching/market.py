"""An intake, checked and put in order: the same market whatever order its rows came in."""

from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from matching.intake import MOST_POINTS, Flags, Infeasible, Intake, Points, Whole
from matching.places import ranges
from matching.reading import columns, pair_rows, read_excluded, read_mentors, read_pairs, read_seats

T = TypeVar("T", bound=np.generic)
AT_ONCE = 1 << 14
"""So many pairs are hashed at a time, so that they stay at hand."""


@dataclass(frozen=True, eq=False)
class Market:
    """Seats by (mentee, track), mentors by id, pairs by (seat, mentor); `seat` and `host` are row numbers in those, `code` is a number
    for both, ascending.

    `exists` says of each pair that it is neither excluded nor below the floor, which it `reaches` on both sides; `kept` that it is
    settled beforehand.
    """

    intake: Intake
    mentee: Whole
    track: Whole
    mentor: Whole
    capacity: Whole
    at_least: Whole
    seat: Whole
    host: Whole
    code: Whole
    for_mentee: Points
    for_mentor: Points
    reaches: Flags
    excluded: Flags
    kept: Flags

    @classmethod
    def of(cls, intake: Intake) -> "Market":
        """Raises ValueError for what cannot be read, `Infeasible` for demands that clash within one pair or mentor."""
        mentor, capacity, at_least = read_mentors(intake)
        mentee, track = read_seats(intake)
        seat, host, code, for_mentee, for_mentor, reaches = read_pairs(intake, mentee, track, mentor)
        kept = np.zeros(len(code), bool)
        if len(intake.kept):
            kept[pair_rows((mentee, track), mentor, code, columns("kept", intake.kept, 3))] = True
        market = cls(
            intake=intake,
            mentee=mentee,
            track=track,
            mentor=mentor,
            capacity=capacity,
            at_least=at_least,
            seat=seat,
            host=host,
            code=code,
            for_mentee=for_mentee,
            for_mentor=for_mentor,
            reaches=reaches,
            excluded=read_excluded(intake, mentee, mentor, seat, host),
            kept=kept,
        )
        market.refuse_clashes()
        return market

    @cached_property
    def degree(self) -> Whole:
        """How many pairs each seat has."""
        return np.bincount(self.seat, minlength=len(self.mentee))

    @cached_property
    def start(self) -> Whole:
        """Where the pairs of each seat begin, and where those of the last one end."""
        return np.concatenate(([0], np.cumsum(self.degree)))

    def pairs_of(self, seats: Whole) -> Whole:
        """All pairs of these seats."""
        return ranges(self.start[seats], self.start[seats + 1])

    def of_seat(self, values: NDArray[T]) -> NDArray[T]:
        """The value of each pair's seat, given one for each seat: as they lie one after another, sooner than by row number."""
        return np.repeat(values, self.degree)

    @cached_property
    def exists(self) -> Flags:
        return self.kept | (~self.excluded & self.reaches)

    @cached_property
    def open(self) -> Flags:
        """Pairs that are still to be decided: their seat is free, and the mentor does not yet guide the mentee elsewhere."""
        if not self.kept.any():
            return self.exists
        taken = np.zeros(len(self.mentee), bool)
        taken[self.seat[self.kept]] = True
        return self.exists & ~taken[self.seat] & ~np.isin(self.couple, self.couple[self.kept])

    @cached_property
    def couple(self) -> Whole:
        """A number per pair for its two people, whatever the track."""
        if self.asks_once:
            return self.code
        person = np.cumsum(np.diff(self.mentee, prepend=self.mentee[:1]) != 0)
        return person[self.seat] * len(self.mentor) + self.host

    @cached_property
    def asks_once(self) -> bool:
        """Whether everyone asks on one track only."""
        return bool((self.mentee[1:] > self.mentee[:-1]).all())

    @cached_property
    def joint(self) -> Points:
        """The points of a pair: the mean of both sides, rounded down."""
        return (self.for_mentee + self.for_mentor) >> 1

    @cached_property
    def decent(self) -> int:
        if self.intake.decent is not None:
            return self.intake.decent
        upto = np.cumsum(_by_points(self.for_mentee) - _by_points(self.for_mentee[~self.exists]))
        return int(np.searchsorted(upto, 3 * (upto[-1] - 1) // 4, side="right"))

    @cached_property
    def overlaps(self) -> bool:
        """Whether someone could be given the same mentor on two tracks."""
        if self.asks_once:
            return False
        return len(np.unique(self.couple[self.open])) < int(self.open.sum())

    @cached_property
    def settled(self) -> Whole:
        """The kept pair of each seat, or -1."""
        chosen = np.full(len(self.mentee), -1)
        pairs = np.flatnonzero(self.kept)
        chosen[self.seat[pairs]] = pairs
        return chosen

    @cached_property
    def held(self) -> Whole:
        """Places per mentor that kept pairs fill."""
        return np.bincount(self.host[self.kept], minlength=len(self.mentor))

    @property
    def places(self) -> Whole:
        return self.capacity - self.held

    @property
    def needed(self) -> Whole:
        """Places per mentor that still must be filled."""
        return np.maximum(0, self.at_least - self.held)

    @cached_property
    def digest(self) -> str:
        """A hash of all that matters in the intake, as hexadecimal digits (BLAKE2b, 128 bits)."""
        intake = self.intake
        state = blake2b(digest_size=16)
        numbers = (intake.floor, -1 if intake.decent is None else intake.decent, intake.seed, len(self.mentee))
        state.update(repr((numbers, len(self.mentor), len(self.seat), intake.weights)).encode())
        for column in (self.mentee, self.track, self.mentor, self.capacity, self.at_least):
            state.update(column.astype("<i8").tobytes())
        pieces = [slice(begin, begin + AT_ONCE) for begin in range(0, len(self.seat), AT_ONCE)]
        for some in pieces:
            packed = self.code[some] * 2 + self.excluded[some]
            state.update(packed.astype("<i8", copy=False).data)
        for some in pieces:
            points = self.for_mentee[some].astype(np.int32) * 1024 + self.for_mentor[some]
            points = (points * 2 + self.kept[some]) * 2 + self.reaches[some]
            state.update(points.astype("<i4").data)
        return state.hexdigest()

    def refuse_clashes(self) -> None:
        """Raises `Infeasible` for a kept pair that is excluded or stands twice, and for mentors asked for too many places."""
        if len(clash := np.flatnonzero(self.kept & self.excluded)):
            raise Infeasible(f"{self.words(clash[:1])} is both kept and excluded", pairs=self.people(clash[:1]))
        for what, number in (("seat", self.seat), ("pair of people", self.couple)):
            numbers, count = np.unique(number[self.kept], return_counts=True)
            for one in numbers[count > 1][:1]:
                rivals = np.flatnonzero(self.kept & (number == one))
                raise Infeasible(f"{self.words(rivals)} are kept for the same {what}", pairs=self.people(rivals))
        for row in np.flatnonzero(self.held > self.capacity)[:1]:
            kept = f"{self.held[row]} pairs are kept with mentor {self.mentor[row]}"
            rivals = np.flatnonzero(self.kept & (self.host == row))
            raise Infeasible(f"{kept}, who has {self.capacity[row]} places", pairs=self.people(rivals))
        for row in np.flatnonzero(self.at_least > self.capacity)[:1]:
            least = f"at least {self.at_least[row]} places of mentor {self.mentor[row]} must be filled"
            raise Infeasible(f"{least}, who has {self.capacity[row]}", mentors=[int(self.mentor[row])])

    def rows(self, *names: Whole) -> Whole:
        """The pairs of these mentees, mentors and tracks. Raises ValueError for one that is not among the candidates."""
        return pair_rows((self.mentee, self.track), self.mentor, self.code, names)

    def names(self, pairs: Whole) -> list[tuple[int, int, int]]:
        """Mentee, mentor and track of these pairs."""
        seat = self.seat[pairs]
        columns = (self.mentee[seat], self.mentor[self.host[pairs]], self.track[seat])
        return list(zip(*(column.tolist() for column in columns), strict=True))

    def people(self, pairs: Whole) -> list[tuple[int, int]]:
        """Mentee and mentor of these pairs."""
        return [(mentee, mentor) for mentee, mentor, _track in self.names(pairs)]

    def words(self, pairs: Whole) -> str:
        return " and ".join(f"mentee {one} with mentor {two} on track {track}" for one, two, track in self.names(pairs))


def _by_points(points: Points) -> Whole:
    """How many there are of each number of points."""
    return np.bincount(points, minlength=MOST_POINTS + 1)
