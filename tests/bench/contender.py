"""One of several processes that reach for the same few things through every door at once: `python -m tests.bench.contender SEED ATTEMPTS`.

Prints how many wishes were granted, refused, and given up, as JSON.
"""

import datetime as dt
import json
import os
import random
import sys
from collections import Counter
from collections.abc import Callable
from typing import Any


def contend(seed: int, attempts: int) -> Counter[str]:
    from backend.bookings import actions, blackouts
    from backend.bookings.models import Blackout, Booking, Resource
    from backend.errors import Refusal
    from backend.members.models import Member
    from tests.bench.booking_world import HOUR, NOW

    luck = random.Random(seed)
    things = list(Resource.objects.select_related("place").order_by("pk"))
    host = things[0].place.hosts.get()
    me = Member.objects.order_by("pk")[seed]
    mine: list[Booking] = []

    def a_time() -> tuple[dt.datetime, dt.datetime]:
        start = NOW + luck.randrange(4, 4 + 24) * HOUR
        return start, start + luck.randint(1, 3) * HOUR

    def book() -> None:
        start, end = a_time()
        wanted = luck.sample([thing.pk for thing in things], luck.choice([1, 1, 1, 2]))
        mine.append(actions.book(member=me, resources=wanted, starts_at=start, ends_at=end, at=NOW)[0])

    def move() -> None:
        start, end = a_time()
        actions.move(member=me, booking=luck.choice(mine), starts_at=start, ends_at=end, at=NOW)

    def extend() -> None:
        booking = luck.choice(mine)
        actions.move(member=me, booking=booking, ends_at=booking.ends_at + HOUR, at=NOW)

    def cancel() -> None:
        actions.cancel(member=me, booking=mine.pop(luck.randrange(len(mine))), at=NOW)

    def black_out() -> None:
        start, end = a_time()
        thing, displace = luck.choice(things), luck.random() < 0.5
        blackouts.black_out(
            member=host, resource=thing.pk, starts_at=start, ends_at=end, reason="repair", at=NOW, displace=displace
        )

    def lift() -> None:
        blackout = Blackout.objects.filter(lifted_at__isnull=True).order_by("?").first()
        if blackout is not None:
            blackouts.lift(member=host, blackout=blackout, at=NOW)

    def resize() -> None:
        pool = next(thing for thing in things if thing.name == "Pool")
        displace = luck.random() < 0.5
        blackouts.set_capacity(member=host, resource=pool, capacity=luck.randint(2, 4), at=NOW, displace=displace)

    doors: list[tuple[Callable[[], None], int]] = [
        (book, 50), (move, 15), (extend, 10), (cancel, 12), (black_out, 4), (lift, 6), (resize, 3),
    ]  # fmt: skip
    counted: Counter[str] = Counter()
    for _ in range(attempts):
        door = luck.choices([each for each, _ in doors], [weight for _, weight in doors])[0]
        if door in (move, extend, cancel) and not mine:
            door = book
        try:
            door()
            counted["granted"] += 1
        except Refusal as refusal:
            counted["given_up" if refusal.code == "try_again" else "refused"] += 1
    return counted


def naively(seed: int, attempts: int) -> Counter[str]:
    """As it is usually done: look whether it is taken, then insert; in a table of its own."""
    from django.db import connection

    from tests.bench.booking_world import HOUR, NOW

    luck = random.Random(seed)
    counted: Counter[str] = Counter()
    for _ in range(attempts):
        start = NOW + luck.randrange(4, 4 + 24 * 60) * HOUR
        values: list[Any] = [luck.randrange(4), start, start + luck.randint(1, 3) * HOUR]
        with connection.cursor() as cursor:
            sql = "SELECT 1 FROM bench_naive WHERE resource_id = %s AND ends_at > %s AND starts_at < %s"
            cursor.execute(sql, values)
            if cursor.fetchone():
                counted["refused"] += 1
                continue
            cursor.execute("INSERT INTO bench_naive (resource_id, starts_at, ends_at) VALUES (%s, %s, %s)", values)
            counted["granted"] += 1
    return counted


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")
    import django

    django.setup()
    work = naively if sys.argv[3:] == ["naively"] else contend
    print(json.dumps(work(int(sys.argv[1]), int(sys.argv[2]))))
