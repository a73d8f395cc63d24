"""Group commit: one transaction at a time in this process, for all messages that wait by then."""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Callable, Sequence
from contextlib import nullcontext

from django.db import connections
from django.utils import timezone

from backend.conversations.batch import Answer, post_batch
from backend.conversations.wishes import Wish
from backend.events import Fact, Topic
from realtime.allowance import Allowance
from realtime.announcing import Facts, announcing_to
from realtime.bundle import together
from realtime.threads import Desk

log = logging.getLogger(__name__)
Told = Callable[[Answer | Exception], None]
Waiting = tuple[Wish, Told]

WISHES_AT_ONCE = 1000
# After a transaction of many the next one waits for more, this long for each message of the last one: a transaction costs as much as
# several messages. Where more than BUSY a second are written, each waits as long as may be. Who writes alone waits for nobody.
GATHER_SECONDS_EACH = 0.003
GATHER_SECONDS_MAX = 0.025
BUSY = 150
PACE_SECONDS = 0.25
# How often the count that all doors share is told what members have said here, and asked what they have said elsewhere.
KEEP_SECONDS = 1.0


class Pace:
    """How many a second there were of late: what is long past counts less and less."""

    def __init__(self) -> None:
        self.level = self.at = 0.0

    def of(self, count: int, at: float) -> float:
        """The pace once so many more have come (`at`: seconds of any steady clock)."""
        self.level = self.level * math.exp((self.at - at) / PACE_SECONDS) + count
        self.at = at
        return self.level / PACE_SECONDS


class Writer:
    """One per process, with a desk of its own: what its transaction announces and what it answers come back to the event loop together."""

    def __init__(self, loop: asyncio.AbstractEventLoop, tell: Callable[[Facts], None]) -> None:
        self.loop, self.tell = loop, tell
        self.waiting: list[Waiting] = []
        self.is_writing = self.is_keeping = False
        self.desk = Desk("writer")
        self.allowance = Allowance("messages")
        self.kept_at = 0.0
        self.pace = Pace()

    def submit(self, wish: Wish, told: Told) -> None:
        """Store this message; `told` hears what came of it: once it is committed, or its refusal, or what failed."""
        self.waiting.append((wish, told))
        if not self.is_writing:
            self.is_writing = True
            # What else is heard in this round of the event loop comes along.
            self.loop.call_soon(self._begin)

    def _begin(self) -> None:
        batch, self.waiting = self.waiting[:WISHES_AT_ONCE], self.waiting[WISHES_AT_ONCE:]
        self.is_writing = bool(batch)
        if batch:
            self.desk.give(self._write, batch)

    def _write(self, batch: list[Waiting]) -> None:
        """At the desk."""
        found: Sequence[Answer | Exception]
        facts: list[tuple[Topic, Fact]] = []

        def takes(announced: Facts) -> bool:
            facts.extend(announced)
            return True

        try:
            with announcing_to(takes):
                found = self._answers([wish for wish, _told in batch])
        except Exception as error:  # It is those who wait that it concerns.
            found = [error] * len(batch)
            connections.close_all()
        self.loop.call_soon_threadsafe(self._written, batch, found, facts)

    def _answers(self, wishes: list[Wish]) -> list[Answer]:
        """What these come to, in their order; those beyond their author's allowance are refused."""
        refusals = self.allowance.refusals([wish.author_id for wish in wishes])
        granted = [wish for wish, refusal in zip(wishes, refusals, strict=True) if refusal is None]
        posted = iter(post_batch(granted, timezone.now()))
        return [refusal or next(posted) for refusal in refusals]

    def _written(self, batch: list[Waiting], found: Sequence[Answer | Exception], facts: Facts) -> None:
        try:
            self._tell(batch, found, facts)
        finally:
            # Whatever happens to those who are told: the next ones are written.
            self._go_on(len(batch))

    def _tell(self, batch: list[Waiting], found: Sequence[Answer | Exception], facts: Facts) -> None:
        # Of one message there is little to put together, and its author need not wait for what a large room is told.
        with together() if len(batch) > 1 else nullcontext():
            for (wish, told), answer in zip(batch, found, strict=True):
                try:
                    told(answer)
                except Exception:
                    log.exception("What became of a message of member %s cannot be told", wish.author_id)
            self.tell(facts)

    def _go_on(self, written: int) -> None:
        if not self.is_keeping:
            self.is_keeping = True
            # At once after a pause: who was not heard of late has perhaps said much elsewhere.
            self.loop.call_at(max(self.loop.time(), self.kept_at + KEEP_SECONDS), self._keep)
        is_busy = self.pace.of(written, self.loop.time()) > BUSY
        wait = GATHER_SECONDS_MAX if is_busy else min(GATHER_SECONDS_MAX, GATHER_SECONDS_EACH * (written - 1))
        if wait and len(self.waiting) < WISHES_AT_ONCE:
            self.loop.call_later(wait, self._begin)
        else:
            self._begin()

    def _keep(self) -> None:
        if self.is_keeping:
            self.is_keeping, self.kept_at = False, self.loop.time()
            self.desk.give(self.allowance.keep)

    async def leave(self) -> None:
        """Once what is under way is stored and answered; what waits is not stored, and its browsers send it again."""
        self.waiting.clear()
        self._keep()
        await self.desk.leave()
