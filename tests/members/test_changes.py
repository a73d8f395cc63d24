"""The database itself says who changed, whoever changed them and however late it became visible."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import transaction
from django.utils import timezone

from backend.members.changes import Mark, changed_since, mark
from backend.members.models import Member
from tests import servers
from tests.cast import a_member

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.mark.django_db
def test_each_change_is_told_once() -> None:
    ada, bela = a_member("Ada"), a_member("Bela")
    start = mark()
    assert news(start) == (set(), start)
    Member.objects.filter(pk=ada.pk).update(changed_at=ada.changed_at)
    changed, after = changed_since(start)
    assert changed == {ada.pk}
    assert changed_since(after)[0] == set()
    Member.objects.filter(pk__in=[ada.pk, bela.pk]).update(changed_at=timezone.now())
    carla = a_member("Carla")
    changed, after = changed_since(after)
    assert changed == {ada.pk, bela.pk, carla.pk}
    gone = bela.pk
    bela.delete()
    assert changed_since(after)[0] == {gone}


@pytest.mark.django_db
def test_what_matching_does_not_look_at_is_no_change() -> None:
    ada = a_member("Ada")
    start = mark()
    ada.last_login = timezone.now()
    ada.save(update_fields=["last_login"])
    assert changed_since(start)[0] == set()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_change_that_becomes_visible_late_is_not_missed() -> None:
    """A long transaction changes Ada; meanwhile Bela is changed and read. SQLite knows no such thing: one writes at a time."""
    ada, bela = a_member("Ada"), a_member("Bela")
    start = mark()
    with transaction.atomic():
        Member.objects.filter(pk=ada.pk).update(changed_at=timezone.now())
        elsewhere("change", bela.pk)
        found, since, seen = json.loads(elsewhere("news", start.since, *start.seen.items()))
    assert found == [bela.pk]
    assert changed_since(Mark(since, dict(seen)))[0] == {ada.pk}


def news(since: Mark) -> tuple[set[int], Mark]:
    found, after = changed_since(since)
    return found, Mark(after.since, since.seen)


PROGRAM = """
import json, sys, django
django.setup()
from django.utils import timezone
from backend.members.changes import Mark, changed_since
from backend.members.models import Member
what, number, *seen = json.loads(sys.argv[1])
if what == "change":
    Member.objects.filter(pk=number).update(changed_at=timezone.now())
else:
    found, after = changed_since(Mark(number, dict(seen)))
    print(json.dumps([sorted(found), after.since, [*after.seen.items()]]))
"""


def elsewhere(*what: object) -> str:
    env = os.environ | servers.database_of_this_test() | {"DJANGO_SETTINGS_MODULE": "backend.settings"}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, json.dumps(what)], cwd=ROOT, env=env, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
