"""Who votes for me until I take it back: written into each vote that begins, one step, no circle, told to whom it concerns."""

from typing import Any

import pytest

from backend.collectives import actions as collectives
from backend.decisions import actions, closing, delegating
from backend.decisions.models import StandingDelegation, Voter
from backend.members.actions import close_account, edit_profile
from backend.notices.models import Notice
from tests.bookings.cast import at_once
from tests.cast import a_member, signed_in
from tests.consultations import COLLECTED, a_coordinator, collecting, put_to_vote, two_houses
from tests.decisions import NOW, says, three, voted_on
from tests.decisions.test_voting import refused

pytestmark = pytest.mark.django_db


def chosen(proposal: Any) -> dict[str, str | None]:
    return dict(Voter.objects.filter(proposal=proposal).values_list("member__name", "delegate__member__name"))


def test_it_is_written_into_each_vote_that_begins_and_taken_back_for_those_to_come() -> None:
    collective, ada, ben, cleo = three()
    lend: dict[str, Any] = {"collective": collective, "at": NOW}
    before = voted_on(collective, ada, title="Before")
    delegating.lend(by=cleo, to=ben.pk, **lend)
    during = voted_on(collective, ada, title="During")
    delegating.lend(by=cleo, to=None, **lend)
    after = voted_on(collective, ada, title="After")
    assert [chosen(vote)["Cleo"] for vote in (before, during, after)] == [None, "Ben", None]
    says(during, ben, choice="yes")
    assert closing.count(during)[1] == {"voted": 2, "lent": 1, "electorate": 3}
    says(during, cleo, choice="no")
    assert closing.count(during)[0].figures == {"yes": 1, "no": 1, "abstain": 0}


def test_it_goes_one_step_and_two_who_choose_each_other_are_refused() -> None:
    collective, ada, ben, cleo = three()
    lend: dict[str, Any] = {"collective": collective, "at": NOW}
    delegating.lend(by=ada, to=ben.pk, **lend)
    delegating.lend(by=ben, to=cleo.pk, **lend)
    assert refused(delegating.lend, by=cleo, to=ben.pk, **lend) == "delegation_circle"
    assert refused(delegating.lend, by=ada, to=ada.pk, **lend) == "oneself"
    vote = voted_on(collective, ada)
    says(vote, cleo, choice="yes")
    assert closing.count(vote)[1]["voted"] == 2


def test_only_who_has_a_vote_there_is_chosen_and_one_who_has_left_is_not_written_in() -> None:
    collective, ada, ben, cleo = three()
    lend: dict[str, Any] = {"collective": collective, "at": NOW}
    stranger = a_member("Stranger")
    assert refused(delegating.lend, by=ada, to=stranger.pk, **lend) == "not_a_voter"
    assert refused(delegating.lend, by=stranger, to=ada.pk, **lend) == "not_a_voter"
    delegating.lend(by=ada, to=ben.pk, **lend)
    collectives.leave(collective=collective, member=ben, at=NOW)
    assert chosen(voted_on(collective, cleo)) == {"Ada": None, "Cleo": None}


def test_in_a_collective_everyone_inside_sees_it_and_nobody_outside() -> None:
    collective, ada, ben, cleo = three()
    answer = signed_in(ada).post(
        "/api/delegations/", {"where": "collective", "collective": collective.pk, "member": ben.pk}, format="json"
    )
    assert answer.json()[0]["delegate"]["name"] == "Ben"
    assert [one["member"]["name"] for one in signed_in(cleo).get("/api/delegations/").json()] == ["Ada"]
    stranger = signed_in(a_member("Stranger"))
    assert stranger.get("/api/delegations/").json() == []
    wish = {"where": "collective", "collective": collective.pk, "member": None}
    assert (
        stranger.post("/api/delegations/", wish, format="json").json()["fields"]["collective"][0]["code"] == "not_found"
    )
    assert Notice.objects.get(kind="vote_lent").member == ben
    assert signed_in(ada).post("/api/delegations/", wish, format="json").json() == []


def test_in_an_organisation_and_in_the_federation_each_counts_where_it_was_said_and_only_the_two_see_it() -> None:
    belgian, french = two_houses()
    coor, ada = a_coordinator(organisation=belgian), a_member("Ada", organisation=belgian)
    keys = a_member("Keys", organisation=belgian, is_superuser=True)
    fleur = a_member("Fleur", organisation=french)
    assert refused(delegating.lend, by=ada, to=fleur.pk, organisation=belgian, at=NOW) == "not_a_voter"
    delegating.lend(by=ada, to=coor.pk, organisation=belgian, at=NOW)
    delegating.lend(by=ada, to=fleur.pk, at=NOW)
    ours = put_to_vote(collecting(coor, collects_until=None), coor, "majority")
    all_of_us = put_to_vote(collecting(keys, everywhere=True, collects_until=None), keys, "majority", title="All of us")
    assert (chosen(ours)["Ada"], chosen(all_of_us)["Ada"]) == ("Coor", "Fleur")
    assert len(signed_in(ada).get("/api/delegations/").json()) == 2
    assert len(signed_in(fleur).get("/api/delegations/").json()) == 1
    assert signed_in(keys).get("/api/delegations/").json() == []
    edit_profile(member=ada, at=NOW, organisation=french)
    assert StandingDelegation.objects.get().delegate == fleur
    close_account(member=fleur, at=NOW)
    assert not StandingDelegation.objects.exists()


def test_who_is_hidden_from_somebody_is_chosen_by_them_nowhere_but_in_a_collective() -> None:
    belgian, _french = two_houses()
    ada, hidden = a_member("Ada", organisation=belgian), a_member("Hidden", organisation=belgian, seen_by="nobody")
    assert refused(delegating.lend, by=ada, to=hidden.pk, organisation=belgian, at=NOW) == "not_found"


def test_the_vote_of_a_whole_organisation_lets_one_vote_for_another_as_well() -> None:
    coor, ada = a_coordinator(), a_member("Ada")
    vote = put_to_vote(collecting(coor, collects_until=None), coor, "majority")
    actions.delegate(proposal=vote, by=ada, to=coor.pk, at=COLLECTED)
    actions.vote(proposal=vote, by=coor, ballot={"choice": "yes"}, at=COLLECTED)
    assert closing.count(vote)[1]["voted"] == 2


@pytest.mark.django_db(transaction=True)
def test_two_who_choose_each_other_at_once_are_no_circle() -> None:
    collective, ada, ben, _cleo = three()
    said = at_once(
        lambda: delegating.lend(by=ada, to=ben.pk, collective=collective, at=NOW),
        lambda: delegating.lend(by=ben, to=ada.pk, collective=collective, at=NOW),
    )
    assert sum(isinstance(one, StandingDelegation) for one in said) == 1
    assert StandingDelegation.objects.count() == 1
