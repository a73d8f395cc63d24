"""The index of everyone that each process keeps, and how it stays current."""

import datetime as dt
import threading
from collections.abc import Callable, Set
from contextlib import ExitStack
from functools import partial

from django.db import connection

from backend.members.changes import Mark, changed_since, mark
from backend.members.models import Member
from backend.mentoring import snapshot
from backend.mentoring.reading import everyone, persons, rarity_of_skills, week_hours
from backend.mentoring.snapshot import Snapshot
from backend.skills import nearness
from matching import Index
from matching.crowd import Crowd

__all__ = ["PEOPLE", "People", "persons", "week_hours"]

REBUILT_AFTER = 2_000
# Weekly hours are kept in UTC and shift with the season; nothing in a member's row tells of that.
READ_AGAIN_AFTER = dt.timedelta(hours=6)


class People:
    """The index of everyone present, kept current by reading before each question who changed since the last one.

    One per process. A change made by any process is seen by the next question in every other: the database numbers them
    (`members.changes`), so nothing that was announced can be lost on the way. What takes long is done beside: until everyone is
    in new arrays, or related by new relations of skills, the old index answers. Arrays lie in files that the processes of a
    machine share (`mentoring.snapshot`).
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._index: Index | None = None
        self._relations = 0
        self._rarity: dict[int, int] = {}
        self._file = 0
        self._mark = Mark()
        self._read_all_at: dt.datetime | None = None
        self._missed: set[int] | None = None

    def index(self, *, at: dt.datetime) -> Index:
        """The index as of now. The first call opens a file of everyone, or reads them; later ones only who changed."""
        with self._lock:
            if self._index is None:
                self._begin(at)
            assert self._index is not None
            self._read_changes(self._index, at)
            if self._missed is None and (work := self._due(self._index, at)):
                self._in_background(work)
            return self._index

    def _due(self, index: Index, at: dt.datetime) -> Callable[[], None] | None:
        """What is to be done beside, the most urgent first."""
        if nearness.version() != self._relations:
            return partial(self.relate, index)
        if self._read_all_at is not None and at - self._read_all_at > READ_AGAIN_AFTER:
            return partial(self.read_again, index, at)
        if index.pending > REBUILT_AFTER:
            return partial(self.rebuild, index)
        return None

    def _in_background(self, work: Callable[[], None]) -> None:
        def run() -> None:
            try:
                work()
            except BaseException:
                # The old index goes on; the next question begins anew.
                with self._lock:
                    self._missed = None
                raise
            finally:
                if not connection.in_atomic_block:
                    connection.close()

        self._missed = set()
        threading.Thread(target=run, daemon=True).start()

    def _begin(self, at: dt.datetime) -> None:
        with ExitStack() as until_known:
            until_known.enter_context(snapshot.alone())
            relations = nearness.version()
            found, name = snapshot.newest(), ""
            if found is None:
                found, name = snapshot.write(read_all(at))
            self._index = Index.over(found.crowd, nearness.current().weighed(found.rarity))
            self._relations, self._missed = relations, None
            self._mark = found.mark
            self._took(found)
            if name:
                # Whoever asks only reads; the name is written down beside, and others wait at the door until then.
                self._in_background(partial(self._announce, found, name, until_known.pop_all()))

    def _announce(self, found: Snapshot, name: str, until_known: ExitStack) -> None:
        with until_known:
            self._file = snapshot.announce(found, name).number
        with self._lock:
            self._missed = None

    def _took(self, found: Snapshot) -> None:
        self._rarity, self._read_all_at, self._file = found.rarity, found.made_at, found.number

    def _read_changes(self, index: Index, at: dt.datetime) -> None:
        changed, after = changed_since(self._mark)
        if changed:
            there = persons(Member.objects.present().filter(pk__in=changed), at=at)
            for person in there:
                index.put(person)
            for gone in changed - {person.id for person in there}:
                index.remove(gone)
            if self._missed is not None:
                self._missed |= changed
        self._mark = after

    def rebuild(self, old: Index) -> None:
        """The same people in new arrays, while questions go on; who changed meanwhile is taken over at the end."""

        def arrays() -> Snapshot:
            with self._lock:
                mark, rarity, read_at = self._mark, self._rarity, self._read_all_at
            assert read_at is not None
            return Snapshot(Crowd.of(old.people()), mark, rarity, read_at)

        self._renew(old, arrays, not_before=self._read_all_at)

    def relate(self, old: Index) -> None:
        """The same people by new relations of skills, while questions go on by the old ones."""
        version = nearness.version()
        self._replace(old, Index(old.people(), nearness.current().weighed(self._rarity)))
        with self._lock:
            self._relations = version

    def read_again(self, old: Index, at: dt.datetime) -> None:
        """Everyone as they are at this moment, while questions go on; nobody waits for it."""
        self._renew(old, partial(read_all, at), not_before=at - READ_AGAIN_AFTER)

    def _renew(self, old: Index, arrays: Callable[[], Snapshot], *, not_before: dt.datetime | None) -> None:
        """In the place of the old index one over what another process has written since, or over these arrays."""
        with snapshot.alone():
            found = snapshot.newest(beyond=self._file, not_before=not_before)
            if found is None:
                found = snapshot.announce(*snapshot.write(arrays()))
        changed, _after = changed_since(found.mark)
        fresh = Index.over(found.crowd, old.near.weighed(found.rarity))
        with self._lock:
            self._took(found)
        self._replace(old, fresh, changed)

    def _replace(self, old: Index, fresh: Index, changed: Set[int] = frozenset()) -> None:
        """Who changed since the new one was read is taken over from the old one, which knows of them."""
        with self._lock:
            if self._index is old:
                for pk in (self._missed or set()) | changed:
                    fresh.take_over(pk, old)
                self._index = fresh
            self._missed = None

    def forget(self) -> None:
        """Read everyone again at the next question; tests start from nothing."""
        with self._lock:
            self._index = None


def read_all(at: dt.datetime) -> Snapshot:
    """Everyone, from the database."""
    known = mark()
    people = list(everyone(at=at))
    return Snapshot(Crowd.of(people), known, rarity_of_skills(len(people)), at)


PEOPLE = People()
