"""Looking again: who is still signed in, who may hear what, and how far the log has come; for many sockets in a few queries."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import Error

from realtime import store
from realtime.frames import written
from realtime.limits import PULSE_SECONDS, Close
from realtime.threads import in_thread

if TYPE_CHECKING:
    from realtime.hub import Hub
    from realtime.socket import Socket

log = logging.getLogger(__name__)


class Pulse:
    """Answers each ping with the heads of its rooms: pings that come in close together are answered by the same queries."""

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
        found = await self.look(asking)
        for socket in asking & self.hub.sockets if found else ():
            heads = found.heads[socket.member] if found else {}
            pong = {
                "type": "pong",
                "heads": {str(pk): heads[pk] for pk in rooms[socket] if pk in heads},
                "unread_notices": found.unread[socket.member] if found else 0,
            }
            socket.tell({"type": "websocket.send", "text": written(pong)})

    async def look(self, sockets: Iterable[Socket]) -> store.Beat | None:
        """Look again at these sockets: whoever lost their session or a room is told so. None when the database is away."""
        rooms = {socket: set(socket.rooms) for socket in sockets}
        pairs = {(socket.session_key, socket.member) for socket in rooms}
        try:
            found = await in_thread(store.beat, pairs, set().union(*rooms.values()))
        except Error as error:
            log.warning("No heartbeat, the database does not answer: %s", type(error).__name__)
            self.hub.line.is_down()
            return None
        self.hub.line.is_up()
        heads: dict[int, int] = {}
        for mine in found.heads.values():
            heads |= mine
        for pk, head in heads.items():
            if pk in self.hub.rooms:
                self.hub.rooms[pk].heard_head(head)
        for socket in self.hub.sockets & set(rooms):
            if (socket.session_key, socket.member) not in found.signed_in:
                socket.end(Close.SIGNED_OUT)
                continue
            for pk in rooms[socket] - set(found.heads[socket.member]):
                # The revocation itself was lost on its way here.
                socket.lose(pk)
        return found
