"""Who is there and who types, with 1,000 in one room: what that costs the server, and how often a client is told.

The naive way is the tutorial's: each act is sent to the group, and each of its consumers writes it. Processor time of the server process, for the same
acts at the same rate; the naive server, which cannot keep up, is waited for.
"""

import os

from tests.bench.figures import Row, row
from tests.bench.room_servers import load, serving
from tests.bench.room_world import cookies_of, some_members, some_rooms

PEOPLE = int(os.environ.get("BENCH_ONLOOKERS", "1000"))
ACTS = {"rate": 10, "acts": 60}
TIMES_LESS, FRAMES_A_SECOND = 15, 1


def run() -> list[Row]:
    people = some_members(PEOPLE)
    room = some_rooms(people, PEOPLE)[0].pk
    places = [(room, cookie) for cookie in cookies_of(people)]
    (ours, heard), (theirs, _heard) = (_measured(kind, places) for kind in ("ours", "tutorial"))
    return [
        row("rooms.around", "cpu_s", ours, peer="tutorial", theirs=theirs, target=TIMES_LESS),
        row("rooms.around", "frames_a_second", (heard["most"] - 1) / heard["seconds"], target=FRAMES_A_SECOND),
        row("rooms.around", "told_nothing", heard["least"] == 0, target=0),
    ]


def _measured(kind: str, places: list[tuple[int, str]]) -> tuple[float, dict[str, float]]:
    with serving(kind) as server, load(kind, [(server.port, *place) for place in places], module="onlookers") as crowd:
        before = server.cpu_seconds()
        heard = crowd.talk(**ACTS)
        return server.cpu_seconds() - before, heard
