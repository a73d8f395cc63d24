"""Everyone in one place, ready to be asked for the best k in about a millisecond: exactly what the oracle would answer.

How an answer comes about: the lists of who offers what give the points of my wishes (closest rung first, wider ones only
while fewer than k people are found); conditions sieve by bit masks; the other parts are added in columns; the best k
are explained one by one. Everything is a whole number and ties go to the smaller id, so the same people give the same answer
in whatever order they were put in. Safe to use from several threads; a question waits for another one to end.
"""

import threading
from collections.abc import Collection, Container, Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from matching import sums
from matching.columns import Columns, Slots
from matching.explanation import Explanation
from matching.near import WIDE, Nearness, Rung
from matching.people import Offer, Person, Want
from matching.postings import Postings
from matching.score import explain
from matching.sums import Points
from matching.weights import GUIDE, Weights

NOBODY = np.empty(0, np.int32)
EXACT, CONTEXT = int(Rung.EXACT), int(Rung.CONTEXT)  # NumPy takes its time with members of an enumeration


class Index:
    """The people among whom to look. `put` and `remove` change it in place. Raises ValueError for the same id twice."""

    def __init__(self, people: Iterable[Person], near: Nearness, weights: Weights = GUIDE) -> None:
        everyone = list(people)
        self.near, self.weights = near, weights
        self._people = {person.id: person for person in everyone}
        if len(self._people) != len(everyone):
            raise ValueError("people: the same id twice")
        self._slot = {person.id: slot for slot, person in enumerate(everyone)}
        self._free: list[int] = []
        self._postings = {
            rung: Postings(self._offered(person, rung) for person in everyone) for rung in (Rung.NEAR, *WIDE)
        }
        self._columns = Columns(everyone)
        self._lock = threading.RLock()
        self._make_scratch(len(everyone))

    def __len__(self) -> int:
        return len(self._people)

    def get(self, id: int) -> Person | None:
        """The person as last put, None if not here."""
        return self._people.get(id)

    def offering(self, skill: int) -> int:
        """How many people offer exactly this skill, at any level."""
        with self._lock:
            return sum(posting.count for _, posting in self._postings[Rung.NEAR].of(skill))

    def put(self, person: Person) -> None:
        """Takes a person in, or in place of what was known of them."""
        with self._lock:
            before = self._people.get(person.id)
            if before is None:
                slot = self._slot[person.id] = self._free_slot()
                self._list_offers(slot, person)
            else:
                slot = self._slot[person.id]
                if before.offers != person.offers:
                    self._unlist_offers(slot, before)
                    self._list_offers(slot, person)
            self._columns.set(slot, person)
            self._people[person.id] = person

    def remove(self, id: int) -> None:
        """Forgets a person; somebody who is not here is no error."""
        with self._lock:
            person = self._people.pop(id, None)
            if person is not None:
                slot = self._slot.pop(id)
                self._unlist_offers(slot, person)
                self._columns.free(slot)
                self._free.append(slot)

    def top(
        self,
        me: Person,
        k: int,
        *,
        track: str | None = None,
        allowed: Container[int] | None = None,
        exclude: Collection[int] = (),
        weights: Weights | None = None,
        narrowest: Rung = Rung.EXACT,
    ) -> list[Explanation]:
        """The k best people for me, best first, the smaller id first among equals; fewer if there are not so many.

        `allowed`: only these ids. `exclude`: nobody of these. `me` need not be in the index. `narrowest`: the rung from which
        on to look; with NEAR, somebody close to a wish is found even where k others meet it exactly.
        """
        if k < 1:
            return []
        weights = weights or self.weights
        with self._lock:
            slots, gained = self._candidates(me, k, weights, track, allowed, exclude, narrowest)
            given = sums.mutual(self._columns, slots, me.offers, self.near, weights)
            totals = gained + given + sums.shared(self._columns, slots, me, weights)
            if weights.balance_percent:
                totals += sums.balance(self._columns, slots, me, gained, given, weights)
            best = [self._people[id] for id in _best(self._columns.ids[slots], totals, k)]
        return [explain(me, them, self.near, weights, track=track, exclude=exclude) for them in best]

    @property
    def nbytes(self) -> int:
        """Bytes of the arrays, without the people themselves."""
        scratch = self._points.nbytes + self._place.nbytes + self._rung.nbytes
        return self._columns.nbytes + sum(lists.nbytes for lists in self._postings.values()) + scratch

    def _candidates(
        self,
        me: Person,
        k: int,
        weights: Weights,
        track: str | None,
        allowed: Container[int] | None,
        exclude: Collection[int],
        narrowest: Rung,
    ) -> tuple[Slots, Points]:
        """Who can be asked and is found on the rungs that it takes to find k, with the points of my wishes."""

        def sieved(slots: Slots) -> Slots:
            slots = sums.possible(self._columns, slots, me, weights, track)
            if allowed is None and not exclude:
                return slots
            ids = self._columns.ids[slots].tolist()
            return slots[[(allowed is None or id in allowed) and id not in exclude for id in ids]]

        try:
            found = sieved(self._scan(me.wants, Rung.NEAR, weights))
            exact = found[self._rung[found] == EXACT]
            if narrowest == Rung.EXACT and len(exact) >= k:
                return exact, self._points[exact].astype(np.int64)
            for rung in WIDE:
                if len(found) < k or rung <= narrowest:
                    wider = self._scan(me.wants, rung, weights)
                    found = np.concatenate([found, sieved(wider)])
            if len(found) < k or narrowest == Rung.CONTEXT:
                found = sieved(np.flatnonzero(self._columns.flags[:, 0]).astype(np.int32))
            return found, self._points[found].astype(np.int64)
        finally:
            self._clear_scratch()

    def _scan(self, wants: tuple[Want, ...], reach: Rung, weights: Weights) -> Slots:
        """Writes points and rung of everyone newly met on this rung (NEAR: the first two) and returns their slots.

        Runs of one wish are laid end to end from worst to best. Writing each one's place there, the last write is the best
        run, so that everyone is counted once per wish. Whoever was met on a narrower rung before keeps those points.
        """
        priorities = sum(priority for _, _, priority in wants)
        newly = [NOBODY]
        for want in wants:
            runs = self._runs(want, reach, weights)
            if not runs:
                continue
            runs.sort()
            lists = [slots for *_, slots in runs]
            offering = np.concatenate(lists)
            place = np.arange(len(offering), dtype=np.int32)
            self._place[offering] = place
            best = self._place[offering] == place
            if reach in WIDE:
                best &= self._rung[offering] >= int(reach)
            met = offering[best]
            before = self._rung[met]
            newly.append(met[before == CONTEXT])
            run = np.repeat(np.arange(len(runs)), [len(slots) for slots in lists])[best]
            qualities = np.array([quality for quality, *_ in runs])
            self._points[met] += (weights.wishes * want[2] * qualities // (priorities * 10_000))[run]
            rungs = np.array([EXACT if itself else int(reach) for _, itself, *_ in runs], np.int8)
            self._rung[met] = np.minimum(before, rungs[run])
        touched = np.concatenate(newly)
        self._touched.append(touched)
        return touched

    def _runs(self, want: Want, reach: Rung, weights: Weights) -> list[tuple[int, bool, int, Slots]]:
        """Quality, whether it is the wanted skill itself, a number, and who offers it: each list that meets this wish."""
        wanted, level_now, _ = want
        step, postings = weights.levels[level_now], self._postings[reach]
        if reach in WIDE:
            one = self.near.set_of(wanted, reach)
            close: Mapping[int, int] = {} if one is None else {one: WIDE[reach]}
        else:
            close = self.near.close(wanted)
        runs: list[tuple[int, bool, int, Slots]] = []
        for key, percent in close.items():
            itself = key == wanted and reach == Rung.NEAR
            for level, posting in postings.of(key):
                if step[level]:
                    runs.append((percent * step[level], itself, len(runs), posting.slots[: posting.count]))
        return runs

    def _offered(self, person: Person, rung: Rung) -> Iterable[Offer]:
        """What a person offers: skills, or on the wide rungs groups or areas, each level once."""
        if rung == Rung.NEAR:
            return person.offers
        sets = ((self.near.set_of(skill, rung), level) for skill, level in person.offers)
        return {(one, level) for one, level in sets if one is not None}

    def _list_offers(self, slot: int, person: Person) -> None:
        for rung, postings in self._postings.items():
            postings.add(slot, self._offered(person, rung))

    def _unlist_offers(self, slot: int, person: Person) -> None:
        for rung, postings in self._postings.items():
            postings.discard(slot, self._offered(person, rung))

    def _make_scratch(self, size: int) -> None:
        self._points = np.zeros(size, np.int32)
        self._place = np.zeros(size, np.int32)
        self._rung = np.full(size, CONTEXT, np.int8)
        self._touched: list[Slots] = []

    def _clear_scratch(self) -> None:
        for slots in self._touched:
            self._points[slots] = 0
            self._rung[slots] = CONTEXT
        self._touched.clear()

    def _free_slot(self) -> int:
        if not self._free:
            size = len(self._place)
            more = size + size // 4 + 16
            self._columns.grow(more)
            self._make_scratch(more)
            self._free = list(range(more - 1, size - 1, -1))
        return self._free.pop()


def _best(ids: NDArray[np.int64], totals: Points, k: int) -> list[int]:
    """The ids with the k highest totals, the smaller id first among equals."""
    if len(ids) > k:
        least = np.partition(totals, len(totals) - k)[len(totals) - k]
        contenders = totals >= least
        ids, totals = ids[contenders], totals[contenders]
    best: list[int] = ids[np.lexsort((ids, -totals))][:k].tolist()
    return best
