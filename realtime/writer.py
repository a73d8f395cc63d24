"""Group commit: one transaction at a time in this process, for all messages that wait by then."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Sequence

from django.utils import timezone

from backend.conversations.batch import Answer, post_batch
from backend.conversations.wishes import Wish
from realtime.allowance import too_many
from realtime.threads import Desk

Told = Callable[[Answer | Exception], None]

WISHES_AT_ONCE = 200
# After a transaction of many the next one waits for more, this long for each message of the last one: a transaction costs as much as
# several messages. Where more than BUSY a second are written, each waits as long as may be. Who writes alone waits for nobody.
GATHER_SECONDS_EACH = 0.003
GATHER_SECONDS_MAX = 0.025
BUSY = 150
PACE_SECONDS = 0.25


def write(wishes: list[Wish], later: Callable[[Callable[[], None]], object]) -> list[Answer]:
    """What these wishes come to, in their order; those beyond their author's allowance are refused. What can be done once they have been
    answered is given to `later`. Blocks."""
    refusals, keep = too_many("messages", [wish.author_id for wish in wishes])
    granted = [wish for wish, refusal in zip(wishes, refusals, strict=True) if refusal is None]
    posted = iter(post_batch(granted, timezone.now()))
    later(keep)
    return [refusal or next(posted) for refusal in refusals]


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
    """One per process."""

    def __init__(self) -> None:
        self.waiting: list[tuple[Wish, Told]] = []
        self.task: asyncio.Task[None] | None = None
        self.desk = Desk("writer")
        self.pace = Pace()

    def submit(self, wish: Wish, told: Told) -> None:
        """Store this message; `told` hears what came of it: once it is committed, or its refusal, or what failed."""
        self.waiting.append((wish, told))
        if self.task is None:
            self.task = asyncio.create_task(self._writing())

    async def _writing(self) -> None:
        try:
            while self.waiting:
                batch, self.waiting = self.waiting[:WISHES_AT_ONCE], self.waiting[WISHES_AT_ONCE:]
                is_busy = self.pace.of(len(batch), asyncio.get_running_loop().time()) > BUSY
                await self._write(batch)
                wait = (
                    GATHER_SECONDS_MAX if is_busy else min(GATHER_SECONDS_MAX, GATHER_SECONDS_EACH * (len(batch) - 1))
                )
                if wait and len(self.waiting) < WISHES_AT_ONCE:
                    await asyncio.sleep(wait)
        finally:
            self.task = None

    async def _write(self, batch: list[tuple[Wish, Told]]) -> None:
        found: Sequence[Answer | Exception]
        try:
            found = await self.desk.do(write, [wish for wish, _told in batch], self.desk.pool.submit)
        except Exception as error:  # It is those who wait that it concerns.
            found = [error] * len(batch)
        for (_wish, told), answer in zip(batch, found, strict=True):
            told(answer)
