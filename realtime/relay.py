"""Facts between processes: one subscription per process, events already encoded.

Nothing depends on it: what gets lost is repaired from the database, and while this process does not hear itself through the
layer it says so (`is_well`), so that the hub looks for itself.
"""

import asyncio
import contextlib
import logging
import os
import threading
import uuid
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from functools import cache
from typing import Any

import orjson
from channels.layers import InMemoryChannelLayer, get_channel_layer
from redis.exceptions import ConnectionError as RedisConnectionError

from backend.events import Fact, Topic
from realtime.announcing import URGENT
from realtime.bundle import together
from realtime.ring import Kept

log = logging.getLogger(__name__)
# All processes hear all facts, many in one message: what nobody listens to here is not unpacked.
GROUP = "facts"
RETRY_SECONDS = 1.0
UNSENT_FACTS_MAX = 10_000
FACTS_AT_ONCE = 200
# How often we call to ourselves through the layer, and how long an answer may take.
CALL_SECONDS = 0.25
LATE_SECONDS = 0.5


def layer() -> Any:
    """The channel layer between processes; None when there is one process only."""
    found = get_channel_layer()
    return None if found is None or isinstance(found, InMemoryChannelLayer) else found


def as_parcel(fact: Fact) -> Any:
    """A fact as it travels: events as rows with their text, anything else as JSON."""
    if fact["type"] == "room.events":
        return [kept.as_row() for kept in map(_kept, fact["events"])]
    return orjson.dumps(fact)


def _kept(event: Any) -> Kept:
    return event if isinstance(event, Kept) else Kept.of(event)


def from_parcel(parcel: Any) -> Fact:
    if isinstance(parcel, bytes):
        fact: Fact = orjson.loads(parcel)
        return fact
    return {"type": "room.events", "events": [Kept(*row) for row in parcel]}


def message(facts: Sequence[tuple[Topic, Fact]], *, sender: str = "") -> dict[str, Any]:
    """Facts as they travel, in this order."""
    return {
        "type": "realtime.facts",
        "sender": sender,
        "facts": [[*topic, as_parcel(fact)] for topic, fact in facts],
    }


def publish_from_outside(facts: Sequence[tuple[Topic, Fact]]) -> None:
    """Tell the web processes from a process without sockets: a command or the worker. Returns once Redis has them."""
    found = layer()
    if found is not None:
        asyncio.run_coroutine_threadsafe(_send_all(found, facts), _loop_outside()).result()


@cache
def _loop_outside() -> asyncio.AbstractEventLoop:
    """Kept in a thread of its own: each loop of events opens a connection to Redis, which takes longer than telling."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="telling", daemon=True).start()
    return loop


os.register_at_fork(after_in_child=_loop_outside.cache_clear)


async def _send_all(found: Any, facts: Sequence[tuple[Topic, Fact]]) -> None:
    for start in range(0, len(facts), FACTS_AT_ONCE):
        told = message(facts[start : start + FACTS_AT_ONCE])
        try:
            await found.group_send(GROUP, told)
        except RedisConnectionError:  # It was cut since it was last used; another one is opened now.
            await found.group_send(GROUP, told)


class Relay:
    """This process's ear and mouth on the channel layer. `hear` is told the facts of others whose topic `wants` wants; `changed` is
    called when the layer falls ill and when it is well again."""

    def __init__(
        self,
        found: Any,
        hear: Callable[[Topic, Fact], None],
        changed: Callable[[], None],
        wants: Callable[[Topic], bool] = lambda topic: True,
    ) -> None:
        self.layer, self.hear, self.changed, self.wants = found, hear, changed, wants
        self.name = uuid.uuid4().hex
        self.channel: str | None = None
        self.urgent: deque[tuple[Topic, Fact]] = deque()
        self.unsent: deque[tuple[Topic, Fact]] = deque()
        self.something, self.opened = asyncio.Event(), asyncio.Event()
        self.is_well = True
        self.called_at: float | None = None
        self.tasks = [asyncio.create_task(work) for work in (self._hearing(), self._sending(), self._calling())]

    async def stop(self) -> None:
        """End all tasks and connections. Asked again until they end: Redis' client may swallow a cancellation."""
        while running := [task for task in self.tasks if not task.done()]:
            for task in running:
                task.cancel()
            await asyncio.wait(running, timeout=0.2)
        with contextlib.suppress(Exception):
            await self.layer.flush()

    # -- telling -----------------------------------------------------------------------------------------------------------
    def publish(self, topic: Topic, fact: Fact) -> None:
        """Tell the other processes, again and again until it has been taken; what takes something away goes first."""
        queue = self.urgent if fact["type"] in URGENT else self.unsent
        if len(queue) < UNSENT_FACTS_MAX:  # The heads repair what is not told.
            queue.append((topic, fact))
            self.something.set()

    async def _sending(self) -> None:
        while True:
            await self.something.wait()
            queue = self.urgent or self.unsent
            if not queue:
                self.something.clear()
                continue
            facts = [queue[number] for number in range(min(len(queue), FACTS_AT_ONCE))]
            try:
                await self.layer.group_send(GROUP, message(facts, sender=self.name))
            except Exception as error:
                log.warning("Could not tell other processes: %s", type(error).__name__)
                await asyncio.sleep(RETRY_SECONDS)
                continue
            for _fact in facts:
                queue.popleft()

    # -- hearing -----------------------------------------------------------------------------------------------------------
    async def begin(self) -> None:
        """Returns once the others are heard; soon, when the layer is away."""
        if self.is_well and not self.opened.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.opened.wait(), RETRY_SECONDS)

    async def _hearing(self) -> None:
        while True:
            try:
                if self.channel is None:
                    self.channel = await self.layer.new_channel()
                if not self.opened.is_set():
                    await self.layer.group_add(GROUP, self.channel)
                    self.opened.set()
                told = await self.layer.receive(self.channel)
                if told["type"] == "realtime.call":
                    self._heard_myself()
                elif told["sender"] != self.name:
                    self._heard(told["facts"])
            except Exception:
                log.exception("The channel layer cannot be heard")
                await asyncio.sleep(RETRY_SECONDS)

    def _heard(self, facts: Sequence[tuple[str, int | str, Any]]) -> None:
        with together() if len(facts) > 1 else nullcontext():
            for kind, key, parcel in facts:
                if self.wants((kind, key)):
                    self.hear((kind, key), from_parcel(parcel))

    # -- is it still there -------------------------------------------------------------------------------------------------
    async def _calling(self) -> None:
        """The layer does not say when its connection is gone; who hears their own voice knows that it is there."""
        await self.begin()
        calling: asyncio.Task[None] | None = None
        while True:
            if self.called_at is None or not self.is_well:
                self.called_at = self.called_at or asyncio.get_running_loop().time()
                if self.channel is not None and (calling is None or calling.done()):
                    calling = asyncio.create_task(self._call(self.channel))
            elif asyncio.get_running_loop().time() - self.called_at > LATE_SECONDS:
                log.warning("The channel layer does not answer")
                self._is(well=False)
            await asyncio.sleep(CALL_SECONDS)

    async def _call(self, channel: str) -> None:
        with contextlib.suppress(Exception):  # Not heard: that is the answer.
            await self.layer.send(channel, {"type": "realtime.call"})

    def _heard_myself(self) -> None:
        self.called_at = None
        self._is(well=True)

    def _is(self, *, well: bool) -> None:
        if well != self.is_well:
            self.is_well = well
            self.changed()
