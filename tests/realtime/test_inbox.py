"""What a connection has received and nobody has heard yet is bounded: nothing more is read from it meanwhile."""

from typing import Any

from realtime.limits import FRAME_MAX_BYTES, UNREAD_BYTES_MAX
from realtime.server import Inbox


class Line:
    """A connection that writes down whether it is read from."""

    def __init__(self) -> None:
        self.transport, self.connected, self.done = self, True, list[str]()

    def pauseProducing(self) -> None:
        self.done.append("paused")

    def resumeProducing(self) -> None:
        self.done.append("resumed")

    def listen(self) -> None:
        self.done.append("listening")


async def test_nothing_is_read_while_too_much_waits_and_again_when_half_of_it_is_heard() -> None:
    line: Any = Line()
    inbox = Inbox(line)
    frame = {"type": "websocket.receive", "text": "x" * FRAME_MAX_BYTES}
    for _ in range(UNREAD_BYTES_MAX // FRAME_MAX_BYTES):
        inbox.put_nowait(frame)
    assert line.done == ["paused"]
    inbox.put_nowait(frame)
    heard = 0
    while line.done == ["paused"]:
        await inbox.get()
        heard += 1
    assert (heard, line.done) == (4, ["paused", "resumed", "listening"])
    while not inbox.empty():
        await inbox.get()
    assert (inbox.size, len(line.done)) == (0, 3)


async def test_a_connection_that_has_ended_meanwhile_is_not_read_from_again() -> None:
    line: Any = Line()
    inbox = Inbox(line)
    inbox.put_nowait({"type": "websocket.receive", "text": "x" * (UNREAD_BYTES_MAX + 1)})
    line.connected = False
    await inbox.get()
    assert line.done == ["paused"]
