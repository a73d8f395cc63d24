"""Daphne with sockets that are written at once, and that make the sender wait for those who do not read.

Daphne hands each frame to Twisted's writer, which visits the event loop once per socket, and its `send()` returns before anything
has left, so a client that stops reading costs memory without end. Here `send()` writes to the socket straight away, builds the bytes of a
text that goes to many sockets once, and waits while more than UNSENT_BYTES_MAX are unsent.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import daphne.server
from daphne.ws_protocol import WebSocketProtocol
from twisted.internet.defer import Deferred

from realtime.limits import UNREAD_FRAMES_MAX, UNSENT_BYTES_MAX, Close


def text_frame(text: str) -> bytes:
    """An unmasked, unfragmented text frame (RFC 6455, section 5.2)."""
    payload = text.encode()
    length = len(payload)
    if length < 126:
        return bytes((0x81, length)) + payload
    if length < 1 << 16:
        return b"\x81\x7e" + length.to_bytes(2, "big") + payload
    return b"\x81\x7f" + length.to_bytes(8, "big") + payload


class _LastFrame:
    """The frame of the text that was sent last: the same text object goes to the next socket, too."""

    text: str | None = None
    frame = b""


class Unbuffered(WebSocketProtocol):
    """One WebSocket connection of this server."""

    drained: asyncio.Future[None] | None = None

    def onOpen(self) -> None:
        super().onOpen()
        # The HTTP channel that led here is still registered; from now on we hear when the buffer is empty.
        self.transport.unregisterProducer()
        self.transport.registerProducer(self, True)

    def onMessage(self, payload: bytes, isBinary: bool) -> None:
        if self.application_queue.qsize() >= UNREAD_FRAMES_MAX:
            self.sendClose(code=int(Close.TOO_MANY))
            return
        super().onMessage(payload, isBinary)

    def pauseProducing(self) -> None:
        """Nothing to pause: senders ask `unsent()` themselves."""

    def resumeProducing(self) -> None:
        if self.drained is not None and not self.drained.done():
            self.drained.set_result(None)

    def stopProducing(self) -> None:
        self.resumeProducing()

    def onClose(self, wasClean: bool, code: int | None, reason: str | None) -> None:
        super().onClose(wasClean, code, reason)
        self.resumeProducing()

    def unsent(self) -> int:
        transport = self.transport
        waiting: int = len(transport.dataBuffer) - transport.offset + transport._tempDataLen
        return waiting

    async def asgi_send(self, message: dict[str, Any]) -> None:
        """ASGI's `send`; for text frames it returns when the client has taken all but UNSENT_BYTES_MAX of what it is owed."""
        text = message.get("text")
        if text is None or self.state != self.STATE_OPEN or self._perMessageCompress is not None:
            await self.server.handle_reply(self, message)
            return
        if _LastFrame.text is not text:
            _LastFrame.text, _LastFrame.frame = text, text_frame(text)
        frame = _LastFrame.frame
        transport = self.transport
        if not transport.dataBuffer and not transport._tempDataLen:
            written = transport.writeSomeData(frame)
            if written == len(frame):
                return
            if not isinstance(written, int) or written < 0:
                transport.loseConnection()
                return
            frame = frame[written:]
        transport.write(frame)
        while self.state == self.STATE_OPEN and self.unsent() > UNSENT_BYTES_MAX:
            # All that wait share one future: several rooms may write to the same socket.
            if self.drained is None or self.drained.done():
                self.drained = asyncio.get_running_loop().create_future()
            await asyncio.shield(self.drained)


class Server(daphne.server.Server):
    """Daphne's server; `write_through=False` leaves its own protocol in place."""

    def __init__(
        self, *args: Any, write_through: bool = True, on_stop: Callable[[], Coroutine[Any, Any, None]], **options: Any
    ) -> None:
        self.write_through, self.on_stop = write_through, on_stop
        self.failure = ""
        super().__init__(*args, ready_callable=self._ready, **options)

    def _ready(self) -> None:
        if self.write_through:
            self.ws_factory.protocol = Unbuffered
        daphne.server.reactor.addSystemEventTrigger("before", "shutdown", self._stopping)

    def _stopping(self) -> Deferred[None]:
        return Deferred.fromFuture(asyncio.ensure_future(self.on_stop()))

    def listen_error(self, failure: Any) -> None:
        self.failure = failure.getErrorMessage()
        super().listen_error(failure)

    def create_application(self, protocol: Any, scope: dict[str, Any]) -> Any:
        if not isinstance(protocol, Unbuffered):
            return super().create_application(protocol, scope)
        queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        scope.setdefault("asgi", {"version": "3.0"})
        running: Awaitable[None] = self.application(scope, queue.get, protocol.asgi_send)
        if protocol not in self.connections:
            return None
        self.connections[protocol]["application_instance"] = asyncio.ensure_future(running)
        return queue
