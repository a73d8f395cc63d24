"""Eight clients book over HTTP at one server process, each a thing of its own: how many a second, and what each costs the server."""

import http.client
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

from django.test import Client
from django.utils import timezone

from backend.bookings.models import Resource
from backend.bookings.times import iso
from backend.members.models import Member
from tests import servers
from tests.bench.bench_bookings_contested import CLIENTS, ROOT, UNLIMITED
from tests.bench.booking_world import HOUR, a_world
from tests.bench.figures import Row, percentile, row
from tests.bench.room_servers import Served

ENGINES = ("sqlite", "postgresql")
HTTP_SECONDS = 10


def run() -> list[Row]:
    return list(_over_http(a_world(resources=400)))


def _over_http(people: list[Member]) -> Iterator[Row]:
    """Bookings a second that eight clients get from one server process, each a thing of its own, and how long an answer takes."""
    place = Resource.objects.order_by("pk")[0].place
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
