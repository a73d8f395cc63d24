"""Everyone in one place, ready to be asked for the best k in milliseconds: exactly what the oracle would answer.

How an answer comes about: the lists of who offers what give the points of my wishes (closest rung first, wider ones only while
fewer than k people are found); conditions sieve by bit masks; the other parts are added in columns; the best k are explained
one by one. Everything is a whole number and ties go to the smaller id, so the same people give the same answer in whatever
order they were put in. Most people lie in arrays (`matching.crowd`), those who changed since then on a small shelf beside them
(`matching.fresh`). Safe to use from several threads; a question waits for another one to end.
"""

import threading
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import chain
from operator import itemgetter
from typing import Self

import numpy as np
from numpy.typing import NDArray

from matching.able import Able
from matching.crowd import AHEAD, LEVELS_OFFERED, Crowd
from matching.explanation import Explanation
from matching.fresh import Fresh, write_scalars
from matching.near import WIDE, Nearness, Rung
from matching.people import Person
from matching.question import Question, as_ids
from matching.shelf import Shelf, Slots, Store
from matching.weights import GUIDE, Weights


class Index:
    """The people among whom to look. `put` and `remove` change it in place. Raises ValueError for the same id twice."""

    def __init__(self, people: Iterable[Person], near: Nearness, weights: Weights = GUIDE) -> None:
        self._begin(Crowd.of(people), near, weights)

    @classmethod
    def over(cls, crowd: Crowd, near: Nearness, weights: Weights = GUIDE) -> Self:
        """An index over arrays, which it keeps and changes: a snapshot that was opened, or made from columns."""
        index = cls.__new__(cls)
        index._begin(crowd, near, weights)
        return index

    def _begin(self, crowd: Crowd, near: Nearness, weights: Weights) -> None:
        self.near, self.weights = near, weights
        self._crowd, self._fresh = crowd, Fresh()
        self._gone = 0
        self._shelves = Shelf(self._crowd), Shelf(self._fresh)
        self._lock = threading.RLock()

    def __len__(self) -> int:
        return len(self._crowd) - self._gone + len(self._fresh)

    def __contains__(self, id: int) -> bool:
        return self.person(id) is not None

    @property
    def pending(self) -> int:
        """How many changed since the arrays were made, beyond what could be written into them; past some thousands make anew."""
        return len(self._fresh) + self._gone

    def people(self) -> Iterable[Person]:
        """Everyone, as far as ranking needs: see `Crowd.person`."""
        with self._lock:
            old = self._crowd.people(np.flatnonzero(self._crowd.flags))
            return [*old, *(self._fresh.person(slot) for slot in self._fresh.slots.values())]

    def offering(self, skill: int) -> int:
        """How many people offer exactly this skill, at any level."""
        with self._lock:
            return sum(
                int((shelf.store.flags[lists.laid(np.arange(len(lists.sizes)))] > 0).sum())
                for shelf in self._shelves
                for lists in shelf.store.lists(as_ids([skill]), False)[1:]
            )

    def able(self, levels: Mapping[int, int]) -> Able:
        """Everyone who offers one of these skills at its level or above, and what they offer of them so."""
        asked = as_ids(levels)
        least = np.array([levels[skill] for skill in asked.tolist()], np.intp)
        with self._lock:
            old, new = (_able(shelf.store, asked, least) for shelf in self._shelves)
        return old.beside(new)

    def put(self, person: Person) -> None:
        """Takes a person in, or in place of what was known of them."""
        with self._lock:
            slot = self._crowd.slot_of(person.id)
            if slot is not None and self._crowd.flags[slot]:
                known = self._crowd.person(slot)
                stands_ahead = not person.places_open or self._crowd.flags[slot] & AHEAD
                if stands_ahead and (known.offers, known.wants) == (person.offers, person.wants):
                    write_scalars(self._crowd, slot, person)
                    return
                self._crowd.flags[slot] = 0
                self._gone += 1
            self._fresh.put(person)

    def remove(self, id: int) -> None:
        """Forgets a person; somebody who is not here is no error."""
        with self._lock:
            slot = self._crowd.slot_of(id)
            if not self._fresh.remove(id) and slot is not None and self._crowd.flags[slot]:
                self._crowd.flags[slot] = 0
                self._gone += 1

    def take_over(self, id: int, other: "Index") -> None:
        """What the other index knows of this person, or nothing when they are not there."""
        person = other.person(id)
        if person is None:
            self.remove(id)
        else:
            self.put(person)

    def top(
        self,
        me: Person,
        k: int,
        *,
        track: str | None = None,
        allowed: Collection[int] | None = None,
        exclude: Collection[int] = (),
        weights: Weights | None = None,
        narrowest: Rung = Rung.EXACT,
        prices: Mapping[int, int] | None = None,
    ) -> list[Explanation]:
        """The k best people for me, best first, the smaller id first among equals; fewer if there are not so many.

        `allowed`: only these ids. `exclude`: nobody of these. `me` need not be in the index. `narrowest`: the rung from which
        on to look; with NEAR, somebody close to a wish is found even where k others meet it exactly. `prices`: what a place with
        each costs this time, in place of what is known of them; who is not named costs nothing.
        """
        if k < 1:
            return []
        weights = weights or self.weights
        only = None if allowed is None else as_ids(allowed)
        ask = Question(me, self.near, weights, track, only, as_ids(exclude), prices)
        with self._lock:
            try:
                found = self._candidates(ask, k, narrowest)
                best: list[list[tuple[int, int, Person]]] = []
                for shelf, slots in zip(self._filled, found, strict=True):
                    # Of those who changed only such are looked at closely as could be among the k best.
                    least = -best[0][-1][0] if best and len(best[0]) == k else None
                    best.append(shelf.best(ask, slots, k, least))
            finally:
                for shelf in self._shelves:
                    shelf.clear()
        ranked = best[0] if not best[1:] or not best[1] else sorted(chain.from_iterable(best), key=itemgetter(0, 1))
        return [ask.explained(them) for _, _, them in ranked[:k]]

    def person(self, id: int) -> Person | None:
        """What is known of somebody, as far as ranking needs; None when they are not here."""
        with self._lock:
            if id in self._fresh.slots:
                return self._fresh.person(self._fresh.slots[id])
            slot = self._crowd.slot_of(id)
            return None if slot is None or not self._crowd.flags[slot] else self._crowd.person(slot)

    @property
    def nbytes(self) -> int:
        """Bytes of all arrays, those of a search included."""
        return self._crowd.nbytes + self._fresh.nbytes + sum(shelf.nbytes for shelf in self._shelves)

    @property
    def _filled(self) -> Sequence[Shelf]:
        """The shelves on which there is anybody."""
        return self._shelves if len(self._fresh) else self._shelves[:1]

    def _candidates(self, ask: Question, k: int, narrowest: Rung) -> list[Slots]:
        """Who can be asked and is found on the rungs that it takes to find k, by shelf."""
        found = [shelf.near(ask) for shelf in self._filled]
        if narrowest == Rung.EXACT:
            exact = [shelf.exact(slots) for shelf, slots in zip(self._filled, found, strict=True)]
            if _count(exact) >= k:
                return exact
        for rung in WIDE:
            if _count(found) < k or rung <= narrowest:
                wider = [shelf.wider(ask, rung) for shelf in self._filled]
                found = [np.concatenate(both) for both in zip(found, wider, strict=True)]
        if _count(found) < k or narrowest == Rung.CONTEXT:
            found = [shelf.everyone(ask) for shelf in self._filled]
        return found


def _able(store: Store, asked: NDArray[np.int64], least: NDArray[np.intp]) -> Able:
    """Everyone in a store who offers one of the skills asked for, at least at this level."""
    cells, lists = store.lists(asked, False)
    place, level = np.divmod(cells, LEVELS_OFFERED)
    level += 1
    enough = np.flatnonzero(level >= least[place])
    offering = lists.laid(enough)
    each = np.repeat(enough, lists.sizes[enough])
    here = np.flatnonzero(store.flags[offering])
    each, offering = each[here], offering[here]
    slots, whose = np.unique(offering, return_inverse=True)
    offers = np.stack((whose, asked[place[each]], level[each]), axis=1)
    return Able.read(
        store.ids[slots], offers, store.languages[slots], store.hours[slots], store.countries[slots], store.books
    )


def _count(found: list[Slots]) -> int:
    return sum(len(slots) for slots in found)
