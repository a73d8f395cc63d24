"""Searching and booking among 5,000 resources with 1,000,000 bookings: what is free, a week of a timeline, one more booking.

The usual search asks NOT EXISTS for each resource; it knows neither pools nor buffers nor opening hours.
"""

import datetime as dt
import random
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef
from django.test import Client
from django.test.utils import CaptureQueriesContext

from backend.bookings import actions, availability
from backend.bookings.models import Allocation, Resource, ResourceQuerySet
from backend.bookings.times import iso
from backend.errors import Refusal
from backend.many import numbers_of
from backend.members.models import Member
from tests.bench.booking_world import DAYS, HOUR, NOW, a_world, fill, lend_long
from tests.bench.figures import Row, percentile, row

ENGINES = ("sqlite", "postgresql")
RESOURCES = 5_000
BOOKINGS_EACH = 200
SEARCHES = 60
BOOKINGS = 200


def run() -> list[Row]:
    return list(_figures())


def _figures() -> Iterator[Row]:
    luck = random.Random(7)
    people = a_world(resources=RESOURCES)
    fill(people, BOOKINGS_EACH, luck)
    yield from _search("bookings.search.window", Resource.objects.filter(capacity=1), luck, target=5)
    absolute = {"sqlite": 5, "postgresql": 8}[connection.vendor]
    short = _window_ms(partial(availability.free_then, Resource.objects.filter(capacity=1)), luck, 0)
    yield row("bookings.search.window", "exclusive_p50_ms", percentile(short, 50), target=absolute)
    pools = _window_ms(partial(availability.free_then, Resource.objects.filter(capacity__gt=1)), luck, 0)
    yield row("bookings.search.pools", "p50_ms", percentile(pools, 50), target=20)
    opened = _window_ms(lambda start, end: availability.free_window(Resource.objects.all(), start, end), luck, 0)
    yield row("bookings.search.open_and_free", "p50_ms", percentile(opened, 50))
    yield from _timeline(people[0], luck)
    yield from _booking(people, luck)
    before = _window_ms(partial(availability.free_then, Resource.objects.all()), luck, 0)
    lend_long(people[0], one_in=5, luck=luck)
    during = _window_ms(partial(availability.free_then, Resource.objects.all()), luck, DAYS + 15)
    yield row("bookings.search.long_loans", "times_p50", percentile(during, 50) / percentile(before, 50), target=2)


def _search(name: str, resources: ResourceQuerySet, luck: random.Random, *, target: float) -> Iterator[Row]:
    """All that is free in two hours, and the first page of it by name; each answer compared with the usual one where that is right.

    The usual way stops looking once the page is full, and is the quicker one there while most things are free.
    """
    simple = set(resources.filter(buffer_after_minutes=0).values_list("pk", flat=True))
    ours: list[float] = []
    theirs: list[float] = []
    pages: list[float] = []
    their_pages: list[float] = []
    for _ in range(SEARCHES):
        start = NOW + luck.randrange(24 * DAYS) * HOUR
        window = start, start + 2 * HOUR
        free, usual = availability.free_then(resources, *window), _not_exists(resources, *window)
        assert set(free.values_list("pk", flat=True)) & simple == set(usual.values_list("pk", flat=True)) & simple
        ours.append(_all_ms(partial(availability.free_then, resources, *window)))
        theirs.append(_all_ms(partial(_not_exists, resources, *window)))
        pages.append(_page_ms(partial(availability.free_then, resources, *window)))
        their_pages.append(_page_ms(partial(_not_exists, resources, *window)))
    for figure, share in (("p50_ms", 50), ("p99_ms", 99)):
        wanted = target if share == 50 else None
        usually = percentile(theirs, share)
        yield row(name, figure, percentile(ours, share), peer="not_exists", theirs=usually, target=wanted)
    first = percentile(pages, 50), percentile(their_pages, 50)
    yield row(name, "first_page_p50_ms", first[0], peer="not_exists", theirs=first[1])


def _window_ms(
    search: Callable[[dt.datetime, dt.datetime], ResourceQuerySet], luck: random.Random, first_day: int
) -> list[float]:
    samples = []
    for _ in range(SEARCHES):
        start = NOW + (24 * first_day + luck.randrange(24 * (10 if first_day else DAYS))) * HOUR
        samples.append(_page_ms(partial(search, start, start + 2 * HOUR)))
    return samples


def _all_ms(search: Callable[[], ResourceQuerySet]) -> float:
    """Milliseconds for the ids of everything found; both ways are read alike, so that what differs is how they search."""
    begun = time.perf_counter()
    numbers_of(search())
    return 1000 * (time.perf_counter() - begun)


def _page_ms(search: Callable[[], ResourceQuerySet]) -> float:
    """Milliseconds for the first page by name."""
    begun = time.perf_counter()
    list(search().order_by("name", "pk").values_list("pk", "name")[:31])
    return 1000 * (time.perf_counter() - begun)


def _not_exists(resources: ResourceQuerySet, start: dt.datetime, end: dt.datetime) -> ResourceQuerySet:
    """As it is usually asked."""
    taken = Allocation.objects.filter(resource=OuterRef("pk"), active=True, busy_until__gt=start, busy_from__lt=end)
    return resources.filter(~Exists(taken))


def _timeline(member: Member, luck: random.Random) -> Iterator[Row]:
    """A week of 50 resources as the timeline asks for it, and how many queries one and 50 take."""
    client = Client()
    client.force_login(member, backend="allauth.account.auth_backends.AuthenticationBackend")
    ids = list(Resource.objects.order_by("pk").values_list("pk", flat=True))
    samples = []
    for _ in range(SEARCHES):
        start = NOW + luck.randrange(24 * (DAYS - 7)) * HOUR
        samples.append(_timed(partial(_asked, client, luck.sample(ids, 50), start)))
    yield row("bookings.timeline.week", "p50_ms", percentile(samples, 50), target=40)
    yield row("bookings.timeline.week", "p99_ms", percentile(samples, 99))
    counts = []
    for number in (1, 50):
        with CaptureQueriesContext(connection) as queries:
            _asked(client, ids[:number], NOW)
        counts.append(len(queries))
    yield row("bookings.timeline.week", "more_queries_for_50_than_for_1", counts[1] - counts[0], target=0)


def _asked(client: Client, resources: list[int], start: dt.datetime) -> Any:
    window: dict[str, Any] = {"from": iso(start), "until": iso(start + 7 * 24 * HOUR), "resource": resources}
    answer = client.get("/api/calendar/", window, headers={"accept": "application/json"})
    assert answer.status_code == 200, answer.content[:300]
    return answer


def _booking(people: list[Member], luck: random.Random) -> Iterator[Row]:
    """One booking of two hours, through the action with all its rules, on a resource that is free then."""
    samples: list[float] = []
    while len(samples) < BOOKINGS:
        day = NOW.replace(hour=0) + dt.timedelta(days=luck.randrange(2, DAYS))
        start = day + luck.randrange(8, 18) * HOUR
        free = availability.free_then(Resource.objects.filter(capacity=1), start, start + 2 * HOUR)
        resource = luck.choice(list(free.values_list("pk", flat=True)[:500]))
        book = partial(
            actions.book,
            member=luck.choice(people),
            resources=[resource],
            starts_at=start,
            ends_at=start + 2 * HOUR,
            at=NOW,
        )
        try:
            samples.append(_timed(book))
        except Refusal:  # Beyond what its buffers leave; another one.
            continue
    yield row(
        "bookings.book.free",
        "p50_ms",
        percentile(samples, 50),
        target={"sqlite": 6, "postgresql": 12}[connection.vendor],
    )
    yield row("bookings.book.free", "p99_ms", percentile(samples, 99))


def _timed(work: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - begun)
