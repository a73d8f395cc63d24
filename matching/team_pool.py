"""Everyone who could cover a need of a call, as arrays: what each could do, in which languages, in which slots."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np
from numpy.typing import NDArray

from matching.intake import Flags, Infeasible, Whole
from matching.near import Nearness
from matching.people import HOURS_A_WEEK, Person
from matching.team_answer import Cover
from matching.team_call import Call

SLOTS = HOURS_A_WEEK
ALWAYS = (1 << SLOTS) - 1


@dataclass(frozen=True)
class Pool:
    """The members of the team, and then the candidates, each by id, one row per person.

    `tasks` are the needs, and the pairs of needs, that one person may cover: at most two. `worth[row, task]` is the sum of
    priority · percent over the needs of the task, 0 where the person cannot do all of it. `free[row, slot]` tells who is free
    in this hour and the next, `speaks[row, language]` who speaks one of `languages`; both hold for the candidates only.
    """

    call: Call
    people: Sequence[Person]
    covers: Sequence[dict[int, Cover]]
    tasks: Sequence[tuple[int, ...]]
    worth: Whole
    languages: Sequence[str]
    speaks: Flags
    free: Flags
    country: Whole

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


def gather(people: Iterable[Person], call: Call, near: Nearness) -> Pool:
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
    wished = _wished(call, near)
    able = [(person, _covers(person, wished, call)) for person in members]
    able += [
        (person, covers)
        for person in (everyone if call.seats else ())
        if person.id not in inside
        if (spoken is None or not spoken.isdisjoint(person.comfortable)) and person.hours & hours
        if (covers := _covers(person, wished, call))
    ]
    rows = [person for person, _ in able]
    languages = sorted(set().union(*(p.comfortable for p in rows[len(members) :])) if spoken is None else spoken)
    tasks = [(need,) for need in range(len(call.needs))] + list(combinations(range(len(call.needs)), 2))
    speaks = np.array([[code in person.comfortable for code in languages] for person in rows], bool)
    free = _bits([slots(person.hours) & hours for person in rows])
    free[: len(members)] = False
    return Pool(
        call=call,
        people=rows,
        covers=[covers for _, covers in able],
        tasks=tasks,
        worth=_worth([covers for _, covers in able], tasks, call),
        languages=languages,
        speaks=speaks.reshape(len(rows), len(languages)),
        free=free,
        country=_numbered([person.country for person in rows]),
    )


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


def _wished(call: Call, near: Nearness) -> dict[int, list[tuple[int, int]]]:
    """By offered skill: the needs that it meets, and to what percent."""
    wished: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for at, need in enumerate(call.needs):
        for skill, percent in near.close(need.skill).items():
            wished[skill].append((at, percent))
    return dict(wished)


def _covers(person: Person, wished: dict[int, list[tuple[int, int]]], call: Call) -> dict[int, Cover]:
    """By need, the closest offer at the level asked; of equals the skill itself, then the smaller number."""
    found: dict[int, Cover] = {}
    for offered, level in person.offers:
        for at, percent in wished.get(offered, ()):
            need, known = call.needs[at], found.get(at)
            better = known is None or percent > known.percent or (percent == known.percent and offered == need.skill)
            if level >= need.level and better:
                found[at] = Cover(need.skill, offered, level, percent)
    return found


def _worth(covers: Sequence[dict[int, Cover]], tasks: Sequence[tuple[int, ...]], call: Call) -> Whole:
    single = np.zeros((len(covers), len(call.needs)), np.int64)
    for row, found in enumerate(covers):
        for at, cover in found.items():
            single[row, at] = call.needs[at].priority * cover.percent
    worth = np.zeros((len(covers), len(tasks)), np.int64)
    for column, task in enumerate(tasks):
        can = (single[:, task] > 0).all(axis=1)
        worth[:, column] = np.where(can, single[:, task].sum(axis=1), 0)
    return worth


def _bits(masks: Sequence[int]) -> Flags:
    raw = np.frombuffer(b"".join(mask.to_bytes(SLOTS // 8, "little") for mask in masks), np.uint8)
    bits: NDArray[np.uint8] = np.unpackbits(raw.reshape(-1, SLOTS // 8), axis=1, bitorder="little")
    return bits.astype(bool)


def _numbered(codes: Sequence[str]) -> Whole:
    """0 for a country that was not said, and for the others any number that it alone has."""
    number = {code: at for at, code in enumerate(sorted({"", *codes}))}
    return np.array([number[code] for code in codes], np.int64)


def _id(person: Person) -> int:
    return person.id
