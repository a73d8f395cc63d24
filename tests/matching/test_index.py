"""The index answers exactly what the plain loop answers, whoever comes and goes."""

import random
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching import COLLABORATION, FAR, GUIDE, Explanation, Index, Nearness, Part, Person, Rung, Weights, oracle
from tests.matching.cast import (
    CRAFTS,
    CULTURE,
    LIGHTING,
    MOVING_LIGHTS,
    NEAR,
    REPAIR,
    SEWING,
    STAGE,
    TRACKS,
    a_guide,
    ada,
    bela,
    hours,
    links,
    populations,
    strangers,
)

WEIGHTS = st.sampled_from(
    [
        GUIDE,
        COLLABORATION,
        Weights(version="even", balance_percent=50),
        Weights(version="bare", wishes=7, sector=0),
        Weights(version="different", sector_apart=True, levels=FAR),
    ]
)
IDS = st.frozensets(st.integers(1, 40), max_size=12)


def ids(answers: list[Explanation]) -> list[int]:
    return [answer.them for answer in answers]


@settings(max_examples=100)
@given(
    people=populations(max_size=30),
    newer=populations(max_size=12),
    gone=IDS,
    me=strangers(),
    near=links(),
    weights=WEIGHTS,
    k=st.integers(0, 12),
    track=st.sampled_from([None, *TRACKS]),
    allowed=st.none() | st.frozensets(st.integers(1, 40), min_size=10),
    exclude=IDS,
    narrowest=st.sampled_from(Rung),
    prices=st.none() | st.dictionaries(st.integers(1, 40), st.integers(0, 200)),
)
def test_the_index_equals_the_plain_loop_after_any_change(
    people: list[Person],
    newer: list[Person],
    gone: frozenset[int],
    me: Person,
    near: Nearness,
    weights: Weights,
    k: int,
    track: str | None,
    allowed: frozenset[int] | None,
    exclude: frozenset[int],
    narrowest: Rung,
    prices: dict[int, int] | None,
) -> None:
    index = Index(people, near, weights)
    here = {person.id: person for person in people}
    for round_ in range(2):
        more: Any = {"track": track, "allowed": allowed, "exclude": exclude, "narrowest": narrowest, "prices": prices}
        expected = oracle.top(here.values(), me, k, near, weights, **more)
        assert index.top(me, k, **more) == expected
        if round_ == 0:
            for id in gone:
                index.remove(id)
                here.pop(id, None)
            for person in newer:
                index.put(person)
                here[person.id] = person
            assert len(index) == len(here)


@given(
    people=populations(max_size=30),
    newer=populations(max_size=12),
    gone=IDS,
    levels=st.dictionaries(st.sampled_from([LIGHTING, MOVING_LIGHTS, REPAIR, SEWING]), st.integers(1, 5)),
)
def test_who_is_able_is_whoever_offers_enough_of_it_now(
    people: list[Person], newer: list[Person], gone: frozenset[int], levels: dict[int, int]
) -> None:
    index = Index(people, NEAR)
    here = {person.id: person for person in people}
    for id in gone:
        index.remove(id)
        here.pop(id, None)
    for person in newer:
        index.put(person)
        here[person.id] = person
    able = {id for id, person in here.items() if any(level >= levels.get(skill, 6) for skill, level in person.offers)}
    found = index.able(levels)
    assert sorted(found.ids.tolist()) == sorted(able)
    for row, person in enumerate(here[id] for id in found.ids.tolist()):
        offers = zip(found.skills[found.whose == row].tolist(), found.levels[found.whose == row].tolist(), strict=True)
        assert sorted(offers) == [one for one in person.offers if one[1] >= levels.get(one[0], 6)]
        assert {
            code for code, speaks in zip(found.languages, found.speaks[row], strict=True) if speaks
        } == person.comfortable
        assert [hour for hour in range(168) if person.hours >> hour & 1] == np.flatnonzero(found.hours[row]).tolist()
        assert found.countries[found.country[row]] == person.country


@given(people=populations(max_size=30), me=strangers(id=99), near=links(), seed=st.integers(0, 999))
def test_the_order_in_which_people_come_does_not_matter(
    people: list[Person], me: Person, near: Nearness, seed: int
) -> None:
    shuffled = random.Random(seed).sample(people, len(people))
    one_by_one = Index([], near)
    for person in shuffled:
        one_by_one.put(person)
    assert Index(people, near).top(me, 5) == one_by_one.top(me, 5) == Index(shuffled, near).top(me, 5)


def test_equals_come_in_the_order_of_their_numbers() -> None:
    index = Index([a_guide(id) for id in (30, 10, 40, 20)], NEAR)
    assert ids(index.top(ada(), 3)) == [10, 20, 30]


def test_prices_of_this_time_count_in_place_of_those_that_are_known() -> None:
    index = Index([a_guide(10, scarcity=60), a_guide(20, scarcity=0), a_guide(30, scarcity=0)], NEAR)
    assert ids(index.top(ada(), 3)) == [20, 30, 10]
    found = index.top(ada(), 3, prices={20: 40})
    assert ids(found) == [10, 30, 20]
    assert [one.points(Part.SCARCITY) for one in found] == [0, 0, -40]


def test_a_full_guide_is_not_offered_until_a_place_opens() -> None:
    index = Index([bela(places_open=0)], NEAR)
    assert index.top(ada(), 5) == []
    index.put(bela(places_open=1))
    assert ids(index.top(ada(), 5)) == [2]


def test_a_change_of_offers_is_found_at_once_and_the_old_ones_are_not() -> None:
    index = Index([bela()], NEAR)
    assert index.top(ada(), 1)[0].rung == Rung.EXACT
    index.put(bela(offers=((SEWING, 5),)))
    assert index.top(ada(), 1)[0].rung == Rung.CONTEXT
    assert (index.offering(LIGHTING), index.offering(SEWING)) == (0, 1)


def test_whoever_left_is_not_offered_and_leaving_twice_is_no_error() -> None:
    index = Index([bela(), a_guide(3)], NEAR)
    index.remove(2)
    index.remove(2)
    assert ids(index.top(ada(), 5)) == [3]
    assert 2 not in index


def test_the_ladder_goes_wider_only_while_there_are_too_few() -> None:
    people = [
        a_guide(10, offers=((LIGHTING, 3),)),
        a_guide(11, offers=((MOVING_LIGHTS, 3),)),
        a_guide(12, offers=((REPAIR, 3),)),
        a_guide(13, sectors={CULTURE}),
    ]
    index, me = Index(people, NEAR), ada(sectors={CRAFTS})
    assert [(answer.them, answer.rung.word) for answer in index.top(me, 1)] == [(10, "exact")]
    assert [(answer.them, answer.rung.word) for answer in index.top(me, 2)] == [(10, "exact"), (11, "near")]
    assert [answer.rung.word for answer in index.top(me, 4)] == ["exact", "near", "context", "context"]


def test_someone_near_with_more_in_common_is_found_when_asked_to_start_there() -> None:
    people = [a_guide(10, offers=((LIGHTING, 2),)), a_guide(11, offers=((MOVING_LIGHTS, 4),), sectors={CULTURE})]
    index = Index(people, NEAR)
    assert ids(index.top(ada(), 1)) == [10]
    assert ids(index.top(ada(), 1, narrowest=Rung.NEAR)) == [11]


def test_somebody_who_changed_is_found_by_all_that_they_have_in_common_whoever_is_better_at_the_wish() -> None:
    spoken = {"en": 6, "fr": 6, "nl": 6}
    me = ada(offers=((SEWING, 5),), languages=spoken, sectors={CULTURE, CRAFTS}, hours=hours(9, 19), abroad=True)
    index = Index([a_guide(id, offers=((LIGHTING, 5),), sectors=(), hours=0) for id in range(10, 20)], NEAR)
    alike: dict[str, Any] = {"languages": spoken, "sectors": me.sectors, "hours": me.hours, "country": "NL"}
    index.put(a_guide(30, offers=((STAGE, 5),), wants=((SEWING, 0, 3),), **alike))
    assert ids(index.top(me, 1, narrowest=Rung.NEAR)) == [30]
    assert ids(index.top(me, 1)) == [10]


def test_an_area_counts_only_where_nothing_nearer_is_met() -> None:
    people = [a_guide(12, offers=((STAGE, 3),))]
    near = Nearness(areas={STAGE: 1, LIGHTING: 1})
    (answer,) = Index(people, near).top(ada(), 1)
    assert (answer.rung, answer.points(Part.WISHES)) == (Rung.AREA, 500 * 10 * 95 // 10_000)


def test_only_the_allowed_and_none_of_the_excluded_are_offered() -> None:
    index = Index([a_guide(id) for id in range(10, 16)], NEAR)
    assert ids(index.top(ada(), 9, allowed={11, 12, 13, 99}, exclude={12, 98})) == [11, 13]


def test_the_same_index_also_finds_collaborators() -> None:
    index = Index([bela(places_open=0), ada()], NEAR)
    assert index.top(ada(), 1) == []
    (found,) = index.top(ada(), 1, weights=COLLABORATION)
    (found_by_them,) = index.top(bela(), 1, weights=COLLABORATION)
    assert found.total == found_by_them.total


def test_the_same_number_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="the same id twice"):
        Index([ada(), replace(bela(), id=1)], NEAR)


def test_nobody_is_found_where_nobody_is() -> None:
    assert Index([], NEAR).top(ada(), 3) == []


def test_somebody_of_another_sector_comes_first_where_that_is_wanted() -> None:
    different = Weights(version="different", sector_apart=True)
    people = [
        Person(id=one, offers=((LIGHTING, 4),), places_open=1, sectors=sectors)
        for one, sectors in enumerate([frozenset({CULTURE}), frozenset(), frozenset({CRAFTS})], start=1)
    ]
    me = Person(id=9, wants=((LIGHTING, 1, 1),), sectors=frozenset({CULTURE}))
    index = Index(people, NEAR)
    assert ids(index.top(me, 1)) == [1]
    assert ids(index.top(me, 1, weights=different)) == [3]
    silent = Person(id=9, wants=((LIGHTING, 1, 1),))
    assert ids(index.top(silent, 1, weights=different)) == [1]


def test_who_had_no_place_when_the_lists_were_made_is_found_once_one_opens_by_every_search() -> None:
    index = Index([a_guide(10, places_open=0), a_guide(20, places_open=1)], NEAR)
    index.put(a_guide(10, places_open=1))
    index.put(a_guide(20, places_open=0))
    assert ids(index.top(ada(), 5)) == [10]
    index.put(a_guide(20, places_open=3))
    assert ids(index.top(ada(), 5)) == [10, 20]
    assert index.pending == 2  # the first one stands beside the lists now, the other one was ahead in them all along
    assert ids(index.top(ada(), 5, weights=COLLABORATION)) == [10, 20]
