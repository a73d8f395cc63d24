"""A room that somebody in this process listens to: who hears it live, who is still catching up, and its newest events."""

import asyncio
import logging
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

import orjson

from realtime import store
from realtime.frames import written
from realtime.limits import CHUNK_CHARACTERS, CHUNK_EVENTS, HOLE_SECONDS, RING_BYTES, RING_EVENTS
from realtime.threads import in_thread

log = logging.getLogger(__name__)
Fact = dict[str, Any]


class Listener(Protocol):
    def push(self, frame: dict[str, Any]) -> None:
        """Send this ASGI message now; never waits."""


@dataclass(slots=True)
class Kept:
    """An event as it was sent."""

    seq: int
    text: str
    target_seq: int | None


class LiveRoom:
    """One per room and process. Listeners have a cursor, not a queue: nothing is stored for those who are slow."""

    def __init__(self, pk: int) -> None:
        self.pk = pk
        self.last = 0
        self.is_ready = False
        self.live: set[Listener] = set()
        self.behind: dict[Listener, int] = {}
        self.ring: deque[Kept] = deque()
        self.ring_size = 0
        self.held: dict[int, Fact] = {}
        self.chunks: dict[int, tuple[str, int]] = {}
        self.reading = asyncio.Lock()
        self.is_filling = False

    @property
    def is_empty(self) -> bool:
        return not self.live and not self.behind

    def begin(self, head: int) -> None:
        """The log stands at this number; what was heard meanwhile follows."""
        self.last, self.is_ready = max(self.last, head), True
        self.take([])

    def leave(self, listener: Listener) -> None:
        self.live.discard(listener)
        self.behind.pop(listener, None)

    def go_live(self, listener: Listener) -> None:
        del self.behind[listener]
        self.live.add(listener)

    def fall_behind(self, listener: Listener) -> bool:
        """Someone does not take what they are sent: from here they will catch up. False when they were not live."""
        if listener not in self.live:
            return False
        self.live.discard(listener)
        self.behind[listener] = self.last
        return True

    # -- what happens ----------------------------------------------------------------------------------------------------
    def take(self, events: Iterable[Fact]) -> None:
        """New events, in any order and more than once; they go out in order, once each."""
        for event in events:
            if event["seq"] > self.last:
                self.held[event["seq"]] = event
        if not self.is_ready:
            return
        for seq in [seq for seq in self.held if seq <= self.last]:
            del self.held[seq]
        fresh = []
        while (event_next := self.held.pop(self.last + 1, None)) is not None:
            self.last += 1
            fresh.append(self._keep(event_next))
        if fresh:
            self.chunks.clear()
            for start in range(0, len(fresh), CHUNK_EVENTS):
                self._broadcast(self._frame(fresh[start : start + CHUNK_EVENTS]))
        if self.held:
            self._mend(HOLE_SECONDS)

    def heard_head(self, head: int) -> None:
        """The log's newest number by the database: whatever is missing here is fetched."""
        if self.is_ready and head > self.last:
            self._mend(HOLE_SECONDS)

    def _keep(self, event: Fact) -> str:
        if event["kind"] == "message_deleted":
            self._forget_words(event["target_seq"])
        kept = Kept(event["seq"], written(event), event["target_seq"])
        self.ring.append(kept)
        self.ring_size += len(kept.text)
        while len(self.ring) > RING_EVENTS or self.ring_size > RING_BYTES:
            self.ring_size -= len(self.ring.popleft().text)
        return kept.text

    def _forget_words(self, seq: int) -> None:
        """A deleted message is not told again, nor what it was changed to."""
        for kept in self.ring:
            if seq in (kept.seq, kept.target_seq):
                event = orjson.loads(kept.text) | {"body": ""}
                event["deleted"] = event["deleted"] or kept.seq == seq
                self.ring_size -= len(kept.text)
                kept.text = written(event)
                self.ring_size += len(kept.text)

    def _frame(self, texts: list[str]) -> str:
        return f'{{"type":"room.events","room":{self.pk},"events":[{",".join(texts)}]}}'

    def _broadcast(self, text: str) -> None:
        frame = {"type": "websocket.send", "text": text}
        for listener in tuple(self.live):
            listener.push(frame)

    # -- what was missed -------------------------------------------------------------------------------------------------
    def _mend(self, after_seconds: float) -> None:
        """Facts of two commits may arrive in the wrong order: a gap is given a moment to close by itself."""
        if not self.is_filling:
            self.is_filling = True
            asyncio.get_running_loop().call_later(after_seconds, self._start_filling, self.last)

    def _start_filling(self, hole: int) -> None:
        if self.last > hole and not self.held:
            self.is_filling = False
        else:
            self.filling = asyncio.create_task(self._fill())

    async def _fill(self) -> None:
        try:
            while not self.is_empty:
                events = await in_thread(store.log_after, self.pk, self.last)
                self.take(events)
                if len(events) < RING_EVENTS:
                    return
        except Exception:
            log.exception("The log of room %s cannot be read", self.pk)
        finally:
            self.is_filling = False

    async def reach(self, cursor: int) -> bool:
        """Make the ring go back to this cursor; False when that is too far, or a number that was never given."""
        async with self.reading:
            if cursor > self.last or self.last - cursor > RING_EVENTS:
                return False
            if self._covers(cursor):
                return True
            events = await in_thread(store.log_after, self.pk, cursor)
            first = self.ring[0].seq if self.ring else self.last + 1
            older = [event for event in events if event["seq"] < first]
            if [event["seq"] for event in older] != list(range(cursor + 1, first)):
                return False
            for event in reversed(older):
                kept = Kept(event["seq"], written(event), event["target_seq"])
                self.ring.appendleft(kept)
                self.ring_size += len(kept.text)
            self.chunks.clear()
            return True

    def _covers(self, cursor: int) -> bool:
        return cursor == self.last or (bool(self.ring) and self.ring[0].seq <= cursor + 1)

    def after(self, cursor: int) -> tuple[str, int] | None:
        """One frame of what follows this cursor and the cursor after it; those at the same place share it."""
        if cursor >= self.last or not self._covers(cursor):
            return None
        if cursor not in self.chunks:
            texts: list[str] = []
            size = 0
            for number in range(cursor + 1 - self.ring[0].seq, len(self.ring)):
                kept = self.ring[number]
                if texts and (len(texts) == CHUNK_EVENTS or size + len(kept.text) > CHUNK_CHARACTERS):
                    break
                texts.append(kept.text)
                size += len(kept.text)
            self.chunks[cursor] = (self._frame(texts), cursor + len(texts))
        return self.chunks[cursor]
