"""Who may do what with a proposal, and when."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from backend.decisions import people
from backend.decisions.models import Proposal, Voter
from backend.errors import Conflict, NotAllowed, NotFound
from backend.members.models import Member

State = Proposal.State
Method = Proposal.Method

TRANSITIONS: dict[str, dict[str, str]] = {
    State.DRAFT: {"discuss": State.DISCUSSION, "withdraw": State.WITHDRAWN},
    State.DISCUSSION: {"open": State.OPENING, "withdraw": State.WITHDRAWN},
    State.OPENING: {"begin": State.VOTING},
    State.VOTING: {"stop": State.COUNTING},
    State.COUNTING: {"close": State.CLOSED},
    State.CLOSED: {"conclude": State.CONCLUDED},
    State.CONCLUDED: {"conclude": State.CONCLUDED},
    State.WITHDRAWN: {},
}
"""All that can happen to a proposal; a vote that has begun runs to its end."""

EDITABLE = (State.DRAFT, State.DISCUSSION)
WITH_OPTIONS = (Method.SCORE, Method.RANKED, Method.DOTS, Method.DATES)
OPTIONS_MAX = 20
CHANGES_MAX = 5
SHORTEST_VOTE = dt.timedelta(hours=1)
LONGEST_VOTE = dt.timedelta(days=90)
REMINDED_BEFORE = dt.timedelta(hours=24)
LOOKED_AFTER = dt.timedelta(minutes=15)
TOLD_FROM = 5
"""Ballots: of a secret vote, nothing is told of a country with fewer, but together with others."""
STRONG_QUORUM, STRONG_THRESHOLD = 50, 67
"""Percent: whoever decides about who belongs must be many, and agree by two thirds or by consent."""


def after(proposal: Proposal, event: str) -> str:
    """The state that follows, or the refusal `not_now`."""
    following = TRANSITIONS[proposal.state].get(event)
    if following is None:
        raise Conflict("not_now", _("The proposal is not at this point."), state=proposal.state)
    return following


def may_lead(member: Member, proposal: Proposal) -> bool:
    """Begin the vote, and write down the outcome: whoever proposed it, or a steward; in a consultation, who looks after it."""
    return people.is_inside(member, proposal) and (people.owns(member, proposal) or people.steers(member, proposal))


def may_edit(member: Member, proposal: Proposal) -> bool:
    """Its author alone: others say what they would like changed in its topic. In a consultation, who looks after it."""
    return proposal.state in EDITABLE and people.owns(member, proposal) and people.is_inside(member, proposal)


def refuse_unless_inside(member: Member, proposal: Proposal) -> None:
    """A draft, and all of a collective that one does not belong to or of what does not concern one, do not exist."""
    hidden = proposal.state == State.DRAFT and not people.owns(member, proposal)
    if hidden or not people.is_inside(member, proposal):
        raise NotFound()


def refuse_unless_author(member: Member, proposal: Proposal) -> None:
    refuse_unless_inside(member, proposal)
    if not people.owns(member, proposal):
        raise NotAllowed("not_the_author", _("Only who proposed it may do this."))


def refuse_unless_leading(member: Member, proposal: Proposal) -> None:
    refuse_unless_inside(member, proposal)
    if not may_lead(member, proposal):
        raise NotAllowed("not_the_author", _("Only who proposed it, or a steward, may do this."))


def shows_figures(proposal: Proposal) -> bool:
    """Whether running figures are told; of a secret vote they would tell the last voter's ballot, of a large one they cost too much."""
    if proposal.state not in (State.OPENING, State.VOTING, State.COUNTING):
        return True
    return proposal.state == State.VOTING and not (
        proposal.hides_results or proposal.is_secret or proposal.consultation_id is not None
    )


def shows_ballots(proposal: Proposal) -> bool:
    """Whether it is told who voted what."""
    return not proposal.is_secret and shows_figures(proposal)


def voter_of(member: Member, proposal: Proposal) -> Voter | None:
    return proposal.voters.filter(member=member).first()
