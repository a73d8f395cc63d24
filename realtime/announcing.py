"""Who tells what a thread announces: the thread may work for somebody who tells it together with an answer, or right after it."""

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from backend.events import Fact, Topic

Facts = Sequence[tuple[Topic, Fact]]
# They take something away, and wait for nothing: nothing that was said before may be told first.
URGENT = ("session.ended", "room.revoked", "rooms.recheck")
# A request that is still under way so long after it has announced something has more to do; others need not wait for it.
HOLD_SECONDS = 0.05
# The server writes an answer in its next rounds; those who hear of what was done come after it.
ANSWER_SECONDS = 0.002


class _Here(threading.local):
    takes: Callable[[Facts], bool] | None = None


_here = _Here()


def is_taken(facts: Facts) -> bool:
    """Whether whoever this thread works for tells these."""
    return _here.takes is not None and _here.takes(facts)


@contextmanager
def announcing_to(takes: Callable[[Facts], bool]) -> Iterator[None]:
    """What is announced in this thread in here is offered to this function; False: it is told as ever."""
    _here.takes = takes
    try:
        yield
    finally:
        _here.takes = None


class AfterAnswer:
    """What one request announces: told once it is answered, for whoever asked comes before a thousand who listen. `tell` runs on the
    event loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop, tell: Callable[[Facts], object]) -> None:
        self.loop, self.tell = loop, tell
        self.facts: deque[tuple[Topic, Fact]] = deque()

    def takes(self, facts: Facts) -> bool:
        """In the thread of the request."""
        if any(fact["type"] in URGENT for _topic, fact in facts):
            return False
        if not self.facts:
            self.loop.call_soon_threadsafe(self.loop.call_later, HOLD_SECONDS, self._let_go)
        self.facts.extend(facts)
        return True

    def answered(self) -> None:
        """In the thread of the request, once nothing more can come of it."""
        if self.facts:
            self.loop.call_soon_threadsafe(self.loop.call_later, ANSWER_SECONDS, self._let_go)

    def _let_go(self) -> None:
        facts = [self.facts.popleft() for _ in range(len(self.facts))]
        if facts:
            self.tell(facts)
