"""Voting, lending, closing and leaving in the same instant; two workers with the same task."""

import datetime as dt
from typing import Any

import pytest

from backend.collectives import actions as collectives
from backend.decisions import actions, closing
from backend.decisions.models import Ballot, Proposal, Voter
from backend.errors import Refusal
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


def test_two_workers_close_once_and_remind_once() -> None:
    ada, ben = a_member("Ada"), a_member("Ben")
    collective = a_collective(ada, ben)
    proposal = voted_on(collective, ada, effects=[{"kind": "steward", "member": ben.pk}])
    says(proposal, ada, choice="yes")
    before = END - dt.timedelta(hours=1)
    assert sorted(at_once(*[lambda: closing.remind_due(at=before)] * 2)) == [0, 1]
    assert Notice.objects.filter(kind="vote_ends").count() == 1
    assert sorted(at_once(*[lambda: closing.close_due(at=END)] * 2)) == [0, 1]
    assert Notice.objects.filter(kind="vote_closed").count() == 2
    assert proposal.changes.get().state == "applied"


def test_who_leaves_while_they_vote_is_counted_or_refused() -> None:
    ada, ben = a_member("Ada"), a_member("Ben")
    collective = a_collective(ada, ben)
    proposal = voted_on(collective, ada)
    cast, _left = at_once(
        lambda: says(proposal, ben, choice="yes"), lambda: collectives.leave(collective=collective, member=ben, at=NOW)
    )
    assert closing.count(proposal)[1]["voted"] == (cast is None)
