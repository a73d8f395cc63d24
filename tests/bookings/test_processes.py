"""Processes, not only threads: 32 clients in four of them reach for a few things through every door at once."""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from backend.bookings.audit import faults
from backend.bookings.models import Allocation, Booking, GivenAnswer, Wait
from tests.bench.booking_world import contested_things
from tests.bookings.cast import a_place
from tests.cast import a_member, an_organisation
from tests.servers import database_of_this_test

ROOT = Path(__file__).resolve().parent.parent.parent
PROCESSES = 4
CLIENTS = 8
ATTEMPTS = 64


@pytest.mark.django_db(transaction=True)
def test_whatever_clients_of_all_doors_do_at_once_nothing_is_held_twice_and_nothing_is_half_done() -> None:
    an_organisation()
    people = [a_member(f"Member {number}") for number in range(CLIENTS)]
    contested_things(a_place(), people[-1])
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    env = os.environ | database_of_this_test() | {"SECRET_KEY": settings.SECRET_KEY}
    env |= {"BOOKINGS_AN_HOUR": "1000000", "DATABASE_POOL": str(CLIENTS + 1)}
    command = [sys.executable, "-m", "tests.bench.contender"]
    running = [
        subprocess.Popen(
            [*command, str(seed), str(ATTEMPTS), now.isoformat(), str(CLIENTS)],
            cwd=ROOT,
            env=env,
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed in range(PROCESSES)
    ]
    told = [(process.communicate(timeout=120)[0], process.returncode) for process in running]
    assert [code for _, code in told] == [0] * PROCESSES
    counted = sum((Counter(json.loads(text)) for text, _ in told), Counter())
    assert counted["granted"] > PROCESSES * CLIENTS
    assert counted["refused"] > PROCESSES * CLIENTS
    outcomes = ("granted", "refused", "given_up", "idle")
    assert sum(counted[name] for name in outcomes) == PROCESSES * ATTEMPTS
    assert len([name for name in counted if name.startswith("granted.")]) > 15
    assert Allocation.objects.filter(active=True).exists()
    assert list(faults(now)) == []
    assert not Booking.objects.filter(items=None).exists()
    assert not Wait.objects.filter(status="offered").exclude(offer__status="offered").exists()
    assert not Booking.objects.filter(status="offered").exclude(wait__status="offered").exists()
    sent = Booking.objects.exclude(title="").values_list("title", flat=True)
    assert len(set(sent)) == len(sent) > 0
    assert not GivenAnswer.objects.exclude(status=201).exists()
    assert sorted(sent) == sorted(str(key) for key in GivenAnswer.objects.values_list("key", flat=True))
