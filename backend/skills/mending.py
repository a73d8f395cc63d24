"""Finds words that were nearly typed: edit distances to every known word at once, a column of letters at a time."""

from bisect import bisect_left
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

LETTERS = 32
"""Of a longer word only so many letters are compared."""


class Words:
    """Known words, to be searched for what stands inside them and for what is nearly one of them."""

    def __init__(self, words: Iterable[str] = ()) -> None:
        self._know(sorted(set(words)), None)

    def and_also(self, words: Iterable[str]) -> "Words":
        """These words too, in a fraction of the time that all would take where they are few."""
        both = Words()
        more = Words(word for word in words if not self._has(word))
        if not len(more):
            return self
        places = [bisect_left(self.words, word) for word in more.words]
        # Two ascending runs, which is what sorting is fastest at.
        both._know(sorted([*self.words, *more.words]), np.insert(self._columns, places, more._columns, axis=1))
        return both

    def _know(self, words: list[str], columns: NDArray[np.uint32] | None) -> None:
        self.words = words
        self._text = "\n".join(["", *words, ""])
        self._columns = _columns(words) if columns is None else columns
        self._sizes = np.count_nonzero(self._columns, axis=0)

    def _has(self, word: str) -> bool:
        at = bisect_left(self.words, word)
        return at < len(self.words) and self.words[at] == word

    def __len__(self) -> int:
        return len(self.words)

    def has_beginning(self, beginning: str) -> bool:
        """Whether a known word begins so."""
        return f"\n{beginning}" in self._text

    def containing(self, part: str, most: int) -> list[str]:
        """Known words with this inside, in alphabetical order, at most so many."""
        found: list[str] = []
        at = self._text.find(part)
        while at >= 0 and len(found) < most:
            start, end = self._text.rfind("\n", 0, at) + 1, self._text.find("\n", at)
            found.append(self._text[start:end])
            at = self._text.find(part, end)
        return found

    def near(self, typed: str, most: int) -> list[str]:
        """Beginnings of known words that are at most this many edits from what was typed, the nearest first, then by alphabet.

        An edit inserts, deletes or replaces a letter or swaps two neighbours (optimal string alignment distance). Beginnings,
        because people stop typing when the answer shows; of one word only its nearest beginning, the shorter one of two.
        """
        typed = typed[:LETTERS]
        distances, ends = self._distances(typed, most)
        found: dict[str, int] = {}
        for at in np.flatnonzero(distances <= most).tolist():
            found[self.words[at][: ends[at]]] = int(distances[at])
        return sorted(found, key=lambda word: (found[word], word))

    def _distances(self, typed: str, most: int) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """Of each word, how far its nearest beginning is (`most + 1` for farther), and how long that beginning is.

        `rows[i][j]` is the distance of the first i typed letters to the first j of every word, kept where |i - j| ≤ most.
        """
        count, far = len(self.words), most + 1
        beyond = np.full(count, far, np.uint8)
        before: dict[int, NDArray[np.uint8]] = {}
        row = {j: np.full(count, j, np.uint8) for j in range(min(most, LETTERS) + 1)}
        for i, letter in enumerate(typed, start=1):
            fresh: dict[int, NDArray[np.uint8]] = {}
            for j in range(max(0, i - most), min(LETTERS, i + most) + 1):
                if j == 0:
                    fresh[0] = np.full(count, i, np.uint8)
                    continue
                is_same = self._columns[j - 1] == ord(letter)
                cost = row.get(j - 1, beyond) + ~is_same
                np.minimum(cost, row.get(j, beyond) + np.uint8(1), out=cost)
                np.minimum(cost, fresh.get(j - 1, beyond) + np.uint8(1), out=cost)
                if i > 1 and j > 1 and j - 2 in before:
                    is_swap = (self._columns[j - 1] == ord(typed[i - 2])) & (self._columns[j - 2] == ord(letter))
                    np.minimum(cost, before[j - 2] + np.uint8(1), out=cost, where=is_swap)
                fresh[j] = np.minimum(cost, far)
            before, row = row, fresh
        best, ends = beyond.copy(), np.zeros(count, np.uint8)
        for j in sorted(row):
            is_better = (row[j] < best) & (self._sizes >= j) & (j > 0)
            best[is_better], ends[is_better] = row[j][is_better], j
        return best, ends


def _columns(words: list[str]) -> NDArray[np.uint32]:
    """The first letters of all words, then the second ones, and so on; 0 behind the last."""
    if not words:
        return np.zeros((LETTERS, 0), np.uint32)
    fixed = np.array([word[:LETTERS] for word in words], f"<U{LETTERS}")
    return np.ascontiguousarray(fixed.view(np.uint32).reshape(len(words), LETTERS).T)
