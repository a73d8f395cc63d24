"""Finding one's way: a day, a place in the log, a topic; what is unread in each; who has seen what."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.conversations import actions
from tests.cast import a_member, signed_in
from tests.conversations.cast import NOW, a_room, refused, said

pytestmark = pytest.mark.django_db


def page(member: Any, room: Any, query: str) -> Any:
    answer = signed_in(member).get(f"/api/rooms/{room.pk}/events/?{query}").json()
    return [event["seq"] for event in answer["events"]], answer["has_older"], answer["has_newer"]


def test_a_page_around_a_message_says_whether_there_is_more_on_both_sides() -> None:
    ada = a_member("Ada")
    room = a_room(ada)
    for number in range(9):
        said(room, ada, str(number))
    assert page(ada, room, "around=5&limit=4") == ([3, 4, 5, 6], True, True)
    assert page(ada, room, "around=1&limit=4") == ([1, 2], False, True)
    assert page(ada, room, "around=9&limit=4") == ([7, 8, 9], True, False)
    assert page(ada, room, "before=5&limit=2") == ([3, 4], True, True)
    assert page(ada, room, "since=7&limit=9") == ([8, 9], True, False)
    assert page(ada, room, "limit=3") == ([7, 8, 9], True, False)


def test_a_day_begins_where_the_reader_is() -> None:
    ada = a_member("Ada")
    room = a_room(ada)
    for hours in (0, 14, 24):  # 09:00 and 23:00 on 23 November, 09:00 on the 24th, all UTC
        said(room, ada, at=NOW + timedelta(hours=hours))
    assert page(ada, room, "on=2026-11-24&limit=2")[0] == [2, 3]
    assert page(ada, room, "on=2026-11-24&zone=Europe/Brussels&limit=2")[0] == [1, 2]
    assert page(ada, room, "on=2026-11-24&zone=America/New_York&limit=2")[0] == [2, 3]
    assert page(ada, room, "on=2030-01-01&limit=2")[0] == [2, 3]
    client = signed_in(ada)
    assert refused(client.get(f"/api/rooms/{room.pk}/events/?on=tomorrow")) == "invalid"


def test_a_topic_has_its_own_page_and_its_own_unread_count() -> None:
    ada, grace = a_member("Ada"), a_member("Grace")
    room = a_room(ada, grace)
    lille, ghent = (actions.open_topic(room=room, by=ada, title=title, at=NOW) for title in ("Lille", "Ghent"))
    for topic in (lille, ghent, lille):
        said(room, ada, topic=topic.pk)
    path = f"/api/rooms/{room.pk}/topics/"

    def unread(member: Any) -> dict[str, int]:
        return {row["title"]: row["unread"] for row in signed_in(member).get(path).json()}

    assert (unread(grace), unread(ada)) == ({"Lille": 2, "Ghent": 1}, {"Lille": 0, "Ghent": 0})
    assert page(grace, room, f"topic={lille.pk}")[0] == [1, 3, 5]
    row = signed_in(grace).post(f"{path}{lille.pk}/read/", {"seq": 3}).json()
    assert (row["unread"], row["message_count"], row["last_seq"]) == (1, 2, 5)
    signed_in(grace).post(f"/api/rooms/{room.pk}/read/", {"seq": 4})
    assert unread(grace) == {"Lille": 1, "Ghent": 0}


def test_a_title_is_used_once_in_a_room_whatever_its_capitals() -> None:
    ada, grace, stranger = a_member("Ada"), a_member("Grace"), a_member("Stranger")
    room = a_room(ada, grace, stewards=[ada])
    path = f"/api/rooms/{room.pk}/topics/"
    assert signed_in(grace).post(path, {"title": " Lille \u200b"}).json()["title"] == "Lille"
    assert refused(signed_in(ada).post(path, {"title": "LILLE"})) == "topic_exists"
    assert refused(signed_in(ada).post(path, {"title": "\u200b"})) == "required"
    assert signed_in(stranger).post(path, {"title": "Ghent"}).status_code == 404
    assert signed_in(grace).patch(f"{path}999/", {"title": "x"}).status_code == 404


def test_topics_cost_the_same_queries_for_one_and_for_three() -> None:
    ada = a_member("Ada")
    room, client, counts = a_room(ada), signed_in(ada), []
    for number in (1, 2, 3):
        topic = actions.open_topic(room=room, by=ada, title=str(number), at=NOW)
        said(room, ada, topic=topic.pk)
        with CaptureQueriesContext(connection) as queries:
            assert len(client.get(f"/api/rooms/{room.pk}/topics/").json()) == number
        counts.append(len(queries))
    assert counts[0] == counts[2]


def test_seen_shows_only_who_lets_it_be_seen_and_counts_only_where_that_betrays_nobody() -> None:
    people = [a_member(name) for name in ("Ada", "Grace", "Joan", "Mary", "Rosa")]
    small, large = a_room(*people[:4]), a_room(*people)
    for room in (small, large):
        said(room, people[0])
        for who in people[1:3]:
            signed_in(who).post(f"/api/rooms/{room.pk}/read/", {"seq": 1})
        signed_in(people[1]).patch(f"/api/rooms/{room.pk}/mine/", {"shares_seen": True})
    seen = [signed_in(people[0]).get(f"/api/rooms/{room.pk}/seen/?seq=1").json() for room in (small, large)]
    assert [(row["count"], [one["name"] for one in row["members"]]) for row in seen] == [
        (None, ["Grace"]),
        (2, ["Grace"]),
    ]


def test_mentions_come_newest_first_and_cost_the_same_for_one_and_for_three() -> None:
    ada, grace, counts = a_member("Ada"), a_member("Grace"), []
    client = signed_in(grace)
    for number in (1, 2, 3):
        said(a_room(ada, grace), ada, str(number), mentions=(grace.pk,))
        with CaptureQueriesContext(connection) as queries:
            rows = client.get("/api/mentions/").json()["results"]
        counts.append(len(queries))
    assert [row["event"]["body"] for row in rows] == ["3", "2", "1"]
    assert counts[0] == counts[2]
