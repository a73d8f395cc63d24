"""The list of rooms, reading marks, history page by page, coming and going."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.conversations import actions
from backend.conversations.models import Event, Membership
from backend.members.actions import block
from tests.cast import a_member, signed_in
from tests.conversations.cast import NOW, a_room, said

pytestmark = pytest.mark.django_db


def rooms(member: Any) -> Any:
    return signed_in(member).get("/api/rooms/").json()


def test_my_rooms_come_most_recent_first_with_their_last_words() -> None:
    ada, grace = a_member("Ada"), a_member("Grace")
    quiet, busy = a_room(ada, title="Quiet"), a_room(ada, grace, title="Busy")
    said(busy, grace, "x" * 200)
    a_room(grace, title="Not mine")
    found = rooms(ada)
    assert [room["id"] for room in found] == [busy.pk, quiet.pk]
    assert (found[0]["last_message"]["author_name"], found[0]["last_message"]["body"]) == ("Grace", "x" * 140)
    assert (found[0]["members_count"], found[0]["last_seq"], found[1]["last_message"]) == (2, 1, None)


def test_the_list_does_not_show_the_words_of_whom_i_blocked_to_me_alone() -> None:
    ada, grace, ben = a_member("Ada"), a_member("Grace"), a_member("Ben")
    said(a_room(ada, grace, ben), grace, "me again")
    block(by=ada, whom=grace, at=NOW)
    shown = [
        (found["author_name"], found["body"]) for who in (ada, ben, grace) for found in [rooms(who)[0]["last_message"]]
    ]
    assert shown == [("", ""), ("Grace", "me again"), ("Grace", "me again")]


def test_a_room_of_two_shows_the_other_one() -> None:
    ada, grace = a_member("Ada"), a_member("Grace")
    a_room(ada, grace, kind="direct", title="")
    assert [rooms(who)[0]["partner"]["name"] for who in (ada, grace)] == ["Grace", "Ada"]


def test_the_list_costs_the_same_queries_for_one_room_and_for_three() -> None:
    ada, grace = a_member("Ada"), a_member("Grace")
    client, counts = signed_in(ada), []
    for more in (1, 2):
        for _ in range(more):
            room = a_room(ada, grace, kind="direct")
            event = said(room, grace)
            actions.edit_message(room=room, seq=event.seq, by=grace, body="changed", at=NOW)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            found = client.get("/api/rooms/").json()
        counts.append(len(queries))
    assert [room["last_message"]["body"] for room in found] == ["changed"] * 3
    assert counts[0] == counts[1]


def test_unread_counts_messages_only_and_one_s_own_are_read() -> None:
    ada, grace = a_member("Ada"), a_member("Grace")
    room = a_room(ada, grace)
    first = said(room, ada, "one")
    actions.edit_message(room=room, seq=first.seq, by=ada, body="One", at=NOW)
    said(room, ada, "two")
    assert (rooms(grace)[0]["unread"], rooms(ada)[0]["unread"]) == (2, 0)
    client = signed_in(grace)
    assert client.post(f"/api/rooms/{room.pk}/read/", {"seq": 2}).json() == {"unread": 1}
    assert client.post(f"/api/rooms/{room.pk}/read/", {"seq": 1}).json() == {"unread": 1}
    assert client.post(f"/api/rooms/{room.pk}/read/", {"seq": 99}).json() == {"unread": 0}
    assert Membership.objects.get(room=room, member=grace).read_seq == 3


def test_history_is_paged_from_the_newest_back_and_never_changes_under_the_reader() -> None:
    ada = a_member("Ada")
    room, client = a_room(ada), signed_in(ada)
    for number in range(1, 8):
        said(room, ada, f"message {number}")
    newest = client.get(f"/api/rooms/{room.pk}/events/?limit=3").json()
    assert ([e["seq"] for e in newest["events"]], newest["head"], newest["has_older"]) == ([5, 6, 7], 7, True)
    said(room, ada, "meanwhile")
    older = client.get(f"/api/rooms/{room.pk}/events/?before=5&limit=3").json()
    assert ([e["seq"] for e in older["events"]], older["has_older"]) == ([2, 3, 4], True)
    oldest = client.get(f"/api/rooms/{room.pk}/events/?before=2&limit=3").json()
    assert ([e["seq"] for e in oldest["events"]], oldest["has_older"]) == ([1], False)
    after = client.get(f"/api/rooms/{room.pk}/events/?since=6&limit=999").json()
    assert ([e["seq"] for e in after["events"]], after["head"]) == ([7, 8], 8)


def test_a_page_number_that_is_none_is_refused_by_name() -> None:
    ada = a_member("Ada")
    answer = signed_in(ada).get(f"/api/rooms/{a_room(ada).pk}/events/?since=-1")
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["since"])


def test_who_has_left_finds_the_room_gone() -> None:
    ada, grace = a_member("Ada"), a_member("Grace")
    room = a_room(ada, grace)
    path = f"/api/rooms/{room.pk}/events/"
    assert signed_in(grace).get(path).status_code == 200
    actions.leave_room(room=room, member=grace, at=NOW)
    assert signed_in(grace).get(path).status_code == 404
    kinds = [event["kind"] for event in signed_in(ada).get(path).json()["events"]]
    assert kinds == ["member_left"]


def test_leaving_twice_and_joining_twice_is_once() -> None:
    ada, grace = a_member("Ada"), a_member("Grace")
    room = a_room(ada)
    for _ in range(2):
        actions.join_room(room=room, member=grace, at=NOW)
    for _ in range(2):
        actions.leave_room(room=room, member=grace, at=NOW)
    assert [e.kind for e in Event.objects.filter(room=room)] == ["member_joined", "member_left"]


def test_two_people_have_one_direct_room() -> None:
    ada, grace = a_member("Ada"), a_member("Grace")
    first = signed_in(ada).post("/api/rooms/direct/", {"member": grace.pk}).json()
    second = signed_in(grace).post("/api/rooms/direct/", {"member": ada.pk}).json()
    assert (first["id"], first["partner"]["name"], second["partner"]["name"]) == (second["id"], "Grace", "Ada")


def test_one_cannot_write_to_oneself_nor_to_someone_one_may_not_see() -> None:
    ada, hidden = a_member("Ada"), a_member("Hidden", seen_by="nobody")
    wish = [signed_in(ada).post("/api/rooms/direct/", {"member": who.pk}) for who in (ada, hidden)]
    assert [answer.status_code for answer in wish] == [400, 400]
    assert wish[0].json()["fields"]["member"][0]["code"] == "oneself"
