"""Results by country, counted from those who could vote when it began. Of a secret vote, few are told together with others."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from backend.decisions.models import Proposal
from backend.decisions.rules import TOLD_FROM
from backend.decisions.tallies import Tally


@dataclass
class Part:
    """Those of some countries: how many could vote, what they said, and how many ballots that is: a ballot may be lent to several."""

    electorate: int = 0
    said: list[dict[str, Any]] = field(default_factory=list)
    ballots: set[int] = field(default_factory=set)

    def join(self, other: "Part") -> None:
        self.electorate += other.electorate
        self.said += other.said
        self.ballots |= other.ballots


def results(proposal: Proposal, tally: Callable[[list[dict[str, Any]]], Tally]) -> list[dict[str, Any]]:
    """Each country with `electorate`, `voted` and `figures`, the largest electorate first; `country` is empty for several together.

    A lent vote counts where who lent it lives.
    """
    parts = _parts(proposal)
    if proposal.is_secret:
        parts = told_together(parts)
    rows = [
        {
            "country": country,
            "electorate": part.electorate,
            "voted": len(part.said),
            "figures": tally(part.said).figures,
        }
        for country, part in parts.items()
    ]
    return sorted(rows, key=lambda row: (row["country"] == "", -row["electorate"], row["country"]))


def told_together(parts: dict[str, Part]) -> dict[str, Part]:
    """Countries with fewer ballots than TOLD_FROM as one, with the next larger ones until it has as many; nothing if that is all.

    Where nobody voted there is nothing to hide.
    """
    others = Part()
    silent = {country: part for country, part in parts.items() if not part.ballots}
    rest = sorted(
        ((country, part) for country, part in parts.items() if part.ballots),
        key=lambda one: (len(one[1].ballots), one[0]),
    )
    few = any(len(part.ballots) < TOLD_FROM for _country, part in rest)
    while few and rest and (len(rest[0][1].ballots) < TOLD_FROM or len(others.ballots) < TOLD_FROM):
        others.join(rest.pop(0)[1])
    if not rest:
        return {}
    return dict(rest) | silent | ({"": others} if few else {})


def _parts(proposal: Proposal) -> dict[str, Part]:
    said = {voter: (pk, content) for voter, pk, content in _ballots(proposal)}
    parts: dict[str, Part] = defaultdict(Part)
    for voter, delegate, country in proposal.voters.order_by().values_list("pk", "delegate", "country"):
        part = parts[country]
        part.electorate += 1
        # Their own vote goes before that of whom they chose, whose own choice does not travel on.
        ballot = said.get(voter) or said.get(delegate)
        if ballot is not None:
            part.ballots.add(ballot[0])
            part.said.append(ballot[1])
    return parts


def _ballots(proposal: Proposal) -> Any:
    return proposal.ballots.filter(voter__isnull=False).values_list("voter", "pk", "content")
