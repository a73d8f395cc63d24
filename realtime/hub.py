"""The hub of this process: which sockets listen to what, and the way of a fact to them."""

from __future__ import annotations

import asyncio
import logging
import random
from collections import Counter
from collections.abc import Sequence
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from django.db import Error

from backend.events import Fact, Topic
from realtime import relay, sessions, store
from realtime.announcing import is_taken
from realtime.around import Around
from realtime.bundle import together
from realtime.frames import written
from realtime.gathered import Gathered
from realtime.limits import AGE_MAX_SECONDS, SILENCE_SECONDS, SOCKETS_PER_MEMBER, TICK_SECONDS, Close
from realtime.line import Line
from realtime.people import people
from realtime.pulse import Pulse
from realtime.ring import Kept
from realtime.room import LiveRoom
from realtime.threads import in_thread
from realtime.writer import Writer

if TYPE_CHECKING:
    from realtime.socket import Socket

log = logging.getLogger(__name__)
# While the layer between processes is away, this process looks for itself as often as this.
WATCH_SECONDS = 0.5
FAREWELL_SECONDS = 0.1
# What is still under way when the process ends may take as long as this.
GRACE_SECONDS = 2.0
_current: Hub | None = None


def here() -> Hub:
    """The hub of the running event loop, opened if need be."""
    global _current
    loop = asyncio.get_running_loop()
    if _current is None or _current.loop is not loop:
        _current = Hub(loop)
    return _current


def announced(facts: Sequence[tuple[Topic, Fact]]) -> None:
    """The listener of `backend.events`; may be called in any thread."""
    if is_taken(facts):
        return
    hub = _current
    if hub is not None and hub.loop.is_running():
        hub.loop.call_soon_threadsafe(hub.tell_all, facts)
    else:
        relay.publish_from_outside(facts)


async def close_all() -> None:
    """The process is about to end: browsers are asked to come back."""
    global _current
    ending, _current = _current, None
    if ending is not None:
        ending.is_ending = True
        for socket in tuple(ending.sockets):
            socket.end(Close.RESTART)
        if ending.errands:
            await asyncio.wait(ending.errands, timeout=GRACE_SECONDS)
        if ending.relay:
            await ending.relay.stop()
        await ending.writer.leave()
        await asyncio.sleep(FAREWELL_SECONDS)  # The server writes what it was given in its next rounds.


class Hub:
    """One per process. All methods run on its event loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.is_ending = False
        self.sockets: set[Socket] = set()
        self.rooms: dict[int, LiveRoom] = {}
        self.listeners: dict[Topic, set[Socket]] = {}
        self.pulse = Pulse(self)
        self.line = Line(self)
        self.around = Around(self)
        self.writer = Writer(loop, self.tell_all)
        self.polls: Counter[str] = Counter()
        self.members = Gathered(sessions.members_of)
        self.permissions = Gathered(store.permitted)
        self.people = Gathered(people)
        self.errands: set[asyncio.Task[Any]] = set()
        found = relay.layer()
        self.relay = relay.Relay(found, self.tell, self._relay_changed, self._wants) if found is not None else None
        self.loop.call_later(TICK_SECONDS, self._ticking)

    # -- sockets come and go -----------------------------------------------------------------------------------------------
    def admit(self, socket: Socket) -> bool:
        """Let a socket in; False when the member has too many."""
        topic: Topic = ("member", socket.member)
        if len(self.listeners.get(topic, ())) >= SOCKETS_PER_MEMBER:
            return False
        self.sockets.add(socket)
        socket.age_max = AGE_MAX_SECONDS * random.uniform(0.9, 1.1)  # Not all come back in the same minute.
        self.listen(socket, [topic])
        return True

    def forget(self, socket: Socket) -> None:
        """A socket is gone, or about to be; twice is once."""
        self.around.look(socket, None)
        self.sockets.discard(socket)
        for room in tuple(socket.rooms.values()):
            self.leave(socket, room.pk)
        for topic in tuple(socket.topics):
            self.stop_listening(socket, topic)

    def listen(self, socket: Socket, topics: list[Topic]) -> None:
        for topic in topics:
            self.listeners.setdefault(topic, set()).add(socket)
            socket.topics.add(topic)

    def stop_listening(self, socket: Socket, topic: Topic) -> None:
        socket.topics.discard(topic)
        those = self.listeners.get(topic, set())
        those.discard(socket)
        if not those:
            self.listeners.pop(topic, None)

    def _wants(self, topic: Topic) -> bool:
        """Whether somebody here listens to this."""
        return topic[1] in self.rooms if topic[0] == "room" else topic in self.listeners

    async def enter(self, socket: Socket, rooms: dict[int, int | None]) -> set[int]:
        """Put the socket into those of these rooms that its member may hear, at these cursors (None: at their heads).

        Returns which they are. Raises what the database raises; then the socket is in none of them.
        """
        for pk in rooms:
            if pk not in self.rooms:
                self.rooms[pk] = LiveRoom(pk)
            # Already here when it is looked up who may hear it, so that nothing falls between the two.
            self.rooms[pk].behind[socket] = -1
            socket.rooms[pk] = self.rooms[pk]
        try:
            if self.relay:
                await self.relay.begin()
            found = await self.permissions.ask((socket.member, pk) for pk in rooms)
        except BaseException:
            for pk in rooms:
                self.leave(socket, pk)
            raise
        allowed = set()
        for pk, since in rooms.items():
            head = found.get((socket.member, pk))
            room = socket.rooms.get(pk)
            if room is None or socket not in room.behind:
                continue  # It left in the meantime.
            if head is None:
                self.leave(socket, pk)
                continue
            allowed.add(pk)
            room.member_at[socket] = head
            room.begin(head)
            room.behind[socket] = room.last if since is None else since
        for pk in allowed:
            # They heard in another process what got lost on its way to this one.
            room, since = self.rooms.get(pk), rooms[pk]
            if room is not None and since is not None and room.last < since <= found[socket.member, pk]:
                await room.read_on()
        return allowed

    async def _recheck(self, rooms: list[int]) -> None:
        """Compare with the log, for what got lost between processes."""
        try:
            found = await in_thread(store.heads, rooms)
        except Error:
            self.line.is_down()
            return
        for pk, head in found.items():
            if pk in self.rooms:
                self.rooms[pk].heard_head(head)

    def _relay_changed(self) -> None:
        if self.relay is not None and not self.relay.is_well:
            self.errand(self._watching())

    async def _watching(self) -> None:
        """Until the other processes can be heard again, and once when they can: who lost what, and what was said."""
        while self.relay is not None and _current is self:
            begun = self.loop.time()
            was_well = self.relay.is_well
            await self.pulse.look(self.sockets)
            if was_well:
                return
            # Not more than a third of the time goes into it, however many the sockets are.
            await asyncio.sleep(max(WATCH_SECONDS, 2 * (self.loop.time() - begun)))

    def leave(self, socket: Socket, pk: int) -> None:
        room = socket.rooms.pop(pk, None)
        if room is None:
            return
        if socket.looking == pk:
            self.around.look(socket, None)
        room.leave(socket)
        if room.is_empty and self.rooms.get(pk) is room:
            del self.rooms[pk]

    def errand(self, work: Any) -> None:
        """Run this coroutine in the background; the loop itself holds tasks only weakly."""
        task = self.loop.create_task(work)
        self.errands.add(task)
        task.add_done_callback(self.errands.discard)

    # -- facts -------------------------------------------------------------------------------------------------------------
    def tell_all(self, facts: Sequence[tuple[Topic, Fact]]) -> None:
        """Facts that leave together, in this order; one that fails holds up none."""
        with together() if len(facts) > 1 else nullcontext():
            for topic, fact in facts:
                try:
                    self.tell_everyone(topic, fact)
                except Exception:
                    log.exception("A fact of %s cannot be told: %s", topic, fact.get("type"))

    def tell_everyone(self, topic: Topic, fact: Fact) -> None:
        """A fact of this process: to its own sockets, and to the other processes."""
        if fact["type"] == "room.events":
            fact = fact | {"events": [Kept.of(event) for event in fact["events"]]}
        self.tell(topic, fact)
        if self.relay:
            self.relay.publish(topic, fact)

    def tell(self, topic: Topic, fact: Fact) -> None:
        """A fact of any process, to the sockets here that it concerns; encoded once."""
        if topic[0] == "room":
            room = self.rooms.get(int(topic[1]))
            if fact["type"] == "room.around":
                self.around.heard(int(topic[1]), fact)
            elif room is not None:
                room.take(fact["events"])
            return
        those = tuple(self.listeners.get(topic, ()))
        if fact["type"] == "session.ended":
            for socket in those:
                if fact.get("session") in (None, sessions.hashed(socket.session_key)):
                    socket.end(Close.SIGNED_OUT)
        elif fact["type"] == "rooms.recheck":
            for socket in those:
                self.errand(socket.introduce(again=True))
            self.errand(self.pulse.look(those))
        elif those:
            if fact["type"] == "room.revoked":
                for socket in those:
                    self.leave(socket, fact["room"])
            frame = {"type": "websocket.send", "text": written(fact)}
            for socket in those:
                socket.tell(frame)

    # -- time --------------------------------------------------------------------------------------------------------------
    def _ticking(self) -> None:
        self.tick(self.loop.time())
        self.loop.call_later(TICK_SECONDS, self._ticking)

    def tick(self, now: float) -> None:
        """End sockets that have been silent for too long, and those that are old; compare the rooms with their logs."""
        if self.rooms:
            self.errand(self._recheck(list(self.rooms)))
        for socket in tuple(self.sockets):
            if now - socket.heard_at > SILENCE_SECONDS:
                socket.end(Close.HEARTBEAT_LOST)
            elif now - socket.opened_at > socket.age_max:
                socket.end(Close.RESTART)
