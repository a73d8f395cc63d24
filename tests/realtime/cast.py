"""A browser with an open socket, spoken to over ASGI: it can also stop reading."""

import asyncio
import json
import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

from django.conf import settings

from backend.conversations.models import Room
from backend.members.models import Member
from realtime.asgi import application
from realtime.limits import TAKE
from realtime.shapes import TO_BROWSER
from realtime.threads import in_thread
from tests.cast import a_member, signed_in
from tests.conversations.cast import a_room

PATIENCE_SECONDS = 10
Frame = dict[str, Any]


class Closed(Exception):
    """The server has closed the socket, with this code."""

    def __init__(self, code: int | None) -> None:
        super().__init__(code)
        self.code = code


class Browser:
    """`async with Browser(member) as window:` is connected and has been told `ready`."""

    def __init__(self, member: Member | None = None, *, session: str = "", **headers: str) -> None:
        self.member, self.session = member, session
        self.headers = {"host": "testserver"} | headers
        self.path = "/ws/"
        self.take: Callable[[str], bool] = lambda text: False

    async def __aenter__(self) -> "Browser":
        await self.open()
        frame = await self.hear("ready")
        assert self.member is None or frame["member"] == self.member.pk
        return self

    async def __aexit__(self, *exception: Any) -> None:
        await self.leave()

    async def open(self) -> None:
        if self.member is not None and not self.session:
            self.session = await in_thread(session_of, self.member)
        self.inbox: asyncio.Queue[Frame] = asyncio.Queue()
        self.outbox: asyncio.Queue[Frame] = asyncio.Queue()
        self.reading = asyncio.Event()
        self.reading.set()
        cookie = f"{settings.SESSION_COOKIE_NAME}={self.session}"
        headers = [(key.encode(), value.encode()) for key, value in (self.headers | {"cookie": cookie}).items()]
        scope: Frame = {"type": "websocket", "path": self.path, "headers": headers, "subprotocols": []}
        # As our own server does: what is offered so needs no place in the inbox.
        scope["extensions"] = {TAKE: partial(setattr, self, "take")}
        self.task = asyncio.create_task(application(scope, self.inbox.get, self._sent))
        self.inbox.put_nowait({"type": "websocket.connect"})
        first = await self._next()
        if first["type"] != "websocket.accept":
            raise Closed(None)

    async def leave(self) -> None:
        self.reading.set()
        self.inbox.put_nowait({"type": "websocket.disconnect", "code": 1001})
        await asyncio.wait_for(self.task, PATIENCE_SECONDS)

    async def _sent(self, message: Frame) -> None:
        """As the write-through server: what is sent is on its way, and who does not read makes the sender wait."""
        self.outbox.put_nowait(message)
        if message["type"] == "websocket.send" and not self.reading.is_set():
            await self.reading.wait()

    async def _next(self) -> Frame:
        return await asyncio.wait_for(self.outbox.get(), PATIENCE_SECONDS)

    def say(self, kind: str, **content: Any) -> None:
        self.say_text(json.dumps({"type": kind, **content}))

    def say_text(self, text: str) -> None:
        self.inbox.put_nowait({"type": "websocket.receive", "text": text})

    async def hear(self, kind: str = "") -> Frame:
        """The next frame, which has the shape that the schema says; of this type if one is given."""
        message = await self._next()
        if message["type"] == "websocket.close":
            raise Closed(message["code"])
        frame: Frame = json.loads(message["text"])
        shape = TO_BROWSER[frame["type"]](data=frame)
        assert shape.is_valid(), (frame, shape.errors)
        assert set(frame) <= set(shape.fields), frame
        assert kind in ("", frame["type"]), frame
        return frame

    async def subscribe(self, room: Room, since: int | None = None) -> int:
        self.say("subscribe", rooms={str(room.pk): since})
        head: int = (await self.hear("room.subscribed"))["head"]
        return head

    async def events(self) -> list[Frame]:
        found: list[Frame] = (await self.hear("room.events"))["events"]
        return found

    async def pong(self) -> Frame:
        """What a ping answers; everything that was sent before it has been heard, so it also shows that nothing was."""
        self.say("ping")
        return await self.hear("pong")

    async def post(self, room: Room, body: str) -> str:
        client_id = str(uuid.uuid4())
        self.say("message.post", room=room.pk, client_id=client_id, body=body)
        return client_id


def session_of(member: Member) -> str:
    return signed_in(member).cookies[settings.SESSION_COOKIE_NAME].value


async def until(holds: Callable[[], bool]) -> None:
    """Wait for something inside the server that no frame tells of."""

    async def watch() -> None:
        while not holds():
            await asyncio.sleep(0.005)

    await asyncio.wait_for(watch(), PATIENCE_SECONDS)


async def a_room_of_two() -> tuple[Member, Member, Any]:
    def make() -> tuple[Member, Member, Any]:
        ada, grace = a_member("Ada"), a_member("Grace")
        return ada, grace, a_room(ada, grace)

    return await in_thread(make)


async def closing_code(browser: Browser) -> int | None:
    """The code with which the server closes this socket; what it still says before is of no interest here."""
    try:
        while True:
            await browser.hear()
    except Closed as closed:
        return closed.code
