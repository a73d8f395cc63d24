"""A proposal that nobody else changes until the transaction ends."""

from backend.decisions.models import Proposal


def held(proposal: Proposal) -> Proposal:
    """The proposal as it is now, held until the end of the transaction, with whose it is."""
    rows = Proposal.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("collective__room", "consultation__room", "consultation__organisation", "author").get(
        pk=proposal.pk
    )
