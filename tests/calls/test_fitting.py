"""Whom a call fits, and why; who hears of it."""

from collections.abc import Iterator
from typing import Any

import pytest

from backend.calls import fitting
from backend.calls.models import Call
from backend.collectives.models import Collective
from backend.members.models import Block, Member
from backend.mentoring.models import Dismissal
from backend.mentoring.people import PEOPLE
from backend.notices.models import Notice
from tests.calls import a_call, a_collective, able, now, says_yes, soon, told
from tests.cast import a_member, a_skill, an_organisation, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _from_nothing() -> Iterator[None]:
    PEOPLE.forget()
    yield
    PEOPLE.forget()


def suggested(member: Member) -> Any:
    answer = signed_in(member).get("/api/calls/suggested/")
    assert answer.status_code == 200, answer.json()
    return answer.json()


def titles(member: Member) -> list[str]:
    return [one["call"]["title"] for one in suggested(member)["results"]]


def test_calls_that_fit_are_suggested_with_the_reasons_best_first() -> None:
    rigging, sewing = a_skill("rigging"), a_skill("sewing")
    ada, ben = a_member("Ada", country="FR"), able("Ben", rigging)
    a_call(ada, rigging, sewing, title="Half")
    a_call(ada, rigging, title="Whole", languages=["en"])
    a_call(ada, sewing, title="Nothing for Ben")
    found = suggested(ben)
    assert [one["call"]["title"] for one in found["results"]] == ["Whole", "Half"]
    best = found["results"][0]
    assert best["covers"] == [{
        "skill": {"id": rigging.pk, "name": "rigging"}, "offered": {"id": rigging.pk, "name": "rigging"}, "percent": 100,
    }]  # fmt: skip
    assert (best["languages"], best["is_abroad"], found["is_wanted"]) == (["en"], True, True)
    assert best["points"] > found["results"][1]["points"]


def test_a_call_fits_nobody_below_the_level_of_another_language_or_country() -> None:
    rigging = a_skill("rigging")
    ada, ben = a_member("Ada"), able("Ben", rigging, level=2)
    rows = [{"skill": rigging, "level": 4, "people": 1}]
    a_call(ada, title="Masters", skills=rows)
    a_call(ada, rigging, title="In Finnish", languages=["fi"])
    a_call(ada, rigging, title="For the French", countries=["FR"])
    a_call(ada, rigging, title="For Belgians", countries=["BE"])
    assert titles(ben) == ["For Belgians"]
    named = {call.title: fitting.fitting(call, at=now()) for call in Call.objects.all()}
    assert named == {"Masters": [], "In Finnish": [], "For the French": [], "For Belgians": [ben.pk]}


def test_who_wants_no_suggestions_has_none_in_lists_or_notices() -> None:
    rigging = a_skill("rigging")
    ada, ben, cleo = a_member("Ada"), able("Ben", rigging), able("Cleo", rigging)
    a_call(ada, rigging)
    assert titles(ben) == ["A tour in May"]
    stopped = signed_in(ben).put("/api/calls/suggested/", {"is_wanted": False}).json()
    assert stopped == {"is_wanted": False, "results": []}
    assert fitting.suggest_due(at=now()) == 1
    assert (told(ben), told(cleo)) == ([], ["call_fits"])
    assert signed_in(ben).put("/api/calls/suggested/", {"is_wanted": True}).json()["results"] != []


def test_nobody_hears_of_more_than_three_calls_a_week() -> None:
    rigging = a_skill("rigging")
    ada, ben = a_member("Ada"), able("Ben", rigging)
    for number in range(5):
        a_call(ada, rigging, title=f"Call {number}")
    assert fitting.suggest_due(at=now()) == 5
    assert told(ben) == ["call_fits"] * 3


def test_what_one_may_not_see_is_not_suggested_either() -> None:
    rigging = a_skill("rigging")
    ada, ben = a_member("Ada"), able("Ben", rigging, organisation=an_organisation())
    call = a_call(ada, rigging, collective=a_collective(ada))

    def both() -> tuple[list[str], list[str]]:
        Notice.objects.filter(kind="call_fits").delete()
        Call.objects.update(suggested_at=None)
        fitting.suggest_due(at=now())
        return titles(ben), told(ben)

    assert both() == (["A tour in May"], ["call_fits"])
    block = Block.objects.create(by=ada, whom=ben, created_at=now())
    assert both() == ([], [])
    block.delete()
    dismissed = Dismissal.objects.create(
        member=ben, person=ada, reason=Dismissal.Reason.choices[0][0], created_at=now()
    )
    assert both() == ([], [])
    dismissed.member, dismissed.person = ada, ben
    dismissed.save()
    assert both() == ([], [])
    dismissed.delete()
    Member.objects.filter(pk=ada.pk).update(seen_by=Member.SeenBy.ORGANISATION)
    assert both() == ([], [])
    Member.objects.filter(pk=ada.pk).update(seen_by=Member.SeenBy.EVERYONE)
    Collective.objects.update(is_listed=False)
    assert both() == ([], [])
    Collective.objects.update(is_listed=True)
    assert both() == (["A tour in May"], ["call_fits"])
    says_yes(call, ben, rigging)
    assert both() == ([], [])


def test_suggestions_cost_the_same_for_one_call_and_for_three(django_assert_max_num_queries: Any) -> None:
    rigging = a_skill("rigging")
    ada, ben = a_member("Ada"), able("Ben", rigging)
    a_call(ada, rigging)
    suggested(ben)
    client = signed_in(ben)
    with django_assert_max_num_queries(32) as first:
        client.get("/api/calls/suggested/")
    a_call(ada, rigging, languages=["en"], open_until=soon(3))
    a_call(ada, rigging, countries=["BE"])
    with django_assert_max_num_queries(len(first.captured_queries)):
        assert len(client.get("/api/calls/suggested/").json()["results"]) == 3
