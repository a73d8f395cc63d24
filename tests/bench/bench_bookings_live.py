"""How soon fifty open calendars hear of a booking: from the moment at which the wish was sent, so that the booking itself counts in full.

What they do then is read their calendar again (`bookings.timeline.week` in `bench_bookings.py`).
"""

import asyncio
import http.client
import json
import time
from collections.abc import Iterator

from django.test import Client
from django.utils import timezone

from backend.bookings.models import Resource
from backend.bookings.times import iso
from backend.members.models import Member
from tests.bench.booking_world import HOUR, a_world
from tests.bench.figures import Row, percentile, row
from tests.bench.room_servers import serving
from tests.bench.wire import Ear, connect_all

ENGINES = ("sqlite", "postgresql")
WATCHERS = 50
WARMING, BOOKINGS = 5, 60
CHANGED = b'"calendar.changed"'


def run() -> list[Row]:
    people = a_world(resources=400)
    place = Resource.objects.order_by("pk")[0].place
    place.openings.all().delete()
    desk = Resource.objects.create(place=place, kind="workspace", name="Desk", ahead_days=700, lead_minutes=0)
    with serving("ours") as server:
        return list(asyncio.run(_heard(server.port, [_key(person) for person in people[: WATCHERS + 1]], desk.pk)))


def _key(member: Member) -> str:
    client = Client()
    client.force_login(member, backend="allauth.account.auth_backends.AuthenticationBackend")
    return f"sessionid={client.cookies['sessionid'].value}; csrftoken={'a' * 32}"


async def _heard(port: int, keys: list[str], desk: int) -> Iterator[Row]:
    """Milliseconds until each, and until the last of them, has read `calendar.changed`."""
    moments: list[float] = []
    everyone = asyncio.Event()

    def hear(ear: Ear, text: bytes) -> None:
        if CHANGED in text.replace(b" ", b""):
            moments.append(time.perf_counter())
            if len(moments) >= WATCHERS:
                everyone.set()

    ears = [Ear(port, "/ws/", key, hear) for key in keys[:WATCHERS]]
    await connect_all(ears)
    for ear in ears:
        ear.say(json.dumps({"type": "watch", "resources": [desk]}))
    each: list[float] = []
    last: list[float] = []
    link = http.client.HTTPConnection("127.0.0.1", port)
    start = timezone.now().replace(minute=0, second=0, microsecond=0) + 24 * HOUR
    # Nobody says when all are being told: some bookings first, which also warm the process up.
    for number in range(-WARMING, BOOKINGS):
        moments.clear()
        everyone.clear()
        start += HOUR / 2
        begun = time.perf_counter()
        await asyncio.to_thread(_book, link, keys[WATCHERS], desk, iso(start), iso(start + HOUR / 2))
        if number < 0:
            await asyncio.sleep(1)
            continue
        await asyncio.wait_for(everyone.wait(), 30)
        each += [1000 * (moment - begun) for moment in moments]
        last.append(1000 * (moments[-1] - begun))
    return iter(
        [
            row("bookings.live", "heard_by_each_of_50_p50_ms", percentile(each, 50)),
            row("bookings.live", "heard_by_all_50_p50_ms", percentile(last, 50), target=300),
            row("bookings.live", "heard_by_all_50_p99_ms", percentile(last, 99)),
        ]
    )


def _book(link: http.client.HTTPConnection, key: str, desk: int, since: str, until: str) -> None:
    head = {"Content-Type": "application/json", "Cookie": key, "X-CSRFToken": "a" * 32}
    wish = {"resources": [desk], "starts_at": since, "ends_at": until}
    link.request("POST", "/api/bookings/", json.dumps(wish), head)
    answer = link.getresponse()
    told = answer.read()
    if answer.status != 201:
        raise RuntimeError(f"{answer.status}: {told[:300]!r}")
