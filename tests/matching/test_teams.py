"""Teams: who does what, who may join, what is lacking, and what is refused."""

from itertools import permutations
from typing import Any

import pytest

from matching import Index, Nearness, Person
from matching.intake import Infeasible
from matching.team_answer import Seat, Team
from matching.team_call import Call, Need
from matching.team_integer import best_of
from matching.team_pool import gather
from matching.teams import complete
from tests.matching.cast import INVOICES, LIGHTING, MOVING_LIGHTS, NEAR, REPAIR, SEWING, SOUND, STAGE, hours
from tests.matching.every_team import EVENING, someone

STAGE_CALL = (Need(LIGHTING, 3), Need(SOUND, 2), Need(INVOICES, 1))


def a_seat(team: Team, person: int) -> Seat:
    return next(seat for seat in team.seats if seat.person == person)


def covers(seat: Seat) -> dict[int, int]:
    return {cover.skill: cover.percent for cover in seat.covers}


def test_two_people_cover_three_needs_and_the_team_says_who_does_what() -> None:
    people = [someone(1, (LIGHTING, 5)), someone(2, (SOUND, 2), (INVOICES, 4)), someone(3, (REPAIR, 5))]
    team = complete(people, Call(STAGE_CALL), NEAR)
    assert team.joining == (1, 2)
    assert [covers(seat) for seat in team.seats] == [{LIGHTING: 100}, {SOUND: 100, INVOICES: 100}]
    assert (team.language, team.slot, team.countries) == ("fr", 18, ("BE",))
    assert (team.value, team.bound, team.proven, team.coverage, team.gaps) == (300, 300, True, 100, ())


def test_a_level_below_the_minimum_covers_nothing_and_one_above_it_is_worth_no_more() -> None:
    call = Call((Need(LIGHTING, 3),))
    assert complete([someone(1, (LIGHTING, 2))], call, NEAR).gaps == call.needs
    least, most = (complete([someone(1, (LIGHTING, level))], call, NEAR) for level in (3, 5))
    assert least.value == most.value == 100


def test_a_near_skill_counts_by_its_percent_and_a_distant_one_not_at_all() -> None:
    near = complete([someone(1, (MOVING_LIGHTS, 4))], Call((Need(LIGHTING, priority=3),)), NEAR)
    assert [(cover.offered, cover.level, cover.percent) for cover in near.seats[0].covers] == [(MOVING_LIGHTS, 4, 80)]
    assert near.value == 240
    assert complete([someone(1, (MOVING_LIGHTS, 4))], Call((Need(SOUND),)), NEAR).joining == ()


def test_nobody_covers_more_than_two_needs() -> None:
    team = complete([someone(1, (LIGHTING, 5), (SOUND, 5), (INVOICES, 5))], Call(STAGE_CALL), NEAR)
    assert (team.value, team.covered, team.places, team.coverage) == (200, 2, 3, 66)
    assert len(team.gaps) == 1


def test_a_need_of_two_people_is_covered_by_two_of_them() -> None:
    people = [someone(1, (SEWING, 3)), someone(2, (SEWING, 3)), someone(3, (SEWING, 3))]
    call = Call((Need(SEWING, people=2),))
    assert complete(people, call, NEAR).joining == (1, 2)
    assert complete(people[:1], call, NEAR).gaps == (Need(SEWING, people=1),)


def test_of_teams_of_equal_value_the_one_with_fewer_newcomers_is_proposed() -> None:
    people = [someone(1, (LIGHTING, 5)), someone(2, (SOUND, 5)), someone(3, (LIGHTING, 5), (SOUND, 5))]
    assert complete(people, Call((Need(LIGHTING), Need(SOUND))), NEAR).joining == (3,)


def test_what_members_can_do_is_not_sought_elsewhere() -> None:
    people = [someone(1, (LIGHTING, 5)), someone(2, (SOUND, 3), (LIGHTING, 5)), someone(3, (INVOICES, 3))]
    team = complete(people, Call(STAGE_CALL, members=(1,)), NEAR)
    assert [(seat.person, seat.is_member) for seat in team.seats] == [(1, True), (2, False), (3, False)]
    assert covers(a_seat(team, 2)) == {SOUND: 100}
    assert complete(people[:1], Call((Need(LIGHTING),), members=(1,)), NEAR).language is None


def test_newcomers_speak_and_are_free_when_the_members_do_and_are() -> None:
    member = someone(1, languages={"fr": 7, "nl": 3}, hours=hours(18, 22))
    late = someone(2, (LIGHTING, 5), languages={"nl": 7}, hours=hours(20, 22))
    beginner = someone(3, (LIGHTING, 5), languages={"fr": 2})
    one_hour = someone(4, (LIGHTING, 5), hours=hours(21, 23))
    silent = someone(5, (LIGHTING, 5), languages={}, hours=0)
    call = Call((Need(LIGHTING),), members=(1,))
    assert complete([member, beginner, one_hour, silent], call, NEAR).joining == ()
    team = complete([member, late, beginner, one_hour, silent], call, NEAR)
    assert (team.joining, team.language, team.slot) == ((2,), "nl", 20)
    assert complete([member, late], Call(call.needs, call.members, language="fr"), NEAR).joining == ()


def test_members_who_said_nothing_stand_in_nobodys_way() -> None:
    people = [Person(id=1), someone(2, (LIGHTING, 5))]
    assert complete(people, Call((Need(LIGHTING),), members=(1,)), NEAR).joining == (2,)


def test_two_hours_within_those_wished_for_are_found_and_whoever_is_free_at_others_only_does_not_join() -> None:
    late = someone(1, (LIGHTING, 5), hours=EVENING | hours(21, 24))
    early = someone(2, (LIGHTING, 5))
    assert complete([late, early], Call((Need(LIGHTING),)), NEAR).slot == 18
    found = complete([late, early], Call((Need(LIGHTING, people=2),), hours=hours(20, 23)), NEAR)
    assert (found.joining, found.slot) == ((1,), 21)


def test_the_last_hour_of_sunday_and_the_first_of_monday_are_a_slot() -> None:
    around = someone(1, (LIGHTING, 5), hours=1 << 167 | 1)
    assert complete([around], Call((Need(LIGHTING),)), NEAR).slot == 167


def test_a_second_country_is_found_even_where_it_costs_quality() -> None:
    people = [someone(1, (LIGHTING, 5)), someone(2, (SOUND, 5)), someone(3, (MOVING_LIGHTS, 5), country="FR")]
    needs = (Need(LIGHTING), Need(SOUND))
    assert complete(people, Call(needs), NEAR).joining == (1, 2)
    team = complete(people, Call(needs, countries=2), NEAR)
    assert (team.joining, team.countries, team.value) == ((2, 3), ("BE", "FR"), 180)
    assert complete(people[:2], Call(needs, countries=2), NEAR).joining == ()


def test_those_of_a_members_country_do_not_hide_someone_from_another() -> None:
    people = [someone(1), someone(2), someone(3, (1, 5), (2, 5)), someone(4, (1, 5), country="FR")]
    call = Call((Need(1), Need(2)), members=(1, 2), size=3, countries=2)
    pool = gather(people, call, Nearness())
    assert best_of(pool, pool.who(0, 18), 10**6).choice == ((3, 0),)
    assert complete(people, call, Nearness()).joining == (4,)


def test_a_country_that_was_not_said_is_none() -> None:
    people = [someone(1, (LIGHTING, 5)), someone(2, (SOUND, 5), country="")]
    assert complete(people, Call((Need(LIGHTING), Need(SOUND)), countries=2), NEAR).joining == ()


def test_alternates_are_the_next_best_and_never_someone_of_the_team() -> None:
    best, second, third = someone(1, (LIGHTING, 5)), someone(2, (MOVING_LIGHTS, 5)), someone(3, (STAGE, 5))
    elsewhere = someone(4, (MOVING_LIGHTS, 5), hours=hours(3, 5))
    team = complete([best, elsewhere, third, second, someone(5, (SEWING, 5))], Call((Need(LIGHTING),)), NEAR)
    assert [(one.person, one.value) for one in team.seats[0].alternates] == [(2, 80), (3, 50)]


def test_an_alternate_does_not_take_away_the_second_country() -> None:
    people = [someone(1, (LIGHTING, 5)), someone(2, (SOUND, 5), country="FR"), someone(3, (SOUND, 5))]
    people += [someone(4, (SOUND, 5), country="NL")]
    team = complete(people, Call((Need(LIGHTING), Need(SOUND)), countries=2), NEAR)
    assert team.joining == (1, 2)
    assert [one.person for one in a_seat(team, 2).alternates] == [4]


def test_greed_can_be_wrong_and_the_search_is_not() -> None:
    people = [someone(1, (1, 5), (2, 5)), someone(2, (1, 5), (3, 5)), someone(3, (2, 5), (4, 5))]
    call = Call(tuple(Need(skill) for skill in (1, 2, 3, 4)), members=(8, 9), size=4)
    people += [Person(id=8), Person(id=9)]
    greedy, best = (complete(people, call, Nearness(), budget=budget) for budget in (0, float("inf")))
    assert (greedy.value, best.value, best.proven) == (300, 400, True)
    assert (greedy.bound, greedy.proven) == (400, False)


def test_where_as_much_is_covered_by_fewer_the_search_goes_on() -> None:
    offers = {1: (1, 2), 2: (1, 3), 3: (2, 4), 4: (3,), 5: (4,)}
    people = [someone(id, *((skill, 5) for skill in skills)) for id, skills in offers.items()]
    call = Call(tuple(Need(skill) for skill in (1, 2, 3, 4)))
    greedy, best = (complete(people, call, Nearness(), budget=budget) for budget in (0, float("inf")))
    assert (greedy.joining, greedy.proven, best.joining) == ((1, 2, 3), True, (2, 3))


def test_the_greedy_team_keeps_its_last_seat_for_the_second_country() -> None:
    people = [someone(id, (id, 5)) for id in (1, 2, 3)] + [someone(4, (1, 5), country="FR")]
    call = Call((Need(1, people=2), Need(2), Need(3)), size=3, countries=2)
    assert complete(people, call, Nearness(), budget=0).joining == (1, 2, 4)


def test_a_solver_that_is_out_of_time_ends_the_search() -> None:
    people = [someone(1, (1, 5), (2, 5)), someone(2, (1, 5), (3, 5)), someone(3, (2, 5), (4, 5))]
    call = Call(tuple(Need(skill) for skill in (1, 2, 3, 4)), size=3)
    team = complete(people, call, Nearness(), spent=lambda: 0.0, budget=1e-9)
    assert team.bound >= team.value >= complete(people, call, Nearness(), budget=0).value


def test_a_spent_budget_gives_the_best_so_far_and_says_that_it_is_not_proven() -> None:
    readings = iter([0.0, 0.0, 2.0])
    people = [someone(1, (1, 5), (2, 5)), someone(2, (1, 5), (3, 5)), someone(3, (2, 5), (4, 5))]
    call = Call(tuple(Need(skill) for skill in (1, 2, 3, 4)), size=3)
    team = complete(people, call, Nearness(), spent=lambda: next(readings, 2.0), budget=1.0)
    assert team.bound >= team.value >= complete(people, call, Nearness(), budget=0).value


def test_three_people_in_any_order_make_the_same_team() -> None:
    people = [someone(id, (LIGHTING, 5), (SOUND, 5)) for id in (1, 2, 3)]
    teams = {complete(order, Call((Need(LIGHTING),)), NEAR) for order in permutations(people)}
    assert [team.joining for team in teams] == [(1,)]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"needs": ()}, "number of needs: 0 is not within 1 and 8"),
        ({"needs": tuple(Need(skill) for skill in range(9))}, "number of needs: 9 is not within 1 and 8"),
        ({"needs": (Need(1), Need(1, level=2))}, "need 1: named twice"),
        ({"members": (4, 4)}, "member 4: named twice"),
        ({"size": 2}, "size: 2 is not within 3 and 6"),
        ({"size": 7}, "size: 7 is not within 3 and 6"),
        ({"size": 3, "members": (1, 2, 3, 4)}, "number of members: 4 is not within 0 and 3"),
        ({"size": 3, "countries": 4}, "countries: 4 is not within 0 and 3"),
        ({"countries": -1}, "countries: -1 is not within 0 and 6"),
        ({"language": ""}, "language: a code is needed, or None for any one in common"),
    ],
)
def test_a_call_that_no_team_could_answer_is_refused(fields: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=f"^{sentence}$"):
        Call(**({"needs": (Need(1),)} | fields))


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"level": 0}, "need 1: level: 0 is not within 1 and 5"),
        ({"level": 6}, "need 1: level: 6 is not within 1 and 5"),
        ({"people": 0}, "need 1: people: 0 is not within 1 and 2"),
        ({"people": 3}, "need 1: people: 3 is not within 1 and 2"),
        ({"priority": 4}, "need 1: priority: 4 is not within 1 and 3"),
        ({"level": 1.5}, "need 1: level: 1.5 is not a whole number"),
        ({"skill": -3}, "needed skill: -3 is not within 0 and 9223372036854775807"),
        ({"skill": None}, "needed skill: None is not a whole number"),
    ],
)
def test_a_need_that_nobody_could_have_is_refused(fields: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=f"^{sentence}$"):
        Need(**({"skill": 1} | fields))


def test_people_named_twice_unknown_members_and_odd_budgets_are_refused() -> None:
    call = Call((Need(1),), members=(7,))
    with pytest.raises(ValueError, match=r"^person 3: named twice$"):
        complete([someone(3), someone(3)], Call((Need(1),)), NEAR)
    with pytest.raises(ValueError, match=r"^member 7 is not among the people$"):
        complete([someone(3)], call, NEAR)
    besides = Index([someone(3, (1, 5))], NEAR).able({1: 1})
    with pytest.raises(ValueError, match=r"^person 3: named twice$"):
        complete([someone(3, (1, 5))], Call((Need(1),)), NEAR, besides=besides)
    for budget in (-1.0, float("nan")):
        with pytest.raises(ValueError, match="is not 0 or more seconds"):
            complete([someone(7)], call, NEAR, budget=budget)
    with pytest.raises(ValueError, match="without `spent`"):
        complete([someone(7)], call, NEAR, budget=1)


@pytest.mark.parametrize(
    ("fields", "rules", "sentence"),
    [
        ({"languages": {"nl": 7}}, {}, "the members do not all speak one language"),
        ({"languages": {"nl": 7, "fr": 7}}, {"language": "nl"}, "the members do not all speak nl"),
        ({"hours": hours(19, 22)}, {}, "the members have no two hours of the week in common"),
        ({}, {"hours": hours(19, 22)}, "the members have no two hours wished for in common"),
        ({}, {"hours": hours(18, 19)}, "the hours wished for hold no two in a row"),
        ({}, {"size": 3, "countries": 3}, "3 countries: the members are of 1, and 1 may join"),
    ],
)
def test_members_who_could_not_meet_are_told_why(fields: dict[str, Any], rules: dict[str, Any], sentence: str) -> None:
    call = Call((Need(1),), members=(1, 2), **rules)
    with pytest.raises(Infeasible, match=f"^{sentence}$"):
        complete([someone(1), someone(2, **fields)], call, NEAR)


@pytest.mark.parametrize("people", [[], [someone(1)], [someone(1, (LIGHTING, 5), hours=hours(18, 19))]])
def test_where_nobody_can_join_all_needs_are_gaps(people: list[Person]) -> None:
    team = complete(people, Call(STAGE_CALL), NEAR)
    assert (team.seats, team.gaps, team.value, team.bound, team.coverage) == ((), STAGE_CALL_GAPS, 0, 0, 0)


STAGE_CALL_GAPS = tuple(sorted(STAGE_CALL))


def test_where_everyone_is_alike_the_smaller_ids_are_asked() -> None:
    people = [someone(id, (LIGHTING, 3)) for id in range(1, 200)]
    assert complete(people, Call((Need(LIGHTING, people=2),)), NEAR).joining == (1, 2)
