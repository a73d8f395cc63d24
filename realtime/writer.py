"""Group commit: one transaction at a time in this process, for all messages that wait by then."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from django.utils import timezone
from redis.exceptions import RedisError
from rest_framework.throttling import SimpleRateThrottle

from backend.api import Forgiving
from backend.conversations.batch import Answer, post_batch
from backend.conversations.wishes import Wish
from backend.errors import Refusal
from realtime.threads import Desk

Told = Callable[[Answer | Exception], None]

WISHES_AT_ONCE = 200
# After a transaction of many the next one waits for more, this long for each message of the last one: a transaction costs as much as
# several messages. Who writes alone waits for nobody.
GATHER_SECONDS_EACH = 0.003
GATHER_SECONDS_MAX = 0.025


class _Messages(Forgiving, SimpleRateThrottle):
    """The same allowance as over HTTP, counted together."""

    scope = "messages"
    duration: float
    num_requests: int

    def get_cache_key(self, request: Any, view: Any) -> str:
        return self.cache_format % {"scope": self.scope, "ident": request}


def write(wishes: list[Wish]) -> list[Answer]:
    """What these wishes come to, in their order; those beyond their author's allowance are refused. Blocks."""
    answers: list[Answer | None] = [*_too_many([wish.author_id for wish in wishes])]
    granted = [number for number, refusal in enumerate(answers) if refusal is None]
    for number, answer in zip(granted, post_batch([wishes[number] for number in granted], timezone.now()), strict=True):
        answers[number] = answer
    return [answer for answer in answers if answer is not None]


def _too_many(authors: list[int]) -> list[Refusal | None]:
    """For each of these messages the refusal of one too many of its author, counted as the framework does, all at once."""
    throttle = _Messages()
    if throttle.rate is None:
        return [None] * len(authors)
    keys = [throttle.get_cache_key(author, None) for author in authors]
    try:
        said: dict[str, list[float]] = throttle.cache.get_many(set(keys))
        answers = [_one_too_many(said.setdefault(key, []), throttle) for key in keys]
        throttle.cache.set_many(said, throttle.duration)
    except RedisError:
        return [None] * len(authors)
    return answers


def _one_too_many(said: list[float], throttle: _Messages) -> Refusal | None:
    now = throttle.timer()
    while said and said[-1] <= now - throttle.duration:
        said.pop()
    if len(said) < throttle.num_requests:
        said.insert(0, now)
        return None
    wait = throttle.duration - (now - said[-1])
    return Refusal("too_many_requests", "Slow down, please.", wait_seconds=int(wait) + 1)


class Writer:
    """One per process."""

    def __init__(self) -> None:
        self.waiting: list[tuple[Wish, Told]] = []
        self.task: asyncio.Task[None] | None = None
        self.desk = Desk("writer")

    def submit(self, wish: Wish, told: Told) -> None:
        """Store this message; `told` hears what came of it: once it is committed, or its refusal, or what failed."""
        self.waiting.append((wish, told))
        if self.task is None:
            self.task = asyncio.create_task(self._writing())

    async def _writing(self) -> None:
        try:
            while self.waiting:
                batch, self.waiting = self.waiting[:WISHES_AT_ONCE], self.waiting[WISHES_AT_ONCE:]
                await self._write(batch)
                if len(batch) > 1 and len(self.waiting) < WISHES_AT_ONCE:
                    await asyncio.sleep(min(GATHER_SECONDS_MAX, GATHER_SECONDS_EACH * (len(batch) - 1)))
        finally:
            self.task = None

    async def _write(self, batch: list[tuple[Wish, Told]]) -> None:
        found: Sequence[Answer | Exception]
        try:
            found = await self.desk.do(write, [wish for wish, _told in batch])
        except Exception as error:  # It is those who wait that it concerns.
            found = [error] * len(batch)
        for (_wish, told), answer in zip(batch, found, strict=True):
            told(answer)
