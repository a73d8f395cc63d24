"""What is told in one go leaves in one write for each socket, however many frames that socket is sent."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol


class Holder(Protocol):
    def release(self) -> object:
        """Write what is held back; never waits."""


class _Bundle:
    """Those who hold something back at this moment; None while everything is written at once."""

    holders: list[Holder] | None = None


@contextmanager
def together() -> Iterator[None]:
    """In here a server that can do so holds text frames back, and writes them at the end. On the event loop only; nothing in here may wait."""
    if _Bundle.holders is not None:
        yield
        return
    holders = _Bundle.holders = []
    try:
        yield
    finally:
        _Bundle.holders = None
        for holder in holders:
            holder.release()


def open_one() -> list[Holder] | None:
    """Where to put down whoever holds something back now; None: nobody may."""
    return _Bundle.holders
