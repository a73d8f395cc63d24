"""Deciding with 50,000 who may vote: how many votes a second the action takes, how long each way to count takes, and a whole closing."""

import datetime as dt
import random
import time
from typing import Any

from backend.collectives import actions as collectives
from backend.collectives.models import Collective, CollectiveMembership
from backend.decisions import actions, closing, opening
from backend.decisions.models import Ballot, Option, Proposal
from backend.members.models import Member, Organisation
from backend.notices import circulars
from tests.bench.figures import Row, row

ENGINES = ("sqlite", "postgresql")
VOTERS = 50_000
CAST = 1_500
OPTIONS = 8
CAST_TARGET, TALLY_SECONDS = 300, 2
NOW = dt.datetime(2026, 1, 5, 8, tzinfo=dt.UTC)
END = NOW + dt.timedelta(days=7)
CHUNK = 5_000


def run() -> list[Row]:
    luck = random.Random(7)
    people = _people()
    collective = _collective(people)
    proposal = actions.propose(member=people[0], collective=collective, at=NOW, title="A van", method="consent")
    proposal = actions.discuss(proposal=proposal, by=people[0], at=NOW)
    began = time.monotonic()
    proposal = actions.open_vote(proposal=proposal, by=people[0], closes_at=END, at=NOW)
    assert opening.open_due(at=NOW) == 1
    circulars.send_all()
    rows = [row("decisions.vote", "open_s", time.monotonic() - began)]
    rows += [_cast(proposal, luck.sample(people, CAST), luck)]
    rows += [_tally(proposal, method, luck) for method in Proposal.Method.values]
    began = time.monotonic()
    assert closing.close_due(at=END) == 1
    circulars.send_all()
    return [*rows, row("decisions.vote", "close_s", time.monotonic() - began)]


def _cast(proposal: Proposal, people: list[Member], luck: random.Random) -> Row:
    """One after the other, as one process does."""
    ballots = [_said("consent", [], luck) for _person in people]
    began = time.monotonic()
    for person, ballot in zip(people, ballots, strict=True):
        actions.vote(proposal=proposal, by=person, ballot=ballot, at=NOW)
    per_second = CAST / (time.monotonic() - began)
    assert proposal.ballots.count() == CAST
    return row("decisions.vote", "cast_per_s", per_second, target=CAST_TARGET, better="more")


def _tally(proposal: Proposal, method: str, luck: random.Random) -> Row:
    """Reading what 50,000 said and counting it."""
    proposal.method = method
    proposal.save(update_fields=["method"])
    proposal.ballots.all().delete()
    proposal.options.all().delete()
    names = range(OPTIONS if method in ("score", "ranked", "dots", "dates") else 0)
    options = Option.objects.bulk_create(
        Option(proposal=proposal, position=place, title=f"Option {place}") for place in names
    )
    numbers = [option.pk for option in options]
    voters = proposal.voters.order_by("pk").values_list("pk", flat=True)
    ballots = (Ballot(proposal=proposal, voter_id=pk, content=_said(method, numbers, luck)) for pk in voters)
    Ballot.objects.bulk_create(ballots, batch_size=CHUNK)
    fresh = Proposal.objects.get(pk=proposal.pk)
    began = time.monotonic()
    _counted, taking_part = closing.count(fresh)
    seconds = time.monotonic() - began
    assert taking_part == {"voted": VOTERS, "lent": 0, "electorate": VOTERS}
    return row("decisions.tally", f"{method}_s", seconds, target=TALLY_SECONDS)


def _said(method: str, options: list[int], luck: random.Random) -> dict[str, Any]:
    match method:
        case "consent":
            stance = luck.choices(["consent", "aside", "objection"], [90, 8, 2])[0]
            return {"stance": stance, "reason": "It is too dear."} if stance == "objection" else {"stance": stance}
        case "majority":
            return {"choice": luck.choice(["yes", "no"])}
        case "score":
            return {"scores": {str(option): luck.randint(0, 5) for option in options}}
        case "ranked":
            return {"ranking": luck.sample(options, luck.randint(1, len(options)))}
        case "dots":
            return {"dots": {str(option): 2 for option in luck.sample(options, 4)}}
        case _:
            return {"dates": {str(option): luck.choice(["yes", "if_needed", "no"]) for option in options}}


def _people() -> list[Member]:
    home = Organisation.objects.create(name="Bench", slug="bench", country="BE")
    facts: dict[str, Any] = {"organisation": home, "onboarded_at": NOW, "country": "BE"}
    return Member.objects.bulk_create(
        [Member(email=f"{number}@example.org", name=f"Member {number}", **facts) for number in range(VOTERS)],
        batch_size=CHUNK,
    )


def _collective(people: list[Member]) -> Collective:
    collective = collectives.found(member=people[0], name="Bench", at=NOW)
    rows = (
        CollectiveMembership(collective=collective, member=member, state="member", joined_at=NOW)
        for member in people[1:]
    )
    CollectiveMembership.objects.bulk_create(rows, batch_size=CHUNK)
    return collective
