"""The files of everyone: written by one process, opened by the others, and never believed where they cannot be true."""

import datetime as dt
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from backend.members.models import Member, Offer, Want
from backend.mentoring import people, reading, snapshot
from backend.mentoring.models import PeopleSnapshot
from backend.mentoring.people import PEOPLE, READ_AGAIN_AFTER, People
from tests import servers
from tests.cast import a_guide, a_member, a_skill

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).resolve().parent.parent.parent
PROGRAM = """
import sys, django
django.setup()
from django.utils import timezone
from backend.mentoring import people
read = people.everyone
people.everyone = lambda **more: print("everyone") or read(**more)
index = people.PEOPLE.index(at=timezone.now())
print(sorted((one.id, one.offers) for one in index.people()), flush=True)
while people.PEOPLE._missed is not None:
    pass
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Settings) -> Iterator[Path]:
    """Where files are kept, by this process and those that it starts."""
    var = Path(servers.database_of_this_test().get("COMPAGNON_VAR", tmp_path))
    settings.PEOPLE_ROOT = var / "people"
    PEOPLE.forget()
    yield var / "people"
    PEOPLE.forget()
    shutil.rmtree(var / "people", ignore_errors=True)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[dt.datetime]:
    """Each time that everyone was read."""
    times: list[dt.datetime] = []
    everyone = reading.everyone

    def counted(*, at: dt.datetime) -> Any:
        times.append(at)
        return everyone(at=at)

    monkeypatch.setattr(people, "everyone", counted)
    return times


def another_process() -> "subprocess.Popen[str]":
    env = {"COMPAGNON_VAR": str(Path(str(settings.PEOPLE_ROOT)).parent)} | servers.database_of_this_test()
    env = os.environ | env | {"DJANGO_SETTINGS_MODULE": "backend.settings"}
    return subprocess.Popen([sys.executable, "-c", PROGRAM], cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True)


def begun(at: dt.datetime | None = None) -> People:
    """A process that has just begun, as far as everyone is concerned; once its file, if any, is known."""
    fresh = People()
    fresh.index(at=at or timezone.now())
    settled()
    return fresh


def settled() -> None:
    kept = (
        threading.current_thread().name,
        "telling",
    )  # The latter tells the web processes, as long as this one lives.
    for thread in threading.enumerate():
        if thread.name not in kept and thread.daemon:
            thread.join(20)


def offering(member: Member, skill: Any) -> None:
    Offer.objects.create(member=member, skill=skill, level=4)
    Member.objects.filter(pk=member.pk).update(changed_at=timezone.now())


def everyone_of(one: People) -> list[Any]:
    return sorted((person.id, person.offers) for person in one.index(at=timezone.now()).people())


def test_of_two_processes_that_begin_one_reads_everyone_and_the_other_opens_its_file() -> None:
    vat = a_skill("VAT return")
    Want.objects.create(member=a_member("Ada"), skill=vat, level_now=1)
    grace, hedy = a_guide("Grace"), a_guide("Hedy")
    offering(grace, vat)
    both = [another_process(), another_process()]
    said = sorted((process.communicate(timeout=60)[0].splitlines() for process in both), key=len)
    assert [len(lines) for lines in said] == [1, 2]
    assert said[1] == ["everyone", *said[0]]
    assert f"({grace.pk}, (({vat.pk}, 4),))" in said[0][0]
    offering(hedy, vat)
    (later,) = another_process().communicate(timeout=60)[0].splitlines()
    assert f"({hedy.pk}, (({vat.pk}, 4),))" in later


def test_who_begins_waits_for_the_file_that_is_being_written(
    read: list[dt.datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    a_guide("Grace")
    reading_too = threading.Event()

    def begins() -> None:
        People().index(at=timezone.now())
        connection.close()

    def reads_too(**more: Any) -> list[Any]:
        reading_too.set()
        return []

    begin = threading.Thread(target=begins, daemon=True)
    with snapshot.alone():
        written = people.read_all(timezone.now())
        with monkeypatch.context() as patched:
            patched.setattr(people, "everyone", reads_too)
            begin.start()
            assert not reading_too.wait(0.5)
        snapshot.announce(*snapshot.write(written))
    begin.join(20)
    assert len(read) == 1


def test_who_changed_or_left_since_the_file_was_written_is_read_again(read: list[dt.datetime]) -> None:
    vat = a_skill("VAT return")
    grace, hedy = a_guide("Grace"), a_guide("Hedy")
    before = everyone_of(begun())
    offering(grace, vat)
    hedy.delete()
    assert everyone_of(begun()) == [(grace.pk, ((vat.pk, 4),))] != before
    assert len(read) == 1


def test_a_file_of_long_ago_answers_at_once_and_everyone_is_read_again_beside(read: list[dt.datetime]) -> None:
    a_guide("Grace")
    begun(timezone.now() - 2 * READ_AGAIN_AFTER)
    now = timezone.now()
    begun(now)
    assert read[1:] == [now]
    assert PeopleSnapshot.objects.count() == 2


def test_what_another_process_has_written_is_taken_up_with_what_changed_since(read: list[dt.datetime]) -> None:
    vat, grace, hedy = a_skill("VAT return"), a_guide("Grace"), a_guide("Hedy")
    now = timezone.now()
    mine, other = begun(now - 2 * READ_AGAIN_AFTER), People()
    settled()
    index = other.index(at=now - READ_AGAIN_AFTER)
    settled()
    other.read_again(index, now)
    written = list(read)
    offering(grace, vat)
    assert dict(everyone_of(mine))[grace.pk] == ((vat.pk, 4),)
    settled()
    offering(hedy, vat)
    assert everyone_of(mine) == [(grace.pk, ((vat.pk, 4),)), (hedy.pk, ((vat.pk, 4),))]
    assert read == written


@pytest.mark.parametrize(
    "spoilt",
    [
        lambda folder: (folder / "ids.npy").write_bytes(b""),
        lambda folder: os.truncate(folder / "week.npy", 130),
        lambda folder: (folder / "gate.npy").unlink(),
        lambda folder: (folder / "header.json").write_text("{}"),
        shutil.rmtree,
    ],
    ids=["empty", "cut off", "one missing", "nothing said", "gone"],
)
def test_a_file_that_cannot_be_read_is_passed_over(
    folder: Path, read: list[dt.datetime], spoilt: Callable[[Path], Any]
) -> None:
    grace = a_guide("Grace")
    begun()
    (written,) = (one for one in folder.iterdir() if one.is_dir())
    spoilt(written)
    assert everyone_of(begun()) == [(grace.pk, ())]
    assert len(read) == 2
    begun()
    assert len(read) == 2


def test_a_file_that_the_database_does_not_know_is_never_opened(read: list[dt.datetime]) -> None:
    """As where the database was brought back from a copy, or begun anew beside old files."""
    a_guide("Grace")
    begun()
    PeopleSnapshot.objects.all().delete()
    begun()
    assert len(read) == 2


@pytest.mark.parametrize("name", ["CODE", "cluster"])
def test_a_file_of_other_code_or_of_another_server_is_never_opened(
    read: list[dt.datetime], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    a_guide("Grace")
    begun()
    monkeypatch.setattr(snapshot, name, "another" if name == "CODE" else lambda: "another")
    begun()
    assert len(read) == 2


def test_where_nothing_can_be_written_everyone_is_read(tmp_path: Path, settings: Settings) -> None:
    grace = a_guide("Grace")
    (tmp_path / "full").touch()
    settings.PEOPLE_ROOT = tmp_path / "full" / "people"
    assert everyone_of(begun()) == [(grace.pk, ())]
    assert not PeopleSnapshot.objects.exists()


def test_what_nobody_opens_any_more_is_thrown_away(folder: Path) -> None:
    a_guide("Grace")
    long_ago = time.time() - 2 * snapshot.SPARED_SECONDS
    for name in ("half.part", "recent.part"):
        (folder / name).mkdir(parents=True)
    os.utime(folder / "half.part", (long_ago, long_ago))
    one = begun()
    for _ in range(snapshot.KEPT):
        one.read_again(one.index(at=timezone.now()), timezone.now() + 2 * READ_AGAIN_AFTER)
        for each in folder.iterdir():
            if each.name != "recent.part":
                os.utime(each, (long_ago, long_ago))
    known = set(PeopleSnapshot.objects.values_list("name", flat=True))
    assert len(known) == snapshot.KEPT
    assert {each.name for each in folder.iterdir() if each.is_dir()} == known | {"recent.part"}
