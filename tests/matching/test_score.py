"""The score is its reasons: each example can be added up by hand."""

from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching import COLLABORATION, FAR, GUIDE, Condition, Nearness, Part, Person, Reason, Row, Rung, Weights, explain
from matching.near import rarity
from matching.score import can_be_asked, unmet
from tests.matching.cast import (
    CRAFTS,
    CULTURE,
    INVOICES,
    LIGHTING,
    MOVING_LIGHTS,
    NEAR,
    SOUND,
    STAGE,
    a_guide,
    ada,
    bela,
    hours,
    links,
    strangers,
)

EVEN = Weights(version="even", balance_percent=50)
DEDUCTIONS = (Part.WAITING, Part.SCARCITY, Part.BALANCE)
EMPTY: dict[str, Any] = {
    "hours": 0,
    "sectors": frozenset(),
    "languages": (),
    "country": "",
    "formats": frozenset(),
    "wants": (),
    "offers": (),
}


def test_the_guide_of_ada_is_explained_row_by_row() -> None:
    answer = explain(ada(), bela(), NEAR)
    wish: dict[str, Any] = {
        "skill": LIGHTING,
        "level_now": 1,
        "priority": 3,
        "met_with": LIGHTING,
        "level": 4,
        "percent": 100,
    }
    theirs: dict[str, Any] = {
        "skill": INVOICES,
        "level_now": 0,
        "priority": 1,
        "met_with": INVOICES,
        "level": 4,
        "percent": 100,
    }
    assert answer.rows == (
        Row(Part.WISHES, 500, 500, **wish, rung=Rung.EXACT),
        Row(Part.MUTUAL, 135, 150, **theirs, rung=Rung.EXACT),
        Row(Part.SECTOR, 60, 100, sectors=(CULTURE,)),
        Row(Part.HOURS, 33, 100, count=2),
        Row(Part.LANGUAGES, 0, 50, languages=("en",)),
        Row(Part.ABROAD, 50, 50, country="HU"),
        Row(Part.TRACK_RECORD, 37, 50, count=0, of=0),
    )
    assert (answer.total, answer.rung, answer.why_not) == (815, Rung.EXACT, ())
    assert (answer.fit_for_me, answer.fit_for_them) == (1180, 450)


def test_facts_name_only_what_applies() -> None:
    wish, *_, record = explain(ada(), bela(offers=((SOUND, 4),)), NEAR).rows
    assert wish.facts == {
        "skill": LIGHTING,
        "level_now": 1,
        "priority": 3,
        "met_with": SOUND,
        "level": 4,
        "percent": 40,
        "rung": "near",
    }
    assert record.facts == {"count": 0, "of": 0}


def test_a_wish_is_met_by_the_best_offer_only() -> None:
    answer = explain(ada(), bela(offers=((LIGHTING, 2), (MOVING_LIGHTS, 4), (STAGE, 5))), NEAR)
    (wish,) = (row for row in answer.rows if row.part == Part.WISHES)
    assert (wish.met_with, wish.percent, wish.points) == (MOVING_LIGHTS, 80, 500 * 8000 // 10_000)


def test_who_is_not_further_than_i_am_cannot_meet_my_wish() -> None:
    answer = explain(ada(wants=((LIGHTING, 4, 1),)), bela(), NEAR)
    assert (answer.points(Part.WISHES), answer.rung, answer.rows[0].met_with) == (0, Rung.CONTEXT, None)


def test_priorities_share_the_points_and_each_row_is_rounded_once() -> None:
    answer = explain(ada(wants=((LIGHTING, 1, 3), (SOUND, 0, 2), (INVOICES, 0, 2))), bela(), NEAR)
    assert [(row.skill, row.points, row.maximum) for row in answer.rows[:3]] == [
        (LIGHTING, 214, 214),
        (SOUND, 500 * 2 * 40 * 90 // 70_000, 142),
        (INVOICES, 0, 142),
    ]


def test_a_waiting_list_takes_away_by_place_and_never_more_than_its_most() -> None:
    three_for_one = explain(ada(), bela(waiting=3, places_open=1), NEAR).rows[-1]
    assert three_for_one == Row(Part.WAITING, -120, 0, count=3, of=1)
    assert explain(ada(), bela(waiting=3, places_open=2), NEAR).points(Part.WAITING) == -60
    assert explain(ada(), bela(waiting=90, places_open=1), NEAR).points(Part.WAITING) == -200


def test_a_newcomer_among_guides_starts_ahead_of_one_who_was_rated_poorly() -> None:
    def record(good: int, rated: int) -> int:
        return explain(ada(), bela(good=good, rated=rated), NEAR).points(Part.TRACK_RECORD)

    assert (record(0, 0), record(10, 10), record(2, 10), record(0, 1)) == (37, 44, 22, 33)


def test_another_sector_or_somebody_far_ahead_can_be_what_counts() -> None:
    apart, far = replace(GUIDE, sector_apart=True), replace(GUIDE, levels=FAR)
    me, wants_stage = ada(sectors={CULTURE}), Person(id=1, wants=((STAGE, 0, 1),))

    def sector(*sectors: int) -> int:
        rows = explain(me, bela(sectors=set(sectors)), NEAR, apart).rows
        return sum(row.points for row in rows if row.part == Part.SECTOR)

    assert (sector(CRAFTS), sector(CULTURE), sector(CRAFTS, CULTURE), sector()) == (100, 0, 0, 0)
    for weights, expected in ((GUIDE, [350, 450, 500, 450, 400]), (far, [200, 275, 350, 425, 500])):
        guides = [Person(id=2, offers=((STAGE, level),), places_open=1) for level in range(1, 6)]
        assert [explain(wants_stage, one, NEAR, weights).rows[0].points for one in guides] == expected


def test_sectors_hours_and_languages_stop_at_their_most() -> None:
    many = {"sectors": range(9), "hours": (1 << 168) - 1, "languages": {"en": 4, "fr": 4, "nl": 4, "de": 4}}
    answer = explain(ada(**many), bela(**many), NEAR)
    assert [answer.points(part) for part in (Part.SECTOR, Part.HOURS, Part.LANGUAGES)] == [100, 100, 50]


def test_abroad_counts_only_if_wished_and_known() -> None:
    assert explain(ada(abroad=False), bela(), NEAR).points(Part.ABROAD) == 0
    assert explain(ada(), bela(country="BE"), NEAR).points(Part.ABROAD) == 0
    assert explain(ada(), bela(country=""), NEAR).points(Part.ABROAD) == 0
    assert explain(ada(), bela(abroad=True), NEAR, COLLABORATION).points(Part.ABROAD) == 150


def test_why_not_says_what_would_change_it() -> None:
    them = bela(languages={"hu": 7, "de": 2, "fr": 2}, places_open=0, waiting=2, formats={"in_person"})
    assert explain(ada(), them, NEAR, track="cooperative", exclude={2}).why_not == (
        Reason(Condition.EXCLUDED),
        Reason(Condition.NO_COMMON_LANGUAGE, languages=(("fr", 7, 2), ("en", 4, 0), ("hu", 0, 7))),
        Reason(Condition.NO_COMMON_FORMAT, formats=("in_person",)),
        Reason(Condition.TRACK_NOT_OFFERED, tracks=("economic", "social")),
        Reason(Condition.NO_OPEN_PLACE, waiting=2),
    )
    assert explain(ada(), ada(places_open=1), NEAR).why_not == (Reason(Condition.ONESELF),)


def test_a_language_below_b1_is_no_common_language() -> None:
    assert explain(ada(), bela(languages={"en": 3}), NEAR).why_not == ()
    (reason,) = explain(ada(), bela(languages={"en": 2}), NEAR).why_not
    assert reason.condition == Condition.NO_COMMON_LANGUAGE


def test_collaborators_need_no_open_place() -> None:
    assert explain(ada(), bela(places_open=0), NEAR, COLLABORATION).why_not == ()


def test_the_defaults_come_to_a_thousand_points() -> None:
    assert (GUIDE.most, COLLABORATION.most) == (1000, 1000)


def test_someone_who_said_nothing_can_be_asked_and_loses_nothing() -> None:
    answer = explain(ada(), a_guide(3), NEAR, EVEN)
    assert (answer.why_not, answer.total, answer.rung) == ((), 37, Rung.CONTEXT)


def test_balance_takes_the_smaller_fit() -> None:
    answer = explain(ada(), bela(), NEAR, EVEN)
    assert answer.rows[-1] == Row(Part.BALANCE, -365, 0, count=730)
    assert answer.total == min(answer.fit_for_me, answer.fit_for_them) == 450


@pytest.mark.parametrize("weights", [GUIDE, COLLABORATION, EVEN])
@given(me=strangers(), them=strangers(), near=links())
def test_the_rows_are_the_score(weights: Weights, me: Person, them: Person, near: Nearness) -> None:
    answer = explain(me, them, near, weights)
    assert sum(row.points for row in answer.rows) == answer.total <= weights.most
    assert all(row.points <= row.maximum for row in answer.rows)
    assert all(row.points < 0 for row in answer.rows if row.part in (Part.WAITING, Part.SCARCITY))
    mean, apart = answer.fit_for_me + answer.fit_for_them, abs(answer.fit_for_me - answer.fit_for_them)
    assert mean % 2 == 0
    judged = bool(me.wants and me.offers and them.wants and them.offers)
    beta = weights.balance_percent * judged
    crowding = answer.points(Part.WAITING) + answer.points(Part.SCARCITY)
    assert answer.total == mean // 2 - beta * apart // 100 + crowding


@given(me=strangers(id=1), them=strangers(id=2), near=links())
def test_what_is_not_said_is_never_held_against_anyone(me: Person, them: Person, near: Nearness) -> None:
    for weights in (GUIDE, COLLABORATION, EVEN):
        before = explain(me, them, near, weights)
        for name, nothing in EMPTY.items():
            for silent in ((replace(me, **{name: nothing}), them), (me, replace(them, **{name: nothing}))):
                after = explain(*silent, near, weights)
                assert {reason.condition for reason in after.why_not} <= {r.condition for r in before.why_not}
                assert all(row.points >= 0 for row in after.rows if row.part not in DEDUCTIONS)
                assert after.points(Part.WAITING) == before.points(Part.WAITING)
                if name not in ("wants", "offers"):
                    assert after.points(Part.BALANCE) == before.points(Part.BALANCE)
                else:
                    assert after.points(Part.BALANCE) == 0


@given(me=strangers(id=1), them=strangers(id=2), pairs=st.lists(st.tuples(st.integers(1, 14), st.integers(1, 14))))
def test_collaborators_fit_each_other_alike(me: Person, them: Person, pairs: list[tuple[int, int]]) -> None:
    near = Nearness(broader=pairs)
    assert explain(me, them, near, COLLABORATION).total == explain(them, me, near, COLLABORATION).total


def test_the_wish_of_a_group_is_only_for_those_who_meet_nothing_nearer() -> None:
    near = Nearness(groups={LIGHTING: 1, SOUND: 1})
    me = ada(wants=((LIGHTING, 0, 1), (CRAFTS + 90, 0, 1)))
    only_group = explain(me, bela(offers=((SOUND, 3),)), near)
    also_exact = explain(me, bela(offers=((SOUND, 3), (CRAFTS + 90, 3))), near)
    assert (only_group.rung, only_group.points(Part.WISHES)) == (Rung.GROUP, 50)
    assert (also_exact.rung, also_exact.points(Part.WISHES)) == (Rung.EXACT, 250)


def test_hours_of_the_whole_week_are_compared() -> None:
    sunday = hours(22, 24) << 144
    assert explain(ada(hours=sunday), bela(hours=sunday), NEAR).points(Part.HOURS) == 33


def test_a_rare_skill_weighs_more_than_a_common_one() -> None:
    rare = Nearness(rarity={SOUND: 300})
    me = ada(wants=((LIGHTING, 0, 2), (SOUND, 0, 2)))
    answer = explain(me, bela(offers=((LIGHTING, 3), (SOUND, 3))), rare)
    points = {row.skill: (row.points, row.maximum) for row in answer.rows if row.part == Part.WISHES}
    assert points == {LIGHTING: (125, 125), SOUND: (375, 375)}


def test_rarity_grows_with_each_halving_of_those_who_offer() -> None:
    assert rarity({1: 1000, 2: 500, 3: 499, 4: 100, 5: 1, 6: 0}, people=1000) == {
        1: 100,
        2: 125,
        3: 125,
        4: 175,
        5: 300,
        6: 300,
    }


def test_the_price_of_a_scarce_place_is_a_row_and_has_a_limit() -> None:
    free, dear, dearest = (explain(ada(), bela(scarcity=price), NEAR) for price in (0, 30, 400))
    assert free.points(Part.SCARCITY) == 0
    assert (dear.points(Part.SCARCITY), dear.total) == (-30, free.total - 30)
    assert (dearest.points(Part.SCARCITY), dearest.total) == (-100, free.total - 100)


def test_nothing_sensitive_can_reach_the_score() -> None:
    known = {field.name for field in fields(Person)}
    assert known == {
        "id",
        "offers",
        "wants",
        "sectors",
        "languages",
        "hours",
        "country",
        "tracks",
        "places_open",
        "waiting",
        "good",
        "rated",
        "scarcity",
        "abroad",
        "formats",
    }
    # The country counts only as another one than mine, and only for whoever wishes that.
    assert (
        explain(ada(abroad=False), bela(country="HU"), NEAR).total
        == explain(ada(abroad=False), bela(country="BE"), NEAR).total
    )


@settings(max_examples=50)
@given(
    me=strangers(id=1), them=strangers(id=2), track=st.sampled_from([None, "social", "economic"]), mine=st.booleans()
)
def test_who_can_be_asked_is_who_has_no_condition_unmet(
    me: Person, them: Person, track: str | None, mine: bool
) -> None:
    for one in (them, me):
        exclude = {one.id} if mine else set[int]()
        reasons = list(unmet(me, one, GUIDE, track=track, exclude=exclude))
        assert can_be_asked(me, one, GUIDE, track=track, exclude=exclude) is (reasons == [])
