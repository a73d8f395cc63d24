"""Small worlds in which all teams can be tried one after another."""

from collections.abc import Iterator
from itertools import combinations, product
from typing import Any

from hypothesis import strategies as st

from matching import Nearness, Person
from matching.team_call import Call, Need
from tests.matching.cast import hours

EVENING = hours(18, 20)


def someone(id: int, *offers: tuple[int, int], **fields: Any) -> Person:
    """Someone in Belgium who speaks French and is free on Monday evening."""
    values: dict[str, Any] = {"languages": {"fr": 7}, "hours": EVENING, "country": "BE"}
    return Person(id=id, offers=offers, **(values | fields))


SKILLS = st.integers(1, 4)
WEEK = [EVENING, hours(19, 21), EVENING | hours(19, 21), 0, 1 << 167 | 1]


@st.composite
def a_world(draw: st.DrawFn) -> tuple[list[Person], Call, Nearness]:
    """Up to six people, a call that can be answered in some way, and skills of which some are near each other."""
    people = [
        someone(
            id,
            *draw(st.dictionaries(SKILLS, st.integers(1, 3), max_size=3)).items(),
            languages=dict.fromkeys(draw(st.sets(st.sampled_from(["fr", "nl"]))), 4),
            hours=draw(st.sampled_from(WEEK)),
            country=draw(st.sampled_from(["", "BE", "FR", "NL"])),
        )
        for id in range(1, draw(st.integers(0, 6)) + 1)
    ]
    needs = tuple(
        Need(skill, draw(st.integers(1, 3)), draw(st.integers(1, 2)), draw(st.integers(1, 3)))
        for skill in draw(st.sets(SKILLS, min_size=1, max_size=4))
    )
    members = tuple(person.id for person in people[: draw(st.integers(0, 3))])
    near = Nearness(draw(st.lists(st.tuples(SKILLS, SKILLS), max_size=2)))
    language = draw(st.sampled_from([None, None, "fr"]))
    countries = draw(st.integers(0, 3))
    size = draw(st.integers(3, 4))
    wished = draw(st.sampled_from([None, None, EVENING, hours(19, 22)]))
    return people, Call(needs, members, size, language, countries, wished), near


@st.composite
def a_crowd(draw: st.DrawFn) -> tuple[list[Person], Call, Nearness]:
    """Up to seven people who can all meet, so that much depends on who does what."""
    people = [
        someone(id, *((skill, 3) for skill in draw(st.sets(SKILLS, max_size=3))), country=draw(st.sampled_from(LANDS)))
        for id in range(1, draw(st.integers(3, 7)) + 1)
    ]
    skills = draw(st.sets(SKILLS, min_size=3, max_size=4))
    needs = tuple(Need(skill, 1, draw(st.integers(1, 2)), draw(st.integers(1, 2))) for skill in skills)
    members = tuple(person.id for person in people[: draw(st.integers(0, 2))])
    return people, Call(needs, members, draw(st.integers(3, 4)), None, draw(st.integers(0, 3))), Nearness([(1, 2)])


LANDS = ["", "BE", "FR", "NL"]

Worth = tuple[int, int, int]
"""Value, newcomers (negative), needs covered by members: the larger is better."""


def every_team(people: list[Person], call: Call, near: Nearness) -> Iterator[Worth]:
    """What each team that there could be is worth, tried one after another."""
    members = [person for person in people if person.id in call.members]
    others = [person for person in people if person.id not in call.members]
    for count in range(call.size - len(members) + 1):
        for joining in combinations(others, count):
            if not joining or could_meet(members, joining, call):
                for value, by_members in values([*members, *joining], len(members), call, near):
                    yield value, -count, by_members


def could_meet(members: list[Person], joining: tuple[Person, ...], call: Call) -> bool:
    team = [*members, *joining]
    languages = ["fr", "nl"] if call.language is None else [call.language]
    speak = any(
        all(code in one.comfortable or (one in members and not one.languages) for one in team) for code in languages
    )
    meet = any(
        all(
            (one.hours >> hour & one.hours >> (hour + 1) % 168 & 1) or (one in members and not one.hours)
            for one in team
        )
        for hour in (18, 19, 20, 167)
        if call.hours is None or call.hours >> hour & call.hours >> (hour + 1) % 168 & 1
    )
    return speak and meet and len({one.country for one in team} - {""}) >= call.countries


def values(team: list[Person], members: int, call: Call, near: Nearness) -> Iterator[tuple[int, int]]:
    """The value of every way to share out the needs, and how many of them members cover."""
    numbers = range(len(call.needs))
    tasks = [(), *combinations(numbers, 1), *combinations(numbers, 2)]
    able = []
    for at, person in enumerate(team):
        percent = [quality(person, need, near) for need in call.needs]
        able.append(
            [
                (task, sum(percent[n] * call.needs[n].priority for n in task))
                for task in tasks
                if all(percent[n] for n in task) and (task or at < members)
            ]
        )
    for shares in product(*able):
        often = [sum(n in task for task, _ in shares) for n in numbers]
        if all(count <= need.people for count, need in zip(often, call.needs, strict=True)):
            yield sum(worth for _, worth in shares), sum(len(task) for task, _ in shares[:members])


def quality(person: Person, need: Need, near: Nearness) -> int:
    return max(
        (near.close(need.skill).get(skill, 0) for skill, level in person.offers if level >= need.level), default=0
    )
