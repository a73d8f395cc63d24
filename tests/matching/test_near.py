"""Which skills meet a wish, how well, and that no odd link breaks it."""

import numpy as np
import pytest
from hypothesis import given

from matching import Nearness, Rung
from tests.matching.cast import (
    INVOICES,
    LIGHTING,
    MOVING_LIGHTS,
    NEAR,
    REPAIR,
    SEWING,
    SKILLS,
    SOUND,
    STAGE,
    links,
)


@pytest.mark.parametrize(
    ("wanted", "offered", "rung", "percent"),
    [
        (LIGHTING, LIGHTING, Rung.EXACT, 100),
        (LIGHTING, MOVING_LIGHTS, Rung.NEAR, 80),
        (SEWING, REPAIR, Rung.NEAR, 80),
        (LIGHTING, STAGE, Rung.NEAR, 50),
        (LIGHTING, SOUND, Rung.NEAR, 40),
        (SOUND, MOVING_LIGHTS, Rung.AREA, 10),
        (LIGHTING, INVOICES, Rung.CONTEXT, 0),
        (INVOICES, 999, Rung.CONTEXT, 0),
    ],
)
def test_how_well_a_skill_meets_a_wish(wanted: int, offered: int, rung: Rung, percent: int) -> None:
    assert NEAR.relation(wanted, offered) == (rung, percent)


def test_the_closest_come_first_then_the_smaller_number() -> None:
    assert list(NEAR.close(LIGHTING).items()) == [(LIGHTING, 100), (MOVING_LIGHTS, 80), (STAGE, 50), (SOUND, 40)]


def test_a_group_counts_more_than_an_area_and_less_than_a_link() -> None:
    near = Nearness(near=[(1, 2)], groups={1: 5, 2: 5, 3: 5}, areas={1: 9, 2: 9, 3: 9, 4: 9})
    assert near.relation(1, 2) == (Rung.NEAR, 80)
    assert near.relation(1, 3) == (Rung.GROUP, 20)
    assert near.relation(1, 4) == (Rung.AREA, 10)
    assert near.relation(4, 5) == (Rung.CONTEXT, 0)


def test_circles_and_loops_do_no_harm() -> None:
    near = Nearness(broader=[(1, 2), (2, 3), (3, 1), (1, 1)], near=[(1, 2), (2, 1), (3, 3)])
    assert dict(near.close(1)) == {1: 100, 2: 80, 3: 50}


def test_an_unknown_skill_is_close_to_itself_only() -> None:
    assert dict(NEAR.close(12_345)) == {12_345: 100}
    assert NEAR.met_by(12_345) == ((12_345, 100),)
    assert NEAR.set_of(12_345, Rung.AREA) is None


def test_a_wide_family_is_cut_at_24_and_the_closest_stay() -> None:
    near = Nearness(broader=[(1, child) for child in range(2, 100)], near=[(50, 99)])
    close = near.close(50)
    assert len(close) == 24
    assert list(close)[:4] == [50, 99, 1, 2]


@given(near=links(), wanted=SKILLS, offered=SKILLS)
def test_both_ways_of_reading_agree(near: Nearness, wanted: int, offered: int) -> None:
    rung, percent = near.relation(wanted, offered)
    assert dict(near.met_by(offered)).get(wanted) == (percent if rung <= Rung.NEAR else None)
    assert (percent > 0) == (rung < Rung.CONTEXT)


def test_what_was_worked_out_to_be_alike_counts_where_it_is_more() -> None:
    alike = np.array([[1, 2, 90], [2, 1, 55], [1, 3, 30]])
    near = Nearness(broader=[(1, 3)], alike=alike)
    assert dict(near.close(1)) == {1: 100, 2: 90, 3: 80}
    assert dict(near.close(2)) == {2: 100, 1: 55}
    assert near.met_by(2) == ((2, 100), (1, 90))


def test_alike_is_a_percent() -> None:
    with pytest.raises(ValueError, match="alike"):
        Nearness(alike=np.array([[1, 2, 101]]))
