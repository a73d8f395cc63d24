"""Whether messages can be stored now: browsers are told when the database goes away and when it is back."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from django.db import Error

from realtime import store
from realtime.frames import written
from realtime.threads import in_thread

if TYPE_CHECKING:
    from realtime.hub import Hub

PROBE_SECONDS = 1.0


class Line:
    """Of this process to the database."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.can_send = True

    def is_down(self) -> None:
        """Somebody was not answered: say so, and try until it answers."""
        if self.can_send:
            self._tell(False)
            self.hub.errand(self._probing())

    def is_up(self) -> None:
        if not self.can_send:
            self._tell(True)

    def _tell(self, can_send: bool) -> None:
        self.can_send = can_send
        frame = {"type": "websocket.send", "text": written({"type": "line", "can_send": can_send})}
        for socket in tuple(self.hub.sockets):
            socket.tell(frame)

    async def _probing(self) -> None:
        while not self.can_send:
            await asyncio.sleep(PROBE_SECONDS)
            try:
                await in_thread(store.heads, [])
            except Error:
                continue
            self.is_up()
