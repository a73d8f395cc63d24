"""What a delivery costs in processor time, and how late the slowest is, beside Node's `ws`, socket.io, python-socketio and the Channels tutorial.

Nobody stores here: ours tells what it is given and forgets it (`peers/unstored.py`), all else of ours is in place. Every server is a
process on one core, the load (`listeners.py`) one on another; messages are as long everywhere and come at a fixed rate. The servers take turns,
BENCH_ROUNDS times; medians. `BENCH_SOCKETS=50,500` chooses how many listen in the one room; then come 20 rooms of 25 and 1,000 of two.
"""

import os
from collections import defaultdict
from collections.abc import Callable
from statistics import median
from typing import NamedTuple

from tests.bench.figures import Row, row
from tests.bench.room_servers import Place, known_peers, load, serving
from tests.bench.room_world import cookies_of, some_members, some_rooms

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
COUNTS = [int(number) for number in os.environ.get("BENCH_SOCKETS", "50,500,2000").split(",")]
SECONDS = 5
WARM_UP, LEAST = 5, 20
PEERS = ("node_ws", "node_socketio", "python_socketio", "tutorial")
# The tutorial cannot keep up with the rate of the others: its processor time is taken at this share of it.
TUTORIAL_SHARE = 10
# Times better than the peer that we have to be, by rooms and listeners in each.
TARGETS: dict[str, dict[tuple[int, int], float]] = {
    "node_ws": {(1, 50): 1 / 1.3, (1, 500): 1 / 1.1, (1, 2000): 1 / 1.3},
    "node_socketio": {(1, 500): 1.0, (20, 25): 1 / 1.5, (1000, 2): 1 / 2.5},
    "tutorial": {(1, 500): 25.0},
}
P99_TARGET = 1 / 1.1


class Shape(NamedTuple):
    """So many rooms with so many listeners each, and messages a second in all of them together."""

    rooms: int
    listeners: int
    rate: float


class Heard(NamedTuple):
    cpu_us: float
    p50_ms: float
    p99_ms: float
    lost: int


SHAPES = [
    *(Shape(1, count, 20 if count <= 500 else 5) for count in COUNTS),
    Shape(20, 25, 200),
    Shape(1000, 2, 500),
]


def run() -> list[Row]:
    people = some_members(max(shape.rooms * shape.listeners for shape in SHAPES))
    cookies = cookies_of(people)
    kinds = ["unstored", *known_peers(*PEERS)]
    rows: list[Row] = []
    for shape in SHAPES:
        rooms = some_rooms(people[: shape.rooms * shape.listeners], shape.listeners)
        places = [(rooms[n // shape.listeners].pk, cookies[n]) for n in range(shape.rooms * shape.listeners)]
        found: dict[str, list[Heard]] = defaultdict(list)
        for _round in range(ROUNDS):
            for kind in kinds:
                found[kind].append(_measured(kind, shape, places))
        rows += _rows(shape, found)
    return rows


def _measured(kind: str, shape: Shape, places: list[tuple[int, str]]) -> Heard:
    rate = shape.rate / TUTORIAL_SHARE if kind == "tutorial" else shape.rate
    with serving(kind) as server:
        ears: list[Place] = [(server.port, room, cookie if kind == "unstored" else "") for room, cookie in places]
        with load(kind, ears) as crowd:
            crowd.talk(rate=rate, messages=WARM_UP)
            before = server.cpu_seconds()
            heard = crowd.talk(rate=rate, messages=max(LEAST, int(rate * SECONDS)))
            spent = server.cpu_seconds() - before
    lost = heard["expected"] - heard["delivered"]
    return Heard(1e6 * spent / max(1, heard["delivered"]), heard["p50_ms"], heard["p99_ms"], lost)


def _rows(shape: Shape, found: dict[str, list[Heard]]) -> list[Row]:
    name = f"rooms.fanout.{shape.rooms}x{shape.listeners}"

    def of(kind: str, figure: Callable[[Heard], float]) -> float:
        return median(figure(heard) for heard in found[kind])

    rows = [row(name, "lost", sum(heard.lost for heard in found["unstored"]), target=0)]
    for peer in (kind for kind in found if kind != "unstored"):
        target = TARGETS.get(peer, {}).get((shape.rooms, shape.listeners))
        ours, theirs = (of(kind, lambda heard: heard.cpu_us) for kind in ("unstored", peer))
        rows.append(row(name, "cpu_us", ours, peer=peer, theirs=theirs, target=target))
        for figure, what in (("p50_ms", lambda heard: heard.p50_ms), ("p99_ms", lambda heard: heard.p99_ms)):
            if peer != "tutorial":
                is_named = figure == "p99_ms" and peer == "node_socketio" and shape[:2] == (1, 500)
                target = P99_TARGET if is_named else None
                rows.append(row(name, figure, of("unstored", what), peer=peer, theirs=of(peer, what), target=target))
    return rows
