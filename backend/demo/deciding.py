"""What the collectives of the demo decide: a vote that runs, one that is over with what came of it, a date to find."""

import datetime as dt
from typing import Any

from backend.collectives.models import Collective
from backend.decisions import actions, closing
from backend.decisions.models import Proposal
from backend.members.models import Member

# All was shown before people talk in the room, which they do in the ten days before now.
LONG_AGO, LATELY = dt.timedelta(days=20), dt.timedelta(days=11)
LASTS = dt.timedelta(days=15)


def decide(collective: Collective, at: dt.datetime) -> None:
    """In a collective of three or more: the first who joined proposes."""
    people = [
        row.member for row in collective.memberships.select_related("member").filter(state="member").order_by("pk")
    ]
    if len(people) < 3:
        return
    rule = _vote(
        collective, people, at - LONG_AGO, method="consent", title="We tell each other before we lend the van",
        text="Whoever lends the van outside the collective says so in the room two days before.",
    )  # fmt: skip
    for place, member in enumerate(people[:6]):
        actions.vote(
            proposal=rule, by=member, ballot={"stance": "aside" if place == 2 else "consent"}, at=at - LONG_AGO
        )
    closing.close_due(at=at - LONG_AGO + LASTS)
    closing.conclude(
        proposal=rule, by=people[0], text="From now on. We look whether it works after the season.",
        review_on=(at + dt.timedelta(days=90)).date(), at=at - LONG_AGO + LASTS,
    )  # fmt: skip
    colour = _vote(
        collective, people, at - LATELY, method="ranked", title="What we buy first from what we saved",
        text="There are 1,400 euros. Everybody puts the four in order.",
        options=[{"title": name} for name in ("A second lighting desk", "Winter tyres", "A course together", "Nothing")],
    )  # fmt: skip
    desk, tyres, course, _nothing = colour.options.values_list("pk", flat=True)
    actions.vote(proposal=colour, by=people[1], ballot={"ranking": [tyres, course]}, at=at - LATELY)
    actions.vote(proposal=colour, by=people[2], ballot={"ranking": [course, desk, tyres]}, at=at)
    first = at.replace(hour=17, minute=0, second=0, microsecond=0) + dt.timedelta(days=12)
    draft = actions.propose(
        member=people[1], collective=collective, at=at - LATELY, method="dates", title="When we meet for the season",
        options=[{"starts_at": first + dt.timedelta(days=n), "ends_at": first + dt.timedelta(days=n, hours=2)} for n in (0, 2, 5)],
    )  # fmt: skip
    actions.discuss(proposal=draft, by=people[1], at=at - LATELY)


def _vote(collective: Collective, people: list[Member], at: dt.datetime, **fields: Any) -> Proposal:
    """A proposal by the first of these people, on which everybody votes for fifteen days."""
    made = actions.propose(member=people[0], collective=collective, at=at, **fields)
    actions.discuss(proposal=made, by=people[0], at=at)
    return actions.open_vote(proposal=made, by=people[0], closes_at=at + LASTS, at=at)
