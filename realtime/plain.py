"""Frames as most are, read without a serializer: that costs more than all the rest of a frame."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from realtime.limits import NUMBER_MAX, ROOMS_PER_SOCKET

UUID_LENGTH = 36
DIGITS_MAX = 18


def _is_number(value: object) -> bool:
    return type(value) is int and 0 < value <= NUMBER_MAX


def _is_number_or_none(value: object) -> bool:
    return value is None or _is_number(value)


# What a message nearly always looks like, and is then taken as it is; whatever else it may be is for `shapes` to judge.
_PLAIN: dict[str, Callable[[Any], bool]] = {
    "type": lambda value: True,
    "room": _is_number,
    "client_id": lambda value: type(value) is str and len(value) == UUID_LENGTH,
    "body": lambda value: type(value) is str and "\0" not in value,
    "topic": _is_number_or_none,
    "reply_to": _is_number_or_none,
    "language": lambda value: type(value) is str and len(value) <= 3 and (value.isalpha() or not value),
    "important": lambda value: type(value) is bool,
    "everyone": lambda value: type(value) is bool,
    "mentions": lambda value: value == [],
    "attachments": lambda value: value == [],
}
_NEEDED = {"type", "room", "client_id", "body"}


def plain_post(frame: dict[str, Any]) -> dict[str, Any] | None:
    """The content of a message as most are; None where it has to be looked at more closely."""
    if not frame.keys() >= _NEEDED:
        return None
    for name, value in frame.items():
        is_plain = _PLAIN.get(name)
        if is_plain is None or not is_plain(value):
            return None
    try:
        return frame | {"client_id": UUID(frame["client_id"])}
    except ValueError:
        return None


def _is_cursor(value: object) -> bool:
    return value is None or (type(value) is int and 0 <= value <= NUMBER_MAX)


def plain_subscribe(frame: dict[str, Any]) -> dict[str, Any] | None:
    """The same of who wants to hear rooms: a thousand say it at once when they come back."""
    rooms = frame.get("rooms")
    if len(frame) != 2 or type(rooms) is not dict or len(rooms) > ROOMS_PER_SOCKET:
        return None
    for name, since in rooms.items():
        if not (name.isascii() and name.isdecimal() and len(name) <= DIGITS_MAX and _is_cursor(since)):
            return None
    return frame | {"rooms": {int(name): since for name, since in rooms.items()}}


# Those kinds of frames of which there are many.
PLAIN = {"message.post": plain_post, "subscribe": plain_subscribe}
