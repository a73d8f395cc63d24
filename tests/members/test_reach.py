"""How people can be reached: what may be written down, who reads it, from when and until when, and that it is nowhere else."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import get_resolver

from backend.collectives import actions as collectives
from backend.collectives import belonging
from backend.collectives.models import Collective
from backend.conversations import actions as conversations
from backend.members import actions, reach
from backend.members.models import Block, Member, Reach
from backend.mentoring import circles, relation
from backend.mentoring.models import Programme
from tests.cast import a_guide, a_member, an_organisation, signed_in
from tests.collectives.test_collectives import a_collective, with_member
from tests.mentoring.cast import NOW, a_mentorship

pytestmark = pytest.mark.django_db

NUMBER = "+33 1 99 00 12 34"
SAID = {"email": "ada@studio.example", "telephone": NUMBER, "link": "https://signal.me/#p/+33199001234"}


def reachable(name: str = "Ada", **fields: Any) -> Member:
    member = a_member(name, **fields)
    reach.write_down(member=member, **SAID)
    return member


def read(viewer: Member, *people: Member) -> list[dict[str, Any]]:
    answer = signed_in(viewer).get("/api/reach/", {"member": [person.pk for person in people]})
    assert answer.status_code == 200, answer.content
    found: list[dict[str, Any]] = answer.json()
    return found


def reads(viewer: Member, whom: Member) -> bool:
    found = read(viewer, whom)
    assert found in ([], [{"member": whom.pk} | SAID])
    return bool(found)


# -- what may be written down ----------------------------------------------------------------------------------------
def test_what_is_written_down_is_kept_and_all_of_it_may_be_empty() -> None:
    client = signed_in(a_member())
    nothing = {"email": "", "telephone": "", "link": ""}
    assert client.get("/api/me/reach/").json() == nothing
    assert client.put("/api/me/reach/", SAID).json() == SAID
    assert client.get("/api/me/reach/").json() == SAID
    assert client.put("/api/me/reach/", {"telephone": " 0032.2/555  (0)12-12 "}).json() == nothing | {
        "telephone": "0032.2/555 (0)12-12"
    }
    assert client.put("/api/me/reach/", {}).json() == nothing
    assert not Reach.objects.exists()


@pytest.mark.parametrize(
    ("wish", "refused"),
    [
        ({"email": "ada"}, {"email": ["invalid"]}),
        ({"email": "a@b.example, c@d.example"}, {"email": ["invalid"]}),
        ({"email": f"{'a' * 60}@{'b' * 200}.example"}, {"email": ["max_length", "invalid"]}),
        ({"telephone": "12345"}, {"telephone": ["not_a_telephone"]}),
        ({"telephone": "1" * 16}, {"telephone": ["not_a_telephone"]}),
        ({"telephone": "call me"}, {"telephone": ["not_a_telephone"]}),
        ({"telephone": "+33 1 99 00 12 34;ext=1"}, {"telephone": ["not_a_telephone"]}),
        ({"telephone": "٠١٢٣٤٥٦٧"}, {"telephone": ["not_a_telephone"]}),
        ({"telephone": "1" * 33}, {"telephone": ["max_length"]}),
        ({"telephone": None}, {"telephone": ["null"]}),
        ({"link": "javascript:alert(1)"}, {"link": ["not_a_link"]}),
        ({"link": "JAVASCRIPT://example.org/%0aalert(1)"}, {"link": ["not_a_link"]}),
        ({"link": "data:text/html,<script>"}, {"link": ["not_a_link"]}),
        ({"link": "signal.me/ada"}, {"link": ["not_a_link"]}),
        ({"link": "https://bank.example@evil.example/"}, {"link": ["not_a_link"]}),
        ({"link": "https://[::1"}, {"link": ["not_a_link"]}),
        ({"link": "https://a.example/\nx"}, {"link": ["not_a_link"]}),
        ({"link": "https://a.example/" + "x" * 300}, {"link": ["max_length"]}),
        ({"link": ["https://a.example"]}, {"link": ["invalid"]}),
    ],
)
def test_what_cannot_be_used_is_refused_and_what_was_there_stays(
    wish: dict[str, Any], refused: dict[str, list[str]]
) -> None:
    ada = reachable()
    answer = signed_in(ada).put("/api/me/reach/", SAID | wish)
    assert answer.status_code == 400
    told = {name: [error["code"] for error in errors] for name, errors in answer.json()["fields"].items()}
    assert {name: [code for code in codes if code in refused[name]] for name, codes in told.items()} == refused
    assert signed_in(ada).get("/api/me/reach/").json() == SAID


@pytest.mark.parametrize("query", ["", "?member=", "?member=x", "?member=-1", "?member=1e3", "?member=" + "9" * 19])
def test_only_numbers_are_asked_for(query: str) -> None:
    answer = signed_in(a_member()).get(f"/api/reach/{query}")
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["member"])
    assert signed_in(a_member()).get("/api/reach/" + "?member=1" + "&member=1" * 100).status_code == 400


# -- from when until when --------------------------------------------------------------------------------------------
def a_guided(ada: Member, ben: Member) -> Callable[[], object]:
    pair = a_mentorship(ben, ada)
    relation.pause(mentorship=pair, by=ada, at=NOW)
    return lambda: relation.close(mentorship=pair, by=ada, at=NOW)


def a_guide_of(ada: Member, ben: Member) -> Callable[[], object]:
    pair = a_mentorship(ada, ben)
    return lambda: relation.close(mentorship=pair, by=ben, at=NOW)


def in_a_circle(ada: Member, ben: Member) -> Callable[[], object]:
    circle = circles.open_circle(member=ben, title="Prices that hold", seats=3, at=NOW)
    circles.join(circle=circle, member=ada, at=NOW)
    return lambda: circles.leave(circle=circle, member=ada, at=NOW)


def in_a_circle_of_another(ada: Member, ben: Member) -> Callable[[], object]:
    circle = circles.open_circle(member=a_member("Fay"), title="Prices that hold", seats=3, at=NOW)
    for one in (ada, ben):
        circles.join(circle=circle, member=one, at=NOW)
    return lambda: circles.leave(circle=circle, member=ben, at=NOW)


def in_a_circle_that_ends(ada: Member, ben: Member) -> Callable[[], object]:
    circle = circles.open_circle(member=ada, title="Prices that hold", seats=3, at=NOW)
    circles.join(circle=circle, member=ben, at=NOW)
    return lambda: circles.close(circle=circle, by=ada, at=NOW)


def in_a_collective(ada: Member, ben: Member) -> Callable[[], object]:
    collective = a_collective(ada)
    with_member(collective, ada, ben)
    belonging.go_on_leave(collective=collective, member=ben, at=NOW)
    return lambda: collectives.leave(collective=collective, member=ben, at=NOW)


def in_a_collective_that_removes(ada: Member, ben: Member) -> Callable[[], object]:
    collective = a_collective(ben)
    with_member(collective, ben, ada)
    return lambda: collectives.remove(collective=collective, by=ben, member=ada, at=NOW)


def in_a_collective_that_closes(ada: Member, ben: Member) -> Callable[[], object]:
    collective = a_collective(ada)
    with_member(collective, ada, ben)
    return lambda: Collective.objects.filter(pk=collective.pk).update(closed_at=NOW)


TIES = [
    a_guided, a_guide_of, in_a_circle, in_a_circle_of_another, in_a_circle_that_ends, in_a_collective, in_a_collective_that_removes,
    in_a_collective_that_closes,
]  # fmt: skip


@pytest.mark.parametrize("tie", TIES)
def test_it_is_read_while_two_have_something_going_neither_before_nor_after(tie: Any) -> None:
    ada, ben, cleo = reachable(), a_guide("Ben"), a_member("Cleo")
    assert not reads(ben, ada)
    end = tie(ada, ben)
    Member.objects.filter(pk=ada.pk).update(seen_by="nobody")
    assert reads(ben, ada)
    assert not reads(cleo, ada)
    end()
    assert not reads(ben, ada)
    assert reads(ada, ada)


@pytest.mark.parametrize("tie", [in_a_circle_of_another, in_a_collective])
def test_a_block_in_either_direction_goes_before_ties_that_it_does_not_end(tie: Any) -> None:
    ada, ben = reachable(), a_guide("Ben")
    tie(ada, ben)
    for by, whom in ((ada, ben), (ben, ada)):
        assert reads(ben, ada)
        actions.block(by=by, whom=whom, at=NOW)
        assert not reads(ben, ada)
        actions.unblock(by=by, whom=whom.pk)
    assert not Block.objects.exists()


def test_asking_waiting_being_invited_and_being_a_guest_open_nothing() -> None:
    ada, ben = reachable(), a_member("Ben")
    signed_in(ben).post("/api/mentorship-requests/", {"mentor": ada.pk, "track": "social", "message": "Can you help?"})
    circle = circles.open_circle(member=ada, title="Prices that hold", seats=3, at=NOW)
    for one in (a_member("Cleo"), a_member("Dan"), ben):
        circles.join(circle=circle, member=one, at=NOW)
    collective = a_collective(ada)
    belonging.apply(collective=collective, member=ben, words="", at=NOW)
    assert not reads(ben, ada)
    collectives.invite(collective=collective, by=ada, guest=ben, is_guest=True, at=NOW)
    assert not reads(ben, ada)
    collectives.accept_invitation(collective=collective, member=ben, at=NOW)
    assert not reads(ben, ada)
    reach.write_down(member=ben, **SAID)
    assert not reads(ada, ben)
    belonging.give_vote(collective=collective, by=ada, member=ben, at=NOW)
    assert reads(ben, ada)
    assert reads(ada, ben)


def test_who_tells_other_countries_less_is_not_reached_from_there() -> None:
    home, away = an_organisation(), an_organisation()
    ada = reachable(organisation=home, country="BE", seen_abroad="work")
    near, far = a_member("Near", organisation=home, country="FR"), a_member("Far", organisation=away, country="FR")
    collective = a_collective(ada)
    for person in (near, far):
        with_member(collective, ada, person)
    assert (reads(near, ada), reads(far, ada)) == (True, False)
    Member.objects.filter(pk=ada.pk).update(seen_abroad="everything")
    assert reads(far, ada)


def test_keys_open_nothing_and_nor_does_looking_after_a_programme() -> None:
    ada = reachable()
    a_mentorship(a_guide("Ben"), ada)
    boss = a_member("Boss", is_staff=True, is_superuser=True)
    assert ada.organisation is not None
    programme = Programme.objects.create(organisation=ada.organisation, name="Start", track="economic", state="running")
    programme.coordinators.add(boss)
    assert not reads(boss, ada)
    page = signed_in(boss).get(f"/admin/members/member/{ada.pk}/change/")
    assert page.status_code == 200
    assert NUMBER not in page.content.decode()


def test_it_is_gone_with_the_account() -> None:
    ada, ben = reachable(), a_guide("Ben")
    a_guided(ada, ben)
    assert reads(ben, ada)
    actions.close_account(member=ada, at=NOW)
    assert not Reach.objects.exists()
    actions.reopen_account(member=ada, at=NOW)
    assert not reads(ben, ada)


# -- nowhere else ----------------------------------------------------------------------------------------------------
def test_no_other_door_says_it_even_to_those_who_may_read_it() -> None:
    ada, ben = reachable("Ada Lovelace"), a_guide("Ben")
    pair = a_mentorship(ben, ada)
    circle = circles.open_circle(member=ben, title="Prices that hold", seats=3, at=NOW)
    circles.join(circle=circle, member=ada, at=NOW)
    collective = a_collective(ada)
    with_member(collective, ada, ben)
    conversations.post_message(room=collective.room, author=ada, client_id=uuid.uuid4(), body="Hello", at=NOW)
    assert reads(ben, ada)
    client = signed_in(ben)
    pages = [
        f"/api/members/{ada.pk}/", f"/api/mentorships/{pair.pk}/", f"/api/mentorships/{pair.pk}/relation/", f"/api/circles/{circle.pk}/",
        f"/api/collectives/{collective.pk}/", f"/api/rooms/{collective.room_id}/events/", f"/api/rooms/{collective.room_id}/members/",
    ]  # fmt: skip
    said = ""
    for page in [*pages, *lists()]:
        answer = client.get(page)
        assert answer.status_code < 500, page
        said += "" if answer.streaming else answer.content.decode(errors="replace")
    assert "Ada Lovelace" in said
    for secret in (*SAID.values(), ada.email):
        assert secret not in said
    for secret in SAID.values():
        assert client.get("/api/members/", {"search": secret}).json()["count"] == 0


def lists() -> list[str]:
    """Every address of the API that takes no number, but for one's own contact data."""
    known: Any = get_resolver().reverse_dict
    found = {
        f"/{pattern}"
        for name in known
        for possible in known.getlist(name)
        for pattern, names in possible[0]
        if pattern.startswith("api/") and not names
    }
    return sorted(found - {"/api/me/reach/", "/api/schema/", "/api/docs/"})


@pytest.mark.parametrize("rows", [1, 3])
def test_one_and_three_people_take_as_many_queries(rows: int, django_assert_num_queries: Any) -> None:
    ben = a_member("Ben")
    collective, circle = a_collective(ben), circles.open_circle(member=ben, title="Prices that hold", seats=5, at=NOW)
    people = [reachable(f"Ada {number}") for number in range(rows)]
    for person in people:
        with_member(collective, ben, person)
        circles.join(circle=circle, member=person, at=NOW)
        a_mentorship(person, ben)
    with django_assert_num_queries(5):
        assert len(reach.readable(viewer=ben, among=[person.pk for person in people])) == rows
    with django_assert_num_queries(2):
        assert reach.readable(viewer=ben, among=[ben.pk + 1000]) == []
