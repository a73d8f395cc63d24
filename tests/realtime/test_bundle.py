"""Frames that are told together leave in one write for each socket, the first of them with the answer to the handshake; whatever else holds of
a write holds of it."""

import asyncio
from typing import Any

import pytest

from realtime import server
from realtime.bundle import together
from realtime.limits import HELD_BYTES_MAX, UNSENT_BYTES_MAX
from realtime.server import Unbuffered
from realtime.wire import text_frame


class Pipe:
    """A transport whose other end takes so many bytes."""

    def __init__(self, room: int = 10**9) -> None:
        self.room, self.writes = room, list[bytes]()
        self.dataBuffer, self.offset, self._tempDataLen = b"", 0, 0
        self.socket, self.connected = self, True

    def send(self, data: bytes) -> int:
        taken = data[: self.room]
        if not taken:
            raise BlockingIOError
        self.room -= len(taken)
        self.writes.append(taken)
        return len(taken)

    def write(self, data: bytes) -> None:
        self.dataBuffer += data


def a_line(room: int = 10**9) -> tuple[Any, Pipe]:
    line, pipe = Unbuffered(), Pipe(room)
    line.state, line.transport, line._perMessageCompress = Unbuffered.STATE_OPEN, pipe, None
    return line, pipe


def say(line: Any, *texts: str) -> list[bool]:
    """Whether each of them may be followed by more at once."""
    waits = [line.push({"type": "websocket.send", "text": text}) for text in texts]
    for rest in filter(None, waits):
        rest.close()
    return [rest is None for rest in waits]


def test_what_is_told_together_is_one_write_for_each_in_its_order() -> None:
    (one, mine), (other, theirs) = a_line(), a_line()
    say(one, "before")
    with together():
        for line in (one, other, one):
            say(line, "to all")
        with together():
            say(other, "to this one")
        assert theirs.writes == []
    say(one, "after")
    assert mine.writes == [text_frame("before"), 2 * text_frame("to all"), text_frame("after")]
    assert theirs.writes == [text_frame("to all") + text_frame("to this one")]


def test_no_more_is_held_back_than_has_room_and_who_does_not_read_makes_the_teller_wait() -> None:
    text = "x" * (HELD_BYTES_MAX // 2)
    line, pipe = a_line(room=10)
    with together():
        answers = say(line, *[text] * 14)
        assert line.unsent() > UNSENT_BYTES_MAX
    assert False in answers
    assert answers.index(False) * len(text) <= UNSENT_BYTES_MAX + HELD_BYTES_MAX + 10
    assert b"".join(pipe.writes) + pipe.dataBuffer == 14 * text_frame(text)


def test_what_is_held_back_for_a_connection_that_has_ended_meanwhile_is_written_nowhere() -> None:
    line, pipe = a_line()
    with together():
        say(line, "too late")
        line.state = Unbuffered.STATE_CLOSED
    assert (pipe.writes, line.unsent()) == ([], 0)


def test_something_that_fails_among_them_keeps_back_nothing() -> None:
    line, pipe = a_line()
    try:
        with together():
            say(line, "told")
            raise ZeroDivisionError
    except ZeroDivisionError:
        say(line, "and so on")
    assert pipe.writes == [text_frame("told"), text_frame("and so on")]


LET_IN, REFUSED = b"HTTP/1.1 101 Switching Protocols\r\n\r\n", b"HTTP/1.1 403 Access denied\r\n\r\n"


def greeted(answer: bytes) -> tuple[Any, Pipe]:
    line, pipe = a_line()
    line.state = Unbuffered.STATE_CONNECTING
    line.sendData(answer)
    line.state = Unbuffered.STATE_OPEN
    return line, pipe


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "GREETING_SECONDS", 0)


async def the_greeting_is_due() -> None:
    for _ in range(3):
        await asyncio.sleep(0)


@pytest.mark.usefixtures("soon")
async def test_the_answer_to_a_handshake_leaves_with_what_is_said_first_and_soon_where_nothing_is_said() -> None:
    (told, mine), (closed, theirs), (silent, ours) = (greeted(LET_IN) for _ in range(3))
    say(told, "hello", "and more")
    assert mine.writes == [LET_IN + text_frame("hello"), text_frame("and more")]
    closed.sendData(b"farewell")
    assert theirs.writes == [LET_IN + b"farewell"]
    assert ours.writes == []
    await the_greeting_is_due()
    say(silent, "late")
    assert ours.writes == [LET_IN, text_frame("late")]
    assert [len(pipe.writes) for pipe in (mine, theirs, ours)] == [2, 1, 2]


@pytest.mark.usefixtures("soon")
async def test_who_is_not_let_in_is_told_at_once_and_nothing_is_written_where_nobody_is_any_more() -> None:
    _line, pipe = greeted(REFUSED)
    assert pipe.writes == [REFUSED]
    gone, pipe = greeted(LET_IN)
    pipe.connected = False
    await the_greeting_is_due()
    gone.sendData(b"farewell")
    assert pipe.writes == []
