"""Voting, lending, closing and leaving in the same instant; two workers with the same task."""

import datetime as dt
from functools import partial
from typing import Any

import pytest

from backend.collectives import actions as collectives
from backend.collectives.models import Agreement
from backend.decisions import actions, closing
from backend.decisions.models import Ballot, Proposal, Voter
from backend.errors import Refusal
from backend.members.models import Member
from backend.notices.models import Notice
from tests.bookings.cast import at_once
from tests.cast import a_member
from tests.decisions import END, NOW, a_collective, says, voted_on

pytestmark = pytest.mark.django_db(transaction=True)


def test_who_votes_while_it_closes_is_counted_or_refused_and_nothing_between() -> None:
    people = [a_member(f"Member {number}") for number in range(5)]
    collective = a_collective(*people)
    for turn in range(4):
        proposal = voted_on(collective, people[0], title=f"Turn {turn}")

        def casting(member: Any, proposal: Proposal = proposal) -> Any:
            return lambda: says(proposal, member, choice="yes")

        said = at_once(*map(casting, people), lambda: closing.close_due(at=END))
        assert all(one is None or isinstance(one, Refusal) for one in said[:-1]), said
        proposal.refresh_from_db()
        kept = sum(one is None for one in said[:-1])
        assert Ballot.objects.filter(proposal=proposal).count() == kept
        assert proposal.result is not None
        assert proposal.result["voted"] == kept
        assert {one.code for one in said[:-1] if one is not None} <= {"vote_is_over"}


def test_one_who_votes_twice_at_once_has_one_ballot() -> None:
    ada = a_member("Ada")
    proposal = voted_on(a_collective(ada), ada)
    said = at_once(*(lambda choice=choice: says(proposal, ada, choice=choice) for choice in ("yes", "no") * 2))
    assert said == [None] * 4
    assert Ballot.objects.filter(proposal=proposal).count() == 1
    assert closing.count(proposal)[1]["voted"] == 1


def test_two_who_lend_each_other_their_vote_at_once_are_no_circle() -> None:
    ada, ben = a_member("Ada"), a_member("Ben")
    proposal = voted_on(a_collective(ada, ben), ada)
    said = at_once(
        lambda: actions.delegate(proposal=proposal, by=ada, to=ben.pk, at=NOW),
        lambda: actions.delegate(proposal=proposal, by=ben, to=ada.pk, at=NOW),
    )
    assert sum(isinstance(one, Voter) for one in said) == 1
    assert Voter.objects.filter(proposal=proposal, delegate__isnull=False).count() == 1


def test_workers_at_the_same_vote_close_it_once_remind_once_and_let_it_take_effect_once() -> None:
    ada, ben = a_member("Ada"), a_member("Ben")
    collective = a_collective(ada, ben)
    effects = [{"kind": "steward", "member": ben.pk}, {"kind": "agreement", "text": "We share what we earn."}]
    proposal = voted_on(collective, ada, effects=effects)
    says(proposal, ada, choice="yes")
    before = END - dt.timedelta(hours=1)
    assert sorted(at_once(*[lambda: closing.remind_due(at=before)] * 2)) == [0, 1]
    assert Notice.objects.filter(kind="vote_ends").count() == 1
    assert sorted(at_once(*[lambda: closing.close_due(at=END)] * 3)) == [0, 0, 1]
    assert Notice.objects.filter(kind="vote_closed").count() == 2
    assert [one.state for one in proposal.changes.all()] == ["applied", "applied"]
    # Each time that it took effect would be another agreement, and be told to everyone.
    assert Agreement.objects.get().number == 1
    assert Notice.objects.filter(kind="agreement_changed").count() == 2


def test_who_leaves_while_they_vote_is_counted_or_refused() -> None:
    ada, ben = a_member("Ada"), a_member("Ben")
    collective = a_collective(ada, ben)
    proposal = voted_on(collective, ada)
    cast, _left = at_once(
        lambda: says(proposal, ben, choice="yes"), lambda: collectives.leave(collective=collective, member=ben, at=NOW)
    )
    assert closing.count(proposal)[1]["voted"] == (cast is None)


def test_whatever_voters_do_while_it_closes_the_tally_is_what_each_was_answered() -> None:
    people = [a_member(f"Member {number}") for number in range(8)]
    ada, *voters = people
    collective = a_collective(*people)
    for turn in range(2):
        proposal = voted_on(collective, ada, title=f"Turn {turn}")

        def votes(member: Member, choice: str, proposal: Proposal = proposal) -> Any:
            return lambda: says(proposal, member, choice=choice)

        def lends(member: Member, to: Member, proposal: Proposal = proposal) -> Any:
            return lambda: actions.delegate(proposal=proposal, by=member, to=to.pk, at=NOW)

        yes, no, leaving = voters[:2], voters[2:3], voters[3 + turn]
        lending = voters[5], voters[6]
        said = at_once(
            *(votes(member, "yes") for member in yes),
            *(votes(member, "no") for member in [*no, leaving]),
            lends(lending[0], yes[0]),
            lends(lending[1], no[0]),
            partial(collectives.leave, collective=collective, member=leaving, at=NOW),
            *[lambda: closing.close_due(at=END)] * 2,
        )
        assert sorted(said[-2:]) == [0, 1]
        refusals = {one.code for one in said[:-3] if isinstance(one, Refusal)}
        assert refusals <= {"vote_is_over", "not_found"}
        first, second, third, fourth = (one is None for one in said[:4])
        lent = [isinstance(said[4], Voter) and first, isinstance(said[5], Voter) and third]
        proposal.refresh_from_db()
        assert proposal.result is not None
        assert proposal.result["figures"] == {
            "yes": first + second + lent[0], "no": third + fourth + lent[1], "abstain": 0,
        }  # fmt: skip
        assert (proposal.result["lent"], proposal.result["electorate"]) == (sum(lent), 8 - turn)
