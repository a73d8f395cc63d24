"""A room that somebody in this process listens to: who hears it live, who is still catching up, and its newest events."""

import asyncio
import logging
from collections.abc import Iterable
from typing import Any, Protocol

from realtime import store
from realtime.limits import CHUNK_EVENTS, CHUNKS_MAX, HOLE_SECONDS, RING_EVENTS
from realtime.ring import SHOWING, SILENCING, Kept, Ring, chunk, frame_of
from realtime.threads import in_thread

log = logging.getLogger(__name__)
Chunk = tuple[str, int]


class Listener(Protocol):
    member: int

    def push(self, frame: dict[str, Any]) -> None:
        """Send this ASGI message now; never waits."""

    def lose(self, pk: int) -> bool:
        """The member is no longer in this room."""


class LiveRoom:
    """One per room and process. Listeners have a cursor, not a queue: nothing is stored for those who are slow."""

    def __init__(self, pk: int) -> None:
        self.pk = pk
        self.last = 0
        self.is_ready = False
        self.live: set[Listener] = set()
        self.behind: dict[Listener, int] = {}
        # Up to which number the log had been written when it was looked up that someone is a member.
        self.member_at: dict[Listener, int] = {}
        self.ring = Ring()
        self.is_warm = False
        self.silenced = 0
        self.held: dict[int, Kept] = {}
        self.chunks: dict[int, Chunk] = {}
        self.reading = asyncio.Lock()
        self.is_filling = False

    @property
    def is_empty(self) -> bool:
        return not self.live and not self.behind

    def begin(self, head: int) -> None:
        """The log stands at this number; what was heard meanwhile follows."""
        if self.is_ready:
            self.heard_head(head)
            return
        self.last, self.is_ready = head, True
        self.take([])

    def leave(self, listener: Listener) -> None:
        self.live.discard(listener)
        self.behind.pop(listener, None)
        self.member_at.pop(listener, None)

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
    def take(self, events: Iterable[Kept]) -> None:
        """New events, in any order and more than once; they go out in order, once each."""
        for event in events:
            if event.seq > self.last:
                self.held[event.seq] = event
        if not self.is_ready:
            return
        for seq in [seq for seq in self.held if seq <= self.last]:
            del self.held[seq]
        fresh: list[Kept] = []
        while (kept := self.held.pop(self.last + 1, None)) is not None:
            if kept.gone is not None:
                self._broadcast(fresh)
                fresh = []
                self._drop(kept.gone, kept.seq)
            self.last += 1
            self._keep(kept)
            fresh.append(kept)
        self._broadcast(fresh)
        if self.held:
            self._mend(HOLE_SECONDS)

    def heard_head(self, head: int) -> None:
        """The log's newest number by the database: whatever is missing here is fetched."""
        if self.is_ready and head > self.last:
            self._mend(HOLE_SECONDS)

    async def read_on(self) -> None:
        """Take in now what the log has after the newest event here."""
        await self._fill()

    def _keep(self, kept: Kept) -> None:
        if kept.kind in SILENCING or kept.kind == SHOWING:
            self.silenced += 1
            self.chunks.clear()
        self.ring.add(kept)

    def _drop(self, member: int, seq: int) -> None:
        """From this event on someone is not in the room: exact, for the log has no gaps, whatever else got lost on its way."""
        for listener in [*self.live, *self.behind]:
            if listener.member == member and self.member_at.get(listener, 0) < seq:
                listener.lose(self.pk)

    def _broadcast(self, fresh: list[Kept]) -> None:
        for start in range(0, len(fresh), CHUNK_EVENTS):
            frame = {"type": "websocket.send", "text": frame_of(self.pk, fresh[start : start + CHUNK_EVENTS])}
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
                events = await self._read(self.last, RING_EVENTS)
                self.take(events)
                if len(events) < RING_EVENTS:
                    return
        except Exception:
            log.exception("The log of room %s cannot be read", self.pk)
        finally:
            self.is_filling = False

    async def _read(self, cursor: int, limit: int) -> list[Kept]:
        return [Kept.of(event) for event in await in_thread(store.log_after, self.pk, cursor, limit)]

    async def after(self, cursor: int) -> Chunk | None:
        """One frame of what follows this cursor, and the cursor after it; those at the same place share it.

        None when that is too far back, a number that was never given, or nothing follows.
        """
        if cursor >= self.last or self.last - cursor > RING_EVENTS:
            return None
        if cursor in self.chunks:
            return self.chunks[cursor]
        if not self.ring.reaches(cursor):
            async with self.reading:
                if not self.is_warm:
                    await self._warm_up()
                if not self.ring.reaches(cursor) and cursor not in self.chunks:
                    # Not beyond what is told here: somebody may have left by then.
                    found = [kept for kept in await self._read_still(cursor) if kept.seq <= self.last]
                    return self._share(cursor, chunk(found))
            if cursor in self.chunks:
                return self.chunks[cursor]
        return self._share(cursor, self.ring.after(cursor))

    async def _warm_up(self) -> None:
        """Bring up what happened before somebody listened, for all who come back at once."""
        older = await self._read_still(max(0, self.last - RING_EVENTS), RING_EVENTS)
        first = self.ring.events[0].seq if self.ring.events else self.last + 1
        self.ring.add_older([kept for kept in older if kept.seq < first], first)
        self.is_warm = True

    async def _read_still(self, cursor: int, limit: int = CHUNK_EVENTS) -> list[Kept]:
        """From the log; read again when a message lost its words meanwhile."""
        while True:
            silenced = self.silenced
            found = await self._read(cursor, limit)
            if silenced == self.silenced:
                return found

    def _share(self, cursor: int, events: Iterable[Kept]) -> Chunk | None:
        found = list(events)
        if [kept.seq for kept in found] != list(range(cursor + 1, cursor + 1 + len(found))) or not found:
            return None
        while len(self.chunks) >= CHUNKS_MAX:
            del self.chunks[next(iter(self.chunks))]
        self.chunks[cursor] = (frame_of(self.pk, found), found[-1].seq)
        return self.chunks[cursor]
