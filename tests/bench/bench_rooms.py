"""A message posted over HTTP while 1 or 1,000 people listen: how long the answer takes, how soon all have it, what a delivery costs.

The server is a process of its own on a real port, its processor time read from the system; so are those who listen. Beside it
runs the same application with the Channels tutorial's fan-out (`peers/stock_channels.py`) on stock Daphne.
"""

import json
import time
import uuid
from http.client import HTTPConnection
from typing import NamedTuple

from django.conf import settings

from tests.bench.figures import Row, percentile, row
from tests.bench.room_servers import load, serving
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
    room = some_rooms(people, LISTENERS)[0].pk
    cookies = cookies_of(people)
    ours, theirs = (
        {count: _measured(kind, room, cookies, count) for count in (1, LISTENERS)} for kind in ("ours", PEER)
    )
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


def _measured(kind: str, room: int, cookies: list[str], count: int) -> Measured:
    with serving(kind) as server:
        places = [(server.port, room, cookie) for cookie in cookies[:count]]
        with load(kind, places, module="bystanders") as crowd:
            lines = [HTTPConnection("localhost", server.port, timeout=30) for _ in range(AUTHORS)]
            posts: list[float] = []
            arrivals: list[float] = []
            before = 0.0
            for number in range(POSTS + AUTHORS):
                if number == AUTHORS:  # What is only done the first time for each author is not counted.
                    posts.clear()
                    arrivals.clear()
                    before = 1000 * server.cpu_seconds()
                begun = time.monotonic()
                author = number % AUTHORS
                _post(lines[author], room, cookies[author])
                posts.append(1000 * (time.monotonic() - begun))
                arrivals.append(1000 * (crowd.talk()["at"] - begun))
                time.sleep(PAUSE_SECONDS)
            spent = (1000 * server.cpu_seconds() - before) / POSTS
    return Measured(posts, arrivals, spent)


def _post(line: HTTPConnection, room: int, cookie: str) -> None:
    """On a connection that stays open."""
    token = "b" * 32
    headers = {
        "Content-Type": "application/json",
        "Cookie": f"{cookie}; {settings.CSRF_COOKIE_NAME}={token}",
        "X-CSRFToken": token,
    }
    wish = json.dumps({"client_id": str(uuid.uuid4()), "body": "Shall we meet at nine in the workshop?"})
    line.request("POST", f"/api/rooms/{room}/messages/", wish, headers)
    answer = line.getresponse()
    content = answer.read()
    if answer.status != 201:
        raise RuntimeError(f"{answer.status}: {content!r}")
