"""Several processes reach for a few things through every door at once, 32 clients.

Afterwards nothing may be held twice: asked in plain SQL, by what knows nothing of the code that books. Beside it the usual way, which
looks whether something is taken and then inserts.
"""

import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from django.db import connection
from django.utils import timezone

from backend.bookings.audit import faults
from backend.bookings.models import Resource
from backend.members.models import Member
from tests.bench.booking_world import HOUR, a_world, contested_things
from tests.bench.figures import Row, row

ENGINES = ("sqlite", "postgresql")
ROOT = Path(__file__).resolve().parent.parent.parent
CLIENTS = 8
THREADS = 4
ATTEMPTS = 10_000
NAIVE = "check_then_insert"
# Nobody is told to wait: that is a limit of another kind, and counted by all processes together where there is Redis.
UNLIMITED = {"BOOKINGS_AN_HOUR": "1000000", "REQUESTS_A_MINUTE": "1000000"}


def run() -> list[Row]:
    return list(_contested(a_world(resources=400)[-1]))


def _contested(host: Member) -> Iterator[Row]:
    place = Resource.objects.order_by("pk")[0].place
    Resource.objects.all().delete()
    contested_things(place, host)
    _naive_table()
    begun = time.perf_counter()
    ours = _in_processes()
    seconds = time.perf_counter() - begun
    begun = time.perf_counter()
    theirs = _in_processes("naively")
    naive_seconds = time.perf_counter() - begun
    assert ours["granted"] > ATTEMPTS / 20, ours
    violations = sum(1 for _ in faults(timezone.now() - HOUR))
    found = row("bookings.contested", "violations", violations, target=0)
    yield {**found, "peer": NAIVE, "theirs": float(_naive_overlaps())}
    yield row(
        "bookings.contested",
        "attempts_per_second",
        ATTEMPTS / seconds,
        peer=NAIVE,
        theirs=ATTEMPTS / naive_seconds,
        better="more",
    )
    yield row("bookings.contested", "given_up", ours["given_up"])
    yield row("bookings.contested", "granted", ours["granted"], better="more")
    assert sum(theirs.values()) == ATTEMPTS


def _in_processes(*how: str) -> Counter[str]:
    """What became of all wishes, together."""
    each, more = str(ATTEMPTS // CLIENTS), how or (timezone.now().isoformat(timespec="hours"), str(THREADS))
    commands = [[sys.executable, "-m", "tests.bench.contender", str(seed), each, *more] for seed in range(CLIENTS)]
    env = os.environ | UNLIMITED
    running = [subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True) for command in commands]
    told = [(process.communicate()[0], process.returncode) for process in running]
    assert all(code == 0 for _, code in told), "a client failed"
    return sum((Counter(json.loads(text)) for text, _ in told), Counter())


def _naive_table() -> None:
    kind = "timestamptz" if connection.vendor == "postgresql" else "datetime"
    number = "bigserial" if connection.vendor == "postgresql" else "integer"
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TABLE bench_naive (id {number} PRIMARY KEY, resource_id bigint, starts_at {kind}, ends_at {kind})"
        )
        cursor.execute("CREATE INDEX bench_naive_time ON bench_naive (resource_id, ends_at, starts_at)")


def _naive_overlaps() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM bench_naive one JOIN bench_naive other ON other.resource_id = one.resource_id"
            " AND other.id > one.id AND other.starts_at < one.ends_at AND other.ends_at > one.starts_at"
        )
        return int(cursor.fetchone()[0])
