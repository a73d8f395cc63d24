"""Columns of bytes that lie side by side, so that all of them are read of a member at once, and the masks that stand in them."""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

WORD = 8
"""Bytes of the whole numbers of which a row is made."""
MOST_KNOWN = 1 << 14
SLOTS_TAKEN = 100
"""Up to so many slots a list it is quicker to take them one by one than list by list."""
T = TypeVar("T")
Bytes = NDArray[np.uint8]
Words = NDArray[np.uint64]
NO_WORDS: Words = np.empty((0, 0), np.uint64)


def widths_of(columns: Iterable[Bytes]) -> list[int]:
    """Bytes of each column."""
    return [1 if column.ndim == 1 else column.shape[1] for column in columns]


def laid(columns: Mapping[str, Bytes]) -> tuple[Words, dict[str, Bytes]]:
    """A copy of these columns side by side, a row of whole numbers each, and the columns in it."""
    widths = widths_of(columns.values())
    words = np.zeros((len(next(iter(columns.values()))), -(-sum(widths) // WORD)), np.uint64)
    places = within(words, columns, widths)
    for name, place in places.items():
        place[:] = columns[name].reshape(place.shape)
    return words, places


def within(words: Words, names: Iterable[str], widths: Sequence[int]) -> dict[str, Bytes]:
    """The columns that lie in these words, so many bytes each; `flags` is a plain one."""
    room = words.view(np.uint8)
    ends = np.cumsum(widths).tolist()
    places = {name: room[:, end - width : end] for name, width, end in zip(names, widths, ends, strict=True)}
    return places | ({"flags": places["flags"][:, 0]} if "flags" in places else {})


def in_common(words: Words, mask: int) -> NDArray[np.int64]:
    """How many bits of this mask each row has."""
    count = np.zeros(len(words), np.int64)
    for at in range(words.shape[1]):
        if piece := mask >> (64 * at) & (1 << 64) - 1:
            count += np.bitwise_count(words[:, at] & np.uint64(piece))
    return count


def mask_of(codes: Iterable[Hashable], book: list[Any], *, learn: bool = False) -> int:
    """The mask of these codes; unknown ones take the next bit (`learn`) or are left out."""
    known = (place_of(code, book) if learn else (book.index(code) if code in book else -1) for code in codes)
    return sum(1 << place for place in known if place >= 0)


def place_of(code: Hashable, book: list[Any]) -> int:
    """Where this code stands in the book, at the end if it is new."""
    if code not in book:
        book.append(code)
    return book.index(code)


def masks_of(codes: Sequence[Iterable[Hashable]], book: list[Any]) -> Bytes:
    """A row of bytes for the codes of each."""
    masks = [mask_of(some, book, learn=True) for some in codes]
    return as_bytes(masks, max(1, -(-len(book) // 8)))


def as_bytes(masks: Sequence[int], width: int) -> Bytes:
    """A row of so many bytes for each number, the lowest first."""
    raw = b"".join(mask.to_bytes(width, "little") for mask in masks)
    return np.frombuffer(raw, np.uint8).reshape(len(masks), width).copy()


def as_wholes(masks: Bytes) -> list[int]:
    """The number that the bytes of each row are."""
    raw, width = masks.tobytes(), masks.shape[1]
    return [int.from_bytes(raw[begin : begin + width], "little") for begin in range(0, len(raw), width)]


def codes_of(masks: Bytes, book: list[Any], known: dict[int, frozenset[Any]]) -> Iterator[frozenset[Any]]:
    """What the bits of each row stand for; `known` keeps it, as the same few come again and again and a book only grows."""
    for bits in as_wholes(masks):
        codes = known.get(bits)
        if codes is None:
            if len(known) >= MOST_KNOWN:
                known.clear()
            codes = known[bits] = frozenset([book[place] for place in range(bits.bit_length()) if bits >> place & 1])
        yield codes


class Ranges:
    """Slots that lie together in one array, as so many lists of given sizes."""

    __slots__ = ("_begins", "_listed", "sizes")

    def __init__(self, listed: NDArray[np.int32], begins: NDArray[np.int32], sizes: NDArray[np.int32]) -> None:
        self._listed, self._begins, self.sizes = listed, begins, sizes

    def laid(self, order: NDArray[np.intp]) -> NDArray[np.intp]:
        """The slots of these lists, one after the other."""
        begins, sizes = self._begins[order], self.sizes[order]
        ends = np.cumsum(sizes)
        if not len(ends) or ends[-1] > SLOTS_TAKEN * len(order):
            pairs = zip(begins.tolist(), (begins + sizes).tolist(), strict=True)
            return np.concatenate([self._listed[:0], *(self._listed[begin:end] for begin, end in pairs)], dtype=np.intp)
        at = np.arange(ends[-1]) + np.repeat(begins - ends + sizes, sizes)
        return self._listed.take(at).astype(np.intp)


class Loose:
    """The same, each list in an array of its own."""

    __slots__ = ("_lists", "sizes")

    def __init__(self, lists: Sequence[NDArray[np.int32]]) -> None:
        self._lists, self.sizes = lists, np.array([len(slots) for slots in lists], np.int32)

    def laid(self, order: NDArray[np.intp]) -> NDArray[np.intp]:
        """The slots of these lists, one after the other."""
        lists = [self._lists[at] for at in order.tolist()]
        return np.concatenate(lists, dtype=np.intp) if lists else np.empty(0, np.intp)


def starts_of(sizes: Sequence[int]) -> NDArray[np.int32]:
    """Where each of so many rows begins, and where the last one ends."""
    return np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32)


def between(starts: NDArray[np.int32], slots: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.int32]]:
    """The places from starts[slot] up to starts[slot + 1], slot by slot, and how many each has."""
    begins = starts[slots]
    sizes = starts[slots + 1] - begins
    ends = np.cumsum(sizes)
    return np.arange(ends[-1] if len(ends) else 0) + np.repeat(begins - ends + sizes, sizes), sizes


def runs(rows: list[T], sizes: NDArray[np.int32]) -> Iterator[list[T]]:
    """The first so many, the next so many, …"""
    begin = 0
    for size in sizes.tolist():
        yield rows[begin : (begin := begin + size)]
