"""Real servers: two web processes that share a database and a Redis, spoken to over real connections."""

import asyncio
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus

from backend import events
from backend.conversations import actions
from backend.conversations.models import Room
from backend.members.actions import block, edit_profile
from backend.members.models import Member, Want
from realtime import hub
from realtime.threads import in_thread
from tests import servers
from tests.cast import a_guide, a_member, a_skill
from tests.conversations.cast import NOW, a_room, said
from tests.realtime.cast import PATIENCE_SECONDS, Frame, session_of

ROOT = Path(__file__).resolve().parent.parent.parent
START_SECONDS = 60

pytestmark = [pytest.mark.django_db(transaction=True)]


class Servers:
    def __init__(self, redis: str, **more: str) -> None:
        self.env = (
            os.environ
            | servers.database_of_this_test()
            | {"REDIS_URL": redis, "SECRET_KEY": settings.SECRET_KEY}
            | more
        )
        self.running: list[subprocess.Popen[bytes]] = []

    def start(self) -> int:
        port = servers.free_port()
        command = [sys.executable, "manage.py", "serve", "--port", str(port)]
        quiet = subprocess.DEVNULL
        self.running.append(subprocess.Popen(command, cwd=ROOT, env=self.env, stdout=quiet, stderr=quiet))
        return port

    def wait(self, *ports: int) -> None:
        until = time.monotonic() + START_SECONDS
        for port in ports:
            while True:
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/health/", timeout=10).close()
                    break
                except OSError:
                    assert time.monotonic() < until, "the server did not start"
                    time.sleep(0.1)

    def stop(self) -> None:
        for process in self.running:
            process.terminate()
        for process in self.running:
            process.wait(timeout=20)


@pytest.fixture
def two(redis_url: str) -> Iterator[tuple[int, int]]:
    group = Servers(redis_url)
    try:
        one, other = group.start(), group.start()
        group.wait(one, other)
        yield one, other
    finally:
        group.stop()


@pytest.fixture
def alone() -> Iterator[Servers]:
    group = Servers("")
    try:
        yield group
    finally:
        group.stop()


class Line:
    """A connection of this member to the server at this port."""

    def __init__(self, port: int, member: Member) -> None:
        self.port, self.member = port, member

    async def __aenter__(self) -> "Line":
        cookie = f"{settings.SESSION_COOKIE_NAME}={await in_thread(session_of, self.member)}"
        self.socket: ClientConnection = await connect(
            f"ws://127.0.0.1:{self.port}/ws/", additional_headers={"Cookie": cookie}, compression=None, max_queue=4
        )
        await self.hear("ready")
        return self

    async def __aexit__(self, *exception: Any) -> None:
        await self.socket.close()

    async def say(self, kind: str, **content: Any) -> None:
        await self.socket.send(json.dumps({"type": kind, **content}))

    async def frame(self) -> Frame:
        """The next frame."""
        found: Frame = json.loads(await asyncio.wait_for(self.socket.recv(), PATIENCE_SECONDS))
        return found

    async def hear(self, kind: str) -> Frame:
        """The next frame of this type."""
        while (frame := await self.frame())["type"] != kind:
            pass
        return frame

    async def subscribe(self, room: Room, since: int | None = None) -> None:
        await self.say("subscribe", rooms={str(room.pk): since})
        await self.hear("room.subscribed")

    async def closed(self) -> int | None:
        """The code with which the server closes this connection; None when it breaks off."""
        await asyncio.wait_for(self.socket.wait_closed(), PATIENCE_SECONDS)
        return self.socket.close_code


async def test_what_is_written_in_one_process_is_heard_in_the_other(two: tuple[int, int], redis_url: str) -> None:
    def make() -> tuple[Member, Member, Room]:
        ada, grace = a_member("Ada"), a_member("Grace")
        return ada, grace, a_room(ada, grace)

    ada, grace, room = await in_thread(make)
    async with Line(two[0], ada) as here, Line(two[1], grace) as there:
        await here.subscribe(room, 0)
        await there.subscribe(room, 0)
        for number in range(1, 4):
            client_id = str(uuid.uuid4())
            await here.say("message.post", room=room.pk, client_id=client_id, body=f"message {number}")
            assert (await here.hear("ack"))["seq"] == number
            events = (await there.hear("room.events"))["events"]
            assert [(event["seq"], event["client_id"]) for event in events] == [(number, client_id)]
        # This process has no Redis: what it announces reaches no one, and the heartbeat brings it.
        await in_thread(said, room, ada, "lost on its way")
        await there.say("ping")
        assert [event["body"] for event in (await there.hear("room.events"))["events"]] == ["lost on its way"]
        await in_thread(lambda: actions.leave_room(room=room, member=grace, at=NOW))
        await there.say("ping")
        assert (await there.hear("room.revoked"))["room"] == room.pk


def as_a_command(redis_url: str, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """This process is a command or the worker now: it has no hub, but knows the Redis of the others."""
    backend = "channels_redis.pubsub.RedisPubSubChannelLayer"
    prefix = os.environ.get("REDIS_PREFIX", "compagnon")
    settings.CHANNEL_LAYERS = {"default": {"BACKEND": backend, "CONFIG": {"hosts": [redis_url], "prefix": prefix}}}
    monkeypatch.setattr(hub, "_current", None)


async def test_who_is_put_out_or_blocked_hears_nothing_more_of_it_in_any_process_without_asking(
    two: tuple[int, int], redis_url: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def make() -> tuple[Member, Member, Room, Room]:
        ada, grace = a_member("Ada"), a_member("Grace")
        direct = actions.direct_room(member=ada, partners=[grace], at=NOW)
        return ada, grace, a_room(ada, grace, stewards=[ada]), direct

    ada, grace, room, direct = await in_thread(make)
    as_a_command(redis_url, settings, monkeypatch)
    async with Line(two[0], grace) as one, Line(two[1], grace) as other, Line(two[1], ada) as stays:
        for line in (one, other, stays):
            await line.subscribe(room)
            await line.subscribe(direct)
        await in_thread(lambda: actions.remove_member(room=room, by=ada, member=grace, rule="respect", at=NOW))
        await in_thread(said, room, ada, "among us")
        await in_thread(lambda: block(by=ada, whom=grace, at=NOW))
        for line in (one, other):
            heard = [await line.frame() for _ in range(3)]
            assert sorted(frame["room"] for frame in heard if frame["type"] == "room.revoked") == [direct.pk, room.pk]
            assert {frame["type"] for frame in heard} == {"room.revoked", "notice"}
        events = [(await stays.hear("room.events"))["events"] for _ in range(2)]
        assert [event["kind"] for told in events for event in told] == ["member_removed", "message"]


async def test_a_password_changed_in_a_process_without_sockets_closes_those_of_the_others(
    two: tuple[int, int], redis_url: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = await in_thread(a_member, "Ada")
    as_a_command(redis_url, settings, monkeypatch)
    async with Line(two[0], ada) as one, Line(two[1], ada) as other:
        await in_thread(lambda: events.announce(("member", ada.pk), {"type": "session.ended"}))
        assert [await one.closed(), await other.closed()] == [4401, 4401]


async def test_a_foreign_page_is_refused_at_the_door_and_a_server_that_stops_says_so(alone: Servers) -> None:
    ada = await in_thread(a_member, "Ada")
    port = alone.start()
    await in_thread(alone.wait, port)
    with pytest.raises(InvalidStatus) as refused:
        await connect(f"ws://127.0.0.1:{port}/ws/", additional_headers={"Origin": "http://evil.example"})
    assert refused.value.response.status_code == 403
    async with Line(port, ada) as line:
        alone.running[0].terminate()
        assert await line.closed() == 4012
    assert await in_thread(alone.running[0].wait, 20) == 0


@pytest.mark.parametrize("write_through", ["1", "0"])
async def test_long_words_arrive_whole_with_either_way_of_writing(alone: Servers, write_through: str) -> None:
    def make() -> tuple[Member, Room]:
        ada = a_member("Ada")
        room = a_room(ada)
        for number in range(60):
            said(room, ada, f"{number} " + "é" * 7900)
        return ada, room

    ada, room = await in_thread(make)
    alone.env["REALTIME_WRITE_THROUGH"] = write_through
    port = alone.start()
    await in_thread(alone.wait, port)
    async with Line(port, ada) as line:
        await line.subscribe(room, 0)
        found: list[Frame] = []
        while len(found) < 60:
            found += (await line.hear("room.events"))["events"]
        assert [event["body"] for event in found] == [f"{number} " + "é" * 7900 for number in range(60)]


def test_a_taken_port_ends_the_server_with_an_error(alone: Servers) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        command = [sys.executable, "manage.py", "serve", "--port", str(taken.getsockname()[1])]
        done = subprocess.run(command, cwd=ROOT, env=alone.env, capture_output=True, timeout=60, check=False)
    assert done.returncode != 0
    assert b"Couldn't listen" in done.stderr


def test_two_processes_suggest_the_same_after_a_profile_has_changed(two: tuple[int, int]) -> None:
    skill = a_skill("sewing")
    ada, guides = a_member("Ada"), [a_guide(f"Guide {number}") for number in range(5)]
    Want.objects.create(member=ada, skill=skill)
    cookie = f"{settings.SESSION_COOKIE_NAME}={session_of(ada)}"

    def suggested(port: int) -> list[tuple[str, int]]:
        asked = urllib.request.Request(f"http://127.0.0.1:{port}/api/suggestions/", headers={"Cookie": cookie})
        with urllib.request.urlopen(asked, timeout=PATIENCE_SECONDS) as answer:
            return [(one["member"]["name"], one["total"]) for one in json.loads(answer.read())["results"]]

    # Each process has read everyone before; then people change in this one, and no process is told.
    before = suggested(two[0])
    assert suggested(two[1]) == before
    for number, guide in enumerate(guides[2:4]):
        offers = [{"skill": skill, "level": 2 + number}]
        edit_profile(member=guide, at=timezone.now(), offers=offers)
    edit_profile(member=guides[4], at=timezone.now(), guide_paused=True)
    after = suggested(two[0])
    assert suggested(two[1]) == after
    assert {name for name, _points in after[:2]} == {"Guide 2", "Guide 3"}
    assert "Guide 4" not in dict(after)
