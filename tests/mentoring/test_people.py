"""The index of everyone that each process keeps: what changes anywhere is known everywhere at the next question."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from backend.members.actions import edit_profile
from backend.members.models import Member, Offer, Want
from backend.mentoring import reading
from backend.mentoring.people import PEOPLE
from backend.skills.actions import changed
from backend.skills.models import NearSkill
from tests import servers
from tests.cast import a_guide, a_member, a_skill

ROOT = Path(__file__).resolve().parent.parent.parent
PROGRAM = """
import sys, django
django.setup()
from django.utils import timezone
from backend.members.models import Member
from backend.mentoring.people import PEOPLE, persons
for line in sys.stdin:
    me, = persons(Member.objects.filter(pk=int(line)), at=timezone.now())
    found = PEOPLE.index(at=timezone.now()).top(me, 10)
    print(*[(one.them, one.total) for one in found], flush=True)
"""


@pytest.fixture(autouse=True)
def _from_nothing() -> Iterator[None]:
    PEOPLE.forget()
    yield
    PEOPLE.forget()


class Process:
    """Another process with an index of its own, which answers who could guide somebody."""

    def __init__(self) -> None:
        env = os.environ | servers.database_of_this_test() | {"DJANGO_SETTINGS_MODULE": "backend.settings"}
        pipe: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self._process = subprocess.Popen([sys.executable, "-c", PROGRAM], cwd=ROOT, env=env, **pipe)

    def suggested(self, member: Member) -> str:
        assert self._process.stdin
        assert self._process.stdout
        print(member.pk, file=self._process.stdin, flush=True)
        return self._process.stdout.readline()

    def stop(self) -> None:
        self._process.communicate(timeout=20)


@pytest.mark.django_db(transaction=True)
def test_two_processes_suggest_the_same_after_a_profile_has_changed() -> None:
    ada, vat = a_member("Ada"), a_skill("VAT return")
    Want.objects.create(member=ada, skill=vat, level_now=1)
    grace, hedy = a_guide("Grace"), a_guide("Hedy")
    one, other = Process(), Process()
    try:
        before = one.suggested(ada)
        assert other.suggested(ada) == before
        assert before.index(f"({grace.pk}, ") < before.index(f"({hedy.pk}, ")
        edit_profile(member=hedy, at=timezone.now().replace(year=2020), offers=[{"skill": vat, "level": 4}])
        after = one.suggested(ada)
        assert other.suggested(ada) == after
        assert after != before
        assert after.index(f"({hedy.pk}, ") < after.index(f"({grace.pk}, ")
        gone = grace.pk
        grace.delete()
        assert f"({gone}, " in after
        assert f"({gone}, " not in one.suggested(ada)
        assert other.suggested(ada) == one.suggested(ada)
    finally:
        one.stop()
        other.stop()


@pytest.mark.django_db
def test_nobody_waits_for_new_relations_of_skills(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[Any] = []

    class Waits:
        def __init__(self, target: Any, daemon: bool) -> None:
            self.start = lambda: begun.append(target)

    monkeypatch.setattr("backend.mentoring.people.threading.Thread", Waits)
    sewing, mending = a_skill("sewing"), a_skill("mending")
    grace = a_guide("Grace")
    Offer.objects.create(member=grace, skill=mending, level=4)
    before = PEOPLE.index(at=timezone.now())
    assert mending.pk not in before.near.close(sewing.pk)
    NearSkill.objects.create(skill=sewing, other=mending, percent=70)
    changed(relations=True)
    assert PEOPLE.index(at=timezone.now()) is before
    assert PEOPLE.index(at=timezone.now()) is before
    (work,) = begun
    work()
    after = PEOPLE.index(at=timezone.now())
    assert after.near.close(sewing.pk)[mending.pk] == 70
    assert grace.pk in after
    assert len(begun) == 1


@pytest.mark.django_db
def test_everyone_is_read_in_handfuls(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ids close to each other, and ids far apart."""
    vat = a_skill("VAT return")
    guides = [a_guide(f"Guide {number}", **more) for number in range(5) for more in ({}, {"id": 1000 * number + 5000})]
    for guide in guides:
        Offer.objects.create(member=guide, skill=vat, level=2)
    whole = list(reading.everyone(at=timezone.now()))
    monkeypatch.setattr(reading, "HANDFUL", 3)
    assert list(reading.everyone(at=timezone.now())) == whole
    assert [person.id for person in whole] == sorted(guide.pk for guide in guides)
    assert {person.offers for person in whole} == {((vat.pk, 2),)}
