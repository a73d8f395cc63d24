"""1,000 members come back in the same second, each 50 messages behind: what that costs the server.

The peer is the tutorial's consumer with a session and a membership looked up for each, and the history read from the database for each: `a_row` sends
a frame for each message, `a_query` one frame with all of them. Processor time of the server process; on PostgreSQL the database's own comes on top, and
it is asked once by ours, a thousand times by them.
"""

import os
import uuid

from django.utils import timezone

from backend.conversations.batch import post_batch
from backend.conversations.wishes import Wish
from tests.bench.figures import Row, row
from tests.bench.room_servers import load, serving
from tests.bench.room_world import cookies_of, some_members, some_rooms

ENGINES = ("sqlite", "postgresql")
PEOPLE = int(os.environ.get("BENCH_COMEBACKS", "1000"))
BEHIND, LOG = 50, 200
TARGETS = {"a_query": 3.5, "a_row": 5.0}


def run() -> list[Row]:
    people = some_members(PEOPLE)
    cookies = cookies_of(people)
    room = some_rooms(people, PEOPLE)[0].pk
    words = "Shall we meet at nine in the workshop? " * 4
    wishes = [
        Wish(room_id=room, author_id=people[n % PEOPLE].pk, client_id=uuid.uuid4(), body=f"{n} {words}")
        for n in range(LOG)
    ]
    post_batch(wishes, timezone.now())
    ours = _measured("ours", room, cookies, together=False)
    rows = [
        row("rooms.comeback", "not_caught_up", ours["missing"], target=0),
        row("rooms.comeback", "doubled", ours["doubled"], target=0),
        row("rooms.comeback", "seconds", ours["seconds"]),
    ]
    for peer, target in TARGETS.items():
        theirs = _measured("tutorial_stored", room, cookies, together=peer == "a_query")
        costs = ours["cpu_s"], theirs["cpu_s"]
        rows.append(row("rooms.comeback", "cpu_s", costs[0], peer=peer, theirs=costs[1], target=target))
    return rows


def _measured(kind: str, room: int, cookies: list[str], *, together: bool) -> dict[str, float]:
    with serving(kind) as server:
        # What is only done the first time is not counted.
        with load(kind, [(server.port, room, cookies[0])], module="comebacks") as first:
            first.talk(since=LOG - BEHIND, head=LOG, together=together)
        ears = [(server.port, room, cookie) for cookie in cookies]
        with load(kind, ears, module="comebacks") as crowd:
            before = server.cpu_seconds()
            heard = crowd.talk(since=LOG - BEHIND, head=LOG, together=together)
            return {**heard, "cpu_s": server.cpu_seconds() - before}
