"""Two web processes over Redis beside one alone: what a delivery costs them together.

500 listen in one room, half of them at each process; those of the first speak. Nothing is stored (`peers/unstored.py`). Beside it the Channels
tutorial over the same Redis (pub/sub), at a tenth of the rate, which is all that it can do.
"""

import os

from tests.bench.figures import Row, row
from tests.bench.room_servers import load, serving
from tests.bench.room_world import cookies_of, some_members, some_rooms

ENGINES = ("postgresql",)
PEOPLE = 500
RATE, SECONDS = 20, 6
WORSE = 1.6


def run() -> list[Row]:
    people = some_members(PEOPLE)
    room = some_rooms(people, PEOPLE)[0].pk
    places = [(room, cookie) for cookie in cookies_of(people)]
    redis = os.environ["REDIS_URL"]
    alone, _p99, _lost = _measured("unstored", places, [""], RATE)
    both, p99, lost = _measured("unstored", places, [redis, redis], RATE)
    theirs, _p99, _lost = _measured("tutorial", places, [redis, redis], RATE / 10)
    return [
        row("rooms.processes", "cpu_us_alone", alone),
        row("rooms.processes", "cpu_us_of_two", both, peer="tutorial", theirs=theirs),
        row("rooms.processes", "times_dearer_than_one", both / alone, target=WORSE),
        row("rooms.processes", "p99_ms_of_two", p99),
        row("rooms.processes", "lost", lost, target=0),
    ]


def _measured(kind: str, places: list[tuple[int, str]], each: list[str], rate: float) -> tuple[float, float, int]:
    """With one process for each of these addresses of Redis: microseconds of all processes for a delivery, p99, and how many got lost."""
    with serving(kind, REDIS_URL=each[0]) as first, serving(kind, REDIS_URL=each[-1]) as second:
        servers = [first, second][: len(each)]
        share = len(places) // len(each)
        ears = [(servers[number // share].port, *place) for number, place in enumerate(places)]
        with load(kind, ears) as crowd:
            crowd.talk(rate=rate, messages=5, speakers=share)
            before = sum(server.cpu_seconds() for server in servers)
            heard = crowd.talk(rate=rate, messages=int(rate * SECONDS), speakers=share)
            spent = sum(server.cpu_seconds() for server in servers) - before
    return 1e6 * spent / max(1, heard["delivered"]), heard["p99_ms"], heard["expected"] - heard["delivered"]
