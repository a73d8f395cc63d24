"""Processes that are killed, a Redis that goes away, a database that refuses: nothing that was acknowledged is lost, and clients heal."""

import asyncio
import contextlib
import json
import os
import random
import subprocess
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection
from websockets.exceptions import ConnectionClosed

from backend.conversations import actions
from backend.conversations.facts import as_fact
from backend.conversations.models import Event, Room
from backend.members.models import Member
from realtime.threads import in_thread
from tests import servers
from tests.cast import a_member, signed_in
from tests.conversations.cast import NOW, a_room, said
from tests.realtime.cast import PATIENCE_SECONDS, Frame
from tests.realtime.lines import SERVE, Server
from tests.realtime.test_processes import Line
from tests.realtime.view import View

pytestmark = pytest.mark.django_db(transaction=True)


class Follower:
    """A client as docs/realtime.md tells it to be: it comes back, asks from where it was, and sends again what has no ack."""

    def __init__(self, member: Member, room: Room, *ports: int) -> None:
        self.member, self.room, self.ports = member, room, list(ports)
        self.view = View()
        self.unsent: dict[str, str] = {}
        self.acked: dict[str, int] = {}
        self.can_send = True
        self.line: Line | None = None
        self.changed = asyncio.Condition()

    @contextlib.asynccontextmanager
    async def following(self) -> AsyncIterator["Follower"]:
        task = asyncio.create_task(self._living())
        try:
            await self.until(lambda: self.line is not None)
            yield self
        finally:
            task.cancel()
            await asyncio.wait([task])

    async def _living(self) -> None:
        while True:
            with contextlib.suppress(OSError, ConnectionClosed, TimeoutError):
                async with Line(self.ports[0], self.member) as line:
                    await line.say("subscribe", rooms={str(self.room.pk): self.view.last})
                    self.line = line
                    for client_id, body in list(self.unsent.items()):
                        await self._send(client_id, body)
                    pinging = asyncio.create_task(self._pinging(line))
                    try:
                        async for text in line.socket:
                            await self._heard(json.loads(text))
                    finally:
                        pinging.cancel()
            self.line = None
            self.ports.append(self.ports.pop(0))
            await asyncio.sleep(0.02)

    async def _pinging(self, line: Line) -> None:
        while True:
            await line.say("ping")
            await asyncio.sleep(0.3)

    async def _heard(self, frame: Frame) -> None:
        if frame["type"] == "room.events":
            assert frame["events"][0]["seq"] <= self.view.last + 1, "a gap"
            self.view.merge(frame["events"])
        elif frame["type"] == "room.reset":
            self.view.last = frame["head"]
        elif frame["type"] == "ack":
            self.acked[frame["client_id"]] = frame["seq"]
            self.unsent.pop(frame["client_id"], None)
        elif frame["type"] == "line":
            self.can_send = frame["can_send"]
            for client_id, body in list(self.unsent.items()) if self.can_send else ():
                await self._send(client_id, body)
        async with self.changed:
            self.changed.notify_all()

    async def post(self, body: str) -> None:
        client_id = str(uuid.uuid4())
        self.unsent[client_id] = body
        await self._send(client_id, body)

    async def _send(self, client_id: str, body: str) -> None:
        if self.line is not None:
            with contextlib.suppress(ConnectionClosed):
                await self.line.say("message.post", room=self.room.pk, client_id=client_id, body=body)

    async def until(self, holds: Any) -> None:
        async def watch() -> None:
            while not holds():
                with contextlib.suppress(TimeoutError):
                    async with self.changed:
                        await asyncio.wait_for(self.changed.wait(), 0.05)

        await asyncio.wait_for(watch(), 3 * PATIENCE_SECONDS)


def check(room: Room, *followers: Follower) -> None:
    """The log has no gap; what was acknowledged is there once, at its number; everyone shows what a fresh page shows."""
    seqs = list(Event.objects.filter(room=room).order_by("seq").values_list("seq", flat=True))
    assert seqs == list(range(1, len(seqs) + 1))
    for follower in followers:
        stored = Event.objects.filter(room=room, client_id__in=follower.acked).values_list("client_id", "seq")
        assert {str(client_id): seq for client_id, seq in stored} == follower.acked
        fresh = View()
        fresh.load(signed_in(follower.member).get(f"/api/rooms/{room.pk}/events/?limit=300").json())
        assert (follower.view.shown(), follower.view.last) == (fresh.shown(), fresh.last)


async def two_in_a_room() -> tuple[Member, Member, Room]:
    def make() -> tuple[Member, Member, Room]:
        ada, grace = a_member("Ada"), a_member("Grace")
        return ada, grace, a_room(ada, grace)

    return await in_thread(make)


class OwnRedis:
    """A Redis that can be stopped and started again at the same place."""

    def __init__(self) -> None:
        self.port = servers.free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        program = servers.redis_program()
        assert program is not None
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--daemonize", "no"]
        self.process = subprocess.Popen([program, *options], stdout=subprocess.DEVNULL)
        servers._wait(self.process, self.port, "/nowhere")

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture
def own_redis() -> Iterator[OwnRedis]:
    if servers.redis_program() is None:
        pytest.skip("Redis is not on this machine")
    redis = OwnRedis()
    redis.start()
    yield redis
    redis.stop()


async def test_two_processes_one_of_which_is_killed_and_a_redis_that_goes_away_lose_nothing(
    own_redis: OwnRedis,
) -> None:
    ada, grace, room = await two_in_a_room()
    async with Server(*SERVE, REDIS_URL=own_redis.url) as one, Server(*SERVE, REDIS_URL=own_redis.url) as other:
        mine, theirs = Follower(ada, room, one.port, other.port), Follower(grace, room, other.port)
        async with mine.following(), theirs.following():
            chance = random.Random(5)

            def elsewhere() -> None:
                """Acts of a process that nobody hears: each is a lost publish."""
                author = chance.choice([ada, grace])
                event = said(room, author, f"elsewhere {chance.random()}")
                if event.seq % 3 == 0:
                    actions.delete_message(room=room, seq=event.seq, by=author, at=NOW)
                elif event.seq % 3 == 1:
                    actions.edit_message(room=room, seq=event.seq, by=author, body="better", at=NOW)
                actions.react(
                    room=room, seq=1, by=grace, emoji=chance.choice("👍🎉"), is_on=chance.random() < 0.5, at=NOW
                )

            async def both_say(words: str) -> None:
                for number in range(4):
                    await mine.post(f"mine, {words} {number}")
                    await theirs.post(f"theirs, {words} {number}")
                    await in_thread(elsewhere)
                await mine.until(lambda: not mine.unsent and not theirs.unsent)

            async def all_have_all() -> None:
                head = await in_thread(lambda: Room.objects.get(pk=room.pk).last_seq)
                await mine.until(lambda: mine.view.last == theirs.view.last == head)

            await both_say("first")
            await in_thread(own_redis.stop)
            await both_say("without Redis")
            await all_have_all()
            await in_thread(own_redis.start)
            await both_say("with Redis again")
            await mine.post("on the way when the process is killed")
            one.process.kill()
            await both_say("after the kill")
            await all_have_all()
        await in_thread(check, room, mine, theirs)
        assert len(mine.acked) == 17


@pytest.mark.postgresql
async def test_while_the_database_refuses_everyone_the_site_says_so_and_what_was_written_then_arrives_after() -> None:
    ada, grace, room = await two_in_a_room()
    known = connection.settings_dict
    where = (
        f"host={known['HOST']} port={known['PORT']} user={known['USER']} password={known['PASSWORD']} dbname=postgres"
    )

    def let_in(everyone: bool) -> None:
        with psycopg.connect(where, autocommit=True) as door:
            door.execute(f'ALTER DATABASE "{known["NAME"]}" ALLOW_CONNECTIONS {str(everyone).lower()}'.encode())
            if not everyone:
                door.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s", ["the web"]
                )

    async with Server(*SERVE, PGAPPNAME="the web") as server:
        mine, theirs = Follower(ada, room, server.port), Follower(grace, room, server.port)
        async with mine.following(), theirs.following():
            await mine.post("before")
            await theirs.until(lambda: theirs.view.last == 1)
            await in_thread(let_in, False)
            try:
                await mine.post("while it is away")
                await mine.until(lambda: not mine.can_send and not theirs.can_send)
                assert len(mine.acked) == 1
            finally:
                await in_thread(let_in, True)
            await mine.until(lambda: mine.can_send and not mine.unsent and theirs.view.last == 2)
        await in_thread(check, room, mine, theirs)


async def test_a_client_that_stops_reading_costs_the_server_little_and_the_others_nothing(own_redis: OwnRedis) -> None:
    ada, grace, room = await two_in_a_room()
    first = await in_thread(said, room, ada, "one")
    fact = await in_thread(lambda: as_fact(Event.objects.select_related("author").get(pk=first.pk)))
    async with (
        Server(*SERVE, REDIS_URL=own_redis.url) as server,
        Line(server.port, grace) as stuck,
        Line(server.port, ada) as quick,
    ):
        for line in (stuck, quick):
            await line.subscribe(room, 1)
        memory = 0
        seq = 1
        body = "x" * 4000
        # Twelve megabytes, of which the socket buffers of the machine hold a part; counted from the third on.
        for megabyte in range(12):
            if megabyte == 3:
                memory = _memory(server.process.pid)
            for _ in range(25):
                rows = [fact | {"seq": seq + n + 1, "body": body} for n in range(10)]
                seq += 10
                await in_thread(_announce, own_redis.url, room, rows)
            last = 0
            while last < seq:
                last = (await quick.hear("room.events"))["events"][-1]["seq"]
        assert _memory(server.process.pid) - memory <= 2 * 1024 * 1024
        heard = [json.loads(await asyncio.wait_for(stuck.socket.recv(), PATIENCE_SECONDS))["type"]]
        while heard[-1] != "room.reset":
            heard.append(json.loads(await asyncio.wait_for(stuck.socket.recv(), PATIENCE_SECONDS))["type"])
        assert set(heard) <= {"room.events", "room.reset"}


def _memory(pid: int) -> int:
    """Bytes that the process has of its own."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


_mouths: dict[str, Any] = {}


def _announce(url: str, room: Room, rows: list[Frame]) -> None:
    """As another web process would tell of these events."""
    import msgpack  # type: ignore[import-untyped]
    import redis
    from django.conf import settings

    from realtime import relay

    mouth = _mouths.setdefault(url, redis.Redis.from_url(url))
    prefix = os.environ.get("REDIS_PREFIX", "compagnon")
    assert settings.ASGI_APPLICATION
    told = relay.message([(("room", room.pk), {"type": "room.events", "room": room.pk, "events": rows})])
    mouth.publish(f"{prefix}__group__{relay.GROUP}", msgpack.packb(told))
