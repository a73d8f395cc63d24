"""Heartbeats: pings that come in close together are answered by the same few queries."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from realtime import store
from realtime.frames import written
from realtime.limits import PULSE_SECONDS, Close
from realtime.threads import in_thread

if TYPE_CHECKING:
    from realtime.hub import Hub
    from realtime.socket import Socket

log = logging.getLogger(__name__)


class Pulse:
    """Answers each ping with the heads of its rooms; looks again who is signed in and who may hear what."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.waiting: set[Socket] = set()
        self.next_at = 0.0
        self.is_planned = False

    def add(self, socket: Socket) -> None:
        self.waiting.add(socket)
        if not self.is_planned:
            self.is_planned = True
            now = self.hub.loop.time()
            self.hub.loop.call_later(max(0.0, self.next_at - now), lambda: self.hub.errand(self._beat()))

    async def _beat(self) -> None:
        self.next_at = self.hub.loop.time() + PULSE_SECONDS
        self.is_planned = False
        asking, self.waiting = self.waiting & self.hub.sockets, set()
        rooms = {socket: set(socket.rooms) for socket in asking}
        try:
            found = await in_thread(store.beat, {(socket.session_key, socket.member) for socket in asking})
        except Exception:
            log.exception("No heartbeat: the database does not answer")
            return
        for heads in found.heads.values():
            for pk, head in heads.items():
                if pk in self.hub.rooms:
                    self.hub.rooms[pk].heard_head(head)
        for socket in asking & self.hub.sockets:
            self._answer(socket, rooms[socket], found)

    def _answer(self, socket: Socket, rooms: set[int], found: store.Beat) -> None:
        if (socket.session_key, socket.member) not in found.signed_in:
            socket.end(Close.SIGNED_OUT)
            return
        heads = found.heads[socket.member]
        for pk in rooms - set(heads):
            # The revocation itself was lost on its way here.
            if socket.lose(pk):
                socket.say({"type": "room.revoked", "room": pk})
        pong = {
            "type": "pong",
            "heads": {str(pk): heads[pk] for pk in rooms if pk in heads},
            "unread_notices": found.unread[socket.member],
        }
        socket.tell({"type": "websocket.send", "text": written(pong)})
