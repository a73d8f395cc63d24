"""Who goes to another organisation: one vote in each consultation, where they were when it began."""

import pytest

from backend.decisions import closing
from backend.decisions.models import Ballot, Proposal, Voter
from backend.members.actions import edit_profile
from tests.cast import a_member
from tests.consultations import COLLECTED, END, a_coordinator, collecting, discussed, put_to_vote, two_houses
from tests.decisions.test_consulted import says_now
from tests.decisions.test_voting import refused

pytestmark = pytest.mark.django_db


def test_who_goes_to_another_organisation_has_one_vote_in_each_consultation() -> None:
    belgian, french = two_houses()
    here, there = a_coordinator(organisation=belgian), a_coordinator("Coco", organisation=french, country="FR")
    keys = a_member("Keys", organisation=belgian, is_superuser=True)
    ada = a_member("Ada", organisation=belgian, country="BE")
    ours = put_to_vote(discussed(here, "Vans"), here, "majority", options=[])
    everybody = put_to_vote(collecting(keys, everywhere=True, collects_until=None), keys, "majority")
    theirs = put_to_vote(discussed(there, "Rooms"), there, "majority", options=[])
    talked = discussed(there, "Tools")
    for vote in (ours, everybody):
        says_now(vote, ada, choice="yes")

    ada = edit_profile(member=ada, at=COLLECTED, organisation=french, country="FR")
    later = put_to_vote(talked, there, "majority", options=[])
    # What she said at home counts, and she says no more of it; what had begun abroad goes on without her.
    assert refused(says_now, ours, ada, choice="no") == "not_found"
    assert refused(says_now, theirs, ada, choice="no") == "not_a_voter"
    says_now(everybody, ada, choice="no")
    says_now(later, ada, choice="no")

    closing.close_due(at=END)
    counted = {
        vote: (Voter.objects.filter(proposal=vote, member=ada).count(), Ballot.objects.filter(proposal=vote).count())
        for vote in (ours, everybody, theirs, later)
    }
    assert [*counted.values()] == [(1, 1), (1, 1), (0, 0), (1, 1)]
    told = {row["country"]: row for row in Proposal.objects.get(pk=everybody.pk).result["countries"]}  # type: ignore[index]
    assert {country: (row["voted"], row["figures"]["no"]) for country, row in told.items()} == {
        "BE": (1, 1),
        "FR": (0, 0),
    }
    ours.refresh_from_db()
    assert ours.result is not None
    assert (ours.result["figures"]["yes"], ours.result["electorate"]) == (1, 3)
