"""The index of everyone that each process keeps, and how it stays current."""

import datetime as dt
import threading
from collections.abc import Callable
from functools import partial

from django.db import connection

from backend.members.changes import Mark, changed_since, mark
from backend.members.models import Member
from backend.mentoring.reading import everyone, persons, rarity_of_skills, week_hours
from backend.skills import nearness
from matching import Index

__all__ = ["PEOPLE", "People", "persons", "week_hours"]

REBUILT_AFTER = 2_000
# Weekly hours are kept in UTC and shift with the season; nothing in a member's row tells of that.
READ_AGAIN_AFTER = dt.timedelta(hours=6)


class People:
    """The index of everyone present, kept current by reading before each question who changed since the last one.

    One per process. A change made by any process is seen by the next question in every other: the database numbers them
    (`members.changes`), so nothing that was announced can be lost on the way. What takes long is done beside: until everyone is
    in new arrays, or related by new relations of skills, the old index answers.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._index: Index | None = None
        self._relations = 0
        self._rarity: dict[int, int] = {}
        self._mark = Mark()
        self._read_all_at: dt.datetime | None = None
        self._missed: set[int] | None = None

    def index(self, *, at: dt.datetime) -> Index:
        """The index as of now. The first call reads everyone; later ones only who changed."""
        with self._lock:
            if self._index is None:
                self._read_everyone(at)
            else:
                self._read_changes(self._index, at)
            assert self._index is not None
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

    def _read_everyone(self, at: dt.datetime) -> None:
        self._mark, self._relations = mark(), nearness.version()
        people = list(everyone(at=at))
        self._rarity = rarity_of_skills(len(people))
        self._index = Index(people, nearness.current().weighed(self._rarity))
        self._read_all_at = at
        self._missed = None

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
        self._replace(old, Index(old.people(), old.near))

    def relate(self, old: Index) -> None:
        """The same people by new relations of skills, while questions go on by the old ones."""
        version = nearness.version()
        self._replace(old, Index(old.people(), nearness.current().weighed(self._rarity)))
        with self._lock:
            self._relations = version

    def read_again(self, old: Index, at: dt.datetime) -> None:
        """Everyone as they are at this moment, while questions go on; nobody waits for it."""
        people = list(everyone(at=at))
        rarity = rarity_of_skills(len(people))
        fresh = Index(people, old.near.weighed(rarity))
        with self._lock:
            self._rarity, self._read_all_at = rarity, at
        self._replace(old, fresh)

    def _replace(self, old: Index, fresh: Index) -> None:
        with self._lock:
            if self._index is old:
                for pk in self._missed or ():
                    fresh.take_over(pk, old)
                self._index = fresh
            self._missed = None

    def forget(self) -> None:
        """Read everyone again at the next question; tests start from nothing."""
        with self._lock:
            self._index = None


PEOPLE = People()
