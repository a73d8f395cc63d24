"""The arrays say what the people said, as files too."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given

from matching import Index, Person
from matching.crowd import Crowd
from matching.people import COMFORTABLE
from tests.matching.cast import LIGHTING, NEAR, SEWING, a_guide, ada, bela, populations


def as_kept(person: Person) -> Person:
    """What ranking needs of a person."""
    return replace(person, languages=dict.fromkeys(person.comfortable, COMFORTABLE))


@given(people=populations(max_size=12))
def test_everyone_comes_out_as_they_went_in(people: list[Person]) -> None:
    crowd = Crowd.of(people)
    assert [crowd.person(slot) for slot in range(len(crowd))] == [
        as_kept(one) for one in sorted(people, key=lambda p: p.id)
    ]


def test_a_snapshot_answers_as_the_index_it_was_made_from(tmp_path: Path) -> None:
    index = Index([bela(), a_guide(3), a_guide(4, offers=((LIGHTING, 2),))], NEAR)
    Crowd.of(index.people()).save(tmp_path)
    opened = Index.over(Crowd.open(tmp_path), NEAR)
    assert opened.top(ada(), 5) == index.top(ada(), 5) != []


def test_a_change_in_one_process_does_not_reach_the_file(tmp_path: Path) -> None:
    Crowd.of([bela(), a_guide(3)]).save(tmp_path)
    mine, other = (Index.over(Crowd.open(tmp_path), NEAR) for _ in range(2))
    mine.put(bela(places_open=0))
    mine.remove(3)
    assert mine.top(ada(), 5) == []
    assert [answer.them for answer in other.top(ada(), 5)] == [2, 3]


def test_only_offers_and_wants_make_a_change_wait_beside_the_arrays() -> None:
    index = Index([bela(), a_guide(3)], NEAR)
    index.put(bela(hours=7, places_open=5, sectors={1, 99}, languages={"pt": 4}, country="PT", tracks={"new"}))
    assert index.pending == 0
    index.put(bela(offers=((SEWING, 2),)))
    assert (index.pending, len(index)) == (2, 2)


def test_arrays_that_cannot_be_are_refused() -> None:
    crowd = Crowd.of([bela(), a_guide(3)])
    with pytest.raises(ValueError, match="ascending"):
        replace(crowd, ids=crowd.ids[::-1])


def test_more_than_conditions_read_at_once_finds_room_all_the_same(tmp_path: Path) -> None:
    many = {f"l{number}": 4 for number in range(80)}
    index = Index([bela(), a_guide(3, languages={"en": 4})], NEAR)
    index.put(bela(languages=many))
    Crowd.of(index.people()).save(tmp_path)
    for each in (index, Index.over(Crowd.open(tmp_path), NEAR)):
        assert each.pending == 0
        assert [answer.them for answer in each.top(ada(languages={"l79": 4}), 5)] == [2]
        assert [answer.them for answer in each.top(ada(languages={"en": 4}), 5)] == [3]
