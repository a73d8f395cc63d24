"""The newest events of a room as they were sent, bounded in number and in bytes."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from realtime.limits import CHUNK_CHARACTERS, CHUNK_EVENTS, RING_BYTES, RING_EVENTS

GOING = ("member_left", "member_removed")
SILENCING = ("message_deleted", "message_hidden")
SHOWING = "message_shown"


@dataclass(slots=True)
class Kept:
    """An event as it is sent, and what a room must know of it. `gone` is the member who is no longer in the room by it."""

    seq: int
    kind: str
    target_seq: int | None
    gone: int | None
    text: str
    size: int

    @classmethod
    def of(cls, event: dict[str, Any]) -> Kept:
        """Encoded here, once in this process and for all others."""
        gone = None
        if event["kind"] in GOING:
            gone = (event.get("subject") or event["author"] or {}).get("id")
        written = orjson.dumps(event)
        return cls(event["seq"], event["kind"], event["target_seq"], gone, written.decode(), len(written))

    def as_row(self) -> list[Any]:
        """What travels between processes; `Kept(*row)` is the event again."""
        return [self.seq, self.kind, self.target_seq, self.gone, self.text, self.size]

    def silence(self) -> None:
        """Its words are not told again."""
        event = orjson.loads(self.text)
        event |= {key: empty for key, empty in (("body", ""), ("html", None), ("attachments", [])) if key in event}
        written = orjson.dumps(event)
        self.text, self.size = written.decode(), len(written)

    def unquote(self) -> None:
        """The words that it answers are not told again."""
        event = orjson.loads(self.text)
        event["reply_to"]["excerpt"] = ""
        written = orjson.dumps(event)
        self.text, self.size = written.decode(), len(written)

    def mark(self, name: str) -> None:
        written = orjson.dumps(orjson.loads(self.text) | {name: True})
        self.text, self.size = written.decode(), len(written)


def frame_of(room: int, events: Iterable[Kept]) -> str:
    """The frame `room.events` of these."""
    return f'{{"type":"room.events","room":{room},"events":[{",".join(kept.text for kept in events)}]}}'


def chunk(events: Sequence[Kept], start: int = 0) -> Sequence[Kept]:
    """From this place as many as fit into one frame; at least one."""
    size, end = 0, start
    while end < len(events) and end - start < CHUNK_EVENTS:
        size += len(events[end].text)
        if end > start and size > CHUNK_CHARACTERS:
            break
        end += 1
    return [events[number] for number in range(start, end)]


class Ring:
    """Without gaps: `events[0].seq` to `events[-1].seq`."""

    def __init__(self) -> None:
        self.events: deque[Kept] = deque()
        self.size = 0

    def add(self, kept: Kept) -> None:
        """The next event; what changes an earlier one changes it here too."""
        if kept.kind in SILENCING and kept.target_seq is not None:
            self._silence(kept.target_seq, "deleted" if kept.kind == "message_deleted" else "hidden")
        elif kept.kind == SHOWING and kept.target_seq is not None:
            self._forget_up_to(kept.target_seq)  # Its words are in the log only.
        self.events.append(kept)
        self.size += kept.size
        while self.events and (len(self.events) > RING_EVENTS or self.size > RING_BYTES):
            self.size -= self.events.popleft().size

    def add_older(self, older: Sequence[Kept], before: int) -> None:
        """What comes right before the event with this number, oldest first; of it the newest that there is room for."""
        expected = before - 1
        for kept in reversed(older):
            if kept.seq != expected or len(self.events) == RING_EVENTS or self.size + kept.size > RING_BYTES:
                return
            self.events.appendleft(kept)
            self.size += kept.size
            expected -= 1

    def reaches(self, cursor: int) -> bool:
        """Whether everything after this number is here, up to the newest event."""
        return bool(self.events) and self.events[0].seq <= cursor + 1

    def after(self, cursor: int) -> Sequence[Kept]:
        """One frame's worth of what follows this number."""
        return chunk(self.events, cursor + 1 - self.events[0].seq)

    def _silence(self, seq: int, mark: str) -> None:
        """A message that is gone is not told again, nor what it was changed to, nor in the answers to it."""
        quoting = f'"reply_to":{{"seq":{seq},'
        for kept in self.events:
            if quoting in kept.text:
                self.size -= kept.size
                kept.unquote()
                self.size += kept.size
            if seq in (kept.seq, kept.target_seq):
                self.size -= kept.size
                kept.silence()
                if kept.seq == seq:
                    kept.mark(mark)
                self.size += kept.size

    def _forget_up_to(self, seq: int) -> None:
        while self.events and self.events[0].seq <= seq:
            self.size -= self.events.popleft().size
