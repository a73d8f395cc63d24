"""Words nearly typed, beside a plain reckoning of the same distances."""

from hypothesis import given
from hypothesis import strategies as st

from backend.skills.mending import Words

WORDS = st.lists(st.text("abcd", min_size=1, max_size=7), max_size=12)


def distance(a: str, b: str) -> int:
    """Optimal string alignment distance, by its definition."""
    rows = [list(range(len(b) + 1))]
    for i, x in enumerate(a, start=1):
        rows.append([i])
        for j, y in enumerate(b, start=1):
            cost = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, rows[i - 2][j - 2] + 1)
            rows[i].append(cost)
    return rows[-1][-1]


@given(WORDS, st.text("abcd", min_size=4, max_size=8), st.integers(1, 2))
def test_the_nearest_beginnings_are_found_and_no_farther_ones(words: list[str], typed: str, most: int) -> None:
    found = Words(words).near(typed, most)
    beginnings = {word[:end] for word in words for end in range(1, len(word) + 1)}
    near = {word: distance(word, typed) for word in beginnings if distance(word, typed) <= most}
    assert all(word in near for word in found)
    assert [near[word] for word in found] == sorted(near[word] for word in found)
    nearest = min(near.values(), default=None)
    assert min((near[word] for word in found), default=None) == nearest
    # Each nearest beginning is answered, itself or by a shorter one that it begins with.
    for word in near:
        if near[word] == nearest:
            assert any(word.startswith(other) for other in found)


@given(WORDS, WORDS, st.text("abcd", min_size=1, max_size=8))
def test_words_that_come_later_are_found_as_if_they_had_been_there(
    words: list[str], more: list[str], typed: str
) -> None:
    grown, whole = Words(words).and_also(more), Words([*words, *more])
    assert (grown.words, grown.near(typed, 2)) == (whole.words, whole.near(typed, 2))
    assert (grown.containing(typed, 5), grown.has_beginning(typed)) == (
        whole.containing(typed, 5),
        whole.has_beginning(typed),
    )


def test_a_swap_counts_once() -> None:
    assert Words(["acrobat"]).near("carobat", 1) == ["acrobat"]


def test_words_that_hold_something_inside() -> None:
    words = Words(["buhnenbeleuchtung", "beleuchtung", "licht", "beleuchtungsplan"])
    assert words.containing("beleuchtung", 5) == ["beleuchtung", "beleuchtungsplan", "buhnenbeleuchtung"]
    assert words.containing("beleuchtung", 2) == ["beleuchtung", "beleuchtungsplan"]
    assert words.containing("ton", 5) == []
    assert words.has_beginning("lich")
    assert not words.has_beginning("icht")


def test_no_words_at_all() -> None:
    assert (Words().near("light", 2), Words().containing("light", 3), len(Words())) == ([], [], 0)
