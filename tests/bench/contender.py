"""One of several processes that reach for the same few things through every door at once.

`python -m tests.bench.contender SEED ATTEMPTS MOMENT CLIENTS`: so many clients, a thread each, from this moment on; or with `naively` in
place of the last two. Prints how many wishes were granted, refused, and given up, as JSON.
"""

import datetime as dt
import json
import os
import random
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any


def contend(seed: int, attempts: int, at: dt.datetime, clients: int) -> Counter[str]:
    from django.db import connection

    from backend.members.models import Member
    from tests.bench.doors import Visitor, knocked

    people = list(Member.objects.order_by("pk")[:clients])

    def client(number: int) -> Counter[str]:
        visitor = Visitor(people[number % len(people)], random.Random(seed * 1000 + number), at)
        try:
            return Counter(knocked(visitor, attempts // clients))
        finally:
            connection.close()

    with ThreadPoolExecutor(clients) as threads:
        return sum(threads.map(client, range(clients)), Counter())


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
    seed, attempts = int(sys.argv[1]), int(sys.argv[2])
    if sys.argv[3] == "naively":
        print(json.dumps(naively(seed, attempts)))
    else:
        print(json.dumps(contend(seed, attempts, dt.datetime.fromisoformat(sys.argv[3]), int(sys.argv[4]))))
