"""Opening a call, finding it, changing it, and its end."""

import datetime as dt
from typing import Any

import pytest

from backend.calls import actions
from backend.calls.models import Call
from backend.members.models import Block, Member
from tests.calls import DAY, a_call, a_collective, listed, now, says_yes, soon, taken_in, told
from tests.cast import a_member, a_skill, an_organisation, signed_in
from tests.skills.test_api import named

pytestmark = pytest.mark.django_db


def wish(**changes: Any) -> dict[str, Any]:
    return {
        "title": "A tour in May",
        "text": "Six towns, one van.",
        "offer": "A fair share",
        "is_remote": False,
        "country": "fr",
        "city": "Lyon",
        "open_until": soon().isoformat(),
        "languages": ["FR", "nl"],
        "countries": ["be"],
        "skills": [{"skill": a_skill("rigging").pk, "level": 3, "people": 2}],
    } | changes


def test_a_call_says_what_is_looked_for_when_where_and_what_is_offered() -> None:
    ada, ben = a_member("Ada"), a_member("Ben")
    made = signed_in(ada).post("/api/calls/", wish())
    assert made.status_code == 201, made.json()
    seen = signed_in(ben).get(f"/api/calls/{made.json()['id']}/").json()
    assert (seen["title"], seen["country"], seen["city"], seen["offer"]) == (
        "A tour in May", "FR", "Lyon", "A fair share",
    )  # fmt: skip
    assert (seen["languages"], seen["countries"]) == (["fr", "nl"], ["BE"])
    assert [(one["skill"]["name"], one["level"], one["people"], one["taken"]) for one in seen["skills"]] == [
        ("rigging", 3, 2, 0)
    ]
    assert seen["may"] == {
        "edit": False, "close": False, "answer": True, "withdraw": False, "decide": False, "gather": False,
    }  # fmt: skip
    assert (seen["answers"], seen["mine"], seen["is_ours"]) == ([], None, False)


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"title": ""}, "title", "blank"),
        ({"text": "x" * 3001}, "text", "max_length"),
        ({"skills": []}, "skills", "min_length"),
        ({"skills": [{"skill": 999_999}]}, "skills.0.skill", "does_not_exist"),
        ({"country": "XX"}, "country", "unknown_country"),
        ({"country": ""}, "country", "where_is_it"),
        ({"countries": ["BE", "ZZ"]}, "countries", "unknown_country"),
        ({"languages": ["mul"]}, "languages", "unknown_language"),
        ({"open_until": "2020-01-01"}, "open_until", "in_the_past"),
        ({"open_until": (now() + 200 * DAY).date().isoformat()}, "open_until", "too_late"),
        ({"starts_on": "2031-05-02", "ends_on": "2031-05-01"}, "ends_on", "ends_before_start"),
        ({"collective": 999_999}, "collective", "does_not_exist"),
    ],
)
def test_a_call_that_makes_no_sense_is_refused_field_by_field(change: Any, field: str, code: str) -> None:
    answer = signed_in(a_member()).post("/api/calls/", wish(**change))
    assert answer.status_code == 400, answer.json()
    assert answer.json()["fields"][field][0]["code"] == code
    assert not Call.objects.exists()


def test_a_skill_is_called_for_once_at_a_level_that_there_is() -> None:
    rigging = a_skill("rigging")
    twice = [{"skill": rigging.pk}, {"skill": rigging.pk, "level": 2}]
    client = signed_in(a_member())
    assert client.post("/api/calls/", wish(skills=twice)).json()["fields"]["skills"][0]["code"] == "named_twice"
    for odd in ({"level": 6}, {"people": 0}, {"people": 10}):
        assert client.post("/api/calls/", wish(skills=[{"skill": rigging.pk} | odd])).status_code == 400


def test_who_shows_themselves_to_nobody_cannot_call_and_nobody_has_more_than_ten_open() -> None:
    hidden = signed_in(a_member("Hidden", seen_by=Member.SeenBy.NOBODY)).post("/api/calls/", wish())
    assert (hidden.status_code, hidden.json()["code"]) == (409, "nobody_sees_you")
    ada, rigging = a_member("Ada"), a_skill("rigging")
    for _number in range(10):
        a_call(ada, rigging)
    more = signed_in(ada).post("/api/calls/", wish())
    assert (more.status_code, more.json()["code"]) == (409, "too_many_calls")


def test_calls_are_found_by_what_they_say_in_whichever_language() -> None:
    ada, ben = a_member("Ada"), a_member("Ben")
    light = named(a_skill("light"), en=["stage lighting"], fr=["éclairage scénique"], nl=["podiumbelichting"])
    sewing = a_skill("sewing")
    a_call(ada, light, title="Tour", is_remote=False, country="FR", city="Lyon", languages=["fr"])
    a_call(ada, sewing, title="Costumes", countries=["BE"], ends_on=soon(30), starts_on=soon(20))
    expected: list[tuple[dict[str, Any], list[str]]] = [
        ({}, ["Costumes", "Tour"]),
        ({"search": "podiumbelichting"}, ["Tour"]),
        ({"search": "eclairage"}, ["Tour"]),
        ({"search": "lyon"}, ["Tour"]),
        ({"search": "van welding"}, []),
        ({"skill": sewing.pk}, ["Costumes"]),
        ({"language": "fr"}, ["Costumes", "Tour"]),
        ({"language": "de"}, ["Costumes"]),
        ({"country": "fr"}, ["Tour"]),
        ({"people_from": "FR"}, ["Tour"]),
        ({"people_from": "BE"}, ["Costumes", "Tour"]),
        ({"remote": True}, ["Costumes"]),
        ({"on_or_after": soon(31).isoformat()}, ["Tour"]),
        ({"on_or_before": soon(19).isoformat()}, ["Tour"]),
        ({"state": "closed"}, []),
        ({"mine": True}, []),
    ]
    for query, found in expected:
        assert listed(ben, **query) == found, query
    assert listed(ada, mine=True) == ["Costumes", "Tour"]


def test_people_who_blocked_each_other_never_see_each_others_calls() -> None:
    ada, ben, rigging = a_member("Ada"), a_member("Ben"), a_skill("rigging")
    call = a_call(ada, rigging)
    path = f"/api/calls/{call.pk}/"
    assert listed(ben) == ["A tour in May"]
    assert signed_in(ben).get(path).status_code == 200
    for by, whom in ((ada, ben), (ben, ada)):
        block = Block.objects.create(by=by, whom=whom, created_at=now())
        assert listed(ben) == []
        assert signed_in(ben).get(path).status_code == 404
        answer = signed_in(ben).post(f"{path}answer/", {"skill": rigging.pk, "message": "I would come along."})
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
        block.delete()


def test_what_a_member_shows_to_their_organisation_alone_is_called_there_alone() -> None:
    ada = a_member("Ada", seen_by=Member.SeenBy.ORGANISATION)
    near, far = a_member("Near"), a_member("Far", organisation=an_organisation())
    a_call(ada, a_skill("rigging"))
    assert (listed(near), listed(far)) == (["A tour in May"], [])
    Member.objects.filter(pk=ada.pk).update(seen_by=Member.SeenBy.EVERYONE)
    assert listed(far) == ["A tour in May"]


def test_the_call_of_a_collective_that_hides_exists_for_its_members_alone() -> None:
    ada, ben, cleo, rigging = a_member("Ada"), a_member("Ben"), a_member("Cleo"), a_skill("rigging")
    collective = a_collective(ada, ben)
    call = a_call(ada, rigging, collective=collective)
    waiting, taken = a_member("Waiting"), a_member("Taken")
    says_yes(call, waiting, rigging)
    assert listed(cleo) == ["A tour in May"]
    # While it shows itself, one learns its name.
    assert signed_in(cleo).get(f"/api/calls/{call.pk}/").json()["collective"]["name"] == "Loge"
    other = a_call(ada, rigging, collective=collective, title="Another", people=2)
    taken_in(other, ada, taken, rigging)
    collective.is_listed = False
    collective.save(update_fields=["is_listed"])
    for stranger in (cleo, waiting):
        assert listed(stranger) == []
        assert signed_in(stranger).get(f"/api/calls/{call.pk}/").status_code == 404
        narrowed = [signed_in(stranger).get("/api/calls/", {"collective": one}) for one in (collective.pk, 2**40)]
        assert narrowed[0].json() == narrowed[1].json()
    assert listed(ben) == ["Another", "A tour in May"]
    assert listed(taken) == ["Another"]
    # What one said can be taken back all the same.
    assert signed_in(waiting).post(f"/api/calls/{call.pk}/withdraw/").status_code == 204


def test_only_members_call_for_a_collective_and_only_where_it_shows_itself() -> None:
    ada, cleo = a_member("Ada"), a_member("Cleo")
    collective = a_collective(ada)
    for member, listed_now, code in ((cleo, True, "not_in_collective"), (ada, False, "collective_hides")):
        collective.is_listed = listed_now
        collective.save(update_fields=["is_listed"])
        answer = signed_in(member).post("/api/calls/", wish(collective=collective.pk))
        assert answer.json()["fields"]["collective"][0]["code"] == code


def test_only_its_author_and_stewards_change_a_call() -> None:
    ada, ben, cleo, rigging = a_member("Ada"), a_member("Ben"), a_member("Cleo"), a_skill("rigging")
    call = a_call(ben, rigging, collective=a_collective(ada, ben, cleo))
    path = f"/api/calls/{call.pk}/"
    assert signed_in(cleo).patch(path, {"title": "Mine"}).json()["code"] == "not_your_call"
    assert signed_in(cleo).post(f"{path}close/").json()["code"] == "not_your_call"
    assert signed_in(ada).patch(path, {"title": "Ours"}).json()["title"] == "Ours"
    assert signed_in(ben).patch(path, {"languages": ["de"]}).json()["languages"] == ["de"]
    assert signed_in(ben).get(path).json()["skills"][0]["skill"]["name"] == "rigging"


def test_nobody_who_answered_is_left_without_what_they_answered_for() -> None:
    ada, ben, cleo = a_member("Ada"), a_member("Ben"), a_member("Cleo")
    rigging, sewing = a_skill("rigging"), a_skill("sewing")
    call = a_call(ada, rigging, sewing, people=2)
    taken_in(call, ada, ben, rigging)
    taken_in(call, ada, cleo, rigging)
    path = f"/api/calls/{call.pk}/"
    for skills, code in [
        ([{"skill": sewing.pk}], "skill_answered"),
        ([{"skill": rigging.pk, "people": 1}, {"skill": sewing.pk}], "seats_given"),
    ]:
        assert signed_in(ada).patch(path, {"skills": skills}).json()["fields"]["skills"][0]["code"] == code
    # Without the other skill everyone is found.
    fewer = signed_in(ada).patch(path, {"skills": [{"skill": rigging.pk, "people": 2}]}).json()
    assert fewer["state"] == "filled"


def test_a_call_ends_on_its_last_day_where_its_author_lives_and_its_author_is_told_once() -> None:
    ada, ben, rigging = a_member("Ada", timezone="America/New_York"), a_member("Ben"), a_skill("rigging")
    opened = dt.datetime(2030, 5, 1, 12, tzinfo=dt.UTC)
    call = a_call(ada, rigging, at=opened, open_until=dt.date(2030, 5, 6))
    midnight_there = dt.datetime(2030, 5, 7, 4, tzinfo=dt.UTC)
    assert call.closes_at == midnight_there
    assert actions.expire_due(at=midnight_there - dt.timedelta(seconds=1)) == 0
    assert [actions.expire_due(at=midnight_there) for _turn in range(2)] == [1, 0]
    assert told(ada) == ["call_expired"]
    late = signed_in(ben).post(f"/api/calls/{call.pk}/answer/", {"skill": rigging.pk, "message": "I would still come."})
    assert (late.status_code, late.json()["code"]) == (409, "call_ended")
    assert signed_in(ada).patch(f"/api/calls/{call.pk}/", {"title": "Still open?"}).json()["code"] == "call_ended"


def test_who_waits_for_an_answer_is_told_when_a_call_is_closed() -> None:
    ada, ben, rigging = a_member("Ada"), a_member("Ben"), a_skill("rigging")
    call = a_call(ada, rigging)
    says_yes(call, ben, rigging)
    assert signed_in(ada).post(f"/api/calls/{call.pk}/close/").json()["state"] == "closed"
    assert told(ben) == ["call_over"]
    assert signed_in(ada).post(f"/api/calls/{call.pk}/close/").json()["code"] == "call_ended"


def test_the_list_costs_the_same_with_one_call_and_with_three(django_assert_num_queries: Any) -> None:
    ada, ben, rigging = a_member("Ada"), a_member("Ben"), a_skill("rigging")
    client = signed_in(ben)
    collective = a_collective(ada)
    a_call(ada, rigging, collective=collective)
    client.get("/api/calls/")
    with django_assert_num_queries(9):
        assert len(client.get("/api/calls/").json()["results"]) == 1
    taken_in(a_call(ada, rigging, languages=["fr"], people=2), ada, a_member("Cleo"), rigging)
    says_yes(a_call(ada, rigging, countries=["FR", "BE"], collective=collective), a_member("Dan"), rigging)
    with django_assert_num_queries(9):
        assert len(client.get("/api/calls/").json()["results"]) == 3
