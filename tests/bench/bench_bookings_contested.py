"""Several processes reach for a few things through every door at once, 32 clients; and eight clients book over HTTP.

Afterwards nothing may be held twice: asked in plain SQL, by what knows nothing of the code that books. Beside it the usual way, which
looks whether something is taken and then inserts.
"""

import http.client
import json
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from django.db import connection
from django.test import Client
from django.utils import timezone

from backend.bookings.audit import faults
from backend.bookings.models import Allocation, Blackout, Booking, Resource
from backend.bookings.times import iso
from backend.members.models import Member
from tests import servers
from tests.bench.booking_world import HOUR, a_world, contested_things
from tests.bench.figures import Row, percentile, row
from tests.bench.room_servers import Served

ENGINES = ("sqlite", "postgresql")
ROOT = Path(__file__).resolve().parent.parent.parent
CLIENTS = 8
THREADS = 4
ATTEMPTS = 10_000
HTTP_SECONDS = 10
NAIVE = "check_then_insert"
# Nobody is told to wait: that is a limit of another kind, and counted by all processes together where there is Redis.
UNLIMITED = {"BOOKINGS_AN_HOUR": "1000000", "REQUESTS_A_MINUTE": "1000000"}


def run() -> list[Row]:
    people = a_world(resources=400)
    contested = list(_contested(people[-1]))
    _nothing_is_held()
    return [*contested, *_over_http(people)]


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


def _nothing_is_held() -> None:
    Allocation.objects.all().delete()
    Blackout.objects.all().delete()
    Booking.objects.all().delete()


def _over_http(people: list[Member]) -> Iterator[Row]:
    """Bookings a second that eight clients get from one server process, each a thing of its own, and how long an answer takes."""
    place = Resource.objects.filter(is_composed=False).order_by("pk")[0].place
    place.openings.all().delete()
    things = Resource.objects.bulk_create(
        Resource(place=place, kind="workspace", name=f"Desk {n}", ahead_days=700, lead_minutes=0)
        for n in range(CLIENTS)
    )
    keys = []
    for member in people[:CLIENTS]:
        client = Client()
        client.force_login(member, backend="allauth.account.auth_backends.AuthenticationBackend")
        keys.append(client.cookies["sessionid"].value)
    port = servers.free_port()
    command = [sys.executable, "manage.py", "serve", "--port", str(port), "-v", "0"]
    server = subprocess.Popen(command, cwd=ROOT, env=os.environ | UNLIMITED)
    try:
        servers.wait_until_up(server, port)
        samples: list[float] = []
        threads = [
            threading.Thread(target=_books, args=(port, key, thing.pk, samples))
            for key, thing in zip(keys, things, strict=True)
        ]
        served = Served(server.pid, port)
        begun, spent = time.perf_counter(), served.cpu_seconds()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        seconds, spent = time.perf_counter() - begun, served.cpu_seconds() - spent
    finally:
        server.terminate()
        server.wait()
    yield row("bookings.http", "bookings_per_second_8_clients", len(samples) / seconds, target=150, better="more")
    yield row("bookings.http", "server_cpu_ms_each", 1000 * spent / len(samples))
    yield row("bookings.http", "p50_ms", percentile(samples, 50))
    yield row("bookings.http", "p99_ms", percentile(samples, 99))


def _books(port: int, key: str, resource: int, samples: list[float]) -> None:
    """One desk, half an hour after half an hour, until the time is over."""
    link = http.client.HTTPConnection("127.0.0.1", port)
    head = {
        "Content-Type": "application/json",
        "Cookie": f"sessionid={key}; csrftoken={'a' * 32}",
        "X-CSRFToken": "a" * 32,
    }
    start = timezone.now().replace(minute=0, second=0, microsecond=0) + 24 * HOUR
    until = time.perf_counter() + HTTP_SECONDS
    while time.perf_counter() < until:
        start += HOUR / 2
        wish = {"resources": [resource], "starts_at": iso(start), "ends_at": iso(start + HOUR / 2)}
        begun = time.perf_counter()
        link.request("POST", "/api/bookings/", json.dumps(wish), head)
        answer = link.getresponse()
        told = answer.read()
        assert answer.status == 201, (answer.status, told[:300])
        samples.append(1000 * (time.perf_counter() - begun))


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
