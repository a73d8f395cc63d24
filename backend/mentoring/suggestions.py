"""Whom to ask: the engine's answers for one member, with reasons, over everyone they may meet."""

import dataclasses
import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet

from backend.members.models import Member
from backend.mentoring.models import Mentorship, MentorshipRequest
from backend.mentoring.people import PEOPLE, persons
from backend.skills.models import Skill
from matching import COLLABORATION, GUIDE, Explanation, Person, Rung, Weights, explain

LIMIT, LIMIT_MAX = 12, 30


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
    """People with their explanations, best first. `rung` says how far wishes were stretched; `missing` what nobody offers."""

    matches: list[tuple[Member, Explanation]]
    rung: Rung
    missing: list[Skill]


def guides_for(me: Member, wish: Wish, *, at: dt.datetime) -> Found:
    """Guides who could help me, without those whom I have asked or who guide me already."""
    asked = MentorshipRequest.objects.filter(mentee=me, status=MentorshipRequest.Status.PENDING)
    running = Mentorship.objects.filter(mentee=me).exclude(status=Mentorship.Status.CLOSED)
    known = {*asked.values_list("mentor", flat=True), *running.values_list("mentor", flat=True)}
    return _found(me, dataclasses.replace(wish, excluded=wish.excluded | known), GUIDE, at)


def collaborators_for(me: Member, wish: Wish, *, at: dt.datetime) -> Found:
    """People to work with: those who offer the skill, and to whom I have something to offer too."""
    return _found(me, wish, COLLABORATION, at)


def explained(me: Member, them: Member, *, track: str | None, at: dt.datetime) -> Explanation:
    """Why this person, or why not."""
    mine, theirs = persons(Member.objects.filter(pk__in=[me.pk, them.pk]).order_by("pk"), at=at)
    if mine.id != me.pk:
        mine, theirs = theirs, mine
    return explain(mine, theirs, PEOPLE.index(at=at).near, GUIDE, track=track)


def _found(me: Member, wish: Wish, weights: Weights, at: dt.datetime) -> Found:
    index = PEOPLE.index(at=at)
    person = _asking(me, wish, at)
    allowed = None if wish.among is None else frozenset(wish.among.values_list("pk", flat=True))
    explanations = index.top(
        person,
        wish.limit,
        track=wish.track,
        allowed=allowed,
        exclude=wish.excluded | hidden_from(me),
        weights=weights,
    )
    members = _members([explanation.them for explanation in explanations])
    # Someone may have left since the index was read.
    matches = [(members[e.them], e) for e in explanations if e.them in members]
    wanted = [skill for skill, _level, _priority in person.wants if not index.offering(skill)]
    rung = max((e.rung for _member, e in matches), default=Rung.EXACT)
    return Found(matches=matches, rung=rung, missing=list(Skill.objects.filter(pk__in=wanted).order_by("key")))


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
    return frozenset(hiding.values_list("pk", flat=True)) - frozenset(seen.values_list("pk", flat=True))


def _members(ids: list[int]) -> dict[int, Member]:
    rows = Member.objects.present().filter(pk__in=ids).select_related("organisation", "profession")
    return {row.pk: row for row in rows.prefetch_related("sectors", "languages", "offers__skill")}
