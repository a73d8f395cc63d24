"""Rooms and what is said in them."""

import datetime as dt
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection

from backend.conversations import actions
from backend.conversations.models import Event, Room
from backend.members.models import Member
from tests.cast import signed_in, utc

NOW = utc(2026, 11, 23, 9)


def a_room(*members: Member, kind: str = "open", title: str = "Carpenters", **more: Any) -> Room:
    return actions.open_room(kind=kind, title=title, purpose="", members=members, at=NOW, **more)


def shown(room: Room, member: Member, seq: int) -> Any:
    """The event with this number as a fresh page shows it to this member."""
    events = signed_in(member).get(f"/api/rooms/{room.pk}/events/?since={seq - 1}&limit=1").json()["events"]
    return events[0]


def refused(answer: Any) -> str:
    """The code of a refusal; of a refused form, that of its first field."""
    body = answer.json()
    for errors in body.get("fields", {}).values():
        return str(errors[0]["code"])
    return str(body["code"])


def said(
    room: Room, author: Member, body: str = "Hello", *, client_id: uuid.UUID | None = None, **fields: Any
) -> Event:
    at: dt.datetime = fields.pop("at", NOW)
    client_id = client_id or uuid.uuid4()
    return actions.post_message(room=room, author=author, client_id=client_id, body=body, at=at, **fields)[0]


def together(*works: Callable[[], Any]) -> list[Any]:
    """Run these at the same instant, each in a thread with its own connection; their answers or errors, in order."""
    start = Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        connection.ensure_connection()
        start.wait()
        try:
            return work()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))
