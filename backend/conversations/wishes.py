"""What a member wishes to say, from whichever door it comes."""

import uuid
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wish:
    """A message to be written. `mentions` are member ids, `attachments` keys of files uploaded before."""

    room_id: int
    author_id: int
    client_id: uuid.UUID
    body: str
    topic: int | None = None
    reply_to: int | None = None
    language: str = ""
    important: bool = False
    mentions: tuple[int, ...] = ()
    everyone: bool = False
    attachments: tuple[str, ...] = ()
