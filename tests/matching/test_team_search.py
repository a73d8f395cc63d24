"""The search for a team: as good as if one had tried all of them, whatever the order, and its bounds hold."""

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from matching import Index, Nearness, Person
from matching.intake import Infeasible
from matching.team_answer import Team
from matching.team_bounds import Places, quick
from matching.team_call import Call
from matching.team_integer import best_of
from matching.team_pool import gather
from matching.team_rank import JOINING, VALUE, rank_of
from matching.teams import complete
from tests.matching.every_team import Worth, a_crowd, a_world, could_meet, every_team, quality


@settings(max_examples=150, deadline=None)
@given(st.one_of(a_world(), a_crowd()))
def test_the_team_is_as_good_as_the_best_of_all_teams(world: tuple[list[Person], Call, Nearness]) -> None:
    people, call, near = world
    try:
        team = complete(people, call, near)
        greedy = complete(people, call, near, budget=0)
    except Infeasible:
        assert not any(newcomers for _, newcomers, _ in every_team(people, call, near))
        return
    best = max(every_team(people, call, near))
    assert worth(team) == best
    assert team.proven
    assert worth(greedy) <= best
    assert greedy.bound >= best[0]
    for one in (team, greedy):
        stands(one, people, call, near)


def worth(team: Team) -> Worth:
    return team.value, -len(team.joining), sum(len(seat.covers) for seat in team.seats if seat.is_member)


@settings(max_examples=80, deadline=None)
@given(a_crowd())
def test_no_team_is_above_a_bound_and_the_integer_program_is_exact(
    world: tuple[list[Person], Call, Nearness],
) -> None:
    people, call, near = world
    try:
        pool = gather(people, call, near)
    except Infeasible:
        return
    candidates = pool.who(0, 18) if pool.languages else np.zeros(0, np.int64)
    if not len(candidates):
        return
    solved = best_of(pool, candidates, 10**6)
    closest = Places(pool).close([candidates, candidates])
    assert closest[0] == closest[1]
    met = [one for one in every_team(people, call, near) if one[1] or enough_at_home(people, call)]
    if solved.choice is None:
        assert not met
    else:
        value, joining, by_members = max(met)
        assert rank_of(pool, solved.choice) == solved.bound == VALUE * value + JOINING * joining + by_members
        assert solved.bound <= min(closest[0], quick(pool)[0, 18])


def enough_at_home(people: list[Person], call: Call) -> bool:
    return len({person.country for person in people if person.id in call.members} - {""}) >= call.countries


def stands(team: Team, people: list[Person], call: Call, near: Nearness) -> None:
    """What the team says of itself is true, and each alternate could take the seat."""
    person = {one.id: one for one in people}
    members = [person[id] for id in call.members]
    needs = {need.skill: need for need in call.needs}
    done = {need.skill: need.people for need in call.needs}
    done |= {gap.skill: done[gap.skill] - gap.people for gap in team.gaps}
    covered = [cover.skill for seat in team.seats for cover in seat.covers]
    assert done == {skill: covered.count(skill) for skill in needs}
    assert team.value == sum(needs[c.skill].priority * c.percent for seat in team.seats for c in seat.covers)
    for seat in team.seats:
        holders = [(seat.person, seat.covers), *((other.person, other.covers) for other in seat.alternates)]
        for id, tasks in holders:
            joining = tuple(person[id if one == seat.person else one] for one in team.joining)
            assert len({one.id for one in joining}) == len(joining)
            assert not joining or could_meet(members, joining, call)
            assert len(tasks) in ((0, 1, 2) if seat.is_member else (1, 2))
            for cover in tasks:
                assert (cover.offered, cover.level) in person[id].offers
                assert cover.percent == quality(person[id], needs[cover.skill], near)


@settings(max_examples=60, deadline=None)
@given(a_world(), st.randoms(use_true_random=False))
def test_the_order_in_which_people_and_needs_are_listed_does_not_matter(
    world: tuple[list[Person], Call, Nearness], chance: Any
) -> None:
    people, call, near = world
    needs = list(call.needs)
    others = list(people)
    chance.shuffle(needs)
    chance.shuffle(others)
    turned = Call(tuple(needs), call.members[::-1], call.size, call.language, call.countries, call.hours)
    assert outcome(people, call, near) == outcome(others, turned, near)


@settings(max_examples=60, deadline=None)
@given(a_world(), st.integers(0, 12))
def test_those_who_are_read_from_an_index_make_the_same_team_as_people_do(
    world: tuple[list[Person], Call, Nearness], changed: int
) -> None:
    people, call, near = world
    index = Index(people[changed:], near)
    for person in people[:changed]:
        index.put(person)
    members = [person for person in people if person.id in call.members]
    levels = {skill: need.level for need in call.needs for skill in near.close(need.skill)}
    levels |= {skill: 1 for skill in levels if sum(skill in near.close(need.skill) for need in call.needs) > 1}
    besides = index.able(levels).without(call.members)
    try:
        found: Team | str = complete(members, call, near, besides=besides)
    except Infeasible as refusal:
        found = str(refusal)
    assert found == outcome(people, call, near)


def outcome(people: list[Person], call: Call, near: Nearness) -> Team | str:
    try:
        return complete(people, call, near)
    except Infeasible as refusal:
        return str(refusal)
