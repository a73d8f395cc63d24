"""The same frames by waiting requests, for networks that break sockets."""

import asyncio
import json
from typing import Any

import pytest
from django.conf import settings

from backend.conversations import actions
from backend.conversations.models import Room
from backend.members.models import Member
from realtime import hub
from realtime.asgi import application
from realtime.threads import in_thread
from tests.cast import a_member
from tests.conversations.cast import NOW, a_room, said
from tests.realtime.cast import PATIENCE_SECONDS, session_of, until

pytestmark = pytest.mark.django_db(transaction=True)


async def a_room_of_two() -> tuple[Member, Room, str]:
    def make() -> tuple[Member, Room, str]:
        ada = a_member("Ada")
        return ada, a_room(ada, a_member("Grace")), session_of(ada)

    return await in_thread(make)


async def poll(session: str, query: str, gone: asyncio.Event | None = None) -> tuple[int, Any]:
    """The status and the JSON of one waiting request; the browser goes away when `gone` is set."""
    cookie = f"{settings.SESSION_COOKIE_NAME}={session}"
    headers = [(b"host", b"testserver"), (b"cookie", cookie.encode())]
    scope = {"type": "http", "method": "GET", "path": "/api/live/", "query_string": query.encode(), "headers": headers}
    sent: list[Any] = []
    asked: list[Any] = [{"type": "http.request", "body": b""}]

    async def receive() -> Any:
        if asked:
            return asked.pop()
        await (gone or asyncio.Event()).wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    await asyncio.wait_for(application(scope, receive, send), PATIENCE_SECONDS)
    return sent[0]["status"], json.loads(sent[1]["body"])


def kinds(body: Any) -> list[str]:
    return [frame["type"] for frame in body["frames"]]


async def test_what_was_missed_is_answered_at_once_and_nothing_is_left_behind() -> None:
    ada, room, session = await a_room_of_two()
    await in_thread(said, room, ada, "one")
    await in_thread(said, room, ada, "two")
    status, body = await poll(session, f"rooms={room.pk}:1&wait=25")
    assert (status, kinds(body)) == (200, ["room.subscribed", "room.events"])
    assert [event["body"] for event in body["frames"][1]["events"]] == ["two"]
    here = hub.here()
    assert (here.sockets, here.rooms, here.listeners, here.polls) == (set(), {}, {}, {})


async def test_who_is_up_to_date_waits_for_what_happens() -> None:
    ada, room, session = await a_room_of_two()
    waiting = asyncio.create_task(poll(session, f"rooms={room.pk}:0"))
    await until(lambda: any(live.live for live in hub.here().rooms.values()))
    await in_thread(said, room, ada, "at last")
    _status, body = await waiting
    assert [event["body"] for event in body["frames"][-1]["events"]] == ["at last"]


async def test_a_wait_ends_by_itself_and_a_room_of_others_is_refused_in_it() -> None:
    _ada, room, _session = await a_room_of_two()
    stranger = await in_thread(lambda: session_of(a_member("Stranger")))
    status, body = await poll(stranger, f"rooms={room.pk}:0&wait=0")
    assert (status, [(frame["type"], frame["code"]) for frame in body["frames"]]) == (200, [("error", "not_found")])


async def test_four_windows_of_one_session_wait_a_fifth_is_refused_and_those_that_go_away_make_room() -> None:
    ada, room, session = await a_room_of_two()
    gone = asyncio.Event()
    windows = [asyncio.create_task(poll(session, f"rooms={room.pk}:0", gone)) for _ in range(4)]
    await until(lambda: sum(len(live.live) for live in hub.here().rooms.values()) == 4)
    status, body = await poll(session, "wait=0")
    assert (status, body["code"]) == (409, "already_waiting")
    await in_thread(said, room, ada, "to every window")
    for window in windows:
        _status, body = await window
        assert [event["body"] for event in body["frames"][-1]["events"]] == ["to every window"]
    last = asyncio.create_task(poll(session, f"rooms={room.pk}:1", gone))
    gone.set()
    await last
    assert hub.here().polls == {}
    assert (await poll(session, "wait=0"))[0] == 200


async def test_who_is_signed_out_or_thrown_out_while_waiting_is_told() -> None:
    ada, room, session = await a_room_of_two()
    assert (await poll("nonsense", "wait=0"))[0] == 401
    waiting = asyncio.create_task(poll(session, f"rooms={room.pk}:0"))
    await until(lambda: any(live.live for live in hub.here().rooms.values()))
    await in_thread(lambda: actions.leave_room(room=room, member=ada, at=NOW))
    assert kinds((await waiting)[1])[-1] == "room.revoked"


@pytest.mark.parametrize(
    "query", ["rooms=x", "rooms=1:-1", "wait=long", "rooms=" + ",".join(f"{n}:" for n in range(51))]
)
async def test_nonsense_is_refused(query: str) -> None:
    _ada, _room, session = await a_room_of_two()
    assert (await poll(session, query))[0] == 400
