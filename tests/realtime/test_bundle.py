"""Frames that are told together leave in one write for each socket; whatever else holds of a write holds of it."""

from typing import Any

from realtime.bundle import together
from realtime.limits import HELD_BYTES_MAX, UNSENT_BYTES_MAX
from realtime.server import Unbuffered
from realtime.wire import text_frame


class Pipe:
    """A transport whose other end takes so many bytes."""

    def __init__(self, room: int = 10**9) -> None:
        self.room, self.writes = room, list[bytes]()
        self.dataBuffer, self.offset, self._tempDataLen = b"", 0, 0
        self.socket = self

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
