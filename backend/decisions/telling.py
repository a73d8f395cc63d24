"""What people hear of proposals: notices, and open screens that read them again."""

import datetime as dt
from collections.abc import Iterable
from functools import lru_cache

from backend.decisions import people
from backend.decisions.models import Proposal, Voter
from backend.events import Fact, announce_all
from backend.notices.circulars import tell_many
from backend.notices.models import Notice

LIVE_UP_TO = 200


def tell_about(proposal: Proposal, members: Iterable[int], kind: Notice.Kind, *, at: dt.datetime) -> None:
    """The same notice to each of these members; `data` names the proposal and whose it is, and says how it ended, or until when one votes."""
    data = people.facts(proposal) | {
        "proposal": {"id": proposal.pk, "title": proposal.title},
        "verdict": proposal.verdict,
    }
    if proposal.state == Proposal.State.VOTING and proposal.closes_at is not None:
        data["closes_at"] = proposal.closes_at.isoformat()
    tell_many(members=members, kind=kind, data=data, at=at)


def show(proposal: Proposal) -> None:
    """Everyone whose it is and who has a window open reads it again; nothing of what it says is told. Not where all are asked."""
    if proposal.consultation_id is not None:
        show_vote(proposal)
    else:
        _tell_screens(proposal, people.inside(proposal))


def show_vote(proposal: Proposal) -> None:
    """The same after a ballot, where it is not one of very many: those who look on load the figures when they come back."""
    if _is_large(proposal.pk, proposal.opened_at):
        return
    # In whatever order they lie: sorted, all of them would be read where they are very many after all.
    members = list(people.inside(proposal)[: LIVE_UP_TO + 1])
    if len(members) <= LIVE_UP_TO:
        _tell_screens(proposal, members)


@lru_cache(1 << 12)
def _is_large(proposal: int, opened_at: dt.datetime | None) -> bool:
    """Whether very many may vote, asked once: who they are does not change after the vote has begun."""
    rows = Voter.objects.filter(proposal=proposal).order_by().values_list("pk", flat=True)
    return bool(rows[LIVE_UP_TO : LIVE_UP_TO + 1])


def inside(proposal: Proposal, *, but: int | None = None) -> list[int]:
    """All whose it is, by id."""
    return sorted(pk for pk in people.inside(proposal) if pk != but)


def _tell_screens(proposal: Proposal, members: Iterable[int]) -> None:
    fact: Fact = {"type": "decisions.changed", "proposal": proposal.pk}
    announce_all([(("member", member), fact) for member in members])
