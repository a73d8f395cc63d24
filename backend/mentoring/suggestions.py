"""Whom to ask: the engine's answers for one member, with reasons, over everyone they may meet.

The last places of a full list are drawn among those who would come next, the more likely the less they were shown lately; the
draw is the same all day. Whom one has dismissed, or a coordinator keeps apart, is left out.
"""

import dataclasses
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import QuerySet

from backend.collectives.models import Collective
from backend.members.models import Member
from backend.mentoring import prices
from backend.mentoring.apart import Apart, hidden_from
from backend.mentoring.collective_guiding import asks_with, members_of
from backend.mentoring.models import Dismissal, PairDemand
from backend.mentoring.people import PEOPLE, persons
from backend.mentoring.showings import receipt_for, shown_lately
from backend.mentoring.weighing import programme_for, weights_for, weights_of
from backend.skills.models import Skill
from matching import COLLABORATION, GUIDE, Explanation, Index, Person, Reason, Rung, Weights, explain, priced
from matching.exploring import drawn
from matching.score import unmet

LIMIT, LIMIT_MAX = 12, 30
# From so many places on one is drawn, and two.
DRAWN_FROM = (5, 10)


@dataclass(frozen=True)
class Wish:
    """What is asked for: at most `limit` people; `skill` stands in for my own wishes; `among` narrows whom to look at.

    With `collective` I ask for it: what its members look for and none of them offers stands in for my wishes, and what they can for mine.
    """

    track: str | None = None
    skill: Skill | None = None
    limit: int = LIMIT
    among: QuerySet[Member] | None = None
    collective: Collective | None = None


@dataclass(frozen=True)
class Missing:
    """A wish that nobody meets who could be asked, and what somebody offers that is close to it."""

    skill: Skill
    close: Skill | None


@dataclass(frozen=True)
class Found:
    """People with their explanations, best first. `rung` says how far wishes were stretched; `missing` what nobody offers.

    `chances` has those who were drawn, who come last. `elsewhere` guide in other tracks than the one asked for: they follow
    where there are too few. `receipt` is for `note_shown`; `programme` is whose weights were used.
    """

    matches: list[tuple[Member, Explanation]]
    rung: Rung
    missing: list[Missing]
    chances: dict[int, float] = field(default_factory=dict)
    elsewhere: list[tuple[Member, Explanation]] = field(default_factory=list)
    receipt: str = ""
    programme: int | None = None


def guides_for(me: Member, wish: Wish, *, at: dt.datetime) -> Found:
    """Guides who could help me, without those whom I have asked or who guide me already."""
    programme = programme_for(me, wish.track)
    weights = GUIDE if programme is None else weights_of(programme)
    excluded = Apart([me]).taken(me.pk) | kept_apart(me)
    if wish.collective is not None:
        excluded |= frozenset(members_of(wish.collective).values_list("pk", flat=True))
    search = _Search(me, wish, weights, excluded, at, None if programme is None else prices.of(programme))
    return dataclasses.replace(search.found(), programme=programme.pk if programme else None)


def collaborators_for(me: Member, wish: Wish, *, at: dt.datetime) -> Found:
    """People to work with: those who offer the skill, and to whom I have something to offer too."""
    return _Search(me, wish, COLLABORATION, hidden_from(me) | Dismissal.between(me), at).found()


def explained(me: Member, them: Member, *, track: str | None, at: dt.datetime) -> Explanation:
    """Why this person as a guide, or why not."""
    mine, theirs = _both(me, them, at)
    near = PEOPLE.index(at=at).near
    programme = programme_for(me, track)
    if programme is not None:
        theirs = priced(theirs, prices.of(programme))
    return explain(mine, theirs, near, weights_for(me, track), track=track, exclude=kept_apart(me))


def why_not(me: Member, them: Member, *, track: str, at: dt.datetime) -> list[Reason]:
    """What stands between me and this person as my guide."""
    mine, theirs = _both(me, them, at)
    return list(unmet(mine, theirs, weights_for(me, track), track=track, exclude=kept_apart(me)))


def kept_apart(me: Member) -> frozenset[int]:
    """Those whom a coordinator does not want as my guides, such as when their interests conflict with mine."""
    apart = PairDemand.objects.filter(mentee=me, kind=PairDemand.Kind.EXCLUDED)
    return frozenset(apart.values_list("mentor", flat=True))


class _Search:
    """One question to the index, and what may have to be asked after it."""

    def __init__(
        self,
        me: Member,
        wish: Wish,
        weights: Weights,
        excluded: frozenset[int],
        at: dt.datetime,
        prices: Mapping[int, int] | None = None,
    ) -> None:
        self.me, self.wish, self.weights, self.excluded, self.at = me, wish, weights, excluded, at
        self.prices = prices
        self.index: Index = PEOPLE.index(at=at)
        self.person = _asking(me, wish, at)
        self.allowed = None if wish.among is None else frozenset(wish.among.values_list("pk", flat=True))

    def found(self) -> Found:
        best, chances = self._best()
        members = _members([one.them for one in best])
        # Someone may have left since the index was read.
        matches = [(members[one.them], one) for one in best if one.them in members]
        rung = max((one.rung for _member, one in matches), default=Rung.EXACT)
        shown = [one for _member, one in matches]
        return Found(
            matches=matches,
            rung=rung,
            missing=self._missing(),
            chances=chances,
            elsewhere=self._elsewhere(shown),
            receipt=receipt_for(self.me, shown, chances),
        )

    def _top(
        self, person: Person, count: int, *, without: frozenset[int] = frozenset(), track: str | None
    ) -> list[Explanation]:
        excluded = self.excluded | without
        return self.index.top(
            person,
            count,
            track=track,
            allowed=self.allowed,
            exclude=excluded,
            weights=self.weights,
            prices=self.prices,
        )

    def _best(self) -> tuple[list[Explanation], dict[int, float]]:
        """The best, the last of them drawn where there are more than enough; and the chances of those."""
        limit, track = self.wish.limit, self.wish.track
        best = self._top(self.person, limit, track=track)
        places = sum(limit >= least for least in DRAWN_FROM)
        if not places or len(best) < limit:
            return best, {}
        rest = self._top(self.person, 2 * limit, without=frozenset(one.them for one in best), track=track)
        worst = max(one.rung for one in best)
        # The best of those who come next too: to be drawn nobody's wishes are stretched further.
        pool = {one.them: one for one in [*best[-places:], *rest] if one.rung <= worst}
        lots = drawn(list(pool), shown_lately(pool, self.at), places, seed=f"{self.me.pk}:{self.at.date()}")
        return [*best[:-places], *(pool[pk] for pk, _chance in lots)], dict(lots)

    def _missing(self) -> list[Missing]:
        """The wishes that nobody meets exactly who could be asked, each asked for alone."""
        close: dict[int, int | None] = {}
        for want in self.person.wants:
            best = self._top(dataclasses.replace(self.person, wants=(want,)), 1, track=self.wish.track)
            if not best or best[0].rung != Rung.EXACT:
                near = bool(best) and best[0].rung == Rung.NEAR
                close[want[0]] = best[0].rows[0].met_with if near else None
        skills = Skill.objects.in_bulk({*close, *(skill for skill in close.values() if skill)})
        return [
            Missing(skills[wanted], skills.get(offered or 0)) for wanted, offered in close.items() if wanted in skills
        ]

    def _elsewhere(self, shown: list[Explanation]) -> list[tuple[Member, Explanation]]:
        """Guides in other tracks, where the one asked for has too few; the last thing to be relaxed."""
        lacking = self.wish.limit - len(shown)
        if self.wish.track is None or lacking < 1:
            return []
        more = self._top(self.person, lacking, without=frozenset(one.them for one in shown), track=None)
        members = _members([one.them for one in more])
        return [(members[one.them], one) for one in more if one.them in members and members[one.them].guide_tracks]


def _both(me: Member, them: Member, at: dt.datetime) -> tuple[Person, Person]:
    people = {one.id: one for one in persons(Member.objects.filter(pk__in=[me.pk, them.pk]), at=at)}
    return people[me.pk], people[them.pk]


def _asking(me: Member, wish: Wish, at: dt.datetime) -> Person:
    """Me for the engine, or my collective in my languages and hours; with one wish instead when a skill is asked for."""
    person = persons(Member.objects.filter(pk=me.pk), at=at)[0]
    if wish.collective is not None:
        offers, wants = asks_with(wish.collective)
        person = dataclasses.replace(person, offers=tuple(offers), wants=tuple(wants))
    if wish.skill is None:
        return person
    return dataclasses.replace(person, wants=((wish.skill.pk, 0, 3),))


def _members(ids: list[int]) -> dict[int, Member]:
    rows = Member.objects.present().filter(pk__in=ids).select_related("organisation", "profession")
    return {row.pk: row for row in rows.prefetch_related("sectors", "languages", "offers__skill")}
