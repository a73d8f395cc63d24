"""What people hear of calls."""

from typing import Any

from backend.calls import rules
from backend.calls.models import Call
from backend.members.models import Block, Member


def facts(call: Call, person: Member | None = None) -> dict[str, Any]:
    """What the sentences about calls need."""
    about: dict[str, Any] = {"call": {"id": call.pk, "title": call.title}}
    return about | ({"person": {"id": person.pk, "name": person.name}} if person else {})


def leading(call: Call, *, about: Member | None = None) -> list[int]:
    """Who decides about answers, by id; nobody between whom and `about` stands a block."""
    people = [call.author]
    if call.collective is not None:
        people = [row.member for row in call.collective.memberships.select_related("member")]
    apart = Block.between(about) if about else frozenset()
    leads = {one.pk for one in people if one.is_active and rules.may_lead(one, call)}
    return sorted(leads - apart)
