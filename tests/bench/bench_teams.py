"""Teams of 3 to 6 out of 10,000 invented members, with a second for each; and a sample beside CP-SAT of OR-Tools.

A project needs 4 to 8 skills, half of them of one group, at level 2 to 4, one in four of two people; has up to two members; one in
three wants a certain language, one in two people of two or three countries. `spent` is wall time, the other times are CPU time.

CP-SAT is given everyone who could do anything and the whole question at once, the language and the slot included.
"""

import random
import time
from collections.abc import Callable, Iterator
from functools import partial
from importlib.util import find_spec
from itertools import islice
from typing import Generic, TypeVar

from matching.intake import Infeasible
from matching.near import Nearness
from matching.people import Person
from matching.team_answer import Team
from matching.team_call import Call, Need
from matching.teams import complete
from tests.bench.figures import Row, percentile, row
from tests.bench.membership import Vocabulary, membership

MEMBERS, PROJECTS, SAMPLE = 10_000, 100, 20
BUDGET_SECONDS = 1.0
PEER_SECONDS = 20.0
WORLDS = {"10k": Vocabulary(450, 45, 12), "10k.esco": Vocabulary()}
T = TypeVar("T")


def run() -> list[Row]:
    rows = []
    for world, vocabulary in WORLDS.items():
        near = vocabulary.nearness(1)
        crowd = membership(MEMBERS, vocabulary, 1)
        people = [crowd.person(slot) for slot in range(MEMBERS)]
        calls = list(islice(projects(people, vocabulary, random.Random(1)), PROJECTS))
        rows += measured(f"matching.teams.{world}", people, near, calls)
    return rows


def measured(name: str, people: list[Person], near: Nearness, calls: list[Call]) -> list[Row]:
    at_once = [Timed(partial(complete, people, call, near, budget=0)) for call in calls]
    best = [Timed(partial(within_a_second, people, call, near)) for call in calls]
    teams = [one.answer for one in best]
    below = sum(ours.value < one.answer.value for ours, one in zip(teams, at_once, strict=True))
    greedy = [one.answer.value / ours.value for one, ours in zip(at_once, teams, strict=True) if ours.value]
    first, times = [one.cpu_ms for one in at_once], [one.cpu_ms for one in best]
    figures = [
        row(name, "proven_percent", 100 * sum(team.proven for team in teams) / len(teams), target=95, better="more"),
        row(name, "below_greedy", below, target=0),
        row(name, "greedy_cpu_p50_ms", percentile(first, 50)),
        row(name, "greedy_cpu_p95_ms", percentile(first, 95)),
        row(name, "cpu_p50_ms", percentile(times, 50)),
        row(name, "cpu_p95_ms", percentile(times, 95)),
        row(name, "wall_max_ms", max(one.wall_ms for one in best)),
        row(name, "greedy_of_optimum_mean", sum(greedy) / len(greedy), better="more"),
        row(name, "greedy_of_optimum_least", min(greedy), better="more"),
        row(name, "coverage_mean_percent", sum(team.coverage for team in teams) / len(teams), better="more"),
    ]
    return figures + beside_cp_sat(name, people, near, calls[:SAMPLE], best[:SAMPLE])


def beside_cp_sat(
    name: str, people: list[Person], near: Nearness, calls: list[Call], best: list["Timed[Team]"]
) -> list[Row]:
    if not find_spec("ortools"):
        print("  OR-Tools is not installed: not beside it")
        return []
    theirs = [Timed(partial(by_cp_sat, people, call, near)) for call in calls]
    both = [
        (ours.answer.value, other.answer) for ours, other in zip(best, theirs, strict=True) if other.answer is not None
    ]
    unlike = sum(ours != other for ours, other in both)
    ours_p50, theirs_p50 = (percentile([one.cpu_ms for one in some], 50) for some in (best, theirs))
    return [
        row(name, "unlike_cp_sat", unlike, target=0),
        row(name, "proven_by_cp_sat_percent", 100 * len(both) / len(calls)),
        row(name, "sample_cpu_p50_ms", ours_p50, peer="cp_sat", theirs=theirs_p50),
    ]


def by_cp_sat(people: list[Person], call: Call, near: Nearness) -> int | None:
    """The largest value that a team can have, written down anew from the people; None when it is not proven in time."""
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    spoken = (
        sorted({code for person in people for code in person.comfortable}) if call.language is None else [call.language]
    )
    speak, meet = ([model.new_bool_var("") for _ in range(n)] for n in (len(spoken), 168))
    model.add_exactly_one(speak)
    model.add_exactly_one(meet)
    joining: list[cp_model.IntVar] = []
    covering: list[list[cp_model.IntVar]] = [[] for _ in call.needs]
    worth = []
    abroad: dict[str, list[cp_model.IntVar]] = {}
    for person in people:
        percent = [
            max((near.close(n.skill).get(skill, 0) for skill, level in person.offers if level >= n.level), default=0)
            for n in call.needs
        ]
        if not any(percent) and person.id not in call.members:
            continue
        is_there = model.new_bool_var("")
        does = {at: model.new_bool_var("") for at, one in enumerate(percent) if one}
        model.add(sum(does.values()) <= 2 * is_there)
        if person.id not in call.members:
            joining.append(is_there)
            model.add(sum(does.values()) >= is_there)
        else:
            model.add(is_there == 1)
        if person.id not in call.members or person.languages:
            model.add(sum(speak[at] for at, code in enumerate(spoken) if code in person.comfortable) >= is_there)
        if person.id not in call.members or person.hours:
            free = [h for h in range(168) if person.hours >> h & person.hours >> (h + 1) % 168 & 1]
            model.add(sum(meet[h] for h in free) >= is_there)
        for at, one in does.items():
            covering[at].append(one)
            worth.append(call.needs[at].priority * percent[at] * one)
        if person.country:
            abroad.setdefault(person.country, []).append(is_there)
    model.add(sum(joining) <= call.seats)
    for need, those in zip(call.needs, covering, strict=True):
        model.add(sum(those) <= need.people)
    counted = []
    for those in abroad.values():
        counted.append(model.new_bool_var(""))
        model.add(counted[-1] <= sum(those))
    someone = model.new_bool_var("")
    model.add(sum(joining) <= call.seats * someone)
    model.add(sum(counted) >= call.countries).only_enforce_if(someone)
    model.maximize(sum(worth))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = PEER_SECONDS
    solver.parameters.num_workers = 1
    return round(solver.objective_value) if solver.solve(model) == cp_model.OPTIMAL else None


def within_a_second(people: list[Person], call: Call, near: Nearness) -> Team:
    begun = time.monotonic()
    return complete(people, call, near, spent=lambda: time.monotonic() - begun, budget=BUDGET_SECONDS)


def projects(people: list[Person], vocabulary: Vocabulary, chance: random.Random) -> Iterator[Call]:
    """Calls without end, of members who could meet. A skill is drawn as often as it is offered."""
    spoken = sorted({code for person in people for code in person.comfortable})
    while True:
        group = chance.randrange(vocabulary.groups)
        offered = [skill for person in chance.sample(people, 200) for skill, _ in person.offers]
        near_by = [skill for skill in offered if skill % vocabulary.groups == group]
        count = chance.randint(4, 8)
        drawn = chance.sample(near_by, min(len(near_by), count // 2)) + chance.sample(offered, 2 * count)
        skills = list(dict.fromkeys(drawn))[:count]
        size = chance.randint(3, 6)
        call = Call(
            needs=tuple(
                Need(s, chance.randint(2, 4), chance.choice((1, 1, 1, 2)), chance.randint(1, 3)) for s in skills
            ),
            members=tuple(person.id for person in chance.sample(people, chance.randint(0, 2))),
            size=size,
            language=chance.choice((None, None, chance.choice(spoken[:5]))),
            countries=chance.choice((0, 0, 2, 3)),
        )
        try:
            complete([person for person in people if person.id in call.members], call, Nearness(), budget=0)
        except Infeasible:
            continue
        yield call


class Timed(Generic[T]):
    """What a deed answered, and the CPU and wall time that it took."""

    def __init__(self, deed: Callable[[], T]) -> None:
        cpu, wall = time.process_time_ns(), time.monotonic_ns()
        self.answer = deed()
        self.cpu_ms, self.wall_ms = (time.process_time_ns() - cpu) / 1e6, (time.monotonic_ns() - wall) / 1e6


if __name__ == "__main__":
    from tests.bench.__main__ import table

    print(table(run()))
