"""How well one person fits another, as a sum of rows in whole numbers.

Let me want skills w with level now n(w) and share p(w), my priority for it times its rarity (`matching.near.rarity`), P the
sum of my shares, and let them offer skills o at level l(o). With close(w, o) from `matching.near` and step(n, l) from the weights, both in percent,

    a = Σ_w ⌊ wishes · p(w) · max_o close(w, o) · step(n(w), l(o)) / (P · 10⁴) ⌋      what I gain
    b = the same from their wishes and my offers, with `mutual` for `wishes`          what they gain
    c = sector + hours + languages + abroad + track record                            what we share

Only the best offer counts for a wish, and each term, like each part of c, is one row, rounded down once, so that nothing is
lost between the rows and their sum. The fit for me is A = 2a + c, the fit for them B = 2b + c; then (A + B) / 2 = a + b + c
holds in whole numbers, and

    score = a + b + c − ⌊β · |A − B| / 100⌋ − waiting list − scarcity,       |A − B| = 2 · |a − b|,

is the mean of both fits with β = 0 and the smaller one with β = 50 (`balance_percent`), always as a sum of rows.

The search for a guide lets a guide give without taking (β = 0). The search for a collaborator weighs both directions alike,
so the score of two people is then the same from either side. Balance is judged only where both have said what
they want and what they offer.

Near skills always count for a wish of mine; those of a group only where this person meets no wish of mine more closely, those of
an area only where not even that. The score belongs to the two people therefore, whatever list they appear in. Their wishes go as far as NEAR.

What somebody did not say gives no points and takes none away; without ratings everyone has the same head start. Conditions
(`why_not`) are judged apart from the points; someone who named no language, or no format, may have any.
"""

from collections.abc import Container, Iterator, Set
from functools import lru_cache

from matching.explanation import Condition, Explanation, Part, Reason, Row
from matching.near import WIDE, Nearness, Rung
from matching.people import COMFORTABLE, Offer, Person, Want
from matching.weights import GUIDE, Weights

EXACT, NEARBY = Rung.EXACT, Rung.NEAR  # named here once: to look a member of an enumeration up takes as long as a row
WISHES, MUTUAL, SECTOR, HOURS, LANGUAGES, ABROAD, TRACK_RECORD, WAITING, SCARCITY, BALANCE = Part
CONTEXT = Rung.CONTEXT
_Meeting = tuple[int, int, tuple[int, ...], bool]
"""Which wish is met, to what percent, what each level offered is worth for it, and whether it is the wanted skill itself."""


def explain(
    me: Person,
    them: Person,
    near: Nearness,
    weights: Weights = GUIDE,
    *,
    track: str | None = None,
    exclude: Container[int] = (),
) -> Explanation:
    """The score of them for me with its rows, and why they cannot be asked if so. `track`: only in this one."""
    return Explainer(me, near, weights, track=track, exclude=exclude).of(them)


class Explainer:
    """`explain` for many people: what it takes from me alone is worked out once."""

    def __init__(
        self,
        me: Person,
        near: Nearness,
        weights: Weights = GUIDE,
        *,
        track: str | None = None,
        exclude: Container[int] = (),
    ) -> None:
        self._me, self._weights = me, weights
        self._track, self._exclude = track, exclude
        self._wishes, self._help = _Wishes(me, near, weights), _Help(me, near, weights)

    @property
    def skills(self) -> Set[int]:
        """All that meets a wish of mine on the first two rungs."""
        return self._wishes.close.keys()

    def helps(self, wanted: int, level_now: int) -> int:
        """How well the best of my offers meets a wish for this skill on the first two rungs, in 10⁴ths."""
        return self._help.best(wanted, level_now)

    @property
    def helped(self) -> Set[int]:
        """The skills that an offer of mine meets on the first two rungs."""
        return self._help.helped

    def gained(self, them: Person) -> tuple[int, Rung] | None:
        """What my wishes gain from them on the first two rungs, and the closest of these; None where nothing, or they cannot be
        asked.
        """
        if not can_be_asked(self._me, them, self._weights, track=self._track, exclude=self._exclude):
            return None
        return self._wishes.gained(them.offers)

    def at_most(self, them: Person, gained: int) -> int:
        """No less than their total, where this is what my wishes gain from them."""
        shared = sum([row.points for row in _in_common(self._me, them, self._weights)])
        return gained + shared + self._help.given(them.wants)

    def of(self, them: Person) -> Explanation:
        """The score of them for me with its rows, and why they cannot be asked if so."""
        return self._explained(
            them, tuple(unmet(self._me, them, self._weights, track=self._track, exclude=self._exclude))
        )

    def of_askable(self, them: Person) -> Explanation:
        """The same for somebody against whom no condition speaks."""
        return self._explained(them, ())

    def _explained(self, them: Person, why_not: tuple[Reason, ...]) -> Explanation:
        me, weights = self._me, self._weights
        wishes = self._wishes.met(them.offers, NEARBY)
        for wide in WIDE:
            if all(row.rung is None for row in wishes):
                wishes = self._wishes.met(them.offers, wide)
        mutual = self._help.for_(them.wants)
        rows = (*wishes, *mutual, *_in_common(me, them, weights), *_deducted(me, them, wishes, mutual, weights))
        return Explanation(
            me=me.id,
            them=them.id,
            total=sum([row.points for row in rows]),
            rows=rows,
            rung=min([row.rung for row in wishes if row.rung is not None], default=CONTEXT),
            why_not=why_not,
            version=weights.version,
        )


def unmet(
    me: Person, them: Person, weights: Weights, *, track: str | None = None, exclude: Container[int] = ()
) -> Iterator[Reason]:
    """The conditions that stand between us; none when they can be asked."""
    if me.id == them.id:
        yield Reason(Condition.ONESELF)
    if them.id in exclude:
        yield Reason(Condition.EXCLUDED)
    if me.languages and them.languages and not me.comfortable & them.comfortable:
        yield Reason(Condition.NO_COMMON_LANGUAGE, languages=_almost_common(me, them))
    if me.formats and them.formats and not me.formats & them.formats:
        yield Reason(Condition.NO_COMMON_FORMAT, formats=tuple(sorted(them.formats)))
    if track is not None and track not in them.tracks:
        yield Reason(Condition.TRACK_NOT_OFFERED, tracks=tuple(sorted(them.tracks)))
    if weights.guiding and not them.places_open:
        yield Reason(Condition.NO_OPEN_PLACE, waiting=them.waiting)


def can_be_asked(
    me: Person, them: Person, weights: Weights, *, track: str | None = None, exclude: Container[int] = ()
) -> bool:
    """Whether no condition of `unmet` stands between us, those first that most people do not fulfil."""
    if (weights.guiding and not them.places_open) or (track is not None and track not in them.tracks):
        return False
    if me.languages and them.languages and me.comfortable.isdisjoint(them.comfortable):
        return False
    if me.formats and them.formats and me.formats.isdisjoint(them.formats):
        return False
    return me.id != them.id and them.id not in exclude


class _Wishes:
    """My wishes: what each is worth, and which of them an offer meets on the first two rungs."""

    def __init__(self, me: Person, near: Nearness, weights: Weights) -> None:
        shares = [near.weight(skill) * priority for skill, _, priority in me.wants]
        self._near, self._whole = near, sum(shares)
        self._worth = [weights.wishes * share for share in shares]
        self._unmet = [
            Row(WISHES, 0, worth // self._whole, *want) for want, worth in zip(me.wants, self._worth, strict=True)
        ]
        self.close: dict[int, list[_Meeting]] = {}
        for at, (wanted, level_now, _) in enumerate(me.wants):
            for offered, percent in near.close(wanted).items():
                meeting = at, percent, weights.levels[level_now], offered == wanted
                self.close.setdefault(offered, []).append(meeting)
        self._wants, self._steps = me.wants, [weights.levels[level_now] for _, level_now, _ in me.wants]

    def gained(self, offers: tuple[Offer, ...]) -> tuple[int, Rung] | None:
        """The points of `met` on the first two rungs, and the closest of these; None where no wish is met."""
        best: dict[int, int] = {}
        for offered, level in offers:
            for at, percent, step, is_same in self.close.get(offered, ()):
                if (quality := percent * step[level]) and (rank := quality << 1 | is_same) > best.get(at, 0):
                    best[at] = rank
        if not best:
            return None
        points = [self._worth[at] * (rank >> 1) // (self._whole * 10_000) for at, rank in best.items()]
        return sum(points), EXACT if any(rank & 1 for rank in best.values()) else NEARBY

    def met(self, offers: tuple[Offer, ...], rung: Rung) -> list[Row]:
        """One row per wish, met by the best offer on this rung (NEAR: the first two); of equals the skill itself, then by number."""
        rows, best = self._unmet.copy(), [0] * len(self._unmet)
        for offered, level in offers:
            for at, percent, step, is_same in (
                self._wide(offered, rung) if rung in WIDE else self.close.get(offered, ())
            ):
                quality = percent * step[level]
                if quality > best[at] or (quality and is_same and quality == best[at]):
                    best[at], row = quality, self._unmet[at]
                    points, on = self._worth[at] * quality // (self._whole * 10_000), EXACT if is_same else rung
                    rows[at] = Row(
                        WISHES, points, row.maximum, row.skill, row.level_now, row.priority, offered, level, percent, on
                    )
        return rows

    def _wide(self, offered: int, rung: Rung) -> list[_Meeting]:
        percents = [self._near.together(wanted, offered, rung) for wanted, _, _ in self._wants]
        meetings = zip(percents, self._steps, self._wants, strict=True)
        return [(at, percent, step, offered == want[0]) for at, (percent, step, want) in enumerate(meetings) if percent]


class _Help:
    """My offers, and what they are to the wishes of others on the first two rungs."""

    def __init__(self, me: Person, near: Nearness, weights: Weights) -> None:
        self._near, self._weights, self._levels = near, weights, dict(me.offers)
        self.helped: Set[int] = set().union(*[near.helped(offered) for offered in self._levels])

    def best(self, wanted: int, level_now: int) -> int:
        """How well the best of my offers meets this wish, in 10⁴ths."""
        close, steps = self._near.close(wanted), self._weights.levels[level_now]
        return max(
            [close[offered] * steps[level] for offered, level in self._levels.items() if offered in close], default=0
        )

    def given(self, wants: tuple[Want, ...]) -> int:
        """The points of `for_`."""
        hits = [want for want in wants if want[0] in self.helped]
        if not hits:
            return 0
        weight = self._near.weight
        whole = 10_000 * sum([weight(wanted) * priority for wanted, _, priority in wants])
        worth = [self._weights.mutual * weight(one) * priority * self.best(one, now) for one, now, priority in hits]
        return sum([points // whole for points in worth])

    def for_(self, wants: tuple[Want, ...]) -> list[Row]:
        """One row per wish, met by the best of my offers; of equals the skill itself, then by number."""
        mutual, levels, weight = self._weights.mutual, self._weights.levels, self._near.weight
        mine, close_to, helped = self._levels, self._near.close, self.helped
        shares = [weight(wanted) * priority for wanted, _, priority in wants]
        whole = sum(shares)
        rows = []
        for share, (wanted, level_now, priority) in zip(shares, wants, strict=True):
            best, met = 0, None
            if wanted in helped:
                close = close_to(wanted)
                for offered, level in mine.items():
                    quality = close.get(offered, 0) * levels[level_now][level]
                    if quality > best or (quality and quality == best and offered == wanted):
                        best, met = quality, (offered, level, close[offered])
            maximum = mutual * share // whole
            if met is None:
                rows.append(Row(MUTUAL, 0, maximum, wanted, level_now, priority))
            else:
                points, on = mutual * share * best // (whole * 10_000), EXACT if met[0] == wanted else NEARBY
                rows.append(Row(MUTUAL, points, maximum, wanted, level_now, priority, *met, on))
        return rows


def _in_common(me: Person, them: Person, weights: Weights) -> Iterator[Row]:
    """Few different rows, which are kept: they are never changed, and to make one takes three times as long as to find it."""
    sectors = tuple(sorted(me.sectors & them.sectors))
    if weights.sector_apart:
        points = weights.sector * bool(me.sectors and them.sectors and not sectors)
    else:
        points = weights.sector_first + weights.sector_more * (len(sectors) - 1) if sectors else 0
    yield _sector_row(min(weights.sector, points), weights.sector, sectors)

    common = (me.hours & them.hours).bit_count()
    points = weights.hours * min(common, weights.hours_enough) // weights.hours_enough
    yield _hours_row(points, weights.hours, common)

    languages = tuple(sorted(me.comfortable & them.comfortable))
    points = min(weights.languages, weights.language_each * max(0, len(languages) - 1))
    yield _languages_row(points, weights.languages, languages)

    abroad = bool(me.country and them.country and me.country != them.country)
    points = (weights.abroad * me.abroad + weights.abroad_theirs * them.abroad) if abroad else 0
    yield _abroad_row(points, weights.abroad + weights.abroad_theirs, them.country)

    if weights.track_record:
        points = weights.track_record * (them.good + weights.record_good) // (them.rated + weights.record_all)
        yield _record_row(points, weights.track_record, them.good, them.rated)


@lru_cache(1 << 12)
def _sector_row(points: int, most: int, sectors: tuple[int, ...]) -> Row:
    return Row(SECTOR, points, most, sectors=sectors)


@lru_cache(1 << 12)
def _hours_row(points: int, most: int, count: int) -> Row:
    return Row(HOURS, points, most, count=count)


@lru_cache(1 << 12)
def _languages_row(points: int, most: int, languages: tuple[str, ...]) -> Row:
    return Row(LANGUAGES, points, most, languages=languages)


@lru_cache(1 << 12)
def _abroad_row(points: int, most: int, country: str) -> Row:
    return Row(ABROAD, points, most, country=country)


@lru_cache(1 << 12)
def _record_row(points: int, most: int, good: int, rated: int) -> Row:
    return Row(TRACK_RECORD, points, most, count=good, of=rated)


def _deducted(me: Person, them: Person, wishes: list[Row], mutual: list[Row], weights: Weights) -> Iterator[Row]:
    if weights.guiding and them.waiting:
        waiting = min(weights.waiting, weights.waiting_each * them.waiting // max(1, them.places_open))
        yield Row(WAITING, -waiting, 0, count=them.waiting, of=them.places_open)
    if weights.guiding and weights.scarcity and them.scarcity:
        yield Row(SCARCITY, -min(weights.scarcity, them.scarcity), 0, count=them.scarcity)
    if weights.balance_percent and all((me.wants, me.offers, them.wants, them.offers)):
        apart = 2 * abs(sum(row.points for row in wishes) - sum(row.points for row in mutual))
        yield Row(BALANCE, -(weights.balance_percent * apart // 100), 0, count=apart)


def _almost_common(me: Person, them: Person) -> tuple[tuple[str, int, int], ...]:
    """Up to three languages with both levels (0: not spoken), the easiest to make a common one first."""
    mine, theirs = dict(me.spoken), dict(them.spoken)

    def missing(code: str) -> tuple[int, str]:
        levels = (mine.get(code, 0), theirs.get(code, 0))
        return sum(max(0, COMFORTABLE - level) for level in levels), code

    closest = sorted(mine.keys() | theirs.keys(), key=missing)[:3]
    return tuple((code, mine.get(code, 0), theirs.get(code, 0)) for code in closest)
