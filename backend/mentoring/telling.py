"""What every act of guidance does beside its own: who is held meanwhile, what notices say, and that matching looks again."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from backend.members.models import Member
from backend.mentoring import prices
from backend.mentoring.models import MentorshipRequest


def hold(*people: int) -> None:
    """Nobody else asks or answers for these until the transaction ends. Always in the order of their ids, so that two acts about
    the same people wait for each other instead of blocking each other.
    """
    rows = Member.objects.select_for_update(no_key=True).filter(pk__in=people).order_by("pk")
    list(rows.values_list("pk"))


def touch(mentors: Iterable[int], at: dt.datetime) -> None:
    """Places and waiting requests are part of how a guide is ranked: let matching read them again."""
    Member.objects.filter(pk__in=set(mentors)).update(changed_at=at)
    prices.soon()


def facts(request: MentorshipRequest, person: Member) -> dict[str, Any]:
    """What the sentence about a request needs, as told to the other one of the two."""
    return {"request": request.pk, "track": str(request.track), "person": named(person)}


def named(member: Member) -> dict[str, Any]:
    return {"id": member.pk, "name": member.name}
