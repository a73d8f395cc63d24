"""Files of everyone, shared by the web processes of a machine: whoever begins maps them, and reads only who changed since.

One process reads everyone and writes; the others wait for it, or take the files up when they would read everyone again. A file is
whole before it has its name, and has its name before the database knows it. A name that the database does not know is never
opened: so one that was brought back from a copy, or begins anew, opens nothing that it has not written itself.
"""

import datetime as dt
import fcntl
import hashlib
import json
import logging
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from django.conf import settings

import matching.columns
import matching.crowd
import matching.people
from backend.members.changes import Mark, cluster
from backend.mentoring import reading
from backend.mentoring.models import PeopleSnapshot
from matching.crowd import Crowd

KEPT = 3
SPARED_SECONDS = 3600
"""A folder that the database does not know may be one that is about to be announced, or of another database."""
HEADER = "header.json"
CODE = hashlib.sha256(
    b"".join(
        Path(str(module.__file__)).read_bytes()
        for module in (matching.columns, matching.crowd, matching.people, reading)
    )
).hexdigest()
"""What files mean depends on what read people and laid them out; other code does not open them."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Snapshot:
    """Everyone as they were at `mark` or later, read at `made_at`; whoever changed since `mark` is to be read again.

    `number` ascends with each that is announced; 0 for one that was not.
    """

    crowd: Crowd
    mark: Mark
    rarity: dict[int, int]
    made_at: dt.datetime
    number: int = 0


def newest(*, beyond: int = 0, not_before: dt.datetime | None = None) -> Snapshot | None:
    """The newest that this database knows and this machine has; None where there is none that can be read.

    `beyond`: with a higher number than this. `not_before`: made at this moment or later.
    """
    root = settings.PEOPLE_ROOT
    if root is None:
        return None
    for row in PeopleSnapshot.objects.filter(pk__gt=beyond).order_by("-pk")[:KEPT]:
        folder = root / row.name
        if (not_before is not None and row.made_at < not_before) or not folder.is_dir():
            continue
        try:
            return _opened(folder, row)
        except (OSError, EOFError, ValueError, KeyError) as error:
            log.warning("The file of everyone %s is passed over: %s", row.name, error)
    return None


@contextmanager
def alone() -> Iterator[None]:
    """One process of this machine at a time: the others wait for what it writes. Whoever dies lets the next one in."""
    root = settings.PEOPLE_ROOT
    door = None
    if root is not None:
        # Where nothing can be written there is nothing to wait for.
        with suppress(OSError):
            root.mkdir(parents=True, exist_ok=True)
            door = (root / "lock").open("a")
    if door is None:
        yield
        return
    with door:
        fcntl.flock(door, fcntl.LOCK_EX)
        yield


def write(snapshot: Snapshot) -> tuple[Snapshot, str]:
    """The same, mapped from files, and their name, which is for `announce`; as it came, and no name, where none can be written."""
    root = settings.PEOPLE_ROOT
    if root is None:
        return snapshot, ""
    name = secrets.token_hex(16)
    draft = root / f"{name}.part"
    try:
        draft.mkdir(parents=True)
        snapshot.crowd.save(draft)
        header = {
            "code": CODE,
            "cluster": cluster(),
            "since": snapshot.mark.since,
            "seen": list(snapshot.mark.seen.items()),
            "rarity": list(snapshot.rarity.items()),
        }
        (draft / HEADER).write_text(json.dumps(header))
        for path in [*draft.iterdir(), draft]:
            _to_the_disk(path)
        draft.rename(root / name)
        _to_the_disk(root)
        return replace(snapshot, crowd=Crowd.open(root / name)), name
    except OSError as error:
        log.warning("No file of everyone can be written: %s", error)
        shutil.rmtree(draft, ignore_errors=True)
        return snapshot, ""


def announce(snapshot: Snapshot, name: str) -> Snapshot:
    """Lets other processes open it, and forgets older ones; who has those open keeps them until they close."""
    root = settings.PEOPLE_ROOT
    if root is None or not name:
        return snapshot
    row = PeopleSnapshot.objects.create(name=name, made_at=snapshot.made_at)
    kept = set(PeopleSnapshot.objects.order_by("-pk").values_list("name", flat=True)[:KEPT])
    PeopleSnapshot.objects.exclude(name__in=kept).delete()
    for folder in root.iterdir():
        if folder.is_dir() and folder.name not in kept and time.time() - folder.stat().st_mtime > SPARED_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)
    return replace(snapshot, number=row.pk)


def _opened(folder: Path, row: PeopleSnapshot) -> Snapshot:
    header = json.loads((folder / HEADER).read_text())
    if (header["code"], header["cluster"]) != (CODE, cluster()):
        raise ValueError("it was written by other code, or beside another server")
    mark = Mark(header["since"], dict(header["seen"]))
    return Snapshot(Crowd.open(folder), mark, dict(header["rarity"]), row.made_at, row.pk)


def _to_the_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
