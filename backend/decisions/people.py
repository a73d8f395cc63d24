"""Whose a proposal is: the people of a collective, or all whom a consultation concerns. Everything that differs between the two is here."""

from typing import Any

from django.db.models import F, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf

from backend.collectives import rules as collectives
from backend.collectives.models import CollectiveMembership
from backend.consultations import rules as consultations
from backend.consultations import telling as consulting
from backend.conversations.models import Room
from backend.decisions.models import Proposal
from backend.members.models import Member


def is_inside(member: Member, proposal: Proposal) -> bool:
    """Whether somebody may read it: a member of its collective, also on leave; all whom its consultation concerns."""
    if proposal.collective is not None:
        return collectives.belongs(member, proposal.collective)
    return proposal.consultation is not None and consultations.concerns(member, proposal.consultation)


def steers(member: Member, proposal: Proposal) -> bool:
    """A steward of its collective; one of those who look after its consultation."""
    if proposal.collective is not None:
        return collectives.is_steward(member, proposal.collective)
    return proposal.consultation is not None and consultations.is_facilitator(member, proposal.consultation)


def owns(member: Member, proposal: Proposal) -> bool:
    """Whose words they are: its author's; in a consultation, of all who look after it."""
    if proposal.consultation is not None:
        return consultations.is_facilitator(member, proposal.consultation)
    return proposal.author_id == member.pk


def may_meet(member: Member, other: int, proposal: Proposal) -> bool:
    """Whether one may name somebody here: all of one's collective; where all are asked, whom one sees elsewhere too."""
    return proposal.consultation_id is None or Member.objects.visible_to(member).filter(pk=other).exists()


def inside(proposal: Proposal) -> QuerySet[Any, int]:
    """All who read it, by id, in no order."""
    if proposal.consultation is not None:
        return proposal.consultation.people.order_by().values_list("pk", flat=True)
    return _members(proposal).values_list("member", flat=True)


def electorate(proposal: Proposal) -> list[tuple[int, str]]:
    """Who may vote if it begins now, each with the country in which they live: neither guests nor who is on leave."""
    if proposal.consultation is not None:
        country = Coalesce(NullIf("country", Value("")), "organisation__country")
        people = proposal.consultation.people.annotate(where=country)
        return list(people.order_by("pk").values_list("pk", "where"))
    voting = _members(proposal).exclude(role=CollectiveMembership.Role.GUEST)
    return list(voting.order_by("member").values_list("member", F("member__country")))


def room_of(proposal: Proposal) -> Room:
    if proposal.collective is not None:
        return proposal.collective.room
    assert proposal.consultation is not None
    return proposal.consultation.room


def facts(proposal: Proposal) -> dict[str, Any]:
    """Whose it is, as notices name it."""
    if proposal.consultation is not None:
        return consulting.facts(proposal.consultation)
    assert proposal.collective is not None
    return {"collective": {"id": proposal.collective.pk, "name": proposal.collective.name}}


def _members(proposal: Proposal) -> QuerySet[CollectiveMembership]:
    """Of its collective, with an open account."""
    state = CollectiveMembership.State.MEMBER
    rows = CollectiveMembership.objects.filter(collective=proposal.collective_id, state=state, member__is_active=True)
    return rows.order_by()
