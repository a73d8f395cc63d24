"""What people hear of proposals: notices, and open screens that read them again."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import QuerySet

from backend.collectives.models import CollectiveMembership
from backend.decisions.models import Proposal
from backend.events import Fact, announce_all
from backend.notices.actions import tell_all
from backend.notices.models import Notice

LIVE_UP_TO = 200


def tell_about(proposal: Proposal, members: Iterable[int], kind: Notice.Kind, *, at: dt.datetime) -> None:
    """The same notice to each of these members; `data` names the proposal and its collective, and says how it ended."""
    data = {
        "proposal": {"id": proposal.pk, "title": proposal.title},
        "collective": {"id": proposal.collective_id, "name": proposal.collective.name},
        "verdict": proposal.verdict,
    }
    tell_all(members=members, kind=kind, data=data, at=at)


def show(proposal: Proposal) -> None:
    """Every member of the collective who has a window open reads the proposal again; nothing of what it says is told."""
    _tell_screens(proposal, inside(proposal.collective_id))


def show_vote(proposal: Proposal) -> None:
    """The same after a ballot, where it is not one of very many: those who look on load the figures when they come back."""
    # In whatever order they lie: sorted, all of them would be read for every ballot of a large vote.
    members = list(_inside(proposal.collective_id).order_by().values_list("member", flat=True)[: LIVE_UP_TO + 1])
    if len(members) <= LIVE_UP_TO:
        _tell_screens(proposal, members)


def _tell_screens(proposal: Proposal, members: Iterable[int]) -> None:
    fact: Fact = {"type": "decisions.changed", "proposal": proposal.pk}
    announce_all([(("member", member), fact) for member in members])


def inside(collective: int) -> list[int]:
    """Members of a collective whose account is open, by id."""
    return list(_inside(collective).values_list("member", flat=True))


def electorate(collective: int) -> list[int]:
    """Those among them who have a vote now: neither guests nor who is on leave."""
    voting = _inside(collective).exclude(role=CollectiveMembership.Role.GUEST)
    return list(voting.values_list("member", flat=True))


def _inside(collective: int) -> QuerySet[CollectiveMembership]:
    rows = CollectiveMembership.objects.filter(
        collective=collective, state=CollectiveMembership.State.MEMBER, member__is_active=True
    )
    return rows.order_by("member")
