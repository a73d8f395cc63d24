"""One store of people, ready to be searched: who meets my wishes on which rung, who can be asked, and for how many points.

Runs of one wish (everyone who offers this skill at this level) are laid end to end from worst to best. Writing each one's place
there, the last write is the best run, so that everyone counts once per wish. All sums are those of `matching.score`, in
whole columns; the tests hold both to the same numbers.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

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
    SPEAKS,
    WAITING,
    Books,
    Lists,
    mask_of,
)
from matching.near import WIDE, Nearness, Rung
from matching.people import Person, Want
from matching.places import Places
from matching.weights import Weights

Slots = NDArray[np.intp]
Points = NDArray[np.int64]
NOBODY = np.empty(0, np.intp)
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
    gate: NDArray[np.uint64]

    def slot_of(self, id: int) -> int | None: ...
    def lists(self, skills: Sequence[int]) -> Lists: ...
    def wants_of(self, slots: Slots) -> tuple[NDArray[np.intp], NDArray[np.int64], NDArray[np.uint8]]: ...
    def person(self, slot: int) -> Person: ...


@dataclass(frozen=True)
class Question:
    """Who asks, and how to answer."""

    me: Person
    near: Nearness
    weights: Weights
    track: str | None = None
    allowed: NDArray[np.int64] | None = None
    exclude: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    prices: "Prices | None" = None


class Prices:
    """What a place with some of the people costs, in points; with all others nothing."""

    def __init__(self, points: Mapping[int, int]) -> None:
        ids = as_ids(sorted(points))
        self._places = Places(ids)
        self._points = np.array([*(points[id] for id in ids.tolist()), 0], np.int64)

    def of(self, ids: NDArray[np.int64]) -> Points:
        found: Points = self._points[self._places.of(ids)]
        return found


class Shelf:
    """A store and the scratch columns of a search: points and rung by slot, zero between questions."""

    def __init__(self, store: Any) -> None:
        self.store: Store = store
        self._size(0)
        self._touched: list[Slots] = []

    def near(self, ask: Question) -> Slots:
        """Everyone who can be asked and meets a wish on the first two rungs."""
        if len(self._rung) != len(self.store.ids):
            self._size(len(self.store.ids))
        return self._scan(ask, Rung.NEAR)

    def wider(self, ask: Question, rung: Rung) -> Slots:
        """Those who can be asked and meet a wish on this wide rung, and none on a closer one."""
        return self._scan(ask, rung)

    def everyone(self, ask: Question) -> Slots:
        """Everyone who can be asked."""
        return self._possible(ask, np.flatnonzero(self.store.flags))

    def is_exact(self, slots: Slots) -> NDArray[np.bool_]:
        found: NDArray[np.bool_] = self._rung[slots] == EXACT
        return found

    def clear(self) -> None:
        """Ready for the next question."""
        for slots in self._touched:
            self._points[slots] = 0
            self._rung[slots] = CONTEXT
        self._touched.clear()

    def best(self, ask: Question, slots: Slots, k: int) -> list[tuple[int, int, Person]]:
        """The k best of these as (minus the total, id, person), best first, the smaller id first among equals."""
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
        return [(-int(totals[at]), int(ids[at]), self.store.person(int(slots[at]))) for at in order]

    def _scan(self, ask: Question, reach: Rung) -> Slots:
        """Writes points and rung of everyone newly met on this rung (NEAR: the first two) and returns their slots."""
        shares = [ask.near.weight(skill) * priority for skill, _, priority in ask.me.wants]
        newly = [NOBODY]
        for want, share in zip(ask.me.wants, shares, strict=True):
            qualities, exact, lists = self._runs(want, ask, reach)
            if not lists:
                continue
            offering = np.concatenate(lists, dtype=np.intp)
            keep = self._askable(ask, offering)
            ends = np.cumsum([len(slots) for slots in lists])
            run = np.repeat(np.arange(len(lists)), np.diff(np.searchsorted(keep, ends), prepend=0))
            offering = offering[keep]
            place = np.arange(len(offering), dtype=np.int32)
            self._place[offering] = place
            best = self._place[offering] == place
            if reach in WIDE:
                best &= self._rung[offering] >= int(reach)
            met, run = offering[best], run[best]
            before = self._rung[met]
            newly.append(met[before == CONTEXT])
            points = ask.weights.wishes * share * qualities // (sum(shares) * 10_000)
            self._points[met] += points[run].astype(np.int32)
            self._rung[met] = np.minimum(before, np.where(exact, EXACT, int(reach)).astype(np.int8)[run])
        touched = np.concatenate(newly)
        self._touched.append(touched)
        return touched

    def _runs(
        self, want: Want, ask: Question, reach: Rung
    ) -> tuple[Points, NDArray[np.bool_], list[NDArray[np.int32]]]:
        """Quality of each list that meets this wish, whether it is the wanted skill itself, and the list; worst first."""
        wanted, level_now, _ = want
        skills, percents = ask.near.reach(wanted, reach)
        places, levels, lists = self.store.lists(skills)
        qualities = np.array(percents, np.int64)[places] * np.array(ask.weights.levels[level_now], np.int64)[levels]
        exact = np.array([skill == wanted and reach == Rung.NEAR for skill in skills], bool)[places]
        order = np.lexsort((exact, qualities))
        order = order[qualities[order] > 0]
        return qualities[order], exact[order], [lists[at] for at in order.tolist()]

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
        if len(ask.exclude):
            keep = keep[~np.isin(store.ids[slots[keep]], ask.exclude)]
        if ask.allowed is not None:
            keep = keep[np.isin(store.ids[slots[keep]], ask.allowed)]
        return keep

    def _through_the_gate(self, ask: Question, slots: Slots) -> NDArray[np.intp]:
        """As `_past_conditions`, from one number for each."""
        store, me = self.store, ask.me
        tracks = 8
        formats = tracks + 8 * store.tracks.shape[1]
        languages = formats + 8 * store.formats.shape[1]
        here = store.gate.take(slots)
        needed = np.uint64(_needed(ask))
        keep = np.flatnonzero((here & needed) == needed)
        here = here[keep]
        fits = np.ones(len(keep), bool)
        if ask.track is not None:
            fits &= (here & np.uint64(mask_of([ask.track], store.books.tracks) << tracks)) > 0
        # Who said nothing lacks the flag, which counts like something in common.
        if me.languages:
            common = mask_of(me.comfortable, store.books.languages) << languages
            fits &= ((here ^ np.uint64(SPEAKS)) & np.uint64(common | SPEAKS)) > 0
        if me.formats:
            common = mask_of(me.formats, store.books.formats) << formats
            fits &= ((here ^ np.uint64(MEETS)) & np.uint64(common | MEETS)) > 0
        return keep[fits]

    def _past_conditions(self, ask: Question, slots: Slots) -> NDArray[np.intp]:
        """The places of those with whom a track, a language and a format are in common; the cheapest conditions first."""
        store, me = self.store, ask.me
        needed = _needed(ask)
        keep = np.flatnonzero((store.flags[slots] & needed) == needed)
        if ask.track is not None:
            keep = keep[_some(store.tracks, slots[keep], mask_of([ask.track], store.books.tracks))]
        if me.languages:
            common = _some(store.languages, slots[keep], mask_of(me.comfortable, store.books.languages))
            keep = keep[common | ((store.flags[slots[keep]] & SPEAKS) == 0)]
        if me.formats:
            common = _some(store.formats, slots[keep], mask_of(me.formats, store.books.formats))
            keep = keep[common | ((store.flags[slots[keep]] & MEETS) == 0)]
        return keep

    def _shared(self, ask: Question, slots: Slots) -> Points:
        """Sector, hours, languages, abroad and track record, less the waiting list and the scarcity."""
        store, me, weights = self.store, ask.me, ask.weights
        sectors = _common(store.sectors, slots, mask_of(me.sectors, store.books.sectors))
        if weights.sector_apart:
            apart = store.sectors[slots].any(axis=1) & (sectors == 0) & bool(me.sectors)
            points = weights.sector * apart.astype(np.int64)
        else:
            points = np.minimum(weights.sector, weights.sector_first + weights.sector_more * (sectors - 1)) * (
                sectors > 0
            )

        hours = np.minimum(_common(store.hours, slots, me.hours), weights.hours_enough)
        points += weights.hours * hours // weights.hours_enough

        languages = _common(store.languages, slots, mask_of(me.comfortable, store.books.languages))
        points += np.minimum(weights.languages, weights.language_each * np.maximum(0, languages - 1))

        if me.country and (weights.abroad * me.abroad or weights.abroad_theirs):
            country = store.countries[slots]
            books = store.books.countries
            mine = books.index(me.country) if me.country in books else -1
            wish = weights.abroad * me.abroad + weights.abroad_theirs * ((store.flags[slots] & ABROAD) > 0)
            points += ((country > 0) & (country != mine)) * wish

        numbers = store.numbers[slots].astype(np.int64)
        points += (
            weights.track_record * (numbers[:, GOOD] + weights.record_good) // (numbers[:, RATED] + weights.record_all)
        )
        if weights.guiding:
            each = weights.waiting_each * numbers[:, WAITING] // np.maximum(1, numbers[:, PLACES])
            points -= np.minimum(weights.waiting, each)
            scarce = numbers[:, SCARCITY] if ask.prices is None else ask.prices.of(store.ids[slots])
            points -= np.minimum(weights.scarcity, scarce)
        return points

    def _mutual(self, ask: Question, slots: Slots) -> Points:
        """What the wishes of these slots gain from my offers."""
        whose, skills, marks = self.store.wants_of(slots)
        near, levels = ask.near, np.array(ask.weights.levels, np.int64)
        best: dict[int, NDArray[np.int64]] = {}  # by wanted skill: the quality of my best offer for each level now
        for offered, level in ask.me.offers:
            for skill, percent in near.met_by(offered):
                quality = percent * levels[:, level]
                best[skill] = np.maximum(best[skill], quality) if skill in best else quality
        met = np.array(sorted(best), np.int64)
        if not len(met) or not len(skills):
            return np.zeros(len(slots), np.int64)
        gain = np.array([best[skill] for skill in met.tolist()])
        shares = near.weights_of(skills) * (marks & 3)
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


def _needed(ask: Question) -> int:
    return HERE | (OPEN if ask.weights.guiding else 0)


def _common(column: NDArray[np.uint8], slots: Slots, mask: int) -> Points:
    """How many bits of this mask each slot has."""
    count = np.zeros(len(slots), np.int64)
    for at, byte in enumerate(mask.to_bytes(max(column.shape[1], HOURS_BYTES), "little")[: column.shape[1]]):
        if byte:
            count += np.bitwise_count(column[slots, at] & np.uint8(byte))
    return count


def _some(column: NDArray[np.uint8], slots: Slots, mask: int) -> NDArray[np.bool_]:
    """Whether each slot has any bit of this mask."""
    some = np.zeros(len(slots), bool)
    for at, byte in enumerate(mask.to_bytes(max(column.shape[1], HOURS_BYTES), "little")[: column.shape[1]]):
        if byte:
            some |= (column[slots, at] & np.uint8(byte)) > 0
    return some


def _kth(totals: Points, k: int) -> int:
    """The k-th highest total; the lowest possible where there are no more than k."""
    if len(totals) <= k:
        return -(1 << 60)
    return int(np.partition(totals, len(totals) - k)[len(totals) - k])


def as_ids(ids: Collection[int]) -> NDArray[np.int64]:
    return np.fromiter(ids, np.int64, len(ids))
