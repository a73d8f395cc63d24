"""Calls for collaborators."""

import datetime as dt
from typing import Any

from django.utils import timezone

from backend.calls import actions, answering
from backend.calls.models import Call, CallAnswer
from backend.collectives import actions as collectives
from backend.collectives.models import Collective
from backend.members.models import Member, Offer, SpokenLanguage
from backend.notices.models import Notice
from backend.skills.models import Skill
from tests.cast import a_member, signed_in

DAY = dt.timedelta(days=1)
MESSAGE = "I would love to come along."


def now() -> dt.datetime:
    return timezone.now()


def soon(days: int = 14) -> dt.date:
    return (now() + days * DAY).date()


def a_call(author: Member, *skills: Skill, people: int = 1, at: dt.datetime | None = None, **fields: Any) -> Call:
    """Somebody looks for one person with each of these skills, from anywhere, for two weeks."""
    rows = [{"skill": skill, "level": 1, "people": people} for skill in skills]
    wish: dict[str, Any] = {"title": "A tour in May", "text": "Six towns, one van.", "open_until": soon()}
    return actions.open_call(member=author, at=at or now(), **(wish | {"skills": rows} | fields))


def says_yes(call: Call, member: Member, skill: Skill) -> CallAnswer:
    return answering.answer(call=call, member=member, skill=skill, message=MESSAGE, at=now())


def taken_in(call: Call, by: Member, member: Member, skill: Skill) -> CallAnswer:
    one = says_yes(call, member, skill)
    answering.accept(call=call, by=by, answer=one.pk, at=now())
    one.refresh_from_db()
    return one


def able(name: str, *skills: Skill, level: int = 3, **fields: Any) -> Member:
    """Offers these skills and speaks English."""
    member = a_member(name, **fields)
    Offer.objects.bulk_create(Offer(member=member, skill=skill, level=level) for skill in skills)
    SpokenLanguage.objects.create(member=member, code="en", level=5)
    return member


def a_collective(*members: Member, **fields: Any) -> Collective:
    """The first founds it and is its steward."""
    made = collectives.found(member=members[0], at=now(), **({"name": "Loge"} | fields))
    for guest in members[1:]:
        collectives.invite(collective=made, by=members[0], guest=guest, at=now())
        collectives.accept_invitation(collective=made, member=guest, at=now())
    return made


def told(member: Member) -> list[str]:
    return list(Notice.objects.filter(member=member).order_by("pk").values_list("kind", flat=True))


def listed(member: Member, **query: Any) -> list[str]:
    answer = signed_in(member).get("/api/calls/", query)
    assert answer.status_code == 200, answer.json()
    return [row["title"] for row in answer.json()["results"]]
