"""Who has a vote: members when it begins, neither guests nor who is on leave; and what becomes of it when everyone has voted."""

import datetime as dt
from typing import Any

import pytest

from backend.collectives import actions as collectives
from backend.collectives import belonging
from backend.decisions import actions, closing
from backend.decisions.models import Ballot, Proposal, Voter
from backend.members.actions import close_account
from backend.members.models import Member
from tests.cast import a_member, signed_in
from tests.decisions import END, NOW, a_proposal, says, three, voted_on
from tests.decisions.test_voting import refused

pytestmark = pytest.mark.django_db


def test_guests_and_those_on_leave_read_along_without_a_vote() -> None:
    collective, ada, ben, cleo = three()
    dora = a_member("Dora")
    collectives.invite(collective=collective, by=ada, guest=dora, is_guest=True, at=NOW)
    collectives.accept_invitation(collective=collective, member=dora, at=NOW)
    belonging.go_on_leave(collective=collective, member=cleo, at=NOW)
    proposal = voted_on(collective, ada)
    assert set(Voter.objects.values_list("member", flat=True)) == {ada.pk, ben.pk}
    for reader in (cleo, dora):
        seen = signed_in(reader).get(f"/api/decisions/{proposal.pk}/").json()
        assert (seen["electorate"], seen["mine"]["may"]) == (2, False)
        answer = refused(actions.vote, proposal=proposal, by=reader, ballot={"choice": "yes"}, at=NOW)
        assert answer == "not_a_voter"
    assert refused(a_proposal, collective, dora) == "guest_without_vote"


def test_who_goes_on_leave_while_a_vote_runs_keeps_their_vote_and_who_comes_back_gets_none() -> None:
    collective, ada, ben, cleo = three()
    belonging.go_on_leave(collective=collective, member=cleo, at=NOW)
    proposal = voted_on(collective, ada)
    belonging.go_on_leave(collective=collective, member=ben, at=NOW)
    belonging.come_back(collective=collective, member=cleo, at=NOW)
    says(proposal, ben, choice="yes")
    assert refused(actions.vote, proposal=proposal, by=cleo, ballot={"choice": "no"}, at=NOW) == "not_a_voter"


def test_a_vote_in_which_everyone_has_voted_can_be_counted_before_its_end() -> None:
    collective, ada, ben, cleo = three()
    proposal = voted_on(collective, ada)
    for voter in (ada, ben):
        says(proposal, voter, choice="yes")
    assert refused(actions.end_early, proposal=proposal, by=ada, at=NOW) == "not_everyone_voted"
    actions.delegate(proposal=proposal, by=cleo, to=ada.pk, at=NOW)
    assert refused(actions.end_early, proposal=proposal, by=ada, at=NOW) == "not_everyone_voted"
    says(proposal, cleo, choice="no")
    assert refused(actions.end_early, proposal=proposal, by=cleo, at=NOW) == "not_the_author"
    assert signed_in(ada).get(f"/api/decisions/{proposal.pk}/").json()["may"]["end"] is True
    early = NOW + dt.timedelta(minutes=5)
    actions.end_early(proposal=proposal, by=ada, at=early)
    assert refused(actions.vote, proposal=proposal, by=cleo, ballot={"choice": "yes"}, at=early) == "vote_is_over"
    assert (closing.close_due(at=early), closing.close_due(at=END)) == (1, 0)
    proposal.refresh_from_db()
    assert proposal.result is not None
    assert (proposal.verdict, proposal.result["figures"]["no"]) == ("decided", 1)


def test_a_vote_that_is_over_never_changes() -> None:
    collective, ada, ben, cleo = three()
    proposal = voted_on(collective, ada, "dots", options=[{"title": "Van"}, {"title": "Trailer"}])
    van, trailer = proposal.options.values_list("pk", flat=True)
    says(proposal, ben, dots={str(van): 8})
    actions.delegate(proposal=proposal, by=cleo, to=ben.pk, at=NOW)
    closing.close_due(at=END)

    def kept() -> Any:
        fresh = Proposal.objects.get(pk=proposal.pk)
        ballots = Ballot.objects.filter(proposal=proposal).values_list("voter", "content")
        return fresh.state, fresh.verdict, fresh.result, fresh.closed_at, list(ballots)

    before, late = kept(), END + dt.timedelta(hours=1)
    assert before[2]["figures"]["dots"] == {str(van): 16, str(trailer): 0}
    act: dict[str, Any] = {"proposal": proposal, "by": ada, "at": NOW}
    ballot = {"dots": {str(trailer): 8}}
    assert refused(actions.vote, **act | {"by": ben, "ballot": ballot}) == "vote_is_over"
    assert refused(actions.delegate, **act | {"by": cleo, "to": None}) == "vote_is_over"
    assert refused(actions.edit, **act, options=[]) == "not_now"
    assert refused(actions.open_vote, **act, closes_at=late) == "not_now"
    assert {refused(again, **act) for again in (actions.end_early, actions.withdraw, actions.discuss)} == {"not_now"}
    collectives.leave(collective=collective, member=ben, at=late)
    close_account(member=cleo, at=late)
    assert closing.close_due(at=late) == 0
    assert kept() == before


def test_a_change_says_what_it_is_about_but_names_nobody_who_is_hidden() -> None:
    collective, ada, ben, _cleo = three()
    hidden = a_member("Hidden")
    effects = [{"kind": "steward", "member": ben.pk}, {"kind": "admission", "member": hidden.pk}]
    proposal = voted_on(collective, ada, effects=effects, quorum=50, threshold=67)
    Member.objects.filter(pk=hidden.pk).update(seen_by="nobody")
    told = signed_in(ben).get(f"/api/decisions/{proposal.pk}/").json()["effects"]
    assert [one["about"] for one in told] == ["Ben", ""]
