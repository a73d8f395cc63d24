"""The whole path of a message: a signed-in browser's socket, permission, commit with its number, the other browsers of the room, the answer.

Rooms of three, so that storing dominates. At a calm rate the answer's time counts, from the planned instant. Processor time counts where each
server is full (`crowded`): it is offered more than it can carry, and what it does carry is stated. It is stated for a steady rate that all can
carry, too. The peer is the Channels tutorial with one ORM insert for each message (`peers/tutorial.py`), which neither numbers nor
searches, counts or limits anything. On PostgreSQL all speak through Redis; the database's own processor time is not counted. There the tutorial is
measured with a connection for each message, as Django's settings are by default, and beside it with our pool of connections.
"""

from django.db import connection

from tests.bench.figures import Row, row
from tests.bench.room_servers import load, serving
from tests.bench.room_world import cookies_of, some_members, some_rooms

ENGINES = ("sqlite", "postgresql")
PEERS = {"sqlite": ("tutorial_stored",), "postgresql": ("tutorial_unpooled", "tutorial_stored")}
PEOPLE, SIZE = 600, 3
CALM = {"rate": 60, "messages": 300}
# What even the tutorial can carry.
STEADY = {"rate": 300, "messages": 1500}
# More than they can carry; each member says fewer than the 60 a minute that they may.
CROWDED = {"ours": {"rate": 12_000, "messages": 28_000}}
CROWDED_PEER = {"rate": 1500, "messages": 7500}
TARGETS = {"sqlite": 10, "postgresql": 20}


def run() -> list[Row]:
    from tests.bench.peers.tutorial import Said

    with connection.schema_editor() as editor:
        editor.create_model(Said)
    people = some_members(PEOPLE)
    cookies = cookies_of(people)
    rooms = [room.pk for room in some_rooms(people, SIZE)]
    peers = PEERS[connection.vendor]
    ours, *others = (_measured(kind, rooms, cookies) for kind in ("ours", *peers))
    rows: list[Row] = []
    for peer, theirs in zip(peers, others, strict=True):
        rows += [
            row("rooms.path.calm", figure, ours[figure], peer=peer, theirs=theirs[figure], target=target)
            for figure, target in (
                ("ack_p50_ms", 1),
                ("ack_p99_ms", 1),
                ("p99_ms", None),
                ("cpu_us_per_delivery", None),
            )
        ]
        spent = ours["crowded_us"], theirs["crowded_us"]
        target = TARGETS[connection.vendor]
        steady = ours["steady_us"], theirs["steady_us"]
        rows.append(row("rooms.path.steady", "cpu_us_per_delivery", steady[0], peer=peer, theirs=steady[1]))
        rows.append(
            row("rooms.path.crowded", "cpu_us_per_delivery", spent[0], peer=peer, theirs=spent[1], target=target)
        )
        pace = ours["a_second"], theirs["a_second"]
        rows.append(row("rooms.path.crowded", "messages_a_second", pace[0], peer=peer, theirs=pace[1], better="more"))
    return [*rows, row("rooms.path.crowded", "lost", ours["lost"], peer=None, target=0)]


def _measured(kind: str, rooms: list[int], cookies: list[str]) -> dict[str, float]:
    with serving(kind) as server:
        ears = [(server.port, rooms[number // SIZE], cookie) for number, cookie in enumerate(cookies)]
        with load(kind, ears) as crowd:
            crowd.talk(**CALM | {"messages": 60})
            before = server.cpu_seconds()
            calm = crowd.talk(**CALM)
            between = server.cpu_seconds()
            steady = crowd.talk(**STEADY)
            then = server.cpu_seconds()
            crowded = crowd.talk(**CROWDED.get(kind, CROWDED_PEER))
            spent = server.cpu_seconds() - then
    return {
        **calm,
        "cpu_us_per_delivery": 1e6 * (between - before) / calm["delivered"],
        "steady_us": 1e6 * (then - between) / steady["delivered"],
        "crowded_us": 1e6 * spent / crowded["delivered"],
        "a_second": crowded["acknowledged"] / crowded["seconds"],
        "lost": crowded["expected"] - crowded["delivered"],
    }
