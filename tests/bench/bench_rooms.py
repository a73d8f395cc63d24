"""A message posted over HTTP while 1 or 200 people listen: how long the answer takes, how soon all have it, what a delivery costs.

The server is a process of its own on a real port, its processor time read from the system; listeners and posts are in this one. Beside it
runs the same application with the Channels tutorial's fan-out (`peers/stock_channels.py`) on stock Daphne.
"""

import asyncio
import http.client
import json
import os
import subprocess
import sys
import time
import uuid
from contextlib import AsyncExitStack
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.test import Client
from django.utils import timezone
from websockets.asyncio.client import ClientConnection, connect

from backend.conversations import actions
from backend.conversations.models import Room
from backend.members.models import Member, Organisation
from tests import servers
from tests.bench.figures import Row, percentile, row

ENGINES = ("sqlite", "postgresql")
ROOT = Path(__file__).resolve().parent.parent.parent
LISTENERS = 200
POSTS = 60
AUTHORS = 20
PAUSE_SECONDS = 0.02
PEER = "stock_channels"


class Measured(NamedTuple):
    """Of one server: milliseconds of POSTs and until the last listener had the message, processor milliseconds per POST."""

    posts: list[float]
    arrivals: list[float]
    processor_ms: float


def run() -> list[Row]:
    organisation = Organisation.objects.create(name="Bench", slug="bench", country="BE")
    now = timezone.now()
    people = [
        Member.objects.create_user(
            f"{number}@example.org", name=f"Member {number}", organisation=organisation, onboarded_at=now
        )
        for number in range(LISTENERS)
    ]
    room = actions.open_room(kind=Room.Kind.OPEN, title="Bench", purpose="", members=people, at=now)
    keys = [_signed_in(member) for member in people]
    ours = _measure(["manage.py", "serve", "--port", "{port}", "-v", "0"], room, keys, is_ours=True)
    stock = ["-m", "daphne", "-v", "0", "-b", "127.0.0.1", "-p", "{port}", f"tests.bench.peers.{PEER}:application"]
    theirs = _measure(stock, room, keys, is_ours=False)
    rows = []
    for count in (1, LISTENERS):
        mine, other = ours[count], theirs[count]
        for figure, share in (("p50_ms", 50), ("p99_ms", 99)):
            values = percentile(mine.posts, share), percentile(other.posts, share)
            rows.append(row(f"rooms.post.{count}", figure, values[0], peer=PEER, theirs=values[1]))
        last = percentile(mine.arrivals, 50), percentile(other.arrivals, 50)
        rows.append(row(f"rooms.last_heard.{count}", "p50_ms", last[0], peer=PEER, theirs=last[1]))
    flat = [percentile(found[LISTENERS].posts, 50) / percentile(found[1].posts, 50) for found in (ours, theirs)]
    rows.append(row("rooms.post", "times_slower_with_200", flat[0], target=2))
    cost = [
        1000 * (found[LISTENERS].processor_ms - found[1].processor_ms) / (LISTENERS - 1) for found in (ours, theirs)
    ]
    rows.append(row("rooms.delivery", "cpu_us", max(cost[0], 0.1), peer=PEER, theirs=cost[1], target=10))
    return rows


def _signed_in(member: Member) -> str:
    client = Client()
    client.force_login(member, backend=settings.AUTHENTICATION_BACKENDS[0])
    return str(client.cookies[settings.SESSION_COOKIE_NAME].value)


def _measure(command: list[str], room: Room, keys: list[str], *, is_ours: bool) -> dict[int, Measured]:
    port = servers.free_port()
    filled = [word.format(port=port) for word in command]
    with subprocess.Popen([sys.executable, *filled], cwd=ROOT, stdout=subprocess.DEVNULL) as server:
        try:
            servers.wait_until_up(server, port)
            return {
                count: asyncio.run(_listened(server.pid, port, room, keys, count, is_ours)) for count in (1, LISTENERS)
            }
        finally:
            server.terminate()


async def _listened(pid: int, port: int, room: Room, keys: list[str], count: int, is_ours: bool) -> Measured:
    async with AsyncExitStack() as stack:
        ears = [await stack.enter_async_context(_line(port, room, key, is_ours)) for key in keys[:count]]
        if is_ours:
            for ear in ears:
                await ear.send(json.dumps({"type": "subscribe", "rooms": {str(room.pk): None}}))
        heard: asyncio.Queue[str] = asyncio.Queue()
        tasks = [asyncio.create_task(_listen(ear, heard)) for ear in ears]
        await asyncio.sleep(1)
        posts: list[float] = []
        arrivals: list[float] = []
        before = 0.0
        for number in range(POSTS + AUTHORS):
            if number == AUTHORS:  # What is only done the first time for each author is not counted.
                posts.clear()
                arrivals.clear()
                before = _processor_ms(pid)
            begun = time.perf_counter()
            posts.append(await asyncio.to_thread(_post, port, room, keys[number % AUTHORS]))
            for _ in ears:
                await asyncio.wait_for(heard.get(), 30)
            arrivals.append(1000 * (time.perf_counter() - begun))
            await asyncio.sleep(PAUSE_SECONDS)
        spent = (_processor_ms(pid) - before) / POSTS
        for task in tasks:
            task.cancel()
    return Measured(posts, arrivals, spent)


def _line(port: int, room: Room, key: str, is_ours: bool) -> connect:
    path = "/ws/" if is_ours else f"/ws/{room.pk}/"
    cookie = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={key}"}
    return connect(f"ws://localhost:{port}{path}", additional_headers=cookie, compression=None, ping_interval=None)


async def _listen(ear: ClientConnection, heard: asyncio.Queue[str]) -> None:
    async for frame in ear:
        if '"room.events"' in str(frame):
            heard.put_nowait("")


_lines: dict[tuple[int, str], http.client.HTTPConnection] = {}


def _post(port: int, room: Room, key: str) -> float:
    """Milliseconds until the answer, on a connection that stays open."""
    line = _lines.setdefault((port, key), http.client.HTTPConnection("localhost", port, timeout=30))
    token = "b" * 32
    headers = {
        "Content-Type": "application/json",
        "Cookie": f"{settings.SESSION_COOKIE_NAME}={key}; {settings.CSRF_COOKIE_NAME}={token}",
        "X-CSRFToken": token,
    }
    wish = json.dumps({"client_id": str(uuid.uuid4()), "body": "Shall we meet at nine in the workshop?"})
    begun = time.perf_counter()
    line.request("POST", f"/api/rooms/{room.pk}/messages/", wish, headers)
    answer = line.getresponse()
    content = answer.read()
    if answer.status != 201:
        raise RuntimeError(f"{answer.status}: {content!r}")
    return 1000 * (time.perf_counter() - begun)


def _processor_ms(pid: int) -> float:
    """Processor time of this process and its threads so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return 1000 * (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
