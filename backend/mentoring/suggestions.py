"""Whom to ask: the engine's answers for one member, with reasons, over everyone they may meet.

The last places of a full list of guides are drawn among those who would come next, the more likely the less they were shown
lately; the draw is the same all day. Whom one has dismissed, or a coordinator keeps apart, is left out.
"""

import dataclasses
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from backend.members.models import Block, Member
from backend.mentoring.models import Mentorship, MentorshipRequest, PairDemand, Showing
from backend.mentoring.people import PEOPLE, persons
from backend.skills.models import Skill
from matching import COLLABORATION, GUIDE, Explanation, Person, Rung, Weights, explain
from matching.exploring import drawn

LIMIT, LIMIT_MAX = 12, 30
# From so many places on one is drawn, and two.
DRAWN_FROM = (5, 10)
LATELY = dt.timedelta(days=30)


@dataclass(frozen=True)
class Wish:
    """What is asked for: at most `limit` people; `skill` stands in for my own wishes; `among` narrows whom to look at."""

    track: str | None = None
    skill: Skill | None = None
    limit: int = LIMIT
    among: QuerySet[Member] | None = None
    excluded: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Found:
    """People with their explanations, best first. `rung` says how far wishes were stretched; `missing` what nobody offers.

    `chances` has those who were drawn, who come last.
    """

    matches: list[tuple[Member, Explanation]]
    rung: Rung
    missing: list[Skill]
    chances: dict[int, float] = dataclasses.field(default_factory=dict)


def guides_for(me: Member, wish: Wish, *, at: dt.datetime) -> Found:
    """Guides who could help me, without those whom I have asked or who guide me already."""
    asked = MentorshipRequest.objects.filter(mentee=me, status=MentorshipRequest.Status.PENDING)
    running = Mentorship.objects.filter(mentee=me).exclude(status=Mentorship.Status.CLOSED)
    apart = PairDemand.objects.filter(mentee=me, kind=PairDemand.Kind.EXCLUDED)
    known = {pk for rows in (asked, running, apart) for pk in rows.values_list("mentor", flat=True)}
    return _found(me, dataclasses.replace(wish, excluded=wish.excluded | known), GUIDE, at, draws=True)


def collaborators_for(me: Member, wish: Wish, *, at: dt.datetime) -> Found:
    """People to work with: those who offer the skill, and to whom I have something to offer too."""
    return _found(me, wish, COLLABORATION, at)


def explained(me: Member, them: Member, *, track: str | None, at: dt.datetime) -> Explanation:
    """Why this person, or why not."""
    mine, theirs = persons(Member.objects.filter(pk__in=[me.pk, them.pk]).order_by("pk"), at=at)
    if mine.id != me.pk:
        mine, theirs = theirs, mine
    return explain(mine, theirs, PEOPLE.index(at=at).near, GUIDE, track=track)


def note_shown(me: Member, found: Found, *, at: dt.datetime) -> None:
    """Keep who was suggested today, and with which chance; once a day each."""
    noted = set(Showing.objects.filter(member=me, day=at.date()).values_list("person", flat=True))
    fresh = [
        Showing(member=me, person=them, day=at.date(), place=place, chance=found.chances.get(them.pk, 1))
        for place, (them, _explanation) in enumerate(found.matches, start=1)
        if them.pk not in noted
    ]
    Showing.objects.bulk_create(fresh, ignore_conflicts=True)


def _found(me: Member, wish: Wish, weights: Weights, at: dt.datetime, *, draws: bool = False) -> Found:
    index = PEOPLE.index(at=at)
    person = _asking(me, wish, at)
    excluded = wish.excluded | hidden_from(me) | frozenset(me.dismissals.values_list("person", flat=True))

    def top(count: int, excluded: frozenset[int]) -> list[Explanation]:
        allowed = None if wish.among is None else frozenset(wish.among.values_list("pk", flat=True))
        return index.top(person, count, track=wish.track, allowed=allowed, exclude=excluded, weights=weights)

    explanations, chances = top(wish.limit, excluded), {}
    places = sum(wish.limit >= least for least in DRAWN_FROM) if draws else 0
    if places and len(explanations) == wish.limit:
        rest = top(2 * wish.limit, excluded | {explanation.them for explanation in explanations})
        worst = max(explanation.rung for explanation in explanations)
        # The best of those who come next too: to be drawn nobody's wishes are stretched further.
        pool = {e.them: e for e in [*explanations[-places:], *rest] if e.rung <= worst}
        lots = drawn(list(pool), _shown_lately(pool, at), places, seed=f"{me.pk}:{at.date()}")
        chances = dict(lots)
        explanations = [*explanations[:-places], *(pool[pk] for pk, _chance in lots)]
    members = _members([explanation.them for explanation in explanations])
    # Someone may have left since the index was read.
    matches = [(members[e.them], e) for e in explanations if e.them in members]
    wanted = [skill for skill, _level, _priority in person.wants if not index.offering(skill)]
    rung = max((e.rung for _member, e in matches), default=Rung.EXACT)
    missing = list(Skill.objects.filter(pk__in=wanted).order_by("key"))
    return Found(matches=matches, rung=rung, missing=missing, chances=chances)


def _shown_lately(people: Iterable[int], at: dt.datetime) -> dict[int, int]:
    """Showings on earlier days: those of today would change today's draw."""
    rows = Showing.objects.filter(person__in=people, day__gt=at.date() - LATELY, day__lt=at.date())
    return dict(rows.values_list("person").annotate(count=Count("pk")).order_by())


def _asking(me: Member, wish: Wish, at: dt.datetime) -> Person:
    """Me for the engine; with one wish instead of mine when a skill is asked for."""
    person = persons(Member.objects.filter(pk=me.pk), at=at)[0]
    if wish.skill is None:
        return person
    return dataclasses.replace(person, wants=((wish.skill.pk, 0, 3),))


def hidden_from(me: Member) -> frozenset[int]:
    """Those present whom this member may not meet; few, as most people show themselves to everyone."""
    hiding = Member.objects.present().exclude(seen_by=Member.SeenBy.EVERYONE)
    seen = Member.objects.visible_to(me).exclude(seen_by=Member.SeenBy.EVERYONE)
    shy = frozenset(hiding.values_list("pk", flat=True)) - frozenset(seen.values_list("pk", flat=True))
    return shy | Block.between(me)


def _members(ids: list[int]) -> dict[int, Member]:
    rows = Member.objects.present().filter(pk__in=ids).select_related("organisation", "profession")
    return {row.pk: row for row in rows.prefetch_related("sectors", "languages", "offers__skill")}
