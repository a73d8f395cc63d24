"""How one enters a room, speaks and hears at each of the servers measured."""

import json
import re
from dataclasses import dataclass

from tests.bench.wire import Ear

WORDS = "Shall we meet at nine in the workshop? " * 2000
# Each listener is to receive as many bytes from every server: one of our events is as long as this around its words.
OUR_WORDS, EVENT_CHARACTERS = 160, 620


def words(characters: int) -> str:
    return WORDS[:characters]


@dataclass(frozen=True, slots=True)
class Dialect:
    """`path` has a place for the room. A message carries its number as #000012#; `marks` finds it where it is delivered,
    `acks` where the author hears that it is stored (nothing: their own copy says so)."""

    path: str
    marks: re.Pattern[bytes]
    acks: re.Pattern[bytes] | None = None

    def begin(self, ear: Ear, room: int, since: int | None) -> bool:
        """Say what is to be said once the connection is open; whether that is all."""
        return True

    def is_in(self, ear: Ear, text: bytes) -> bool:
        """Whether this is the answer that says: you are in the room. Answers what has to be answered."""
        return False

    def message(self, number: int, salt: str, room: int, characters: int = 0) -> str:
        return f"#{number:06}# {words(characters or EVENT_CHARACTERS)}"


class Ours(Dialect):
    def begin(self, ear: Ear, room: int, since: int | None) -> bool:
        ear.say(json.dumps({"type": "subscribe", "rooms": {str(room): since}}))
        return False

    def is_in(self, ear: Ear, text: bytes) -> bool:
        return text.startswith(b'{"type":"room.subscribed"')

    def message(self, number: int, salt: str, room: int, characters: int = 0) -> str:
        body = f"#{number:06}# {words(characters or OUR_WORDS)}"
        client_id = f"{salt}-0000-4000-8000-{number:012x}"
        return json.dumps({"type": "message.post", "room": room, "client_id": client_id, "body": body})


class SocketIO(Dialect):
    def begin(self, ear: Ear, room: int, since: int | None) -> bool:
        return False

    def is_in(self, ear: Ear, text: bytes) -> bool:
        if text.startswith(b"0"):
            ear.say("40")
        elif text == b"2":
            ear.say("3")
        return text.startswith(b"40")

    def message(self, number: int, salt: str, room: int, characters: int = 0) -> str:
        return "42" + json.dumps(["message", super().message(number, salt, room, characters)])


class Tutorial(Dialect):
    def message(self, number: int, salt: str, room: int, characters: int = 0) -> str:
        return json.dumps({"message": super().message(number, salt, room, characters)})


_MARK = re.compile(rb"#(\d{6})#")
_OURS = Ours(
    "/ws/",
    re.compile(rb'"body":"#(\d{6})#'),
    re.compile(rb'{"type":"ack","client_id":"[0-9a-f]{8}-0000-4000-8000-([0-9a-f]{12})"'),
)
_SOCKET_IO = SocketIO("/socket.io/?EIO=4&transport=websocket&room={room}", _MARK)
_TUTORIAL = Tutorial("/ws/chat/{room}/", _MARK)
DIALECTS = {
    "ours": _OURS,
    "unstored": _OURS,
    "stock_channels": Dialect("/ws/{room}/", _MARK),
    "node_ws": Dialect("/?room={room}", _MARK),
    "node_socketio": _SOCKET_IO,
    "python_socketio": _SOCKET_IO,
    "tutorial": _TUTORIAL,
    "tutorial_stored": _TUTORIAL,
    "tutorial_unpooled": _TUTORIAL,
}
