"""Finds words that were nearly typed: by walking a trie with one row of edit distances at each letter."""

from collections.abc import Iterable
from typing import Any

Trie = dict[str, Any]
"""A letter leads to the trie of what may follow it."""


def trie(words: Iterable[str]) -> Trie:
    root: Trie = {}
    for word in words:
        node = root
        for letter in word:
            node = node.setdefault(letter, {})
    return root


def beginnings_near(root: Trie, typed: str, most: int) -> list[str]:
    """Beginnings of words that are at most this many edits from what was typed, the nearest first, then by alphabet.

    An edit inserts, deletes or replaces a letter or swaps two neighbours (optimal string alignment distance). Beginnings,
    because people stop typing when the answer shows; of one word only its nearest beginning, the shorter one of two.
    """
    found: list[tuple[int, str]] = []
    _walk(root, "", typed, list(range(len(typed) + 1)), [], most, found)
    return [word for _distance, word in sorted(found)]


def _walk(
    node: Trie, said: str, typed: str, row: list[int], before: list[int], most: int, found: list[tuple[int, str]]
) -> int:
    """Adds what is found below this node; the distance of the nearest of it (`most + 1` for none).

    `row[j]` is the distance from `said` to the first j letters typed, `before` the row of `said` without its last letter.
    """
    nearest, here, known = most + 1, row[-1], len(found)
    size, last = len(typed), said[-1:]
    low = max(1, len(said) + 1 - most)
    high = min(size, len(said) + 1 + most)
    for letter, below in node.items():
        fresh = [most + 1] * (size + 1)
        fresh[0] = len(said) + 1
        for j in range(low, high + 1):
            other = typed[j - 1]
            cost = row[j - 1] if other == letter else 1 + min(row[j - 1], row[j], fresh[j - 1])
            if j > 1 and before and last == other and letter == typed[j - 2]:
                cost = min(cost, before[j - 2] + 1)
            fresh[j] = cost
        if min(fresh) <= most:
            nearest = min(nearest, _walk(below, said + letter, typed, fresh, row, most, found))
    if here <= min(most, nearest):
        found[known:] = [(here, said)]
        return here
    return nearest
