"""Questions to the database that come in close together are asked as one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

from realtime.threads import in_thread

KEYS_MAX = 500
# After a look-up for as many as this the next waits for more: for a hundred it costs little more than for ten.
CROWD = 8
CROWD_SECONDS = 0.05
K = TypeVar("K")
V = TypeVar("V")


class Gathered(Generic[K, V]):
    """Answers keys through `look_up`, which blocks and takes many at once.

    One look-up runs at a time; what is asked meanwhile waits for the next, so an answer is never older than its question. Who asks alone
    waits for nobody.
    """

    def __init__(self, look_up: Callable[[set[K]], dict[K, V]]) -> None:
        self.look_up = look_up
        self.waiting: list[tuple[set[K], asyncio.Future[dict[K, V]]]] = []
        self.task: asyncio.Task[None] | None = None

    async def ask(self, keys: Iterable[K]) -> dict[K, V]:
        """What there is to say of these keys; raises what the look-up raised."""
        wanted = set(keys)
        if not wanted:
            return {}
        answer: asyncio.Future[dict[K, V]] = asyncio.get_running_loop().create_future()
        self.waiting.append((wanted, answer))
        if self.task is None:
            self.task = asyncio.create_task(self._answering())
        found = await answer
        return {key: found[key] for key in wanted if key in found}

    async def _answering(self) -> None:
        try:
            while self.waiting:
                keys: set[K] = set()
                asking: list[asyncio.Future[dict[K, V]]] = []
                while self.waiting and (not keys or len(keys) + len(self.waiting[0][0]) <= KEYS_MAX):
                    wanted, answer = self.waiting.pop(0)
                    keys |= wanted
                    asking.append(answer)
                await self._answer(keys, asking)
                if len(asking) >= CROWD:
                    await asyncio.sleep(CROWD_SECONDS)
        finally:
            self.task = None

    async def _answer(self, keys: set[K], asking: list[asyncio.Future[dict[K, V]]]) -> None:
        found: dict[K, V] | None = None
        failure: Exception | None = None
        try:
            found = await in_thread(self.look_up, keys)
        except Exception as error:  # It is those who asked that it concerns.
            failure = error
        for answer in asking:
            if answer.done():  # Whoever asked has gone in the meantime.
                continue
            if failure is not None:
                answer.set_exception(failure)
            else:
                answer.set_result(found or {})
