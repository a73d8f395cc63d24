"""Founding a collective, asking people in, and leaving."""

from typing import Any

import pytest
from django.utils import timezone

from backend.collectives import actions, belonging
from backend.collectives.models import Collective, CollectiveMembership
from backend.conversations.models import Membership
from backend.members.models import Block, Member, SpokenLanguage
from backend.notices.models import Notice
from backend.skills.models import Profession
from tests.cast import a_member, an_organisation, signed_in

pytestmark = pytest.mark.django_db


def a_collective(founder: Member, name: str = "Loge") -> Collective:
    return actions.found(member=founder, name=name, purpose="We tour together.", at=timezone.now())


def with_member(collective: Collective, founder: Member, guest: Member) -> None:
    actions.invite(collective=collective, by=founder, guest=guest, at=timezone.now())
    actions.accept_invitation(collective=collective, member=guest, at=timezone.now())


def test_a_founder_is_steward_and_sits_in_the_room() -> None:
    ada = a_member("Ada")
    answer = signed_in(ada).post("/api/collectives/", {"name": "Loge", "purpose": "We tour together."})
    assert answer.status_code == 201
    collective = answer.json()
    assert (collective["my_state"], collective["my_role"], collective["members_count"]) == ("member", "steward", 1)
    assert Membership.objects.filter(room=collective["room"], member=ada).exists()
    assert collective["may"] == {
        "edit": True, "invite": True, "accept": False, "leave": True, "remove": True, "book": True, "apply": False,
        "rest": True, "come_back": False, "agree": False, "write_agreement": True,
    }  # fmt: skip


def test_an_invitation_is_told_and_accepted_and_opens_the_room() -> None:
    ada, ben = a_member("Ada"), a_member("Ben")
    collective = a_collective(ada)
    assert signed_in(ada).post(f"/api/collectives/{collective.pk}/invite/", {"member": ben.pk}).status_code == 200
    notice = Notice.objects.get(member=ben)
    assert notice.kind == "collective_invited"
    assert notice.data == {"collective": {"id": collective.pk, "name": "Loge"}, "person": {"id": ada.pk, "name": "Ada"}}
    before = signed_in(ben).get(f"/api/collectives/{collective.pk}/").json()
    assert (before["my_state"], before["room"], before["may"]["accept"]) == ("invited", None, True)
    after = signed_in(ben).post(f"/api/collectives/{collective.pk}/accept/").json()
    assert (after["my_state"], after["room"]) == ("member", collective.room_id)
    assert Notice.objects.get(member=ada).kind == "collective_joined"


def test_someone_who_leaves_is_out_of_the_room_and_may_be_asked_again() -> None:
    ada, ben = a_member("Ada"), a_member("Ben")
    collective = a_collective(ada)
    with_member(collective, ada, ben)
    assert Membership.objects.filter(room=collective.room, member=ben).exists()
    assert signed_in(ben).post(f"/api/collectives/{collective.pk}/leave/").status_code == 204
    assert not Membership.objects.filter(room=collective.room, member=ben).exists()
    assert signed_in(ada).post(f"/api/collectives/{collective.pk}/invite/", {"member": ben.pk}).status_code == 200


def test_the_last_steward_names_another_one_before_leaving() -> None:
    ada, ben = a_member("Ada"), a_member("Ben")
    collective = a_collective(ada)
    with_member(collective, ada, ben)
    client = signed_in(ada)
    refused = client.post(f"/api/collectives/{collective.pk}/leave/")
    assert (refused.status_code, refused.json()["code"]) == (409, "last_steward")
    named = client.post(f"/api/collectives/{collective.pk}/steward/", {"member": ben.pk, "is_steward": True})
    assert named.status_code == 200
    assert client.post(f"/api/collectives/{collective.pk}/leave/").status_code == 204


def test_the_last_member_may_leave() -> None:
    ada = a_member("Ada")
    collective = a_collective(ada)
    assert signed_in(ada).post(f"/api/collectives/{collective.pk}/leave/").status_code == 204


def test_only_members_invite_and_only_stewards_remove() -> None:
    ada, ben, cleo = a_member("Ada"), a_member("Ben"), a_member("Cleo")
    collective = a_collective(ada)
    stranger = signed_in(cleo).post(f"/api/collectives/{collective.pk}/invite/", {"member": ben.pk})
    assert (stranger.status_code, stranger.json()["code"]) == (403, "not_in_collective")
    with_member(collective, ada, ben)
    with_member(collective, ada, cleo)
    refused = signed_in(ben).post(f"/api/collectives/{collective.pk}/remove/", {"member": cleo.pk})
    assert (refused.status_code, refused.json()["code"]) == (403, "not_a_steward")
    assert signed_in(ada).post(f"/api/collectives/{collective.pk}/remove/", {"member": cleo.pk}).status_code == 200
    assert Notice.objects.filter(member=cleo, kind="collective_left").count() == 1


@pytest.mark.parametrize(("again", "code"), [("member", "already_member"), ("invited", "already_invited")])
def test_inviting_twice_is_refused(again: str, code: str) -> None:
    ada, ben = a_member("Ada"), a_member("Ben")
    collective = a_collective(ada)
    actions.invite(collective=collective, by=ada, guest=ben, at=timezone.now())
    if again == "member":
        actions.accept_invitation(collective=collective, member=ben, at=timezone.now())
    answer = signed_in(ada).post(f"/api/collectives/{collective.pk}/invite/", {"member": ben.pk})
    assert (answer.status_code, answer.json()["code"]) == (409, code)


def test_someone_hidden_cannot_be_invited() -> None:
    ada, hidden = a_member("Ada"), a_member("Hidden", seen_by=Member.SeenBy.NOBODY)
    collective = a_collective(ada)
    answer = signed_in(ada).post(f"/api/collectives/{collective.pk}/invite/", {"member": hidden.pk})
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["member"])
    assert not CollectiveMembership.objects.filter(member=hidden).exists()


def test_what_i_have_left_is_among_the_others_again() -> None:
    ada, ben = a_member("Ada"), a_member("Ben")
    collective = a_collective(ada)
    with_member(collective, ada, ben)

    def found(mine: str) -> int:
        return len(signed_in(ben).get("/api/collectives/", {"mine": mine}).json()["results"])

    assert (found("true"), found("false")) == (1, 0)
    actions.leave(collective=collective, member=ben, at=timezone.now())
    assert (found("true"), found("false")) == (0, 1)


def test_trades_languages_and_countries_are_those_of_the_members_whom_one_may_see() -> None:
    ada, stranger = a_member("Ada", country="BE"), a_member("Stranger")
    hidden = a_member("Hidden", country="PT")
    collective = a_collective(ada)
    for person, code, trade in ((ada, "nl", "carpenter"), (hidden, "pt", "weaver")):
        if person is not ada:
            with_member(collective, ada, person)
        SpokenLanguage.objects.create(member=person, code=code, level=7)
        person.profession = Profession.objects.create(key=trade, names={"en": trade})
        person.save(update_fields=["profession"])
    Member.objects.filter(pk=hidden.pk).update(seen_by="nobody")

    def told(viewer: Member) -> tuple[list[str], ...]:
        page = signed_in(viewer).get(f"/api/collectives/{collective.pk}/").json()
        return [one["name"] for one in page["trades"]], page["languages"], page["countries"]

    assert told(ada) == (["carpenter", "weaver"], ["nl", "pt"], ["BE", "PT"])
    assert told(stranger) == (["carpenter"], ["nl"], ["BE"])


@pytest.mark.parametrize("has_applied", [True, False])
def test_nobody_invites_whom_they_blocked_or_who_blocked_them(has_applied: bool) -> None:
    ada, ben, cleo = a_member("Ada"), a_member("Ben"), a_member("Cleo")
    collective = a_collective(ada)
    with_member(collective, ada, ben)
    if has_applied:
        belonging.apply(collective=collective, member=cleo, words="", at=timezone.now())
    before = CollectiveMembership.objects.filter(member=cleo).values_list("state", flat=True)
    states, told = list(before), Notice.objects.filter(member=cleo).count()
    for by, whom in ((ada, cleo), (cleo, ada)):
        Block.objects.create(by=by, whom=whom, created_at=timezone.now())
        answer = signed_in(ada).post(f"/api/collectives/{collective.pk}/invite/", {"member": cleo.pk})
        assert (answer.status_code, answer.json()["fields"]["member"][0]["code"]) == (400, "not_found")
        Block.objects.all().delete()
    assert (list(before.all()), Notice.objects.filter(member=cleo).count()) == (states, told)
    assert signed_in(ben).post(f"/api/collectives/{collective.pk}/invite/", {"member": cleo.pk}).status_code == 200


def test_an_unlisted_collective_does_not_exist_for_strangers() -> None:
    ada, cleo = a_member("Ada"), a_member("Cleo")
    collective = a_collective(ada)
    assert signed_in(cleo).get(f"/api/collectives/{collective.pk}/").status_code == 200
    signed_in(ada).patch(f"/api/collectives/{collective.pk}/", {"is_listed": False})
    assert signed_in(cleo).get(f"/api/collectives/{collective.pk}/").status_code == 404
    assert signed_in(cleo).get("/api/collectives/").json()["results"] == []
    assert signed_in(ada).get(f"/api/collectives/{collective.pk}/").status_code == 200


def test_strangers_see_neither_who_is_invited_nor_members_who_hide() -> None:
    ada, ben, cleo = a_member("Ada"), a_member("Ben"), a_member("Cleo", organisation=an_organisation())
    collective = a_collective(ada)
    actions.invite(collective=collective, by=ada, guest=ben, at=timezone.now())
    inside = signed_in(ada).get(f"/api/collectives/{collective.pk}/").json()
    assert [row["person"]["name"] for row in inside["members"]] == ["Ada", "Ben"]
    outside = signed_in(cleo).get(f"/api/collectives/{collective.pk}/").json()
    assert [row["person"]["name"] for row in outside["members"]] == ["Ada"]
    Member.objects.filter(pk=ada.pk).update(seen_by=Member.SeenBy.ORGANISATION)
    assert signed_in(cleo).get(f"/api/collectives/{collective.pk}/").json()["members"] == []


@pytest.mark.parametrize(
    ("wish", "field", "code"),
    [
        ({"name": ""}, "name", "blank"),
        ({"name": "x" * 81}, "name", "max_length"),
        ({"name": "Loge", "country": "XX"}, "country", "unknown_country"),
        ({"purpose": "no name"}, "name", "required"),
    ],
)
def test_a_collective_that_makes_no_sense_is_refused_field_by_field(wish: Any, field: str, code: str) -> None:
    answer = signed_in(a_member()).post("/api/collectives/", wish)
    assert answer.status_code == 400
    assert answer.json()["fields"][field][0]["code"] == code
    assert not Collective.objects.exists()


def test_scripts_in_a_purpose_are_kept_as_text() -> None:
    text = "<script>alert(1)</script> & friends"
    answer = signed_in(a_member()).post("/api/collectives/", {"name": "Loge", "purpose": text})
    assert answer.json()["purpose"] == text


def test_the_list_costs_the_same_with_one_row_and_with_three(django_assert_num_queries: Any) -> None:
    ada = a_member("Ada")
    a_collective(ada, "One")
    client = signed_in(ada)
    with django_assert_num_queries(4):
        assert len(client.get("/api/collectives/").json()["results"]) == 1
    a_collective(ada, "Two")
    a_collective(ada, "Three")
    with django_assert_num_queries(4):
        assert len(client.get("/api/collectives/").json()["results"]) == 3


def test_the_stewards_of_a_collective_are_those_of_its_room() -> None:
    ada, grace = a_member("Ada"), a_member("Grace")
    collective = a_collective(ada)
    with_member(collective, ada, grace)
    roles = Membership.objects.filter(room=collective.room).order_by("pk").values_list("member", "role")
    assert list(roles) == [(ada.pk, "steward"), (grace.pk, "member")]
    for by, whom, is_steward in ((ada, grace, True), (grace, ada, False)):
        actions.name_steward(collective=collective, by=by, member=whom, is_steward=is_steward, at=timezone.now())
    assert list(roles.all()) == [(ada.pk, "member"), (grace.pk, "steward")]


def test_a_new_name_is_that_of_the_room_too_and_is_written_down_there_once() -> None:
    ada = a_member("Ada")
    collective = a_collective(ada)
    path = f"/api/collectives/{collective.pk}/"
    for wish in ({"name": "Guild"}, {"name": "Guild"}, {"city": "Liège"}):
        assert signed_in(ada).patch(path, wish).status_code == 200
    room = signed_in(ada).get(f"/api/rooms/{collective.room.pk}/").json()
    assert (room["title"], room["purpose"]) == ("Guild", "We tour together.")
    log = signed_in(ada).get(f"/api/rooms/{collective.room.pk}/events/").json()["events"]
    assert [(e["kind"], e["author"]["id"], e["data"]) for e in log] == [("room_changed", ada.pk, {"title": "Guild"})]
