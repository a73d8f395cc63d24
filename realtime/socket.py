"""One browser's socket: its frames in, its frames out, and what to do when it does not read."""

import asyncio
import logging
import uuid
from collections import deque
from collections.abc import Generator
from functools import partial
from typing import Any

from channels.consumer import AsyncConsumer
from channels.exceptions import StopConsumer
from django.db import Error

from backend.conversations.batch import Answer
from backend.conversations.wishes import Wish
from backend.errors import Invalid, NotFound, Refusal
from backend.events import Topic
from realtime import frames, hub, sessions, store
from realtime.limits import (
    BAD_FRAMES_MAX,
    FRAME_MAX_BYTES,
    FRAMES_AT_ONCE,
    FRAMES_PER_SECOND,
    HEARTBEAT_SECONDS,
    PUSH,
    RESOURCES_PER_SOCKET,
    ROOMS_PER_SOCKET,
    TAKE,
    WAITING_FRAMES_MAX,
    Close,
    LeakyBucket,
)
from realtime.people import Person
from realtime.room import LiveRoom
from realtime.threads import in_thread

log = logging.getLogger(__name__)
TRY_AGAIN_SECONDS = 2
# What grants each frame of a browser.
WISHES = {
    "subscribe": "subscribe",
    "unsubscribe": "unsubscribe",
    "watch": "watch",
    "unwatch": "unwatch",
    "message.post": "post",
    "message.react": "react",
    "look": "look",
    "typing": "typing",
    "read": "read",
    "ping": "ping",
}
# How a frame begins that posts a message, as browsers and others write it.
POSTING = ('{"type":"message.post"', '{"type": "message.post"')


class _Rest:
    """The remainder of an awaitable whose first step was taken by hand."""

    def __init__(self, steps: Generator[Any, Any, None], first: Any) -> None:
        self.steps, self.first = steps, first

    def __await__(self) -> Generator[Any, Any, None]:
        yield self.first
        yield from self.steps


class Socket(AsyncConsumer):
    """The consumer of /ws/. It has no channel of its own: the hub listens for all sockets of the process."""

    def __init__(self) -> None:
        self.member = 0
        self.session_key = ""
        self.rooms: dict[int, LiveRoom] = {}
        self.topics: set[Topic] = set()
        self.is_open = False
        self.looking: int | None = None
        self.person: Person | None = None
        self.parked = 0
        self.waiting: deque[dict[str, Any]] = deque()
        self.bad_frames = 0
        self.bucket = LeakyBucket(FRAMES_PER_SECOND, FRAMES_AT_ONCE)
        self.opened_at = self.heard_at = asyncio.get_running_loop().time()
        self.age_max = 0.0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """One message of the browser after the other. (Channels makes two tasks for each, to hear a channel beside it, which we have not.)"""
        self.scope, self.base_send = scope, send
        extensions = scope.get("extensions", {})
        self.push_now = extensions.get(PUSH, send)
        if TAKE in extensions:
            extensions[TAKE](self.take)
        try:
            while True:
                await self.dispatch(await receive())
        except StopConsumer:
            return

    async def dispatch(self, message: dict[str, Any]) -> None:
        kind = message["type"]
        try:
            if kind == "websocket.receive":
                await self.received(message)
            elif kind == "websocket.connect":
                await self.connected()
        except Exception:  # Whatever it is: no socket ends without a code, and none leaves anything behind.
            log.exception("A socket fails")
            self.end(Close.INTERNAL)
        if kind == "websocket.disconnect":
            self.gone()
            raise StopConsumer

    async def connected(self) -> None:
        self.hub = hub.here()
        self.session_key = sessions.session_of(self.scope["headers"])
        # Accepted first, for a browser is told the reason only of an open socket.
        await self.base_send({"type": "websocket.accept"})
        self.is_open = True
        try:
            member = (await self.hub.members.ask([self.session_key])).get(self.session_key)
        except Error:
            self.hub.line.is_down()
            return self.end(Close.INTERNAL)
        if member is None:
            return self.end(Close.SIGNED_OUT)
        self.member = member
        if self.hub.is_ending:
            return self.end(Close.RESTART)
        if not self.hub.admit(self):
            return self.end(Close.TOO_MANY)
        await self.send_frame({"type": "ready", "member": member, "heartbeat_seconds": HEARTBEAT_SECONDS})
        if not self.hub.line.can_send:
            self.say({"type": "line", "can_send": False})

    async def received(self, message: dict[str, Any]) -> None:
        if not self.is_open or self._is_too_much():
            return
        try:
            text = message.get("text")
            if text is None:
                raise Invalid("not_json", "Frames are text.")
            if message.get("is_too_long") or len(text.encode()) > FRAME_MAX_BYTES:
                raise Invalid("frame_too_large", "A frame may have 64 kB at most.")
            kind, wish = frames.read(text)
        except Refusal as refusal:
            self.bad_frames += 1
            self.refuse(refusal.code, refusal.detail, **refusal.extra.get("about", {}))
            if self.bad_frames >= BAD_FRAMES_MAX:
                self.end(Close.BAD_FRAMES)
            return
        about = {key: wish[key] for key in ("room", "client_id", "ref") if wish.get(key) is not None}
        try:
            await getattr(self, WISHES[kind])(**wish)
        except (Refusal, Error) as error:
            self._failed(error, about)

    def take(self, text: str) -> bool:
        """Hand a message that looks like nearly all straight to the writer; False: it has to be received like any frame."""
        if not self.is_open or not text.startswith(POSTING):
            return False
        wish = frames.plain(text)
        if wish is None:
            return False
        try:
            if not self._is_too_much():
                self._submit(**wish)
        except Exception as error:
            self._failed(error, {})
        return True

    def _is_too_much(self) -> bool:
        """Count one more frame; a socket that says too much is ended."""
        self.heard_at = self.hub.loop.time()
        if self.bucket.takes(self.heard_at):
            return False
        self.refuse("too_many_frames", "Too many frames at once.")
        self.end(Close.TOO_MANY)
        return True

    def _failed(self, error: Exception, about: dict[str, Any]) -> None:
        """Say why a wish was not granted. `about` is what names it."""
        if isinstance(error, Refusal):
            code, detail = _code(error)
            self.refuse(code, detail, **about, **_way_out(error))
        elif isinstance(error, Error):
            log.warning("The database does not answer: %s", type(error).__name__)
            self.refuse("try_again", "This could not be stored now.", wait_seconds=TRY_AGAIN_SECONDS, **about)
            self.hub.line.is_down()
        elif self.is_open:
            log.error("A socket fails", exc_info=error)
            self.end(Close.INTERNAL)

    def gone(self) -> None:
        self.is_open = False
        self.hub.forget(self)

    # -- wishes --------------------------------------------------------------------------------------------------------------
    async def subscribe(self, rooms: dict[int, int | None]) -> None:
        if len(self.rooms.keys() | rooms.keys()) > ROOMS_PER_SOCKET:
            raise Refusal("too_many_rooms", "Too many rooms in one window.")
        # Asked again: from the new place.
        for pk in rooms.keys() & self.rooms.keys():
            self.hub.leave(self, pk)
        allowed = await self.hub.enter(self, rooms)
        for pk in rooms:
            room = self.rooms.get(pk)
            if pk not in allowed:
                self.refuse(NotFound.code, NotFound.detail, room=pk)
            elif room is not None and self.is_open:
                await self.send_frame({"type": "room.subscribed", "room": pk, "head": room.last})
                await self.catch_up(room)

    async def unsubscribe(self, rooms: list[int]) -> None:
        for pk in rooms:
            self.hub.leave(self, pk)

    async def watch(self, resources: list[int]) -> None:
        if len(resources) > RESOURCES_PER_SOCKET:
            raise Refusal("too_many_resources", "Too many calendars in one window.")
        known = await in_thread(store.known_resources, resources)
        topics: list[Topic] = [("resource", pk) for pk in sorted(known) if ("resource", pk) not in self.topics]
        if len(topics) + len(self.topics) - 1 > RESOURCES_PER_SOCKET:
            raise Refusal("too_many_resources", "Too many calendars in one window.")
        self.hub.listen(self, topics)

    async def unwatch(self, resources: list[int]) -> None:
        for pk in resources:
            self.hub.stop_listening(self, ("resource", pk))

    async def post(self, **wish: Any) -> None:
        self._submit(**wish)

    def _submit(self, room: int, client_id: uuid.UUID, body: str, ref: str = "", **more: Any) -> None:
        """Hand a message to the writer. The answer comes when it comes: what follows on this socket need not wait for it."""
        for name in ("mentions", "attachments"):
            if name in more:
                more[name] = tuple(more[name])
        wish = Wish(room_id=room, author_id=self.member, client_id=client_id, body=body, **more)
        about: dict[str, Any] = {"client_id": str(client_id), "room": room}
        self.hub.writer.submit(wish, partial(self._posted, about | {"ref": ref} if ref else about))

    def _posted(self, about: dict[str, Any], answer: Answer | Exception) -> None:
        if isinstance(answer, Exception):
            self._failed(answer, about)
        else:
            self.say({"type": "ack", "client_id": about["client_id"], "room": about["room"], "seq": answer.seq})

    async def react(self, room: int, seq: int, emoji: str, on: bool, ref: str = "") -> None:
        await in_thread(store.react, self.member, room, seq, emoji, on)
        await self.done(ref)

    async def look(self, room: int | None, ref: str = "") -> None:
        if room is not None:
            self._hears(room)
            await self.introduce()
        self.hub.around.look(self, room if room in self.rooms else None)
        await self.done(ref)

    async def typing(self, room: int, topic: int | None = None, ref: str = "") -> None:
        self._hears(room)
        await self.introduce()
        if self.person is not None:
            self.hub.around.type(room, self.person, topic)
        await self.done(ref)

    async def introduce(self, *, again: bool = False) -> None:
        """Find out what others may see of this member."""
        if again and self.person is None:
            return  # Nobody was told of them yet.
        if again or self.person is None:
            self.person = (await self.hub.people.ask([self.member])).get(self.member)

    def _hears(self, room: int) -> None:
        if room not in self.rooms:
            raise NotFound

    async def done(self, ref: str) -> None:
        if ref:
            await self.send_frame({"type": "done", "ref": ref})

    async def read(self, room: int, seq: int, topic: int | None = None) -> None:
        await in_thread(store.read, self.member, room, seq, topic)

    async def ping(self) -> None:
        self.hub.pulse.add(self)

    # -- out -----------------------------------------------------------------------------------------------------------------
    async def send_frame(self, frame: dict[str, Any]) -> None:
        """Send and wait until the browser has taken most of what it is owed."""
        if self.is_open:
            await self.base_send({"type": "websocket.send", "text": frames.written(frame)})

    def say(self, frame: dict[str, Any]) -> None:
        self.tell({"type": "websocket.send", "text": frames.written(frame)})

    def refuse(self, code: str, detail: Any, **about: Any) -> None:
        about = {key: str(value) if key == "client_id" else value for key, value in about.items()}
        self.say({"type": "error", "code": code, "detail": str(detail), **about})

    def tell(self, frame: dict[str, Any]) -> None:
        """Send a frame that is in no log: it waits while the browser does not read, but not without end."""
        if not self.parked:
            self.push(frame)
        elif len(self.waiting) >= WAITING_FRAMES_MAX:
            self.end(Close.HEARTBEAT_LOST)
        elif frame not in self.waiting:
            self.waiting.append(frame)

    def tell_lightly(self, frame: dict[str, Any]) -> None:
        """Send a frame that nobody misses: not while the browser does not read."""
        if not self.parked:
            self.push(frame)

    def push(self, frame: dict[str, Any]) -> None:
        """Take the first step of sending by hand: mostly that is all, and nothing needs to be scheduled."""
        if not self.is_open:
            return
        try:
            rest = self.push_now(frame)
            if rest is None:
                return
            steps = rest.__await__()
            first = next(steps)
        except StopIteration:
            return
        except Exception:
            self.gone()
            return
        self._park(_Rest(steps, first))

    def _park(self, rest: _Rest) -> None:
        """The browser does not read: it leaves the live rooms and catches up with them once it does."""
        self.parked += 1
        rooms = [room for room in self.rooms.values() if room.fall_behind(self)]
        self.hub.errand(self._unpark(rest, rooms))

    async def _unpark(self, rest: _Rest, rooms: list[LiveRoom]) -> None:
        try:
            await rest
            for room in rooms:
                await self.catch_up(room)
            if self.parked == 1:
                while self.waiting and self.is_open:
                    await self.base_send(self.waiting.popleft())
        except Exception:
            self.gone()
        finally:
            self.parked -= 1

    async def catch_up(self, room: LiveRoom) -> None:
        """Send what follows this socket's cursor in the room, until it is live there."""
        while self.is_open and self in room.behind:
            cursor = room.behind[self]
            if cursor == room.last:
                room.go_live(self)
                return
            chunk = await room.after(cursor)
            if room.behind.get(self) != cursor:
                continue
            if chunk is not None:
                text, room.behind[self] = chunk
                await self.base_send({"type": "websocket.send", "text": text})
            elif cursor != room.last:
                room.behind[self] = room.last
                await self.send_frame({"type": "room.reset", "room": room.pk, "head": room.last})

    def lose(self, pk: int) -> bool:
        """The member is no longer in this room, and is told so. False when this socket did not listen to it."""
        had = pk in self.rooms
        self.hub.leave(self, pk)
        if had:
            self.say({"type": "room.revoked", "room": pk})
        return had

    def end(self, code: Close) -> None:
        """Close the socket; nothing more is sent or heard."""
        if self.is_open:
            self.gone()
            self.hub.errand(self._close(code))

    async def _close(self, code: Close) -> None:
        await self.base_send({"type": "websocket.close", "code": int(code)})


def _code(refusal: Refusal) -> tuple[str, Any]:
    """The code and sentence of a refusal; of a refused form, those of its first field."""
    for errors in refusal.extra.get("fields", {}).values():
        return errors[0]["code"], errors[0]["detail"]
    return refusal.code, refusal.detail


def _way_out(refusal: Refusal) -> dict[str, Any]:
    return {key: refusal.extra[key] for key in ("wait_seconds",) if key in refusal.extra}
