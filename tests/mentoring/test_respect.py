"""“Not for me”, blocks, and places for those who are rarely shown."""

import datetime as dt
from collections import Counter
from typing import Any

import pytest
from django.utils import timezone

from backend.members.models import Block, Member, Organisation, Want
from backend.mentoring import people, showings, suggestions
from backend.mentoring.models import Dismissal, PairDemand, Programme, Showing
from backend.mentoring.people import PEOPLE
from backend.mentoring.suggestions import Wish
from tests.cast import a_guide, a_member, a_skill, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nobody_is_known_yet() -> None:
    PEOPLE.forget()


def names(member: Member, path: str = "/api/suggestions/") -> list[str]:
    return [match["member"]["name"] for match in signed_in(member).get(path).json()["results"]]


def dismissed(member: Member, person: Member, reason: str = "known_already") -> Any:
    return signed_in(member).post("/api/dismissals/", {"person": person.pk, "reason": reason})


def test_who_is_not_for_me_is_gone_at_once_and_comes_back_when_i_say_so() -> None:
    ada, grace = a_member("Ada"), a_guide("Grace")
    assert names(ada) == ["Grace"]
    answer = dismissed(ada, grace)
    assert (answer.status_code, answer.json()["person"]["name"]) == (201, "Grace")
    assert names(ada) == names(ada, "/api/collaborators/") == []
    assert names(a_member("Bo")) == ["Grace"]
    client = signed_in(ada)
    assert [row["reason"] for row in client.get("/api/dismissals/").json()] == ["known_already"]
    assert client.delete(f"/api/dismissals/{grace.pk}/").status_code == 204
    assert client.delete(f"/api/dismissals/{grace.pk}/").status_code == 204
    assert names(ada) == ["Grace"]


def test_who_does_not_want_me_is_in_none_of_my_lists_either() -> None:
    sewing = a_skill("sewing")
    ada, grace = a_guide("Ada"), a_guide("Grace")
    Want.objects.create(member=ada, skill=sewing)
    Want.objects.create(member=grace, skill=sewing)
    for one in (ada, grace):
        one.offers.create(skill=sewing, level=4)
    lists = ("/api/suggestions/", "/api/collaborators/", "/api/helping/")
    assert [names(ada, path) for path in lists] == [["Grace"]] * 3
    dismissed(grace, ada)
    assert [names(ada, path) for path in lists] == [[]] * 3
    assert [names(grace, path) for path in lists] == [[]] * 3


def test_said_again_the_last_reason_counts() -> None:
    ada, grace = a_member("Ada"), a_guide("Grace")
    dismissed(ada, grace)
    assert dismissed(ada, grace, "other").status_code == 201
    assert list(Dismissal.objects.values_list("reason", flat=True)) == ["other"]


def test_who_is_not_for_me_can_still_be_asked_and_is_told_nothing() -> None:
    ada, grace = a_member("Ada"), a_guide("Grace")
    dismissed(ada, grace)
    assert signed_in(ada).get(f"/api/suggestions/{grace.pk}/").json()["may"] == {"ask": True}
    assert not signed_in(grace).get("/api/notices/").json()["results"]


@pytest.mark.parametrize(
    ("wish", "field"),
    [({"person": 10**9, "reason": "other"}, "person"), ({"reason": "nonsense"}, "reason"), ({}, "person")],
)
def test_odd_dismissals_are_refused(wish: dict[str, Any], field: str) -> None:
    answer = signed_in(a_member()).post("/api/dismissals/", wish)
    assert answer.status_code == 400
    assert field in answer.json()["fields"]


def test_nobody_dismisses_or_blocks_themselves() -> None:
    ada = a_member("Ada")
    assert dismissed(ada, ada).json()["fields"]["member"][0]["code"] == "oneself"
    assert signed_in(ada).post("/api/blocks/", {"member": ada.pk}).json()["fields"]["member"][0]["code"] == "oneself"


@pytest.mark.parametrize("who", ["by me", "by them"])
def test_after_a_block_neither_exists_for_the_other(who: str) -> None:
    ada, grace = a_guide("Ada"), a_guide("Grace")
    room = signed_in(ada).post("/api/rooms/direct/", {"member": grace.pk}).json()["id"]
    by, whom = (ada, grace) if who == "by me" else (grace, ada)
    assert signed_in(by).post("/api/blocks/", {"member": whom.pk}).status_code == 201
    assert names(ada) == names(ada, "/api/collaborators/") == []
    client = signed_in(ada)
    assert "Grace" not in [row["name"] for row in client.get("/api/members/").json()["results"]]
    for path in (f"/api/members/{grace.pk}/", f"/api/suggestions/{grace.pk}/"):
        assert client.get(path).status_code == 404
    ask = {"mentor": grace.pk, "track": "social", "message": "Would you guide me?"}
    assert client.post("/api/mentorship-requests/", ask).json()["fields"]["mentor"][0]["code"] == "does_not_exist"
    said = client.post(
        f"/api/rooms/{room}/messages/", {"client_id": "0" * 8 + "-0000-4000-8000-" + "0" * 12, "body": "hi"}
    )
    assert said.status_code == 404
    assert names(a_member("Bo")) == ["Ada", "Grace"]


def test_only_who_blocked_sees_it_and_can_take_it_back() -> None:
    ada, grace = a_member("Ada"), a_guide("Grace")
    Block.objects.create(by=grace, whom=ada, created_at=timezone.now())
    assert signed_in(ada).get("/api/blocks/").json() == []
    assert signed_in(ada).delete(f"/api/blocks/{grace.pk}/").status_code == 204
    assert names(ada) == []
    client = signed_in(grace)
    assert [row["member"]["name"] for row in client.get("/api/blocks/").json()] == ["Ada"]
    assert client.delete(f"/api/blocks/{ada.pk}/").status_code == 204
    assert names(ada) == ["Grace"]


def test_whom_a_coordinator_keeps_apart_is_not_suggested() -> None:
    ada, grace = a_member("Ada"), a_guide("Grace")
    programme = Programme.objects.create(organisation=Organisation.objects.get(), name="Start", track="social")
    PairDemand.objects.create(programme=programme, mentee=ada, mentor=grace, kind="excluded")
    assert names(ada) == []


def many_guides(count: int) -> Member:
    skill = a_skill("sewing")
    for number in range(count):
        a_guide(f"Guide {number:02}").offers.create(skill=skill, level=3)
    ada = a_member("Ada")
    Want.objects.create(member=ada, skill=skill)
    return ada


def shown_to(member: Member, path: str = "/api/suggestions/?limit=12") -> list[dict[str, Any]]:
    """The list that this member asks for and then has in front of them."""
    client = signed_in(member)
    answer = client.get(path).json()
    assert client.post("/api/suggestions/shown/", {"receipt": answer["receipt"]}).status_code == 204
    results: list[dict[str, Any]] = answer["results"]
    return results


def test_the_last_places_of_a_full_list_are_drawn_and_their_chances_kept() -> None:
    ada = many_guides(30)
    answer = shown_to(ada)
    assert [match["is_drawn"] for match in answer] == [False] * 10 + [True] * 2
    shown = list(Showing.objects.filter(member=ada).order_by("place"))
    assert [row.person_id for row in shown] == [match["member"]["id"] for match in answer]
    assert [row.chance for row in shown[:10]] == [1] * 10
    # Two of the 26 that come next, all of them shown equally seldom.
    assert [row.chance for row in shown[10:]] == pytest.approx([2 / 20] * 2, rel=0.4)
    again = shown_to(ada)
    assert [match["member"]["id"] for match in again] == [match["member"]["id"] for match in answer]
    assert Showing.objects.count() == 12


def receipt_of(member: Member, found: suggestions.Found) -> str:
    return showings.receipt_for(member, [one for _member, one in found.matches], found.chances)


def test_the_draw_is_the_same_all_day_and_another_one_tomorrow() -> None:
    ada, now = many_guides(30), timezone.now()
    first = suggestions.guides_for(ada, Wish(), at=now)
    for member in (ada, *(a_member(f"Other {number}") for number in range(5))):
        showings.note_shown(member=member, receipt=receipt_of(member, first), at=now)
        assert suggestions.guides_for(ada, Wish(), at=now).chances == first.chances
    drawn = {
        frozenset(suggestions.guides_for(ada, Wish(), at=now + dt.timedelta(days=ahead)).chances) for ahead in range(6)
    }
    assert len(drawn) > 1


def test_who_was_shown_often_is_drawn_less(monkeypatch: pytest.MonkeyPatch) -> None:
    # Days ahead everyone would be read again in the background, on a connection that does not see what this test has not committed.
    monkeypatch.setattr(people, "READ_AGAIN_AFTER", dt.timedelta(days=365))
    ada = many_guides(16)
    guides = list(Member.objects.guides().order_by("pk"))
    day = timezone.now().date() - dt.timedelta(days=1)
    for guide in guides[10:13]:
        others = [a_member(f"Other {number}") for number in range(9)]
        Showing.objects.bulk_create(Showing(member=one, person=guide, day=day, place=1, chance=1) for one in others)
    drawn: Counter[bool] = Counter()
    for ahead in range(30):
        found = suggestions.guides_for(ada, Wish(limit=12), at=timezone.now() + dt.timedelta(days=ahead % 20))
        drawn.update(pk in {guide.pk for guide in guides[10:13]} for pk in found.chances)
    assert drawn[False] > 3 * drawn[True]


def test_where_there_are_few_nobody_is_drawn() -> None:
    ada = many_guides(4)
    assert [match["is_drawn"] for match in shown_to(ada, "/api/suggestions/")] == [False] * 4
    assert set(Showing.objects.values_list("chance", flat=True)) == {1}


def test_asking_for_suggestions_writes_nothing_and_only_what_was_answered_can_be_handed_in() -> None:
    ada = many_guides(4)
    client = signed_in(ada)
    receipt = client.get("/api/suggestions/").json()["receipt"]
    assert not Showing.objects.exists()
    for member, said in ((ada, receipt + "x"), (a_member("Eve"), receipt)):
        answer = signed_in(member).post("/api/suggestions/shown/", {"receipt": said})
        assert (answer.status_code, list(answer.json()["fields"])) == (400, ["receipt"])
    assert not Showing.objects.exists()
    client.post("/api/suggestions/shown/", {"receipt": receipt})
    row = Showing.objects.order_by("place")[0]
    assert (row.weights, row.points["wishes"] > 0) == ("guide-1", True)


def test_what_was_shown_half_a_year_ago_is_forgotten() -> None:
    ada = many_guides(2)
    old = timezone.now().date() - dt.timedelta(days=181)
    Showing.objects.create(member=ada, person=Member.objects.guides()[0], day=old, place=1, chance=1)
    shown_to(ada)
    assert not Showing.objects.filter(day=old).exists()


def test_people_to_work_with_are_drawn_for_the_last_places_too() -> None:
    skill = a_skill("sewing")
    for number in range(30):
        a_member(f"Colleague {number:02}").offers.create(skill=skill, level=3)
    ada = a_member("Ada")
    Want.objects.create(member=ada, skill=skill)
    answer = signed_in(ada).get("/api/collaborators/?limit=12").json()["results"]
    assert [match["is_drawn"] for match in answer] == [False] * 10 + [True] * 2


def test_a_pair_that_a_coordinator_keeps_apart_is_not_offered_to_ask() -> None:
    ada, grace = a_member("Ada"), a_guide("Grace")
    client = signed_in(ada)
    wish = {"mentor": grace.pk, "track": "social", "message": "Would you guide me?"}
    assert client.get(f"/api/suggestions/{grace.pk}/").json()["may"] == {"ask": True}
    programme = Programme.objects.create(organisation=Organisation.objects.get(), name="Start", track="social")
    PairDemand.objects.create(programme=programme, mentee=ada, mentor=grace, kind="excluded")
    assert client.get(f"/api/suggestions/{grace.pk}/").json()["may"] == {"ask": False}
    answer = client.post("/api/mentorship-requests/", wish)
    assert (answer.status_code, answer.json()["code"]) == (409, "excluded")
