"""What people hear of proposals: notices, and open screens that read them again."""

import datetime as dt
from collections.abc import Iterable

from backend.decisions import people
from backend.decisions.models import Proposal
from backend.events import Fact, announce_all
from backend.notices.circulars import tell_many
from backend.notices.models import Notice

LIVE_UP_TO = 200


def tell_about(proposal: Proposal, members: Iterable[int], kind: Notice.Kind, *, at: dt.datetime) -> None:
    """The same notice to each of these members; `data` names the proposal and whose it is, and says how it ended."""
    data = people.facts(proposal) | {
        "proposal": {"id": proposal.pk, "title": proposal.title},
        "verdict": proposal.verdict,
    }
    tell_many(members=members, kind=kind, data=data, at=at)


def show(proposal: Proposal) -> None:
    """Everyone whose it is and who has a window open reads it again; nothing of what it says is told. Not where all are asked."""
    if proposal.consultation_id is not None:
        show_vote(proposal)
    else:
        _tell_screens(proposal, people.inside(proposal))


def show_vote(proposal: Proposal) -> None:
    """The same after a ballot, where it is not one of very many: those who look on load the figures when they come back."""
    # In whatever order they lie: sorted, all of them would be read for every ballot of a large vote.
    members = list(people.inside(proposal)[: LIVE_UP_TO + 1])
    if len(members) <= LIVE_UP_TO:
        _tell_screens(proposal, members)


def inside(proposal: Proposal, *, but: int | None = None) -> list[int]:
    """All whose it is, by id."""
    return sorted(pk for pk in people.inside(proposal) if pk != but)


def _tell_screens(proposal: Proposal, members: Iterable[int]) -> None:
    fact: Fact = {"type": "decisions.changed", "proposal": proposal.pk}
    announce_all([(("member", member), fact) for member in members])
