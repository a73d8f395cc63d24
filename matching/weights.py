"""How many points each part of a match is worth. Weights belong to a programme, carry a version, and members may read them."""

from dataclasses import dataclass, fields

LEVELS: tuple[tuple[int, ...], ...] = (
    # offered at 0, 1, 2, 3, 4, 5 (nobody offers at 0)
    (0, 70, 90, 100, 90, 80),  # wanted from level 0: the next steps help most, a master is a little far away
    (0, 0, 70, 95, 100, 90),
    (0, 0, 0, 75, 100, 95),
    (0, 0, 0, 0, 75, 100),
    (0, 0, 0, 0, 0, 80),
)
"""Percent of a wish that is met, by the level one has now (row) and the level at which it is offered (column)."""

FAR: tuple[tuple[int, ...], ...] = (
    (0, 40, 55, 70, 85, 100),
    (0, 0, 40, 60, 80, 100),
    (0, 0, 0, 50, 75, 100),
    (0, 0, 0, 0, 60, 100),
    (0, 0, 0, 0, 0, 100),
)
"""The same where somebody far ahead is wanted: the further, the better."""


MOST = 10_000
KINDS = {int: "a whole number", bool: "true or false", str: "a text", tuple: "a tuple"}


@dataclass(frozen=True)
class Weights:
    """Points in whole numbers; the defaults are those of the search for a guide and come to 1,000 before deductions.

    `guiding`: an open place, and the track if one is asked for, are conditions. `sector` is the most that shared sectors
    give: `sector_first` for one and `sector_more` for each other; with `sector_apart` it is given, as a whole, to two who both
    named sectors and share none. `hours` are given in full from `hours_enough` common
    hours a week on. `languages` is the most that further shared languages give, `language_each` a piece. `abroad` is for my
    wish to meet people of other countries, `abroad_theirs` for theirs. `track_record` is shrunk as if everyone had already
    `record_good` good ratings of `record_all`. `waiting` is the most that a waiting list takes away, `waiting_each` per
    open request and place. `scarcity` is the most that the price of a place takes away. `balance_percent` of the difference between both fits is taken away: 0 ranks by the mean of
    both, 50 by the smaller one.
    """

    version: str = "guide-1"
    guiding: bool = True
    wishes: int = 500
    mutual: int = 150
    sector: int = 100
    sector_first: int = 60
    sector_more: int = 20
    sector_apart: bool = False
    hours: int = 100
    hours_enough: int = 6
    languages: int = 50
    language_each: int = 25
    abroad: int = 50
    abroad_theirs: int = 0
    track_record: int = 50
    record_good: int = 6
    record_all: int = 8
    waiting: int = 200
    waiting_each: int = 40
    scarcity: int = 100
    balance_percent: int = 0
    levels: tuple[tuple[int, ...], ...] = LEVELS

    def __post_init__(self) -> None:
        if isinstance(self.levels, list | tuple):  # as JSON tells them
            rows = (tuple(row) if isinstance(row, list) else row for row in self.levels)
            object.__setattr__(self, "levels", tuple(rows))
        for field in fields(self):
            value = getattr(self, field.name)
            if type(value) is not type(field.default):
                raise ValueError(f"{field.name}: {value!r} is not {KINDS[type(field.default)]}")
            if type(value) is int and not 0 <= value <= MOST:
                raise ValueError(f"{field.name}: {value} is not within 0 and {MOST}")
        if not self.version:
            raise ValueError("version: weights without a version cannot be explained later")
        if self.hours_enough < 1 or self.record_all < 1 or self.record_good > self.record_all:
            raise ValueError("hours_enough and record_all are at least 1, and record_good is at most record_all")
        if self.balance_percent > 50:
            raise ValueError("balance_percent: beyond 50 a gain for one side would lower the score")
        if len(self.levels) != 5 or any(type(row) is not tuple or len(row) != 6 or row[0] != 0 for row in self.levels):
            raise ValueError("levels: five rows of six percentages are needed, nobody offers at level 0")
        if any(type(percent) is not int or not 0 <= percent <= 100 for row in self.levels for percent in row):
            raise ValueError("levels: a percentage is a whole number within 0 and 100")
        if not self.most:
            raise ValueError("weights: something must be worth points")

    @property
    def most(self) -> int:
        """The most points that anyone can reach."""
        gains = (self.wishes, self.mutual, self.sector, self.hours, self.languages, self.track_record)
        return sum(gains) + self.abroad + self.abroad_theirs


GUIDE = Weights()
"""A mentee looks for a mentor. A guide may give without taking, so nothing is deducted for balance."""

COLLABORATION = Weights(
    version="collaboration-1",
    guiding=False,
    wishes=300,
    mutual=300,
    abroad=75,
    abroad_theirs=75,
    track_record=0,
    waiting=0,
    scarcity=0,
    balance_percent=25,
)
"""Two people look for each other: both directions count alike, other countries count for more."""
