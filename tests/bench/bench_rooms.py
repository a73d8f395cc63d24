"""A message posted over HTTP while 1 or 1,000 people listen: how long the answer takes, how soon all have it, what a delivery costs.

The server is a process of its own on a real port, its processor time read from the system; listeners and posts are in this one. Beside it
runs the same application with the Channels tutorial's fan-out (`peers/stock_channels.py`) on stock Daphne.
"""

import asyncio
import http.client
import json
import subprocess
import sys
import time
import uuid
from contextlib import AsyncExitStack
from typing import NamedTuple

from django.conf import settings
from websockets.asyncio.client import ClientConnection, connect

from backend.conversations.models import Room
from tests import servers
from tests.bench.apart import ROOT
from tests.bench.figures import Row, percentile, row
from tests.bench.room_servers import Served
from tests.bench.room_world import cookies_of, some_members, some_rooms

ENGINES = ("sqlite", "postgresql")
LISTENERS = 1000
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
    people = some_members(LISTENERS)
    room = some_rooms(people, LISTENERS)[0]
    cookies = cookies_of(people)
    ours = _measure(["manage.py", "serve", "--port", "{port}", "-v", "0"], room, cookies, is_ours=True)
    stock = ["-m", "daphne", "-v", "0", "-b", "127.0.0.1", "-p", "{port}", f"tests.bench.peers.{PEER}:application"]
    theirs = _measure(stock, room, cookies, is_ours=False)
    rows = []
    for count in (1, LISTENERS):
        mine, other = ours[count], theirs[count]
        for figure, share in (("p50_ms", 50), ("p99_ms", 99)):
            values = percentile(mine.posts, share), percentile(other.posts, share)
            rows.append(row(f"rooms.post.{count}", figure, values[0], peer=PEER, theirs=values[1]))
        last = percentile(mine.arrivals, 50), percentile(other.arrivals, 50)
        rows.append(row(f"rooms.last_heard.{count}", "p50_ms", last[0], peer=PEER, theirs=last[1]))
    flat = [percentile(found[LISTENERS].posts, 50) / percentile(found[1].posts, 50) for found in (ours, theirs)]
    rows.append(row("rooms.post", f"times_slower_with_{LISTENERS}", flat[0], target=1.3))
    cost = [
        1000 * (found[LISTENERS].processor_ms - found[1].processor_ms) / (LISTENERS - 1) for found in (ours, theirs)
    ]
    rows.append(row("rooms.delivery", "cpu_us", max(cost[0], 0.1), peer=PEER, theirs=cost[1], target=10))
    return rows


def _measure(command: list[str], room: Room, cookies: list[str], *, is_ours: bool) -> dict[int, Measured]:
    port = servers.free_port()
    filled = [word.format(port=port) for word in command]
    with subprocess.Popen([sys.executable, *filled], cwd=ROOT, stdout=subprocess.DEVNULL) as server:
        try:
            servers.wait_until_up(server, port)
            return {
                count: asyncio.run(_listened(Served(server.pid, port), port, room, cookies, count, is_ours))
                for count in (1, LISTENERS)
            }
        finally:
            server.terminate()


async def _listened(server: Served, port: int, room: Room, cookies: list[str], count: int, is_ours: bool) -> Measured:
    async with AsyncExitStack() as stack:
        ears = [await stack.enter_async_context(_line(port, room, cookie, is_ours)) for cookie in cookies[:count]]
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
                before = 1000 * server.cpu_seconds()
            begun = time.perf_counter()
            posts.append(await asyncio.to_thread(_post, port, room, cookies[number % AUTHORS]))
            for _ in ears:
                await asyncio.wait_for(heard.get(), 30)
            arrivals.append(1000 * (time.perf_counter() - begun))
            await asyncio.sleep(PAUSE_SECONDS)
        spent = (1000 * server.cpu_seconds() - before) / POSTS
        for task in tasks:
            task.cancel()
    return Measured(posts, arrivals, spent)


def _line(port: int, room: Room, cookie: str, is_ours: bool) -> connect:
    path = "/ws/" if is_ours else f"/ws/{room.pk}/"
    return connect(
        f"ws://localhost:{port}{path}", additional_headers={"Cookie": cookie}, compression=None, ping_interval=None
    )


async def _listen(ear: ClientConnection, heard: asyncio.Queue[str]) -> None:
    async for frame in ear:
        if '"room.events"' in str(frame):
            heard.put_nowait("")


_lines: dict[tuple[int, str], http.client.HTTPConnection] = {}


def _post(port: int, room: Room, cookie: str) -> float:
    """Milliseconds until the answer, on a connection that stays open."""
    line = _lines.setdefault((port, cookie), http.client.HTTPConnection("localhost", port, timeout=30))
    token = "b" * 32
    headers = {
        "Content-Type": "application/json",
        "Cookie": f"{cookie}; {settings.CSRF_COOKIE_NAME}={token}",
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
