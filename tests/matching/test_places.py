"""Numbers among others."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.places import TOGETHER, ascend


@given(st.lists(st.integers(-(2**63), 2**63 - 1)), st.integers(1, 3))
def test_a_few_numbers_ascend_in_place(numbers: list[int], times: int) -> None:
    many = np.array(numbers * times, np.int64)
    assert ascend(many) is many
    assert many.tolist() == sorted(numbers * times)


@pytest.mark.parametrize("count", [TOGETHER - 1, TOGETHER, TOGETHER + 1, 10 * TOGETHER + 7])
def test_many_numbers_ascend_in_place(count: int) -> None:
    many = np.random.default_rng(count).integers(0, 99, count)
    expected = sorted(many.tolist())
    assert ascend(many).tolist() == expected
