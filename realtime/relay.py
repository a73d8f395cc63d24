"""Facts between processes: one subscription per process and topic. A lost fact is repaired by the next heartbeat."""

import asyncio
import contextlib
import logging
import uuid
from collections.abc import Callable
from typing import Any

import orjson
from asgiref.sync import async_to_sync
from channels.layers import InMemoryChannelLayer, get_channel_layer

from backend.events import Fact, Topic

log = logging.getLogger(__name__)
RETRY_SECONDS = 1.0
UNSENT_FACTS_MAX = 10_000


def layer() -> Any:
    """The channel layer between processes; None when there is one process only."""
    found = get_channel_layer()
    return None if found is None or isinstance(found, InMemoryChannelLayer) else found


def group(topic: Topic) -> str:
    return f"{topic[0]}.{topic[1]}"


def message(topic: Topic, fact: Fact, *, sender: str = "") -> dict[str, Any]:
    return {"type": "realtime.fact", "sender": sender, "topic": list(topic), "fact": orjson.dumps(fact)}


def publish_from_outside(topic: Topic, fact: Fact) -> None:
    """Tell the web processes from a process without sockets: a command or the worker."""
    found = layer()
    if found is not None:
        async_to_sync(found.group_send)(group(topic), message(topic, fact))


class Relay:
    """This process's ear and mouth on the channel layer."""

    def __init__(self, found: Any, hear: Callable[[Topic, Fact], None]) -> None:
        self.layer, self.hear = found, hear
        self.name = uuid.uuid4().hex
        self.channel: str | None = None
        self.wanted: set[Topic] = set()
        self.missing: set[Topic] = set()
        self.unsent: asyncio.Queue[tuple[Topic, Fact]] = asyncio.Queue(UNSENT_FACTS_MAX)
        self.opened = asyncio.Event()
        self.tasks = [asyncio.create_task(self._hearing()), asyncio.create_task(self._sending())]
        self.tasks.append(asyncio.create_task(self._mending()))

    async def stop(self) -> None:
        """End all tasks and connections. Asked again until they end: Redis' client may swallow a cancellation."""
        while running := [task for task in self.tasks if not task.done()]:
            for task in running:
                task.cancel()
            await asyncio.wait(running, timeout=0.2)
        with contextlib.suppress(Exception):
            await self.layer.flush()

    def publish(self, topic: Topic, fact: Fact) -> None:
        with contextlib.suppress(asyncio.QueueFull):  # The heartbeat repairs what is not told.
            self.unsent.put_nowait((topic, fact))

    async def subscribe(self, topics: list[Topic]) -> None:
        """Hear these topics from now on; when the layer is away, as soon as it is back."""
        self.wanted.update(topics)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.opened.wait(), RETRY_SECONDS)
        for topic in topics:
            await self._add(topic)

    async def unsubscribe(self, topic: Topic) -> None:
        self.wanted.discard(topic)
        self.missing.discard(topic)
        try:
            if self.channel:
                await self.layer.group_discard(group(topic), self.channel)
        except Exception:
            log.warning("Could not leave %s on the channel layer", topic)
        if topic in self.wanted:  # Wanted again in the meantime.
            await self._add(topic)

    async def _add(self, topic: Topic) -> None:
        try:
            if self.channel is None:
                raise ConnectionError
            await self.layer.group_add(group(topic), self.channel)
        except Exception:
            self.missing.add(topic)

    async def _mending(self) -> None:
        while True:
            await asyncio.sleep(RETRY_SECONDS)
            again, self.missing = self.missing & self.wanted, set()
            for topic in again:
                await self._add(topic)

    async def _hearing(self) -> None:
        while True:
            try:
                if self.channel is None:
                    self.channel = await self.layer.new_channel()
                    self.opened.set()
                told = await self.layer.receive(self.channel)
                if told["sender"] != self.name:
                    self.hear((told["topic"][0], told["topic"][1]), orjson.loads(told["fact"]))
            except Exception:
                log.exception("The channel layer cannot be heard")
                await asyncio.sleep(RETRY_SECONDS)

    async def _sending(self) -> None:
        while True:
            topic, fact = await self.unsent.get()
            try:
                await self.layer.group_send(group(topic), message(topic, fact, sender=self.name))
            except Exception as error:
                log.warning("Could not tell other processes of %s: %s", topic, type(error).__name__)
