"""Where numbers stand among others."""

import numpy as np
from numpy.typing import NDArray

LARGEST = 1 << 18
"""Below it a table of everything is small enough to stay at hand, and finds a number sooner than a search does."""
TOGETHER = 256
"""So many numbers are sorted at once without leaving the processor."""


class Places:
    """The place of numbers in `known`, which ascend."""

    def __init__(self, known: NDArray[np.int64]) -> None:
        self._known, self._table = known, np.empty(0, np.int32)
        if len(known) and known[0] >= 0 and known[-1] < LARGEST:
            # One number more at either end, for all those that lie outside.
            self._table = np.full(int(known[-1]) + 3, -1, np.int32)
            self._table[known + 1] = np.arange(len(known))

    @property
    def nbytes(self) -> int:
        return self._table.nbytes

    def of(self, asked: NDArray[np.int64]) -> NDArray[np.intp]:
        """The place of each; -1 for one that is not known."""
        if len(self._table):
            return self._table.take(asked + 1, mode="clip").astype(np.intp)
        if not len(self._known):
            return np.full(len(asked), -1, np.intp)
        at = np.minimum(np.searchsorted(self._known, asked), len(self._known) - 1)
        return np.where(self._known[at] == asked, at, -1)


def ascend(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """The same array, sorted in place: a few at a time first, which makes the rest several times as fast, above all where much is
    in order already.
    """
    numbers[: len(numbers) // TOGETHER * TOGETHER].reshape(-1, TOGETHER).sort(axis=1)
    numbers.sort(kind="stable")
    return numbers


def ranges(begin: NDArray[np.int64], end: NDArray[np.int64]) -> NDArray[np.int64]:
    """The numbers from each begin to before its end, one range after another."""
    size = end - begin
    return np.repeat(begin - np.cumsum(size) + size, size) + np.arange(int(size.sum()))
