"""Who asks to join, who is away for a while, who is here without a vote, and how long somebody is a steward."""

import datetime as dt

import pytest
from django.utils import timezone

from backend.collectives import actions, belonging
from backend.collectives.models import Collective, CollectiveMembership
from backend.conversations.models import Membership
from backend.errors import Refusal
from backend.members.models import Member
from backend.notices.models import Notice
from tests.cast import a_member, signed_in, utc
from tests.collectives.test_collectives import a_collective, with_member

pytestmark = pytest.mark.django_db
NOW = utc(2030, 5, 6, 9)


def row_of(member: Member, collective: Collective) -> CollectiveMembership:
    return CollectiveMembership.objects.get(member=member, collective=collective)


def test_who_asks_to_join_is_heard_and_answered_by_any_member() -> None:
    ada, ben, cleo = a_member("Ada"), a_member("Ben"), a_member("Cleo", seen_by=Member.SeenBy.NOBODY)
    collective = a_collective(ada)
    with_member(collective, ada, ben)
    asked = signed_in(cleo).post(f"/api/collectives/{collective.pk}/apply/", {"words": "I can drive."})
    assert (asked.json()["my_state"], asked.json()["room"]) == ("applied", None)
    assert Notice.objects.get(member=ada, kind="collective_applied").data["person"]["id"] == cleo.pk
    seen = signed_in(ben).get(f"/api/collectives/{collective.pk}/").json()["members"][-1]
    assert (seen["person"]["id"], seen["state"], seen["words"]) == (cleo.pk, "applied", "I can drive.")
    assert signed_in(ben).post(f"/api/collectives/{collective.pk}/invite/", {"member": cleo.pk}).status_code == 200
    joined = signed_in(cleo).post(f"/api/collectives/{collective.pk}/accept/").json()
    assert (joined["my_state"], joined["room"]) == ("member", collective.room_id)


def test_who_asked_is_told_no_and_may_also_ask_no_longer() -> None:
    ada, ben, cleo = a_member("Ada"), a_member("Ben"), a_member("Cleo")
    collective = a_collective(ada)
    for person in (ben, cleo):
        belonging.apply(collective=collective, member=person, words="", at=NOW)
    signed_in(ada).post(f"/api/collectives/{collective.pk}/remove/", {"member": ben.pk})
    assert Notice.objects.filter(member=ben, kind="collective_declined").count() == 1
    assert signed_in(cleo).post(f"/api/collectives/{collective.pk}/unapply/").status_code == 204
    again = signed_in(cleo).post(f"/api/collectives/{collective.pk}/unapply/")
    assert (again.status_code, again.json()["code"]) == (409, "not_applied")


def test_who_asked_is_seen_by_nobody_outside() -> None:
    ada, ben, cleo = a_member("Ada"), a_member("Ben"), a_member("Cleo")
    collective = a_collective(ada)
    belonging.apply(collective=collective, member=ben, words="I can drive.", at=NOW)
    assert "I can drive." in str(signed_in(ada).get(f"/api/collectives/{collective.pk}/").json())
    outside = signed_in(cleo).get(f"/api/collectives/{collective.pk}/").json()
    assert [one["person"]["id"] for one in outside["members"]] == [ada.pk]
    assert "I can drive." not in str(outside)


@pytest.mark.parametrize(("state", "code"), [("member", "already_member"), ("invited", "already_applied")])
def test_asking_where_one_is_already_is_refused(state: str, code: str) -> None:
    ada, ben = a_member("Ada"), a_member("Ben")
    collective = a_collective(ada)
    actions.invite(collective=collective, by=ada, guest=ben, at=NOW)
    if state == "member":
        actions.accept_invitation(collective=collective, member=ben, at=NOW)
    refused = signed_in(ben).post(f"/api/collectives/{collective.pk}/apply/")
    assert (refused.status_code, refused.json()["code"]) == (409, code)


def test_nobody_can_ask_to_join_what_does_not_let_itself_be_found() -> None:
    ada, ben = a_member("Ada"), a_member("Ben")
    collective = a_collective(ada)
    actions.edit(collective=collective, by=ada, at=NOW, is_listed=False)
    assert signed_in(ben).post(f"/api/collectives/{collective.pk}/apply/").status_code == 404
    assert not CollectiveMembership.objects.filter(member=ben).exists()


def test_on_leave_one_keeps_the_room_and_comes_back_as_before() -> None:
    ada, ben = a_member("Ada"), a_member("Ben")
    collective = a_collective(ada)
    with_member(collective, ada, ben)
    away = signed_in(ben).post(f"/api/collectives/{collective.pk}/rest/").json()
    assert (away["my_state"], away["room"], away["may"]["book"]) == ("on_leave", collective.room_id, False)
    assert Membership.objects.filter(room=collective.room, member=ben).exists()
    assert signed_in(ben).post(f"/api/collectives/{collective.pk}/come-back/").json()["may"]["book"] is True
    refused = signed_in(ben).post(f"/api/collectives/{collective.pk}/come-back/")
    assert (refused.status_code, refused.json()["code"]) == (409, "not_now")


def test_a_steward_on_leave_hands_over_and_the_last_one_stays() -> None:
    ada, ben = a_member("Ada"), a_member("Ben")
    collective = a_collective(ada)
    with_member(collective, ada, ben)
    refused = signed_in(ada).post(f"/api/collectives/{collective.pk}/rest/")
    assert (refused.status_code, refused.json()["code"]) == (409, "last_steward")
    actions.name_steward(collective=collective, by=ada, member=ben, is_steward=True, at=NOW)
    assert signed_in(ada).post(f"/api/collectives/{collective.pk}/rest/").status_code == 200
    assert (row_of(ada, collective).role, row_of(ada, collective).state) == ("member", "on_leave")
    assert Membership.objects.get(room=collective.room, member=ada).role == "member"


def test_a_guest_gets_a_vote_from_a_steward_and_nobody_loses_one() -> None:
    ada, ben, cleo = a_member("Ada"), a_member("Ben"), a_member("Cleo")
    collective = a_collective(ada)
    client = signed_in(ada)
    client.post(f"/api/collectives/{collective.pk}/invite/", {"member": ben.pk, "is_guest": True})
    actions.accept_invitation(collective=collective, member=ben, at=NOW)
    assert row_of(ben, collective).role == "guest"
    refused = signed_in(ben).post(f"/api/collectives/{collective.pk}/invite/", {"member": cleo.pk})
    assert (refused.status_code, refused.json()["code"]) == (403, "not_in_collective")
    assert client.post(f"/api/collectives/{collective.pk}/give-vote/", {"member": ben.pk}).status_code == 200
    assert row_of(ben, collective).role == "member"
    again = client.post(f"/api/collectives/{collective.pk}/give-vote/", {"member": ben.pk}).json()
    assert again["fields"]["member"][0]["code"] == "not_a_guest"


def test_a_stewardship_ends_after_its_last_day_once() -> None:
    ada, ben = a_member("Ada"), a_member("Ben")
    collective = a_collective(ada)
    with_member(collective, ada, ben)
    last = NOW.date() + dt.timedelta(days=30)
    actions.name_steward(collective=collective, by=ada, member=ben, is_steward=True, until=last, at=NOW)
    assert belonging.end_terms(at=NOW + dt.timedelta(days=30)) == 0
    over = NOW + dt.timedelta(days=31)
    assert (belonging.end_terms(at=over), belonging.end_terms(at=over)) == (1, 0)
    assert (row_of(ben, collective).role, row_of(ben, collective).steward_until) == ("member", None)
    assert Membership.objects.get(room=collective.room, member=ben).role == "member"
    assert Notice.objects.filter(kind="steward_ended").count() == 2


def test_the_last_steward_stays_after_the_last_day_and_everybody_hears_that_one_is_wanted() -> None:
    ada, ben = a_member("Ada"), a_member("Ben")
    collective = a_collective(ada)
    with_member(collective, ada, ben)
    actions.name_steward(collective=collective, by=ada, member=ada, is_steward=True, until=NOW.date(), at=NOW)
    later = NOW + dt.timedelta(days=1)
    assert (belonging.end_terms(at=later), belonging.end_terms(at=later)) == (0, 0)
    assert row_of(ada, collective).role == "steward"
    assert Notice.objects.filter(kind="steward_wanted").count() == 2


def test_a_last_day_that_is_over_is_refused() -> None:
    ada, ben = a_member("Ada"), a_member("Ben")
    collective = a_collective(ada)
    with_member(collective, ada, ben)
    wish = {"member": ben.pk, "is_steward": True, "until": timezone.now().date() - dt.timedelta(days=1)}
    refused = signed_in(ada).post(f"/api/collectives/{collective.pk}/steward/", wish)
    assert refused.json()["fields"]["until"][0]["code"] == "in_the_past"
    with pytest.raises(Refusal):
        actions.name_steward(collective=collective, by=ben, member=ben, is_steward=True, at=NOW)
    assert row_of(ben, collective).role == "member"
