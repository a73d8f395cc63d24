"""A crowd in which everyone offers and wants much, asked again and again while people change, come and leave."""

import random

import pytest

from matching import COLLABORATION, GUIDE, Index, Nearness, Person, Weights, columns, oracle, shelf

EVEN = Weights(version="even", balance_percent=30)


def a_crowd_member(id: int, chance: random.Random) -> Person:
    return Person(
        id=id,
        offers=tuple((skill, chance.randint(1, 5)) for skill in chance.sample(range(40), chance.randint(0, 9))),
        wants=tuple(
            (s, chance.randint(0, 4), chance.randint(1, 3)) for s in chance.sample(range(40), chance.randint(0, 4))
        ),
        sectors=frozenset(chance.sample(range(80), 2)),
        languages={code: chance.randint(1, 7) for code in chance.sample(["en", "fr", "nl"], 2)},
        hours=chance.getrandbits(168) & chance.getrandbits(168) & chance.getrandbits(168),
        country=chance.choice(["BE", "FR"]),
        places_open=chance.randint(0, 3),
        waiting=chance.randint(0, 4),
        abroad=chance.random() < 0.5,
    )


@pytest.mark.parametrize("seed", range(12))
def test_a_restless_crowd_is_ranked_as_the_plain_loop_ranks_it(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(seed)
    if seed % 2:
        # Ways that only larger memberships take: columns for those who changed, list by list for the others.
        monkeypatch.setattr(shelf, "FEW_OFFERING", -1)
        monkeypatch.setattr(columns, "SLOTS_TAKEN", 0)
        monkeypatch.setattr(shelf, "FEW_WISHES", -1)

    def some_pairs() -> list[tuple[int, int]]:
        return [(chance.randrange(40), chance.randrange(40)) for _ in range(25)]

    groups = {skill: skill % 8 for skill in range(40)}
    near = Nearness(some_pairs(), some_pairs(), groups, {skill: group % 3 for skill, group in groups.items()})
    here = {id: a_crowd_member(id, chance) for id in range(60)}
    index = Index(here.values(), near)
    for _ in range(12):
        me, k = a_crowd_member(99, chance), chance.choice([1, 5, 20, 45])
        weights = chance.choice([GUIDE, COLLABORATION, EVEN])
        exclude = frozenset(chance.sample(range(80), 5))
        assert index.top(me, k, weights=weights, exclude=exclude) == oracle.top(
            here.values(), me, k, near, weights, exclude=exclude
        )
        for id in chance.sample(range(80), 6):
            index.put(person := a_crowd_member(id, chance))
            here[id] = person
        for id in chance.sample(range(80), 4):
            index.remove(id)
            here.pop(id, None)
