"""What sockets hold: idle ones, one that does not read while 100 MB go to its room, and whether memory grows while people talk.

Resident memory of the server process. Idle is what a thousand more sockets hold when a hundred are there already. `BENCH_SOAK_SECONDS=600` for a long soak; it
stores its messages, the deaf one hears such as are not (`peers/unstored.py`).
"""

import os

from tests.bench.figures import Row, row
from tests.bench.room_servers import known_peers, load, serving
from tests.bench.room_world import cookies_of, some_members, some_rooms

PEERS = ("node_ws", "node_socketio", "python_socketio", "tutorial")
PEOPLE, FIRST = 1100, 100
IDLE_KB, DEAF_MIB, SOAK_MIB = 30, 2, 2
# 2,000 messages of 50 kB to those who read and one who does not.
LISTENERS = 4
FLOOD = {"rate": 50, "messages": 2000, "characters": 50_000}
SOAK_SECONDS = int(os.environ.get("BENCH_SOAK_SECONDS", "60"))
SOAK_RATE, SOAKING = 20, 50


def run() -> list[Row]:
    people = some_members(PEOPLE)
    cookies = cookies_of(people)
    places = [(room.pk, cookie) for room in some_rooms(people, PEOPLE) for cookie in cookies]
    ours = _idle("ours", places)
    rows = [row("rooms.idle", "kb_per_socket", ours, target=IDLE_KB)]
    rows += [
        row("rooms.idle", "kb_per_socket", ours, peer=peer, theirs=_idle(peer, places)) for peer in known_peers(*PEERS)
    ]
    return rows + _deaf(places[:LISTENERS]) + _soaked(places[:SOAKING])


def _idle(kind: str, places: list[tuple[int, str]]) -> float:
    with serving(kind) as server:
        ears = [(server.port, room, cookie) for room, cookie in places]
        with load(kind, ears[:FIRST]):
            before = server.memory_kb()
            with load(kind, ears[FIRST:]):
                return max(0.1, (server.memory_kb() - before) / len(ears[FIRST:]))


def _deaf(places: list[tuple[int, str]]) -> list[Row]:
    """The same flood twice to the same server: while all read, and while one does not."""
    found = {}
    for kind in ("unstored", "tutorial"):
        with serving(kind) as server:
            ears = [(server.port, room, cookie) for room, cookie in places]
            with load(kind, ears) as crowd:
                heard = [crowd.talk(**FLOOD)]
                before = server.memory_kb()
                heard.append(crowd.talk(**FLOOD, deaf=1))
                found[kind] = max(0.01, (server.memory_kb() - before) / 1024), *(each["p99_ms"] for each in heard)
    (grown, all_read, one_deaf), (theirs, _calm, _stuck) = found["unstored"], found["tutorial"]
    return [
        row("rooms.deaf", "grown_mib", grown, target=DEAF_MIB),
        row("rooms.deaf", "grown_mib", grown, peer="tutorial", theirs=theirs),
        row("rooms.deaf", "others_p99_times", one_deaf / all_read, target=1.2),
    ]


def _soaked(places: list[tuple[int, str]]) -> list[Row]:
    """After a third of the time everything has been done once: from there it should not grow."""
    with serving("ours") as server, load("ours", [(server.port, room, cookie) for room, cookie in places]) as crowd:
        third = {"rate": SOAK_RATE, "messages": SOAK_RATE * SOAK_SECONDS // 3}
        lost = 0
        held = []
        for _third in range(3):
            heard = crowd.talk(**third)
            lost += heard["expected"] - heard["delivered"]
            held.append(server.memory_kb() / 1024)
    return [
        row("rooms.soak", "grown_mib", max(0.01, held[2] - held[0]), target=SOAK_MIB),
        row("rooms.soak", "memory_mib", held[2]),
        row("rooms.soak", "lost", lost, target=0),
    ]
