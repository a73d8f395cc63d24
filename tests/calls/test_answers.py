"""Answering a call, being taken in, and coming together."""

import pytest

from backend.calls import answering
from backend.calls.models import Call, CallAnswer
from backend.collectives.models import CollectiveMembership
from backend.conversations.models import Membership
from backend.errors import Refusal
from backend.members.leaving import end_all
from backend.members.models import Block
from backend.notices.models import Notice
from tests.calls import MESSAGE, a_call, a_collective, now, says_yes, taken_in, told
from tests.cast import a_member, a_skill, signed_in

pytestmark = pytest.mark.django_db


def test_an_answer_is_sent_once_read_by_who_called_and_by_nobody_else() -> None:
    ada, ben, cleo, rigging = a_member("Ada"), a_member("Ben"), a_member("Cleo"), a_skill("rigging")
    call = a_call(ada, rigging)
    path, body = f"/api/calls/{call.pk}/", {"skill": rigging.pk, "message": MESSAGE}
    sent = signed_in(ben).post(f"{path}answer/", body).json()
    assert (sent["my_answer"], sent["mine"]["message"], sent["may"]["withdraw"]) == ("sent", MESSAGE, True)
    assert told(ada) == ["call_answered"]
    again = signed_in(ben).post(f"{path}answer/", body)
    assert (again.status_code, again.json()["code"]) == (409, "already_answered")
    assert [one["member"]["name"] for one in signed_in(ada).get(path).json()["answers"]] == ["Ben"]
    assert signed_in(cleo).get(path).json()["answers"] == []
    assert MESSAGE not in signed_in(cleo).get(path).content.decode()
    assert MESSAGE in signed_in(ada).get(path).content.decode()


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"message": "short"}, "message", "min_length"),
        ({"message": "x" * 2001}, "message", "max_length"),
        ({"skill": 999_999}, "skill", "does_not_exist"),
        ({"skill": "other"}, "skill", "not_called_for"),
    ],
)
def test_an_answer_that_makes_no_sense_is_refused(body: dict[str, object], field: str, code: str) -> None:
    ada, rigging, other = a_member("Ada"), a_skill("rigging"), a_skill("sewing")
    call = a_call(ada, rigging)
    if body.get("skill") == "other":
        body = {"skill": other.pk}
    answer = signed_in(a_member()).post(
        f"/api/calls/{call.pk}/answer/", {"skill": rigging.pk, "message": MESSAGE} | body
    )
    assert answer.status_code == 400
    assert answer.json()["fields"][field][0]["code"] == code


def test_nobody_answers_their_own_call_or_that_of_their_collective() -> None:
    ada, ben, rigging = a_member("Ada"), a_member("Ben"), a_skill("rigging")
    call = a_call(ada, rigging, collective=a_collective(ada, ben))
    for member in (ada, ben):
        answer = signed_in(member).post(f"/api/calls/{call.pk}/answer/", {"skill": rigging.pk, "message": MESSAGE})
        assert (answer.status_code, answer.json()["code"]) == (409, "own_call")


def test_who_is_taken_in_has_a_room_with_who_took_them_in_and_the_last_seat_fills_the_call() -> None:
    ada, ben, cleo, rigging = a_member("Ada"), a_member("Ben"), a_member("Cleo"), a_skill("rigging")
    call = a_call(ada, rigging)
    one = says_yes(call, ben, rigging)
    says_yes(call, cleo, rigging)
    filled = signed_in(ada).post(f"/api/calls/{call.pk}/accept/", {"answer": one.pk}).json()
    assert (filled["state"], filled["skills"][0]["taken"]) == ("filled", 1)
    notice = Notice.objects.get(member=ben)
    assert notice.kind == "call_accepted"
    people = Membership.objects.filter(room=notice.data["room"]).values_list("member", flat=True)
    assert sorted(people) == sorted([ada.pk, ben.pk])
    assert filled["answers"][0]["room"] == notice.data["room"]
    # Who waited hears that it is over, and is no longer shown.
    assert told(cleo) == ["call_over"]
    assert [row["member"]["name"] for row in filled["answers"]] == ["Ben"]


def test_nobody_takes_back_what_they_never_said() -> None:
    client = signed_in(a_member())
    call = a_call(a_member("Ada"), a_skill("rigging"))
    for which in (call.pk, 999_999, "abc", "9" * 30):
        answer = client.post(f"/api/calls/{which}/withdraw/")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_seat_that_is_given_back_opens_the_call_again() -> None:
    ada, ben, cleo, rigging = a_member("Ada"), a_member("Ben"), a_member("Cleo"), a_skill("rigging")
    call = a_call(ada, rigging)
    says_yes(call, cleo, rigging)
    taken_in(call, ada, ben, rigging)
    assert signed_in(ben).post(f"/api/calls/{call.pk}/withdraw/").status_code == 204
    call.refresh_from_db()
    assert (call.state, call.ended_at) == ("open", None)
    assert told(ada)[-1] == "call_withdrawn"
    # Who heard that it was over may answer anew.
    assert says_yes(call, cleo, rigging).state == "sent"


def test_who_was_declined_is_told_and_does_not_ask_again() -> None:
    ada, ben, rigging = a_member("Ada"), a_member("Ben"), a_skill("rigging")
    call = a_call(ada, rigging)
    one = says_yes(call, ben, rigging)
    assert signed_in(ada).post(f"/api/calls/{call.pk}/decline/", {"answer": one.pk}).status_code == 200
    assert told(ben) == ["call_declined"]
    again = signed_in(ben).post(f"/api/calls/{call.pk}/answer/", {"skill": rigging.pk, "message": MESSAGE})
    assert again.json()["code"] == "already_answered"
    assert signed_in(ada).post(f"/api/calls/{call.pk}/accept/", {"answer": one.pk}).json()["code"] == "answer_settled"


def test_only_who_called_decides_and_not_about_somebody_they_may_not_meet() -> None:
    ada, ben, cleo, rigging = a_member("Ada"), a_member("Ben"), a_member("Cleo"), a_skill("rigging")
    call = a_call(ada, rigging)
    one = says_yes(call, ben, rigging)
    path = f"/api/calls/{call.pk}/"
    assert signed_in(cleo).post(f"{path}accept/", {"answer": one.pk}).json()["code"] == "not_your_call"
    assert [row["id"] for row in signed_in(ada).get(path).json()["answers"]] == [one.pk]
    Block.objects.create(by=ben, whom=ada, created_at=now())
    assert signed_in(ada).get(path).json()["answers"] == []
    assert signed_in(ada).post(f"{path}accept/", {"answer": one.pk}).status_code == 404
    other = says_yes(a_call(cleo, rigging), a_member("Dan"), rigging)
    assert signed_in(ada).post(f"{path}accept/", {"answer": other.pk}).status_code == 404


def test_a_steward_who_is_blocked_by_who_answers_hears_nothing_of_it() -> None:
    ada, ben, eve, rigging = a_member("Ada"), a_member("Ben"), a_member("Eve"), a_skill("rigging")
    call = a_call(ben, rigging, collective=a_collective(ada, ben))
    says_yes(call, a_member("Dan"), rigging)
    assert told(ada)[-1] == "call_answered"
    Block.objects.create(by=eve, whom=ada, created_at=now())
    Notice.objects.all().delete()
    says_yes(call, eve, rigging)
    assert (told(ada), told(ben)) == ([], ["call_answered"])


def test_what_came_in_time_is_decided_after_the_last_day_too() -> None:
    ada, ben, rigging = a_member("Ada"), a_member("Ben"), a_skill("rigging")
    call = a_call(ada, rigging)
    one = says_yes(call, ben, rigging)
    Call.objects.filter(pk=call.pk).update(state="expired", ended_at=now())
    assert signed_in(ada).post(f"/api/calls/{call.pk}/accept/", {"answer": one.pk}).json()["state"] == "filled"


def test_those_who_were_taken_in_form_a_collective_in_one_step() -> None:
    ada, ben, cleo, rigging = a_member("Ada"), a_member("Ben"), a_member("Cleo"), a_skill("rigging")
    call = a_call(ada, rigging, people=2)
    path = f"/api/calls/{call.pk}/gather/"
    founding = {"founding": {"name": "The tour", "is_listed": False}}
    assert signed_in(ada).post(path, founding).json()["code"] == "nobody_accepted"
    taken_in(call, ada, ben, rigging)
    assert signed_in(cleo).post(path, founding).json()["code"] == "not_your_call"
    assert signed_in(ada).post(path, {}).json()["fields"]["collective"][0]["code"] == "required"
    formed = signed_in(ada).post(path, founding).json()["formed"]
    assert formed["name"] == "The tour"
    assert told(ben)[-1] == "collective_invited"
    # It hides: who was invited learns its name, others do not.
    shown = {member.name: signed_in(member).get(f"/api/calls/{call.pk}/").json()["formed"] for member in (ben, cleo)}
    assert shown == {"Ben": formed, "Cleo": None}
    again = signed_in(ada).post(path, founding)
    assert (again.status_code, again.json()["code"]) == (409, "already_formed")
    taken_in(call, ada, cleo, rigging)
    assert signed_in(ada).post(path, {}).status_code == 200
    states = CollectiveMembership.objects.filter(collective=formed["id"]).order_by("pk").values_list("state", flat=True)
    assert list(states) == ["member", "invited", "invited"]
    assert signed_in(ben).post(f"/api/collectives/{formed['id']}/accept/").status_code == 200


def test_those_whom_a_collective_called_are_invited_to_it() -> None:
    ada, ben, cleo, rigging = a_member("Ada"), a_member("Ben"), a_member("Cleo"), a_skill("rigging")
    collective = a_collective(ada, ben)
    call = a_call(ben, rigging, collective=collective)
    taken_in(call, ada, cleo, rigging)
    path = f"/api/calls/{call.pk}/gather/"
    elsewhere = signed_in(ben).post(path, {"founding": {"name": "Elsewhere"}})
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (409, "already_formed")
    assert signed_in(ben).post(path, {}).status_code == 200
    assert CollectiveMembership.objects.get(collective=collective, member=cleo).state == "invited"


def test_nothing_is_founded_where_inviting_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    ada, ben, rigging = a_member("Ada"), a_member("Ben"), a_skill("rigging")
    call = a_call(ada, rigging)
    taken_in(call, ada, ben, rigging)

    def fails(*_args: object) -> None:
        raise Refusal("not_today")

    monkeypatch.setattr(answering, "_invite", fails)
    assert signed_in(ada).post(f"/api/calls/{call.pk}/gather/", {"founding": {"name": "The tour"}}).status_code == 400
    call.refresh_from_db()
    assert call.formed is None
    assert not CollectiveMembership.objects.exists()


def test_when_somebody_leaves_their_calls_end_and_their_answers_are_taken_back() -> None:
    ada, ben, rigging = a_member("Ada"), a_member("Ben"), a_skill("rigging")
    ours, theirs = a_call(ada, rigging), a_call(ben, rigging)
    says_yes(ours, ben, rigging)
    taken_in(theirs, ben, ada, rigging)
    for _turn in range(2):
        end_all(member=ada, at=now())
    ours.refresh_from_db()
    theirs.refresh_from_db()
    assert (ours.state, theirs.state) == ("closed", "open")
    assert set(CallAnswer.objects.values_list("state", flat=True)) == {"lapsed", "withdrawn"}
    assert told(ben) == ["call_answered", "call_over", "call_withdrawn"]
