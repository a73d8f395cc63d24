"""Whom a call fits, and why: the engine that finds people to work with, asked by a call in the place of a person."""

import dataclasses
import datetime as dt
from collections import Counter
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from backend.calls import rules
from backend.calls.models import Call, CallAnswer, CallChoice
from backend.calls.telling import facts
from backend.collectives.models import CollectiveMembership
from backend.collectives.rules import BELONGING
from backend.members.models import Block, Member, Offer, near
from backend.mentoring.models import Dismissal
from backend.mentoring.people import PEOPLE, persons
from backend.notices.actions import tell_all
from backend.notices.models import Notice
from matching import COLLABORATION, Explanation, Part, Person, Weights, explain
from matching.people import MOST_ID

CALLING: Weights = dataclasses.replace(
    COLLABORATION,
    version="calling-1",
    wishes=700,
    mutual=0,
    hours=0,
    languages=100,
    language_each=50,
    abroad=0,
    abroad_theirs=100,
    balance_percent=0,
)
"""What is looked for counts most; then a field and languages in common, and who likes to meet people of other countries."""
LISTED, LOOKED_THROUGH = 12, 300
TOLD = 20
"""So many people hear of a call, those whom it fits best."""
TOLD_A_WEEK = 3
"""So many calls a member hears of in a week: who gets more reads none."""
NATIVE = 7


@dataclass(frozen=True)
class Fit:
    """A call that fits me, and why: the rows are points that it gives me."""

    call: Call
    why: Explanation


def fits(me: Member, *, at: dt.datetime) -> list[Fit]:
    """Open calls that fit me, best first, the newest first among equals; none for who wants none suggested."""
    if CallChoice.objects.filter(member=me, is_suggested=False).exists():
        return []
    near = PEOPLE.index(at=at).near
    mine = persons(Member.objects.filter(pk=me.pk), at=at)[0]
    asked_for = {skill for offered, _level in mine.offers for skill, _percent in near.met_by(offered)}
    inside = CollectiveMembership.objects.filter(member=me, state__in=BELONGING)
    rows = Call.objects.visible_to(me).filter(state=Call.State.OPEN, closes_at__gt=at).exclude(author=me)
    rows = rows.filter(Q(collective=None) | ~Q(collective__in=inside.values("collective")))
    rows = rows.exclude(author__in=Dismissal.between(me))
    rows = rows.exclude(pk__in=CallAnswer.objects.filter(member=me).values("call"))
    rows = rows.filter(skills__skill__in=asked_for).distinct().order_by("-pk").select_related("author", "collective")
    lists = ("skills__skill", "languages", "countries", "answers", "author__sectors")
    found = []
    for call in rows.prefetch_related(*lists)[:LOOKED_THROUGH]:
        countries = {row.code for row in call.countries.all()}
        why = explain(as_person(call), mine, near, CALLING)
        if not why.why_not and why.points(Part.WISHES) and (not countries or me.country in countries):
            found.append(Fit(call, why))
    found.sort(key=lambda one: (-one.why.total, -one.call.pk))
    return found[:LISTED]


def suggest_due(*, at: dt.datetime) -> int:
    """Tell those whom new calls fit, once for each call. Returns how many calls that was."""
    new = Call.objects.filter(state=Call.State.OPEN, suggested_at=None, closes_at__gt=at).order_by("pk")
    return sum(_suggest(call=call, at=at) for call in new)


def fitting(call: Call, *, at: dt.datetime, limit: int = TOLD) -> list[int]:
    """Members whom the call fits and who see it, by id, best first: none who answered, calls too, or wants none suggested."""
    index = PEOPLE.index(at=at)
    person = as_person(call)
    close = {skill for wanted, _now, _priority in person.wants for skill in index.near.close(wanted)}
    able = Member.objects.present().filter(pk__in=Offer.objects.filter(skill__in=close).values("member"))
    if countries := [row.code for row in call.countries.all()]:
        able = able.filter(country__in=countries)
    if call.author.seen_by == Member.SeenBy.ORGANISATION:
        able = able.filter(organisation=call.author.organisation_id)
    elif call.author.seen_abroad == Member.SeenAbroad.NOTHING:
        able = able.filter(near(call.author))
    if call.collective is not None:
        inside = CollectiveMembership.objects.filter(collective=call.collective, state__in=BELONGING)
        able = able.exclude(pk__in=inside.values("member"))
    able = able.exclude(pk__in=CallChoice.objects.filter(is_suggested=False).values("member"))
    able = able.exclude(pk__in=call.answers.values("member"))
    apart = Block.between(call.author) | Dismissal.between(call.author) | {call.author_id}
    allowed = frozenset(able.values_list("pk", flat=True))
    found = index.top(person, limit, allowed=allowed, exclude=apart, weights=CALLING)
    return [one.them for one in found if one.points(Part.WISHES)]


def as_person(call: Call) -> Person:
    """The call as somebody who wants its skills, from one level below; its number is counted from the end, where no member's is."""
    place = frozenset({"in_person"} if call.country else ())
    return Person(
        id=MOST_ID - call.pk,
        wants=tuple(
            (one.skill.merged_into_id or one.skill_id, one.level - 1, 2)
            for one in {row.skill.merged_into_id or row.skill_id: row for row in call.skills.all()}.values()
        ),
        sectors=frozenset(sector.pk for sector in call.author.sectors.all()),
        languages=tuple((row.code, NATIVE) for row in call.languages.all()),
        country=call.country or call.author.country,
        formats=place | ({"online"} if call.is_remote else frozenset()),
    )


@transaction.atomic
def _suggest(*, call: Call, at: dt.datetime) -> bool:
    rows = Call.objects.select_for_update(of=("self",)).select_related("author", "collective")
    call = rows.prefetch_related("skills__skill", "author__sectors").get(pk=call.pk)
    if call.suggested_at is not None or not rules.is_answerable(call, at):
        return False
    call.suggested_at = at
    call.save(update_fields=["suggested_at"])
    if call.collective is not None and not call.collective.is_listed:
        return True
    best = fitting(call, at=at, limit=3 * TOLD)
    lately = Notice.objects.filter(
        member__in=best, kind=Notice.Kind.CALL_FITS, created_at__gt=at - dt.timedelta(days=7)
    )
    heard = Counter(lately.values_list("member", flat=True))
    told = [pk for pk in best if heard[pk] < TOLD_A_WEEK][:TOLD]
    tell_all(members=told, kind=Notice.Kind.CALL_FITS, data=facts(call, call.author), at=at)
    return True
