"""Deciding together."""

import datetime as dt
from typing import Any

from backend.collectives import actions as collectives
from backend.collectives.models import Agreement, Collective, CollectiveMembership, Note, NoteText
from backend.consultations.models import Consultation, Recommendation, Support, Theme
from backend.decisions import actions
from backend.decisions.models import Ballot, Change, Option, Outcome, Proposal, StandingDelegation, Voter
from backend.members.models import Member
from tests.cast import a_member, utc

NOW = utc(2030, 5, 6, 9)
END = NOW + dt.timedelta(days=3)
TABLES: tuple[Any, ...] = (
    Proposal, Option, Voter, Ballot, Change, Outcome, StandingDelegation, Consultation, Theme, Recommendation, Support,
    Collective, CollectiveMembership, Agreement, Note, NoteText,
)  # fmt: skip


def stored() -> list[int]:
    """How many rows there are of all that is decided with: the same before and after what was refused."""
    return [table.objects.count() for table in TABLES]


def a_collective(*members: Member, name: str = "Loge") -> Collective:
    """The first founds it and is its steward."""
    made = collectives.found(member=members[0], name=name, at=NOW)
    for guest in members[1:]:
        collectives.invite(collective=made, by=members[0], guest=guest, at=NOW)
        collectives.accept_invitation(collective=made, member=guest, at=NOW)
    return made


def three() -> tuple[Collective, Member, Member, Member]:
    ada, ben, cleo = a_member("Ada"), a_member("Ben"), a_member("Cleo")
    return a_collective(ada, ben, cleo), ada, ben, cleo


def a_proposal(collective: Collective, by: Member, method: str = "majority", **fields: Any) -> Proposal:
    return actions.propose(
        member=by, collective=collective, at=NOW, **({"title": f"Buy a van ({method})", "method": method} | fields)
    )


def voted_on(collective: Collective, by: Member, method: str = "majority", **fields: Any) -> Proposal:
    """A proposal on which people vote from NOW to END."""
    proposal = actions.discuss(proposal=a_proposal(collective, by, method, **fields), by=by, at=NOW)
    return actions.open_vote(proposal=proposal, by=by, closes_at=END, at=NOW)


def says(proposal: Proposal, member: Member, **ballot: Any) -> None:
    actions.vote(proposal=proposal, by=member, ballot=ballot, at=NOW)
