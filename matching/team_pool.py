"""Everyone who could cover a need of a call, as arrays: what each could do, in which languages, in which slots."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np

from matching.able import Able
from matching.intake import Flags, Infeasible, Whole
from matching.near import Nearness, Rung
from matching.people import HOURS_A_WEEK, Person
from matching.places import Places
from matching.team_answer import Cover
from matching.team_call import Call

SLOTS = HOURS_A_WEEK
ALWAYS = (1 << SLOTS) - 1


@dataclass(frozen=True)
class Pool:
    """The members of the team, and then the candidates, each by id, one row per person.

    `percent[row, need]` is how close the offer is with which they cover a need, 0 where they cannot; `offered` and `level` are that
    offer. `tasks` are the needs, and the pairs of needs, that one person may cover: at most two. `worth[row, task]` is the sum of
    priority · percent over the needs of the task, 0 where the person cannot do all of it. `free[row, slot]` tells who is free
    in this hour and the next, `speaks[row, language]` who speaks one of `languages`; both hold for the candidates only.
    `country` is a place in `countries`, 0 where it was not said.
    """

    call: Call
    ids: Whole
    percent: Whole
    offered: Whole
    level: Whole
    tasks: Sequence[tuple[int, ...]]
    worth: Whole
    languages: Sequence[str]
    speaks: Flags
    free: Flags
    country: Whole
    countries: Sequence[str]

    @property
    def members(self) -> int:
        """How many of the first rows are members."""
        return len(self.call.members)

    @property
    def at_home(self) -> frozenset[int]:
        """The countries of the members, as numbers."""
        return frozenset(self.country[: self.members].tolist()) - {0}

    def who(self, language: int, slot: int) -> Whole:
        """The rows of the candidates who speak it and are free then."""
        return np.flatnonzero(self.speaks[:, language] & self.free[:, slot])

    def cover(self, row: int, need: int) -> Cover:
        """With what this person covers a need that they can cover."""
        offered, level, percent = (int(one[row, need]) for one in (self.offered, self.level, self.percent))
        return Cover(self.call.needs[need].skill, offered, level, percent)


def gather(people: Iterable[Person], call: Call, near: Nearness, besides: Able | None = None) -> Pool:
    """Raises ValueError for people named twice and unknown members, `Infeasible` for members who could not meet."""
    everyone = sorted(people, key=_id)
    for one, other in pairwise(everyone):
        if one.id == other.id:
            raise ValueError(f"person {one.id}: named twice")
    inside = set(call.members)
    members = [person for person in everyone if person.id in inside]
    if unknown := inside - {person.id for person in members}:
        raise ValueError(f"member {min(unknown)} is not among the people")
    spoken, hours = _in_common(members, call)
    wished = {skill for need in call.needs for skill in near.close(need.skill)}
    able = Able.of(members, wished)
    if call.seats:
        others = [
            person
            for person in everyone
            if person.id not in inside
            and (spoken is None or not spoken.isdisjoint(person.comfortable))
            and any(skill in wished for skill, _ in person.offers)
        ]
        known = Able.of(others, wished)
        able = able.beside(_by_id(known if besides is None else known.beside(besides)))
        ids = np.sort(able.ids)
        for row in np.flatnonzero(ids[1:] == ids[:-1])[:1]:
            raise ValueError(f"person {ids[row]}: named twice")
    return _pool(able, call, near, spoken, _bits(hours))


def _pool(able: Able, call: Call, near: Nearness, spoken: Collection[str] | None, hours: Flags) -> Pool:
    """From the members and, after them, those who could do something; of the latter all those who could not join are left out."""
    free = able.hours & np.roll(able.hours, -1, axis=1) & hours
    percent, offered, level = _covers(able, call, near)
    joins = free.any(axis=1) & (percent > 0).any(axis=1)
    if spoken is not None:
        joins &= able.speaking(sorted(spoken)).any(axis=1)
    newcomers = np.arange(len(able.ids)) >= len(call.members)
    rows = np.flatnonzero(joins | ~newcomers)
    able, newcomers, free, percent = able.only(rows), newcomers[rows], free[rows], percent[rows]
    heard = np.flatnonzero((able.speaks & newcomers[:, None]).any(axis=0)).tolist()
    languages = sorted(able.languages[place] for place in heard) if spoken is None else sorted(spoken)
    tasks = [(need,) for need in range(len(call.needs))] + list(combinations(range(len(call.needs)), 2))
    countries = sorted({"", *able.countries})
    return Pool(
        call=call,
        ids=able.ids,
        percent=percent,
        offered=offered[rows],
        level=level[rows],
        tasks=tasks,
        worth=_worth(percent, tasks, call),
        languages=languages,
        speaks=able.speaking(languages) & newcomers[:, None],
        free=free & newcomers[:, None],
        country=np.array([countries.index(code) for code in able.countries], np.int64)[able.country],
        countries=countries,
    )


def _by_id(able: Able) -> Able:
    return able.only(np.argsort(able.ids, kind="stable"))


def _covers(able: Able, call: Call, near: Nearness) -> tuple[Whole, Whole, Whole]:
    """By row and need the closest offer at the level asked, as percent (0 for none), skill and level; of equals the skill itself, then
    the smaller number.
    """
    percent, offered, level = np.zeros((3, len(able.ids), len(call.needs)), np.int64)
    for at, need in enumerate(call.needs):
        skills, percents = near.reach(need.skill, Rung.NEAR)
        order = np.argsort(skills)
        place = Places(skills[order]).of(able.skills)
        hit = np.flatnonzero((place >= 0) & (able.levels >= need.level))
        close, skill = percents[order][place[hit]], able.skills[hit]
        # Of several offers the last one that is written down stays.
        best = np.lexsort((-skill, skill == need.skill, close))
        whose = able.whose[hit[best]]
        percent[whose, at], offered[whose, at], level[whose, at] = close[best], skill[best], able.levels[hit[best]]
    return percent, offered, level


def slots(hours: int) -> int:
    """The hours, as a mask, in which one is free and in the next one too; Sunday's last hour is followed by Monday's first."""
    return hours & (hours >> 1 | (hours & 1) << (SLOTS - 1))


def _in_common(members: Sequence[Person], call: Call) -> tuple[frozenset[str] | None, int]:
    """The languages (None: whichever) and the slots that members leave; one who said nothing stands in nobody's way."""
    spoken = None if call.language is None else frozenset((call.language,))
    hours = ALWAYS if call.hours is None else slots(call.hours)
    if not hours:
        raise Infeasible("the hours wished for hold no two in a row")
    for person in members:
        if person.languages:
            spoken = person.comfortable if spoken is None else spoken & person.comfortable
        if person.hours:
            hours &= slots(person.hours)
    if spoken is not None and not spoken:
        raise Infeasible(f"the members do not all speak {call.language or 'one language'}")
    if not hours:
        where = "of the week" if call.hours is None else "wished for"
        raise Infeasible(f"the members have no two hours {where} in common")
    countries = len({person.country for person in members} - {""})
    if countries + call.seats < call.countries:
        raise Infeasible(f"{call.countries} countries: the members are of {countries}, and {call.seats} may join")
    return spoken, hours


def _worth(percent: Whole, tasks: Sequence[tuple[int, ...]], call: Call) -> Whole:
    single = (percent * np.array([need.priority for need in call.needs])).T
    worth = np.zeros((len(percent), len(tasks)), np.int64)
    for column, task in enumerate(tasks):
        parts = single[list(task)]
        worth[:, column] = parts.sum(axis=0) * (parts > 0).all(axis=0)
    return worth


def _bits(mask: int) -> Flags:
    raw = np.frombuffer(mask.to_bytes(SLOTS // 8, "little"), np.uint8)
    return np.unpackbits(raw, bitorder="little").astype(bool)


def _id(person: Person) -> int:
    return person.id
