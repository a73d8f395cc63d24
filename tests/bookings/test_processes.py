"""Processes, not only threads: four of them reach for a hall, its halves, a desk and a pool through every door at once."""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings

from backend.bookings.audit import faults
from backend.bookings.models import Allocation
from tests.bench.booking_world import NOW, contested_things
from tests.bookings.cast import a_place
from tests.cast import a_member, an_organisation
from tests.servers import database_of_this_test

ROOT = Path(__file__).resolve().parent.parent.parent
CLIENTS = 4
ATTEMPTS = 60


@pytest.mark.django_db(transaction=True)
def test_whatever_processes_do_at_once_nothing_is_held_twice() -> None:
    an_organisation()
    people = [a_member(f"Member {number}") for number in range(CLIENTS)]
    contested_things(a_place(), people[-1])
    env = os.environ | database_of_this_test() | {"SECRET_KEY": settings.SECRET_KEY}
    command = [sys.executable, "-m", "tests.bench.contender"]
    running = [
        subprocess.Popen([*command, str(seed), str(ATTEMPTS)], cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True)
        for seed in range(CLIENTS)
    ]
    told = [(process.communicate(timeout=120)[0], process.returncode) for process in running]
    assert [code for _, code in told] == [0] * CLIENTS
    counted = sum((Counter(json.loads(text)) for text, _ in told), Counter())
    assert counted["granted"] > CLIENTS
    assert counted["refused"] > CLIENTS
    assert sum(counted.values()) == CLIENTS * ATTEMPTS
    assert Allocation.objects.filter(active=True).exists()
    assert list(faults(NOW)) == []
