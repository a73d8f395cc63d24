"""Bookings per second on free and on fought-over slots, and the search for what is free, beside what is usually done instead.

The usual way to book is to look whether the slot is taken and then to insert, without a lock or a constraint; it is given a table of
its own, without our guard, and what it books twice is counted. The usual search asks NOT EXISTS for each resource.
"""

import datetime as dt
import random
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from backend.bookings import actions, availability
from backend.bookings.audit import faults
from backend.bookings.models import Allocation, Booking, Place, Resource, ResourceQuerySet
from backend.errors import Conflict
from backend.members.models import Member, Organisation
from tests.bench.figures import Row, percentile, row

ENGINES = ("sqlite", "postgresql")
THREADS = 4
FREE_BOOKINGS = 300
CONTESTED_SLOTS = 300
RESOURCES = 5_000
BOOKINGS_EACH = 100
DAYS = 180
SEARCHES = 60
NOW = dt.datetime(2026, 11, 23, 8, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
NAIVE = "check_then_insert"


def run() -> list[Row]:
    organisation = Organisation.objects.create(name="Bench", slug="bench", country="BE")
    place = Place.objects.create(
        name="Bench", organisation=organisation, city="Ghent", country="BE", timezone="Europe/Brussels"
    )
    members = [
        Member.objects.create_user(f"{number}@example.org", name=f"Member {number}", organisation=organisation)
        for number in range(THREADS)
    ]
    _naive_table()
    return [*_booking(place, members), *_search(place, members[0])]


def _booking(place: Place, members: list[Member]) -> Iterator[Row]:
    resources = [Resource.objects.create(place=place, kind="workspace", name=f"Room {n}") for n in range(THREADS)]

    def ours(thread: int, resource: int, start: dt.datetime) -> None:
        actions.book(member=members[thread], resources=[resource], starts_at=start, ends_at=start + HOUR, at=NOW)

    def naive(thread: int, resource: int, start: dt.datetime) -> None:
        with connection.cursor() as cursor:
            sql = "SELECT 1 FROM bench_naive WHERE resource_id = %s AND ends_at > %s AND starts_at < %s"
            cursor.execute(sql, [resource, start, start + HOUR])
            if cursor.fetchone():
                raise Conflict("slot_taken")
            sql = "INSERT INTO bench_naive (resource_id, member_id, starts_at, ends_at) VALUES (%s, %s, %s, %s)"
            cursor.execute(sql, [resource, members[thread].pk, start, start + HOUR])

    def free(book: Callable[[int, int, dt.datetime], None]) -> float:
        """Bookings per second when each thread has a room of its own."""

        def work(thread: int, together: threading.Barrier) -> None:
            together.wait()
            for number in range(FREE_BOOKINGS):
                book(thread, resources[thread].pk, NOW + (number + 1) * HOUR)

        return THREADS * FREE_BOOKINGS / _timed(work)

    def contested(book: Callable[[int, int, dt.datetime], None]) -> float:
        """Attempts per second when all threads reach for the same slot of the same room in the same instant."""
        Allocation.objects.all().delete()
        Booking.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM bench_naive")

        def work(thread: int, together: threading.Barrier) -> None:
            for number in range(CONTESTED_SLOTS):
                together.wait()
                try:
                    book(thread, resources[0].pk, NOW + (number + 1) * HOUR)
                except Conflict as refusal:
                    if refusal.code != "slot_taken":
                        raise

        return THREADS * CONTESTED_SLOTS / _timed(work)

    yield row("bookings.book.free", "per_second", free(ours), peer=NAIVE, theirs=free(naive), better="more")
    per_second = contested(ours)
    doubles = sum("held twice" in fault for fault in faults(NOW))
    assert Booking.objects.count() == CONTESTED_SLOTS, "each slot goes to exactly one"
    theirs = contested(naive)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM bench_naive")
        twice = cursor.fetchone()[0] - CONTESTED_SLOTS
    yield row("bookings.book.contested", "attempts_per_second", per_second, peer=NAIVE, theirs=theirs, better="more")
    overlaps = row("bookings.book.contested", "double_bookings", doubles, target=0)
    yield {**overlaps, "peer": NAIVE, "theirs": float(twice)}


def _search(place: Place, member: Member) -> Iterator[Row]:
    """What of some thousand resources is free in two hours; one in ten has buffers, one in twenty is a pool."""
    Allocation.objects.all().delete()
    Resource.objects.all().delete()
    luck = random.Random(7)
    Resource.objects.bulk_create(
        Resource(
            place=place,
            kind="equipment",
            name=f"Thing {number}",
            capacity=3 if number % 20 == 0 else 1,
            buffer_after_minutes=30 if number % 10 == 1 else 0,
        )
        for number in range(RESOURCES)
    )
    simple = set(Resource.objects.filter(capacity=1, buffer_after_minutes=0).values_list("pk", flat=True))
    _fill(member, luck)
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(SEARCHES):
        start = NOW + luck.randrange(24 * DAYS) * HOUR
        window = start, start + 2 * HOUR
        everything = Resource.objects.all()
        free, usual = availability.free_then(everything, *window), _not_exists(*window)
        assert set(free.values_list("pk", flat=True)) & simple == set(usual.values_list("pk", flat=True)) & simple
        ours.append(_page_ms(partial(availability.free_then, everything, *window)))
        theirs.append(_page_ms(partial(_not_exists, *window)))
    for figure, share in (("p50_ms", 50), ("p99_ms", 99)):
        usually = percentile(theirs, share)
        yield row("bookings.search.window", figure, percentile(ours, share), peer="not_exists", theirs=usually)


def _page_ms(search: Callable[[], ResourceQuerySet]) -> float:
    """Milliseconds for the first page by name."""
    begun = time.perf_counter()
    list(search().order_by("name", "pk").values_list("pk", "name")[:31])
    return 1000 * (time.perf_counter() - begun)


def _fill(member: Member, luck: random.Random) -> None:
    """Loans of one to four hours over DAYS on every resource, all under one booking; the guard stands aside meanwhile."""
    call_command("migrate", "bookings", "0001", verbosity=0)
    booking = Booking.objects.create(member=member, starts_at=NOW, ends_at=NOW + HOUR, created_at=NOW)
    written = connection.ops.adapt_datetimefield_value
    moments = [written(NOW + hour * HOUR) for hour in range(24 * DAYS + 8)]
    rows = (
        (booking.pk, pk, moments[hour], moments[hour + luck.randint(1, 4)], 1, True, capacity == 1, False)
        for pk, capacity in Resource.objects.values_list("pk", "capacity")
        for hour in sorted(luck.sample(range(0, 24 * DAYS, 4), BOOKINGS_EACH))
    )
    columns = "booking_id, resource_id, busy_from, busy_until, quantity, active, exclusive, is_long"
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY bookings_allocation ({columns}) FROM STDIN") as copy:  # type: ignore[attr-defined]
                for values in rows:
                    copy.write_row(values)
        else:
            marks = ", ".join(["%s"] * 8)
            cursor.executemany(f"INSERT INTO bookings_allocation ({columns}) VALUES ({marks})", list(rows))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")


def _not_exists(start: dt.datetime, end: dt.datetime) -> ResourceQuerySet:
    """As it is usually asked; it knows neither pools nor buffers."""
    taken = Allocation.objects.filter(resource=OuterRef("pk"), active=True, busy_until__gt=start, busy_from__lt=end)
    return Resource.objects.filter(~Exists(taken))


def _naive_table() -> None:
    kind = "timestamptz" if connection.vendor == "postgresql" else "datetime"
    number = "bigserial" if connection.vendor == "postgresql" else "integer"
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TABLE bench_naive (id {number} PRIMARY KEY, resource_id bigint, member_id bigint,"
            f" starts_at {kind}, ends_at {kind})"
        )
        cursor.execute("CREATE INDEX bench_naive_time ON bench_naive (resource_id, ends_at, starts_at)")


def _timed(work: Callable[[int, threading.Barrier], None]) -> float:
    """Seconds until every thread has done its work; a thread that fails fails the benchmark."""
    together, errors = threading.Barrier(THREADS), list[Any]()

    def guarded(thread: int) -> None:
        try:
            connection.ensure_connection()
            work(thread, together)
        except Exception as error:
            errors.append(error)
            together.abort()
        finally:
            connection.close()

    threads = [threading.Thread(target=guarded, args=[number]) for number in range(THREADS)]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return time.perf_counter() - begun
