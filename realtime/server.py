"""Daphne with sockets that are written at once, that make the sender wait for those who do not read, and that read no faster than we hear.

Daphne hands each frame to Twisted's writer, which visits the event loop once per socket, and its `send()` returns before anything
has left, so a client that stops reading costs memory without end. Here `send()` writes to the socket straight away, builds the bytes of a
text that goes to many sockets once, and waits while more than UNSENT_BYTES_MAX are unsent. What comes in is bounded, too: a frame that is
too long is thrown away piece by piece, and nothing is read from a connection whose frames wait to be dealt with.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import daphne.server
from autobahn.wamp.types import TransportDetails
from daphne.ws_protocol import WebSocketProtocol
from twisted.internet.defer import Deferred

from realtime import bundle
from realtime.limits import (
    FRAME_COSTS_BYTES,
    FRAME_MAX_BYTES,
    HELD_BYTES_MAX,
    PUSH,
    TAKE,
    UNREAD_BYTES_MAX,
    UNSENT_BYTES_MAX,
)
from realtime.wire import text_frame, whole_texts

# The answer to a handshake waits as long as this for what is said first.
GREETING_SECONDS = 0.2
_DETAILS = TransportDetails(is_server=True, is_secure=False)


class _LastFrame:
    """The frame of the text that was sent last: the same text object goes to the next socket, too."""

    text: str | None = None
    frame = b""


class Inbox(asyncio.Queue[dict[str, Any]]):
    """What a connection has received and the application has not heard yet; stops the reading while that is too much."""

    def __init__(self, protocol: "Unbuffered") -> None:
        super().__init__()
        self.protocol = protocol
        self.size = 0
        self.is_paused = False
        # Everything that came before has been dealt with.
        self.is_awaited = False

    def put_nowait(self, message: dict[str, Any]) -> None:
        self.is_awaited = False
        super().put_nowait(message)
        self.size += _cost(message)
        if self.size > UNREAD_BYTES_MAX and not self.is_paused:
            self.is_paused = True
            self.protocol.transport.pauseProducing()

    async def get(self) -> dict[str, Any]:
        self.is_awaited = self.empty()
        message = await super().get()
        self.size -= _cost(message)
        if self.is_paused and self.size <= UNREAD_BYTES_MAX // 2:
            self.is_paused = False
            if self.protocol.transport.connected:
                self.protocol.transport.resumeProducing()
                self.protocol.listen()
        return message


def _cost(message: dict[str, Any]) -> int:
    return FRAME_COSTS_BYTES + len(message.get("text") or message.get("bytes") or "")


class Unbuffered(WebSocketProtocol):
    """One WebSocket connection of this server."""

    drained: asyncio.Future[None] | None = None
    is_too_long = False
    take: Callable[[str], bool] | None = None
    held: list[bytes] | None = None
    held_bytes = 0
    greeting = b""

    def connectionMade(self) -> None:
        """What Autobahn finds out about each connection (its process, its thread, a certificate) and colours for its log is a tenth of what a
        handshake costs, and nobody asks for it."""
        self.peer = str(self.transport.getPeer())
        self._transport_details = _DETAILS
        self.transport.setTcpNoDelay(self.tcpNoDelay)
        self._connectionMade()

    def onOpen(self) -> None:
        super().onOpen()
        # The HTTP channel that led here is still registered; from now on we hear when the buffer is empty.
        self.transport.unregisterProducer()
        self.transport.registerProducer(self, True)
        self.listen()

    def listen(self) -> None:
        """Be called by the event loop itself when something comes in: Twisted makes a context for its log around each of these calls."""
        reactor, transport = daphne.server.reactor, self.transport
        if transport in reactor._readers:
            asyncio.get_running_loop().add_reader(transport.fileno(), reactor._readOrWrite, transport, True)

    def dataReceived(self, data: bytes) -> None:
        """Frames that are whole and plain are heard as they are; whatever else comes, and what follows the beginning of something, is the protocol's."""
        is_between = self.state == self.STATE_OPEN and not self.data and self.current_frame is None
        if is_between and not self.inside_message and self._perMessageCompress is None:
            texts, data = whole_texts(data)
            for text in texts:
                self._hear(text)
            if not data:
                return
        self._dataReceived(data)

    def _hear(self, text: str) -> None:
        if self.muted:
            return
        self.last_ping = time.time()
        inbox = self.application_queue
        if self.take is None or not inbox.is_awaited or not self.take(text):
            inbox.put_nowait({"type": "websocket.receive", "text": text})

    def let_take(self, take: Callable[[str], bool]) -> None:
        """Offer a frame to this function first, while the application waits for the next; True: it is dealt with."""
        self.take = take

    def onMessageBegin(self, isBinary: bool) -> None:
        super().onMessageBegin(isBinary)
        self.is_too_long = False

    def onMessageFrameData(self, payload: bytes) -> None:
        # Counted before decompression at first, and again after it: a small frame may hold a long one.
        if self.message_data_total_length > FRAME_MAX_BYTES:
            self.is_too_long = True
            self.frame_data.clear()
            self.message_data.clear()
        else:
            super().onMessageFrameData(payload)

    def onMessage(self, payload: bytes, isBinary: bool) -> None:
        if self.is_too_long:
            self.application_queue.put_nowait({"type": "websocket.receive", "text": "", "is_too_long": True})
        else:
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
        return waiting + self.held_bytes

    async def asgi_send(self, message: dict[str, Any]) -> None:
        """ASGI's `send`; for text frames it returns when the client has taken all but UNSENT_BYTES_MAX of what it is owed."""
        rest = self.push(message)
        if rest is not None:
            await rest

    def push(self, message: dict[str, Any]) -> Coroutine[Any, Any, None] | None:
        """The same without a coroutine where nothing has to wait; else what remains to be awaited."""
        text = message.get("text")
        if text is None or self.state != self.STATE_OPEN or self._perMessageCompress is not None:
            return self._reply(message)
        if self.offer(text) or self.unsent() <= UNSENT_BYTES_MAX:
            return None
        return self._drain()

    async def _reply(self, message: dict[str, Any]) -> None:
        self.release()
        await self.server.handle_reply(self, message)
        await self._drain()

    async def _drain(self) -> None:
        while self.state == self.STATE_OPEN and self.unsent() > UNSENT_BYTES_MAX:
            # All that wait share one future: several rooms may write to the same socket.
            if self.drained is None or self.drained.done():
                self.drained = asyncio.get_running_loop().create_future()
            await asyncio.shield(self.drained)

    def offer(self, text: str) -> bool:
        """Write a text frame to the socket now, or hold it back for what is told with it; False when some of what was written, or of what
        came before it, has to wait."""
        if _LastFrame.text is not text:
            _LastFrame.text, _LastFrame.frame = text, text_frame(text)
        frame = self._after_greeting(_LastFrame.frame) if self.greeting else _LastFrame.frame
        holders = bundle.open_one()
        if holders is None:
            return self._write(frame)
        if self.held is None:
            self.held = [frame]
            holders.append(self)
        else:
            self.held.append(frame)
        self.held_bytes += len(frame)
        return self.held_bytes <= HELD_BYTES_MAX or self.release()

    def release(self) -> bool:
        """Write what was held back, in its order; the same answer."""
        held, self.held, self.held_bytes = self.held, None, 0
        if held is None or self.state != self.STATE_OPEN:
            return True
        return self._write(held[0] if len(held) == 1 else b"".join(held))

    def sendData(self, data: bytes, sync: bool = False, chopsize: int | None = None) -> None:
        """What the protocol says for itself (the answer to a handshake, a pong, a farewell) leaves at once, too: Twisted would ask the system to
        tell when there is room, and then not to."""
        if self.state == self.STATE_CONNECTING and data.startswith(b"HTTP/1.1 101"):
            self.greeting = data
            asyncio.get_running_loop().call_later(GREETING_SECONDS, self._greet)
        elif self.transport.connected:
            self._write(self._after_greeting(data))

    def _after_greeting(self, data: bytes) -> bytes:
        """These bytes behind the answer to the handshake, where that has not left yet: it leaves with what is said first."""
        greeting, self.greeting = self.greeting, b""
        return greeting + data

    def _greet(self) -> None:
        if self.greeting and self.transport.connected:
            self._write(self._after_greeting(b""))

    def _write(self, frame: bytes) -> bool:
        transport = self.transport
        if not transport.dataBuffer and not transport._tempDataLen:
            try:
                written = transport.socket.send(frame)
            except (BlockingIOError, InterruptedError):
                written = 0
            except OSError:
                transport.loseConnection()
                return True
            if written == len(frame):
                return True
            frame = frame[written:]
        transport.write(frame)
        return False


def _with_options(factory: Any) -> type[Unbuffered]:
    """Our protocol with this factory's options as its own. Autobahn copies all of them to each connection, and puts them into words for a log
    that nobody keeps: a sixth of what a handshake costs."""
    found = {name: getattr(factory, name) for name in Unbuffered.CONFIG_ATTRS}
    options = {name: staticmethod(option) if callable(option) else option for name, option in found.items()}
    return type("Unbuffered", (Unbuffered,), options | {"CONFIG_ATTRS": []})


class Server(daphne.server.Server):
    """Daphne's server; `write_through=False` leaves its own protocol in place."""

    def __init__(
        self, *args: Any, write_through: bool = True, on_stop: Callable[[], Coroutine[Any, Any, None]], **options: Any
    ) -> None:
        self.write_through, self.on_stop = write_through, on_stop
        self.failure = ""
        super().__init__(*args, ready_callable=self._ready, **options)

    def _ready(self) -> None:
        # Who breaks the protocol is told with which code; who closes hears their own.
        self.ws_factory.setProtocolOptions(failByDrop=False, echoCloseCodeReason=True)
        if self.write_through:
            # No clock for each handshake: Daphne looks itself whether one takes too long (`websocket_connect_timeout`).
            self.ws_factory.setProtocolOptions(openHandshakeTimeout=0)
            self.ws_factory.protocol = _with_options(self.ws_factory)
        daphne.server.reactor.addSystemEventTrigger("before", "shutdown", self._stopping)

    def _stopping(self) -> Deferred[None]:
        return Deferred.fromFuture(asyncio.ensure_future(self.on_stop()))

    def listen_error(self, failure: Any) -> None:
        self.failure = failure.getErrorMessage()
        super().listen_error(failure)

    def create_application(self, protocol: Any, scope: dict[str, Any]) -> Any:
        if not isinstance(protocol, Unbuffered):
            return super().create_application(protocol, scope)
        queue = Inbox(protocol)
        scope.setdefault("asgi", {"version": "3.0"})
        scope.setdefault("extensions", {})[PUSH] = protocol.push
        scope["extensions"][TAKE] = protocol.let_take
        running: Awaitable[None] = self.application(scope, queue.get, protocol.asgi_send)
        if protocol not in self.connections:
            return None
        self.connections[protocol]["application_instance"] = asyncio.ensure_future(running)
        return queue
