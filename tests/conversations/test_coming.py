"""Rooms that members open about something: finding, joining, leaving, steering them; direct talks of a few."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.conversations import actions
from backend.conversations.listing import furnished, rooms_of
from backend.conversations.models import Event, Membership, Room
from backend.members.actions import block
from backend.members.models import Member
from backend.notices.models import Notice
from tests.cast import a_member, signed_in
from tests.conversations.cast import NOW, a_room, refused, said

pytestmark = pytest.mark.django_db


def opened(member: Member, **wish: Any) -> Any:
    wish = {"kind": "trade", "title": "Stage lighting", "about_kind": "sector", "about_id": 7} | wish
    return signed_in(member).post("/api/rooms/", wish)


def found(member: Member, query: str = "") -> list[str]:
    return [room["title"] for room in signed_in(member).get(f"/api/rooms/directory/?{query}").json()]


def test_whoever_opens_a_room_is_its_steward() -> None:
    room = opened(a_member("Ada"), purpose="  For those \n who light  ").json()
    assert (room["kind"], room["access"], room["role"], room["about"]) == (
        "trade",
        "open",
        "steward",
        {"kind": "sector", "id": 7},
    )
    assert (room["purpose"], room["may"]["moderate"], room["members"][0]["role"]) == (
        "For those who light",
        True,
        "steward",
    )


@pytest.mark.parametrize("kind", ["circle", "trade", "place", "question", "topic"])
def test_a_subject_has_one_room_of_a_kind_and_the_second_is_shown_the_first(kind: str) -> None:
    ada, grace = a_member("Ada"), a_member("Grace")
    first = opened(ada, kind=kind)
    again = opened(grace, kind=kind)
    assert (first.status_code, again.status_code, again.json()["code"]) == (201, 409, "room_exists")
    assert again.json()["room"] == first.json()["id"]
    assert opened(grace, kind=kind, about_id=8).status_code == 201


def test_rooms_that_come_with_something_else_cannot_be_opened_by_hand() -> None:
    ada = a_member("Ada")
    for kind in ("collective", "mentorship", "direct"):
        assert opened(ada, kind=kind).status_code == 400
    assert refused(opened(ada, title=" \u200b ")) == "required"
    assert refused(opened(ada, about_id=None)) == "required"


def test_the_directory_shows_what_can_be_joined_and_never_what_is_private() -> None:
    ada, grace = a_member("Ada"), a_member("Grace")
    opened(ada, title="Light in Ghent")
    opened(ada, title="Only us", access="private", about_id=8)
    opened(ada, title="By invitation", access="membership", about_id=9)
    a_room(ada, kind="collective", title="Collective")
    assert sorted(found(grace)) == ["By invitation", "Light in Ghent"]
    assert sorted(found(ada)) == ["By invitation", "Light in Ghent", "Only us"]
    assert found(grace, "q=ghent light") == ["Light in Ghent"]
    assert found(grace, "about_kind=sector&about_id=9") == ["By invitation"]
    assert found(grace, "kind=place") == []
    rows = signed_in(grace).get("/api/rooms/directory/?q=ghent").json()
    assert (rows[0]["members_count"], rows[0]["is_mine"], rows[0]["may_join"]) == (1, False, True)


def test_the_directory_costs_the_same_queries_for_one_room_and_for_three() -> None:
    ada, counts = a_member("Ada"), []
    client = signed_in(ada)
    for number in (1, 2, 3):
        opened(ada, about_id=number)
        with CaptureQueriesContext(connection) as queries:
            assert len(client.get("/api/rooms/directory/").json()) == number
        counts.append(len(queries))
    assert counts[0] == counts[2]


def test_the_list_of_furnished_rooms_costs_the_same_for_one_and_for_three() -> None:
    ada, grace, counts = a_member("Ada"), a_member("Grace"), []
    for number in (1, 2, 3):
        room = a_room(ada, grace, stewards=[ada])
        said(room, grace, mentions=(ada.pk,))
        actions.pin(room=room, seq=1, by=ada, is_on=True, at=NOW)
        with CaptureQueriesContext(connection) as queries:
            rooms = signed_in(ada).get("/api/rooms/").json()
        counts.append(len(queries))
        assert [(row["mentions_unread"], row["pinned_count"]) for row in rooms] == [(1, 1)] * number
    assert counts[0] == counts[2]


def test_a_room_that_is_left_while_the_list_is_read_is_not_on_it() -> None:
    ada, grace = a_member("Ada"), a_member("Grace")
    left, kept = a_room(ada, grace), a_room(ada, grace)
    read = list(rooms_of(ada))
    Membership.objects.filter(room=left, member=ada).delete()
    assert [room.pk for room in furnished(read, ada)] == [kept.pk]


def test_an_open_room_is_joined_and_left_and_joining_twice_is_once() -> None:
    ada, grace = a_member("Ada"), a_member("Grace")
    room = opened(ada).json()["id"]
    client = signed_in(grace)
    assert client.get(f"/api/rooms/{room}/").status_code == 404
    assert [client.post(f"/api/rooms/{room}/join/").status_code for _ in range(2)] == [200, 200]
    assert client.post(f"/api/rooms/{room}/leave/").status_code == 204
    assert client.get(f"/api/rooms/{room}/").status_code == 404
    rows = Event.objects.filter(room=room).values_list("kind", "author", "subject")
    assert list(rows) == [("member_joined", grace.pk, grace.pk), ("member_left", grace.pk, grace.pk)]


@pytest.mark.parametrize("access", ["membership", "private"])
def test_a_room_that_is_not_open_is_not_there_for_who_wants_in(access: str) -> None:
    ada, grace = a_member("Ada"), a_member("Grace")
    room = opened(ada, access=access).json()["id"]
    assert signed_in(grace).post(f"/api/rooms/{room}/join/").status_code == 404
    assert signed_in(grace).post("/api/rooms/999999/join/").status_code == 404
    assert not Membership.objects.filter(room=room, member=grace).exists()


def test_in_open_rooms_anyone_brings_someone_in_and_elsewhere_a_steward() -> None:
    ada, grace, joan = a_member("Ada"), a_member("Grace"), a_member("Joan")
    private = a_room(ada, grace, kind="topic", access="private", stewards=[ada])
    path = f"/api/rooms/{private.pk}/members/"
    assert refused(signed_in(grace).post(path, {"member": joan.pk})) == "not_a_steward"
    assert signed_in(ada).post(path, {"member": joan.pk}).status_code == 200
    assert Notice.objects.get(member=joan).kind == "room_invited"
    public = a_room(grace, kind="topic", access="open")
    assert signed_in(grace).post(f"/api/rooms/{public.pk}/members/", {"member": joan.pk}).status_code == 200


def test_the_last_steward_names_another_one_before_leaving() -> None:
    ada, grace = a_member("Ada"), a_member("Grace")
    room = a_room(ada, grace, kind="topic", stewards=[ada])
    path = f"/api/rooms/{room.pk}"
    assert refused(signed_in(ada).post(f"{path}/leave/")) == "last_steward"
    assert refused(signed_in(ada).delete(f"{path}/members/{ada.pk}/steward/")) == "last_steward"
    assert refused(signed_in(grace).put(f"{path}/members/{grace.pk}/steward/")) == "not_a_steward"
    assert signed_in(ada).put(f"{path}/members/{grace.pk}/steward/").status_code == 200
    assert signed_in(ada).post(f"{path}/leave/").status_code == 204
    assert signed_in(grace).get(f"{path}/").json()["role"] == "steward"


def test_what_is_bound_to_a_collective_is_left_and_changed_there() -> None:
    ada = a_member("Ada")
    room = a_room(ada, kind="collective", stewards=[ada])
    path = f"/api/rooms/{room.pk}/"
    assert refused(signed_in(ada).post(f"{path}leave/")) == "cannot_leave"
    assert refused(signed_in(ada).patch(path, {"title": "Mine"})) == "bound_room"
    may = signed_in(ada).get(path).json()["may"]
    assert (may["leave"], may["steer"], may["moderate"], may["post"]) == (False, False, True, True)


def test_changes_of_the_room_stand_in_its_log() -> None:
    ada, grace = a_member("Ada"), a_member("Grace")
    room = a_room(ada, grace, kind="topic", stewards=[ada])
    path = f"/api/rooms/{room.pk}/"
    assert refused(signed_in(grace).patch(path, {"title": "Mine"})) == "not_a_steward"
    changed = signed_in(ada).patch(path, {"title": "Joiners", "slow_seconds": 30, "paused": True}).json()
    assert (changed["title"], changed["slow_seconds"], changed["paused"]) == ("Joiners", 30, True)
    assert signed_in(ada).patch(path, {"slow_seconds": 3601}).status_code == 400
    events = signed_in(grace).get(f"{path}record/").json()["events"]
    assert [(event["kind"], event["data"]) for event in events] == [
        ("room_changed", {"title": "Joiners", "slow_seconds": 30}),
        ("room_paused", {}),
    ]


def test_a_few_people_have_one_direct_room_whoever_writes_first() -> None:
    ada, grace, joan = a_member("Ada"), a_member("Grace"), a_member("Joan")
    first = signed_in(ada).post("/api/rooms/direct/", {"members": [grace.pk, joan.pk]}).json()
    second = signed_in(joan).post("/api/rooms/direct/", {"members": [ada.pk, grace.pk]}).json()
    two = signed_in(joan).post("/api/rooms/direct/", {"member": ada.pk}).json()
    assert (first["id"], first["members_count"], first["partner"]) == (second["id"], 3, None)
    assert (two["id"] != first["id"], two["partner"]["name"]) == (True, "Ada")
    crowd = [a_member().pk for _ in range(8)]
    assert refused(signed_in(ada).post("/api/rooms/direct/", {"members": crowd})) == "too_many_members"


def test_where_two_have_blocked_each_other_nothing_is_written_changed_or_reacted_to() -> None:
    ada, grace = a_member("Ada"), a_member("Grace")
    room = actions.direct_room(member=ada, partners=[grace], at=NOW)
    said(room, ada)
    path = f"/api/rooms/{room.pk}/messages/1/"
    assert signed_in(grace).put(f"{path}reactions/", {"emoji": "👍"}).status_code == 200
    block(by=grace, whom=ada, at=NOW)
    answers = [
        signed_in(ada).patch(path, {"body": "still here"}),
        signed_in(ada).put(f"{path}reactions/", {"emoji": "🎉"}),
        signed_in(ada).post(
            f"/api/rooms/{room.pk}/messages/", {"client_id": "3f2b1c60-0000-4000-8000-000000000001", "body": "hello?"}
        ),
    ]
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert signed_in(ada).get(f"/api/rooms/{room.pk}/").json()["may"]["post"] is False
    assert Room.objects.get(pk=room.pk).message_count == 1
    assert signed_in(ada).delete(path).status_code == 200


def test_names_in_a_room_are_found_whatever_their_accents() -> None:
    ada, zoe = a_member("Ada"), a_member("Zoë Müller")
    room = a_room(ada, zoe, stewards=[ada])
    rows = signed_in(ada).get(f"/api/rooms/{room.pk}/members/?q=zoe mul").json()
    assert [(row["name"], row["role"]) for row in rows] == [("Zoë Müller", "member")]
