"""`GET /api/live/`: the frames of the socket for networks that break sockets. No thread is held while it waits."""

import asyncio
from collections import Counter
from typing import Any
from urllib.parse import parse_qs

from django.db import Error

from backend.errors import Conflict, Invalid, Refusal
from realtime import frames, hub, sessions
from realtime.limits import UNSENT_BYTES_MAX, Close
from realtime.origin import is_known
from realtime.socket import Socket

PATH = "/api/live/"
ROOMS_MAX = 50
WAIT_MAX_SECONDS = 25.0
# A browser opens six connections to a host at most: its windows still need some to speak.
PER_SESSION_MAX = 4
# They open the conversation and are no news.
OPENING = ('{"type":"room.subscribed"', '{"type":"ready"')


class Poll(Socket):
    """A socket that lives for one request: what it is sent is the answer."""

    def __init__(self) -> None:
        super().__init__()
        self.push_now = self.base_send
        self.texts: list[str] = []
        self.size = 0
        self.news, self.full = asyncio.Event(), asyncio.Event()
        self.code: int | None = None

    async def base_send(self, message: dict[str, Any]) -> None:
        if message["type"] == "websocket.close":
            self.code = message["code"]
            self.news.set()
            return
        text = message["text"]
        self.texts.append(text)
        self.size += len(text)
        if not text.startswith(OPENING):
            self.news.set()
        if self.size > UNSENT_BYTES_MAX:
            self.full.set()
            await asyncio.Event().wait()  # The rest is for the next request.


def asked(query: bytes) -> tuple[dict[int, int | None], float]:
    """The rooms with what the browser has of them, and how long to wait: `rooms=12:340,15:&wait=25`."""
    fields = parse_qs(query.decode("latin1"))
    rooms: dict[int, int | None] = {}
    for part in filter(None, fields.get("rooms", [""])[0].split(",")):
        pk, _colon, since = part.partition(":")
        if not (_is_number(pk) and (since == "" or _is_number(since))):
            raise Invalid("invalid", "Rooms are asked for as 12:340,15:9.")
        rooms[int(pk)] = int(since) if since else None
    if len(rooms) > ROOMS_MAX:
        raise Invalid("too_many_rooms", "Ask for 50 rooms at most.")
    wait = fields.get("wait", ["25"])[0]
    if not _is_number(wait):
        raise Invalid("invalid", "Waiting is counted in whole seconds.")
    return rooms, min(float(wait), WAIT_MAX_SECONDS)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19


async def live(scope: Any, receive: Any, send: Any) -> None:
    """The ASGI application of this address."""
    try:
        status, body = await _answer(scope, receive)
    except Refusal as refusal:
        status, body = refusal.status, frames.written(refusal.as_dict())
    except Error:
        hub.here().line.is_down()
        status, body = 503, frames.written({"code": "try_again", "detail": "The database does not answer."})
    headers = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body.encode()})


async def _answer(scope: Any, receive: Any) -> tuple[int, str]:
    if scope["method"] != "GET" or not is_known(dict(scope["headers"]).get(b"host", b"").decode("latin1")):
        return 405, frames.written({"code": "method_not_allowed", "detail": "Only GET."})
    rooms, wait = asked(scope["query_string"])
    here, poll = hub.here(), Poll()
    poll.hub, poll.is_open = here, True
    poll.session_key = sessions.session_of(scope["headers"])
    member = (await here.members.ask([poll.session_key])).get(poll.session_key)
    if member is None:
        return 401, frames.written({"code": "signed_out", "detail": "Sign in first."})
    if here.polls[poll.session_key] >= PER_SESSION_MAX:
        raise Conflict("already_waiting", "Other windows of this session wait already.")
    poll.member = member
    here.polls[poll.session_key] += 1
    try:
        if not here.admit(poll):
            return 429, frames.written({"code": "too_many_sockets", "detail": "Too many windows."})
        subscribing = asyncio.create_task(poll.subscribe(rooms))
        gone = asyncio.create_task(_gone(receive))
        full, news = asyncio.create_task(poll.full.wait()), asyncio.create_task(poll.news.wait())
        works: tuple[asyncio.Task[Any], ...] = (subscribing, gone, full, news)
        try:
            # What was missed is news; before the rooms are entered there is nothing to wait for.
            await asyncio.wait({subscribing, full, gone}, return_when=asyncio.FIRST_COMPLETED)
            if subscribing.done():
                subscribing.result()
            if wait and not gone.done():
                await asyncio.wait({news, gone}, return_when=asyncio.FIRST_COMPLETED, timeout=wait)
        finally:
            for work in works:
                work.cancel()
    finally:
        here.polls -= Counter([poll.session_key])
        poll.gone()
    if poll.code == Close.SIGNED_OUT:
        return 401, frames.written({"code": "signed_out", "detail": "Sign in first."})
    return 200, f'{{"frames":[{",".join(poll.texts)}]}}'


async def _gone(receive: Any) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
