"""Asking a guide, answering, and the places that a guide has."""

import threading
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from backend.conversations.models import Membership
from backend.errors import Conflict
from backend.members.models import Member
from backend.mentoring import actions, relation
from backend.mentoring.models import Mentorship, MentorshipRequest
from backend.notices.models import Notice
from tests.cast import a_guide, a_member, a_skill, signed_in

pytestmark = pytest.mark.django_db


def a_request(mentee: Member, mentor: Member, track: str = "economic") -> MentorshipRequest:
    return actions.ask(
        mentee=mentee, mentor=mentor, track=track, wishes=[], message="Can you help me?", at=timezone.now()
    )


def test_a_request_reaches_the_mentor_with_its_wishes() -> None:
    ada, grace, skill = a_member("Ada"), a_guide("Grace"), a_skill("VAT return")
    wish = {"mentor": grace.pk, "track": "economic", "wishes": [skill.pk], "message": "My first VAT return is due."}
    answer = signed_in(ada).post("/api/mentorship-requests/", wish)
    assert answer.status_code == 201, answer.json()
    assert answer.json()["may"] == {"accept": False, "decline": False, "withdraw": True}
    received = signed_in(grace).get("/api/mentorship-requests/?box=received").json()["results"]
    assert [row["message"] for row in received] == ["My first VAT return is due."]
    assert received[0]["wishes"] == [{"id": skill.pk, "name": "VAT return"}]
    assert received[0]["may"] == {"accept": True, "decline": True, "withdraw": False}
    assert Notice.objects.get(member=grace).kind == "request_received"


def test_accepting_opens_the_mentorship_and_a_room_for_the_two() -> None:
    ada, grace = a_member("Ada"), a_guide("Grace")
    request = a_request(ada, grace)
    answer = signed_in(grace).post(f"/api/mentorship-requests/{request.pk}/accept/").json()
    mentorship = Mentorship.objects.get(pk=answer["mentorship"])
    assert (mentorship.mentor, mentorship.mentee, mentorship.track, mentorship.status) == (
        grace,
        ada,
        "economic",
        "active",
    )
    people = Membership.objects.filter(room=answer["room"]).values_list("member", flat=True)
    assert sorted(people) == sorted([ada.pk, grace.pk])
    told = Notice.objects.get(member=ada)
    assert (told.kind, told.data["room"]) == ("request_accepted", mentorship.room_id)


def test_declining_gives_a_reason_that_the_mentee_reads() -> None:
    ada, grace = a_member("Ada"), a_guide("Grace")
    request = a_request(ada, grace)
    answer = signed_in(grace).post(
        f"/api/mentorship-requests/{request.pk}/decline/", {"reason": "no_time", "answer": "Ask me in May."}
    )
    assert answer.status_code == 200
    mine = signed_in(ada).get("/api/mentorship-requests/?box=made").json()["results"][0]
    assert (mine["status"], mine["decline_reason"], mine["answer"]) == ("declined", "no_time", "Ask me in May.")


def test_only_the_mentor_answers_and_only_the_mentee_withdraws() -> None:
    ada, grace, eve = a_member("Ada"), a_guide("Grace"), a_member("Eve")
    request = a_request(ada, grace)
    assert signed_in(ada).post(f"/api/mentorship-requests/{request.pk}/accept/").status_code == 404
    assert signed_in(eve).get(f"/api/mentorship-requests/{request.pk}/").status_code == 404
    assert signed_in(grace).post(f"/api/mentorship-requests/{request.pk}/withdraw/").status_code == 404
    assert signed_in(ada).post(f"/api/mentorship-requests/{request.pk}/withdraw/").json()["status"] == "withdrawn"
    late = signed_in(grace).post(f"/api/mentorship-requests/{request.pk}/accept/")
    assert (late.status_code, late.json()["code"]) == (409, "not_pending")


def test_a_second_request_to_the_same_person_waits_for_the_first() -> None:
    ada, grace = a_member("Ada"), a_guide("Grace")
    a_request(ada, grace)
    answer = signed_in(ada).post(
        "/api/mentorship-requests/",
        {"mentor": grace.pk, "track": "social", "wishes": [], "message": "Once more, please."},
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "already_asked")


def test_a_sixth_open_request_is_refused() -> None:
    ada = a_member("Ada")
    for number in range(5):
        a_request(ada, a_guide(f"Guide {number}"))
    with pytest.raises(Conflict) as refused:
        a_request(ada, a_guide("Sixth"))
    assert refused.value.code == "too_many_open_requests"


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"guide_paused": True}, 403, "not_a_guide"),
        ({"guide_capacity": 0}, 403, "not_a_guide"),
        ({"guides_economic": False}, 400, "track_not_offered"),
        ({"seen_by": "nobody"}, 400, "does_not_exist"),
        ({"is_active": False}, 400, "does_not_exist"),
    ],
)
def test_someone_who_does_not_guide_cannot_be_asked(change: Any, status: int, code: str) -> None:
    ada, grace = a_member("Ada"), a_guide("Grace", **change)
    wish = {"mentor": grace.pk, "track": "economic", "wishes": [], "message": "Can you help me?"}
    answer = signed_in(ada).post("/api/mentorship-requests/", wish)
    assert answer.status_code == status
    body = answer.json()
    codes = [error["code"] for errors in body.get("fields", {}).values() for error in errors] or [body["code"]]
    assert codes == [code]
    assert not MentorshipRequest.objects.exists()


def test_nobody_asks_themselves() -> None:
    grace = a_guide("Grace")
    wish = {"mentor": grace.pk, "track": "economic", "wishes": [], "message": "Dear me, help me."}
    answer = signed_in(grace).post("/api/mentorship-requests/", wish)
    assert answer.json()["fields"]["mentor"][0]["code"] == "oneself"


@pytest.mark.parametrize(
    ("wish", "field", "code"),
    [
        ({"message": ""}, "message", "blank"),
        ({"message": "x" * 2001}, "message", "max_length"),
        ({"track": "spiritual"}, "track", "invalid_choice"),
        ({"wishes": [999999]}, "wishes", "does_not_exist"),
        ({"wishes": "all"}, "wishes", "not_a_list"),
        ({"mentor": "Grace"}, "mentor", "incorrect_type"),
    ],
)
def test_a_request_that_makes_no_sense_is_refused_field_by_field(wish: Any, field: str, code: str) -> None:
    ada, grace = a_member("Ada"), a_guide("Grace")
    whole = {"mentor": grace.pk, "track": "economic", "wishes": [], "message": "Can you help me?"} | wish
    answer = signed_in(ada).post("/api/mentorship-requests/", whole)
    assert answer.status_code == 400
    assert [key.split(".")[0] for key in answer.json()["fields"]] == [field]
    assert next(iter(answer.json()["fields"].values()))[0]["code"] == code
    assert not MentorshipRequest.objects.exists()


def test_closing_frees_the_place_and_keeps_the_room() -> None:
    ada, ben, grace = a_member("Ada"), a_member("Ben"), a_guide("Grace", places=1)
    mentorship = actions.accept(request=a_request(ada, grace), by=grace, at=timezone.now())
    with pytest.raises(Conflict) as full:
        a_request(ben, grace)
    assert full.value.code == "no_open_place"
    answer = signed_in(ada).post(f"/api/mentorships/{mentorship.pk}/close/", {"closing_words": "Thank you."})
    assert (answer.json()["status"], answer.json()["closing_words"]) == ("closed", "Thank you.")
    a_request(ben, grace)
    assert Membership.objects.filter(room=mentorship.room).count() == 2
    again = signed_in(grace).post(f"/api/mentorships/{mentorship.pk}/close/", {})
    assert (again.status_code, again.json()["code"]) == (409, "already_closed")


def test_a_mentorship_that_rests_keeps_its_place() -> None:
    ada, ben, grace = a_member("Ada"), a_member("Ben"), a_guide("Grace", places=1)
    mentorship = actions.accept(request=a_request(ada, grace), by=grace, at=timezone.now())
    relation.pause(mentorship=mentorship, by=ada, until=None, at=timezone.now())
    with pytest.raises(Conflict) as full:
        a_request(ben, grace)
    assert full.value.code == "no_open_place"


@pytest.mark.django_db(transaction=True)
def test_when_two_requests_are_accepted_in_the_same_instant_the_last_place_goes_to_one() -> None:
    grace = a_guide("Grace", places=1)
    requests = [a_request(a_member(name), grace) for name in ("Ada", "Ben")]
    start, outcomes = threading.Barrier(2), []

    def accept(request: MentorshipRequest) -> None:
        start.wait()
        try:
            actions.accept(request=request, by=grace, at=timezone.now())
            outcomes.append("accepted")
        except Conflict as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=accept, args=[request]) for request in requests]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["accepted", "no_open_place"]
    assert Mentorship.objects.filter(mentor=grace).count() == 1


@pytest.mark.parametrize("path", ["mentorship-requests/?box=received", "mentorships/"])
def test_lists_cost_the_same_with_one_row_and_with_three(path: str, django_assert_num_queries: Any) -> None:
    grace = a_guide("Grace", places=9)
    client, counts = signed_in(grace), []
    for names in (["Ada"], ["Ben", "Cleo"]):
        for name in names:
            actions.accept(request=a_request(a_member(name), grace), by=grace, at=timezone.now())
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as queries:
            client.get(f"/api/{path}")
        counts.append(len(queries))
    assert counts[0] == counts[1]
