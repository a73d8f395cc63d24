"""One store of people, ready to be searched: who meets my wishes on which rung, who can be asked, and for how many points.

The lists of who offers a skill at a level are laid end to end, wish by wish, from those that meet it worst to the best. Writing
down for each wish and member what the list is worth, the last write is the best one, so that everyone counts once per wish. All sums are those of `matching.score`, in
whole columns; the tests hold both to the same numbers.
"""

from collections.abc import Set
from functools import lru_cache
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from matching.columns import Words, in_common, mask_of, widths_of
from matching.crowd import (
    ABROAD,
    BOTH,
    GOOD,
    HERE,
    HOURS_BYTES,
    MEETS,
    OPEN,
    PLACES,
    RATED,
    SCARCITY,
    SIDE_BY_SIDE,
    SPEAKS,
    WAITING,
    Books,
    Lists,
)
from matching.near import WIDE, Rung
from matching.people import MOST_SAID, Person
from matching.places import Places
from matching.question import RANK_BITS, Question, Reach
from matching.weights import Weights

Slots = NDArray[np.intp]
Points = NDArray[np.int64]
NOBODY = np.empty(0, np.intp)
FEW = 8
"""So many are explained in less time than columns take."""
FEW_WISHES = 300
"""So many wishes are looked at one by one in less time than columns take."""
FEW_OFFERING = 150
"""So many are looked at one by one in less time than columns take to find the few of them who can be asked."""
SAID = np.uint64(SPEAKS | MEETS)
SIDE_OF = {name: side for side, names in SIDE_BY_SIDE.items() for name in names}
EXACT, CONTEXT = int(Rung.EXACT), int(Rung.CONTEXT)  # NumPy takes its time with members of an enumeration


class Store(Protocol):
    """What a shelf reads: `matching.crowd.Crowd` with its lists, or `matching.fresh.Fresh`."""

    books: Books
    ids: NDArray[np.int64]
    sectors: NDArray[np.uint8]
    languages: NDArray[np.uint8]
    tracks: NDArray[np.uint8]
    formats: NDArray[np.uint8]
    hours: NDArray[np.uint8]
    countries: NDArray[np.uint8]
    numbers: NDArray[np.uint16]
    flags: NDArray[np.uint8]
    gate: Words
    week: Words

    def slot_of(self, id: int) -> int | None: ...
    def offering(self, skills: Set[int], with_places: bool, most: int) -> set[int] | None: ...
    def lists(self, skills: NDArray[np.int64], with_places: bool) -> Lists: ...
    def wants_of(self, slots: Slots) -> tuple[NDArray[np.intp], NDArray[np.int64], NDArray[np.uint8]]: ...
    def people(self, slots: Slots) -> list[Person]: ...
    def person(self, slot: int) -> Person: ...


class Shelf:
    """A store and the scratch columns of a search: points and rung by slot, zero between questions."""

    def __init__(self, store: Any) -> None:
        self.store: Store = store
        self._size(0)
        self._touched: list[Slots] = []
        self._offsets: dict[str, int] = {}

    def near(self, ask: Question) -> Slots:
        """Everyone who can be asked and meets a wish on the first two rungs."""
        if len(self._rung) != len(self.store.ids):
            self._size(len(self.store.ids))
        few = self.store.offering(ask.explainer.skills, ask.weights.guiding, FEW_OFFERING)
        return self._scan(ask, Rung.NEAR) if few is None else self._near_of(ask, few)

    def _near_of(self, ask: Question, few: set[int]) -> Slots:
        """`near` among these, one by one."""
        gains, person = ask.explainer.gained, self.store.person
        gained = [(slot, found) for slot in few if (found := gains(person(slot)))]
        if not gained:
            return NOBODY
        slots = np.array([slot for slot, _ in gained], np.intp)
        self._points[slots] = [points for _, (points, _) in gained]
        self._rung[slots] = [int(rung) for _, (_, rung) in gained]
        self._touched.append(slots)
        return slots[self._allowed(ask, slots)] if len(ask.exclude) or ask.allowed is not None else slots

    def wider(self, ask: Question, rung: Rung) -> Slots:
        """Those who can be asked and meet a wish on this wide rung, and none on a closer one."""
        return self._scan(ask, rung)

    def everyone(self, ask: Question) -> Slots:
        """Everyone who can be asked."""
        return self._possible(ask, np.flatnonzero(self.store.flags))

    def exact(self, slots: Slots) -> Slots:
        """Those of these who offer a wanted skill itself."""
        return slots[self._rung[slots] == EXACT] if len(slots) else slots

    def clear(self) -> None:
        """Ready for the next question."""
        for slots in self._touched:
            self._points[slots] = 0
            self._rung[slots] = CONTEXT
        self._touched.clear()

    def best(self, ask: Question, slots: Slots, k: int, least: int | None = None) -> list[tuple[int, int, Person]]:
        """The k best of these as (minus the total, id, person), best first, the smaller id first among equals; those whose total is
        below `least` may be missing.
        """
        if least is not None and len(slots):
            # Whatever else there is to be had cannot make up for what they lack.
            slots = slots[self._points[slots] + (ask.weights.most - ask.weights.wishes) >= least]
        if not len(slots):
            return []
        if len(slots) <= FEW:
            people, gained = self.store.people(slots), self._points[slots].tolist()
            if least is not None:
                at_most = ask.explainer.at_most
                people = [them for them, points in zip(people, gained, strict=True) if at_most(them, points) >= least]
            return sorted((-ask.explained(person).total, person.id, person) for person in people)[:k]
        weights = ask.weights
        gained = self._points[slots].astype(np.int64)
        totals = gained + self._shared(ask, slots)
        if weights.balance_percent:
            given = self._mutual(ask, slots)
            totals += given + self._balance(ask, slots, gained, given)
        elif ask.me.offers and weights.mutual:
            # Who cannot reach the k best with all that their own wishes could add needs no closer look.
            hopeful = np.flatnonzero(totals + weights.mutual >= _kth(totals, k))
            slots, totals = slots[hopeful], totals[hopeful]
            totals += self._mutual(ask, slots)
        contenders = np.flatnonzero(totals >= _kth(totals, k))
        slots, totals = slots[contenders], totals[contenders]
        ids = self.store.ids[slots]
        order = np.lexsort((ids, -totals))[:k]
        found = zip((-totals[order]).tolist(), ids[order].tolist(), self.store.people(slots[order]), strict=True)
        return list(found)

    def _scan(self, ask: Question, rung: Rung) -> Slots:
        """Writes points and rung of everyone newly met on this rung (NEAR: the first two) and returns their slots."""
        touched = np.concatenate([NOBODY, *(self._met(ask, reach, rung) for reach in ask.reaches(rung))])
        self._touched.append(touched)
        return touched

    def _met(self, ask: Question, reach: Reach, rung: Rung) -> Slots:
        """`_scan` for some of my wishes."""
        cells, lists = self.store.lists(reach.skills, ask.weights.guiding)
        rank = reach.rank[cells]
        order = np.argsort(rank)[np.count_nonzero(rank < 0) :]
        if not len(order):
            return NOBODY
        offering, rank = lists.laid(order), rank[order]
        keep = self._askable(ask, offering)
        if not len(keep):
            return NOBODY
        sizes = np.searchsorted(keep, np.cumsum(lists.sizes[order]))
        sizes[1:] -= sizes[:-1].copy()
        run, offering = np.repeat(np.arange(len(order)), sizes), offering[keep]
        if rung in WIDE:
            left = np.flatnonzero(self._rung[offering] >= int(rung))
            run, offering = run[left], offering[left]
        met, whom = self._once(offering)
        best = np.zeros((reach.wishes, len(met)), np.int32)
        best.ravel()[(rank >> RANK_BITS)[run] * len(met) + whom] = reach.worth(rank)[run]
        before = self._rung[met]
        self._points[met] += (best >> 1).sum(0, dtype=np.int32)
        self._rung[met] = np.minimum(before, np.where((best & 1).any(0), EXACT, int(rung)).astype(np.int8))
        return met[before == CONTEXT]

    def _once(self, slots: Slots) -> tuple[Slots, NDArray[np.int32]]:
        """Each of these slots once, and for each of `slots` its place among those."""
        places = np.arange(len(slots), dtype=np.int32)
        self._place[slots] = places
        met = slots[self._place[slots] == places]
        self._place[met] = places[: len(met)]
        return met, self._place[slots]

    def _possible(self, ask: Question, slots: Slots) -> Slots:
        found: Slots = slots[self._askable(ask, slots)]
        return found

    def _askable(self, ask: Question, slots: Slots) -> NDArray[np.intp]:
        """The places of those in `slots` against whom no condition speaks; the cheapest conditions first."""
        store, me = self.store, ask.me
        keep = self._through_the_gate(ask, slots) if len(store.gate) else self._past_conditions(ask, slots)
        myself = store.slot_of(me.id)
        if myself is not None:
            keep = keep[slots[keep] != myself]
        return keep[self._allowed(ask, slots[keep])] if len(ask.exclude) or ask.allowed is not None else keep

    def _allowed(self, ask: Question, slots: Slots) -> NDArray[np.bool_]:
        """Which of these are among those to look at."""
        ids, allowed = self.store.ids[slots], np.ones(len(slots), bool)
        if len(ask.exclude):
            allowed &= ~np.isin(ids, ask.exclude)
        if ask.allowed is not None:
            allowed &= np.isin(ids, ask.allowed)
        return allowed

    def _through_the_gate(self, ask: Question, slots: Slots) -> NDArray[np.intp]:
        """As `_past_conditions`, from one number for each."""
        store, me = self.store, ask.me
        tracks, formats, languages = (self._offset("gate", name) for name in ("tracks", "formats", "languages"))
        all_of = _needed(ask)
        if ask.track is not None:
            if ask.track not in store.books.tracks:
                return NOBODY
            all_of |= mask_of([ask.track], store.books.tracks) << tracks
        needed = np.uint64(all_of)
        here = store.gate.take(slots)
        keep = np.flatnonzero((here & needed) == needed)
        # Who said nothing lacks the flag, which counts like something in common.
        here = here[keep] ^ SAID
        for said, flag, codes, book, offset in (
            (me.languages, SPEAKS, me.comfortable, store.books.languages, languages),
            (me.formats, MEETS, me.formats, store.books.formats, formats),
        ):
            if said:
                fits = np.flatnonzero(here & np.uint64(mask_of(codes, book) << offset | flag))
                keep, here = keep[fits], here[fits]
        return keep

    def _past_conditions(self, ask: Question, slots: Slots) -> NDArray[np.intp]:
        """The places of those with whom a track, a language and a format are in common; the cheapest conditions first."""
        store, me = self.store, ask.me
        needed = _needed(ask)
        keep = np.flatnonzero((store.flags[slots] & needed) == needed)
        if ask.track is not None:
            keep = keep[self._common("tracks", slots[keep], mask_of([ask.track], store.books.tracks)) > 0]
        if me.languages:
            common = self._common("languages", slots[keep], mask_of(me.comfortable, store.books.languages))
            keep = keep[(common > 0) | ((store.flags[slots[keep]] & SPEAKS) == 0)]
        if me.formats:
            common = self._common("formats", slots[keep], mask_of(me.formats, store.books.formats))
            keep = keep[(common > 0) | ((store.flags[slots[keep]] & MEETS) == 0)]
        return keep

    def _shared(self, ask: Question, slots: Slots) -> Points:
        """Sector, hours, languages, abroad and track record, less the waiting list and the scarcity."""
        store, me, weights = self.store, ask.me, ask.weights
        sectors, hours, languages = self._counts(ask, slots)
        of_sectors, of_hours, of_languages = _by_count(weights)
        points = of_hours.take(hours)
        points += of_languages.take(languages)
        if weights.sector_apart:
            points += weights.sector * (store.sectors[slots].any(axis=1) & (sectors == 0) & bool(me.sectors))
        else:
            points += of_sectors.take(sectors)

        if me.country and (weights.abroad * me.abroad or weights.abroad_theirs):
            country = store.countries[slots]
            books = store.books.countries
            mine = books.index(me.country) if me.country in books else -1
            wish = weights.abroad * me.abroad + weights.abroad_theirs * ((store.flags[slots] & ABROAD) > 0)
            points += ((country > 0) & (country != mine)) * wish

        numbers = store.numbers.take(slots, axis=0).astype(np.int64)
        points += (
            weights.track_record * (numbers[:, GOOD] + weights.record_good) // (numbers[:, RATED] + weights.record_all)
        )
        if weights.guiding:
            each = weights.waiting_each * numbers[:, WAITING] // np.maximum(1, numbers[:, PLACES])
            points -= np.minimum(weights.waiting, each)
            scarce = numbers[:, SCARCITY] if ask.prices is None else ask.price_of(store.ids[slots])
            points -= np.minimum(weights.scarcity, scarce)
        return points

    def _counts(self, ask: Question, slots: Slots) -> tuple[Points, Points, Points]:
        """How many sectors, hours and languages each slot has in common with me."""
        store, me = self.store, ask.me
        week = store.week.take(slots, axis=0) if len(store.week) else None
        sectors = self._common("sectors", slots, mask_of(me.sectors, store.books.sectors), week)
        languages = self._common("languages", slots, mask_of(me.comfortable, store.books.languages))
        return sectors, self._common("hours", slots, me.hours, week), languages

    def _common(self, name: str, slots: Slots, mask: int, rows: Words | None = None) -> Points:
        """How many bits of this mask each slot has in a column; `rows`: what its side holds of them, if that was read before."""
        side = SIDE_OF[name]
        words: Words = getattr(self.store, side)
        if len(words):
            rows = words.take(slots, axis=0) if rows is None else rows
            return in_common(rows, mask << self._offset(side, name))
        column: NDArray[np.uint8] = getattr(self.store, name)
        count = np.zeros(len(slots), np.int64)
        for at, byte in enumerate(mask.to_bytes(max(column.shape[1], HOURS_BYTES), "little")[: column.shape[1]]):
            if byte:
                count += np.bitwise_count(column[slots, at] & np.uint8(byte))
        return count

    def _offset(self, side: str, name: str) -> int:
        """At which bit of a side a column begins. As long as columns lie side by side none of them grows."""
        found = self._offsets.get(name)
        if found is None:
            names = SIDE_BY_SIDE[side]
            before = (getattr(self.store, one) for one in names[: names.index(name)])
            found = self._offsets[name] = 8 * sum(widths_of(before))
        return found

    def _mutual(self, ask: Question, slots: Slots) -> Points:
        """What the wishes of these slots gain from my offers."""
        whose, skills, marks = self.store.wants_of(slots)
        if len(skills) <= FEW_WISHES:
            return _mutual_of_few(ask, len(slots), whose.tolist(), skills.tolist(), marks.tolist())
        met, gain = ask.help
        if not len(met):
            return np.zeros(len(slots), np.int64)
        shares = ask.near.weights_of(skills) * (marks & 3)
        total = np.bincount(whose, shares, len(slots)).astype(np.int64)
        row = Places(met).of(skills)
        hit = np.flatnonzero(row >= 0)
        quality = gain[row[hit], marks[hit] >> 2]
        points = ask.weights.mutual * shares[hit] * quality // (total[whose[hit]] * 10_000)
        summed: Points = np.bincount(whose[hit], points, len(slots)).astype(np.int64)
        return summed

    def _balance(self, ask: Question, slots: Slots, gained: Points, given: Points) -> Points:
        """The deduction for a difference of both fits, as a number below or at zero."""
        judged = ((self.store.flags[slots] & BOTH) > 0) & bool(ask.me.wants and ask.me.offers)
        found: Points = -(ask.weights.balance_percent * 2 * np.abs(gained - given) // 100) * judged
        return found

    def _size(self, size: int) -> None:
        self._points = np.zeros(size, np.int32)
        self._place = np.zeros(size, np.int32)
        self._rung = np.full(size, CONTEXT, np.int8)

    @property
    def nbytes(self) -> int:
        """Bytes of the scratch columns."""
        return self._points.nbytes + self._place.nbytes + self._rung.nbytes


def _mutual_of_few(ask: Question, count: int, whose: list[int], skills: list[int], marks: list[int]) -> Points:
    """`Shelf._mutual`, wish by wish: most of them are none that I could help with."""
    points = np.zeros(count, np.int64)
    helped = ask.explainer.helped
    hits = [at for at, skill in enumerate(skills) if skill in helped]
    shares = dict.fromkeys([whose[at] for at in hits], 0)
    if hits:
        weight = ask.near.weight
        for who, skill, mark in zip(whose, skills, marks, strict=True):
            if who in shares:
                shares[who] += weight(skill) * (mark & 3)
        for at in hits:
            skill, level_now, priority = skills[at], marks[at] >> 2, marks[at] & 3
            worth = ask.weights.mutual * weight(skill) * priority * ask.explainer.helps(skill, level_now)
            points[whose[at]] += worth // (shares[whose[at]] * 10_000)
    return points


@lru_cache(64)
def _by_count(weights: Weights) -> tuple[Points, Points, Points]:
    """What so many sectors, hours and languages in common are worth."""
    count = np.arange(MOST_SAID + 1)
    sectors = np.minimum(weights.sector, weights.sector_first + weights.sector_more * (count - 1)) * (count > 0)
    hours = weights.hours * np.minimum(count, weights.hours_enough) // weights.hours_enough
    languages = np.minimum(weights.languages, weights.language_each * np.maximum(0, count - 1))
    return sectors, hours, languages


def _needed(ask: Question) -> int:
    return HERE | (OPEN if ask.weights.guiding else 0)


def _kth(totals: Points, k: int) -> int:
    """The k-th highest total; the lowest possible where there are no more than k."""
    if len(totals) <= k:
        return -(1 << 60)
    return int(np.partition(totals, len(totals) - k)[len(totals) - k])
