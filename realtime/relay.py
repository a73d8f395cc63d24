"""Facts between processes: one subscription per process and topic, events already encoded.

Nothing depends on it: what gets lost is repaired from the database, and while this process does not hear itself through the
layer it says so (`is_well`), so that the hub looks for itself.
"""

import asyncio
import contextlib
import logging
import uuid
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

import orjson
from asgiref.sync import async_to_sync
from channels.layers import InMemoryChannelLayer, get_channel_layer

from backend.events import Fact, Topic
from realtime.ring import Kept

log = logging.getLogger(__name__)
RETRY_SECONDS = 1.0
UNSENT_FACTS_MAX = 10_000
FACTS_AT_ONCE = 200
# How often we call to ourselves through the layer, and how long an answer may take.
CALL_SECONDS = 0.25
LATE_SECONDS = 0.5
# They take something away: nothing that was said before may be told first.
URGENT = ("session.ended", "room.revoked", "rooms.recheck")


def layer() -> Any:
    """The channel layer between processes; None when there is one process only."""
    found = get_channel_layer()
    return None if found is None or isinstance(found, InMemoryChannelLayer) else found


def group(topic: Topic) -> str:
    return f"{topic[0]}.{topic[1]}"


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


def message(topic: Topic, facts: list[Fact], *, sender: str = "") -> dict[str, Any]:
    parcels = [as_parcel(fact) for fact in facts]
    return {"type": "realtime.facts", "sender": sender, "topic": list(topic), "parcels": parcels}


def publish_from_outside(facts: Sequence[tuple[Topic, Fact]]) -> None:
    """Tell the web processes from a process without sockets: a command or the worker.

    All of them over one connection: each loop of events opens its own, and a job of the worker tells tens of thousands.
    """
    found = layer()
    if found is not None:
        async_to_sync(_send_all)(found, facts)


async def _send_all(found: Any, facts: Sequence[tuple[Topic, Fact]]) -> None:
    for topic, fact in facts:
        await found.group_send(group(topic), message(topic, [fact]))


class Relay:
    """This process's ear and mouth on the channel layer. `changed` is called when it falls ill and when it is well again."""

    def __init__(self, found: Any, hear: Callable[[Topic, Fact], None], changed: Callable[[], None]) -> None:
        self.layer, self.hear, self.changed = found, hear, changed
        self.name = uuid.uuid4().hex
        self.channel: str | None = None
        self.wanted: set[Topic] = set()
        self.missing: set[Topic] = set()
        self.urgent: deque[tuple[Topic, Fact]] = deque()
        self.unsent: deque[tuple[Topic, Fact]] = deque()
        self.something = asyncio.Event()
        self.opened, self.recovered = asyncio.Event(), asyncio.Event()
        self.is_well = True
        self.called_at: float | None = None
        works = (self._hearing(), self._sending(), self._mending(), self._calling())
        self.tasks = [asyncio.create_task(work) for work in works]

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
            topic, facts = self._next(queue)
            try:
                await self.layer.group_send(group(topic), message(topic, facts, sender=self.name))
            except Exception as error:
                log.warning("Could not tell other processes of %s: %s", topic, type(error).__name__)
                await asyncio.sleep(RETRY_SECONDS)
                continue
            for _fact in facts:
                queue.popleft()

    def _next(self, queue: deque[tuple[Topic, Fact]]) -> tuple[Topic, list[Fact]]:
        """The facts at the front that go to the same people."""
        topic, first = queue[0]
        facts = [first]
        for number in range(1, min(len(queue), FACTS_AT_ONCE)):
            if queue[number][0] != topic:
                break
            facts.append(queue[number][1])
        return topic, facts

    # -- hearing -----------------------------------------------------------------------------------------------------------
    async def subscribe(self, topics: list[Topic]) -> None:
        """Hear these topics from now on; when the layer is away, as soon as it is back."""
        self.wanted.update(topics)
        if not self.is_well:
            self.missing.update(topics)
            return
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
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.recovered.wait(), RETRY_SECONDS)
            self.recovered.clear()
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
                if told["type"] == "realtime.call":
                    self._heard_myself()
                elif told["sender"] != self.name:
                    for parcel in told["parcels"]:
                        self.hear((told["topic"][0], told["topic"][1]), from_parcel(parcel))
            except Exception:
                log.exception("The channel layer cannot be heard")
                await asyncio.sleep(RETRY_SECONDS)

    # -- is it still there -------------------------------------------------------------------------------------------------
    async def _calling(self) -> None:
        """The layer does not say when its connection is gone; who hears their own voice knows that it is there."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.opened.wait(), RETRY_SECONDS)
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
        if not self.is_well:
            self.recovered.set()
            self._is(well=True)

    def _is(self, *, well: bool) -> None:
        if well != self.is_well:
            self.is_well = well
            self.changed()
