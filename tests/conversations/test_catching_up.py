"""Finding one's way: a day, a place in the log, a topic; what is unread in each; who has seen what."""

import random
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.conversations import actions
from backend.conversations.listing import rooms_of, topics_of
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


def counts(room: Any, member: Any) -> tuple[int, dict[str, int]]:
    """What is unread in the room, and in each of its topics."""
    mine: Any = rooms_of(member).get(pk=room.pk)
    return mine.unread, {row.title: row.unread for row in topics_of(room, member)}


def test_who_reads_in_one_topic_has_not_read_the_others_nor_what_belongs_to_none() -> None:
    ada, grace = a_member("Ada"), a_member("Grace")
    room = a_room(ada, grace)
    lille, ghent = (actions.open_topic(room=room, by=ada, title=title, at=NOW) for title in ("Lille", "Ghent"))
    for topic in (None, lille.pk, ghent.pk, lille.pk):  # numbers 3 to 6
        said(room, ada, topic=topic, mentions=(grace.pk,))
    path, client = f"/api/rooms/{room.pk}/", signed_in(grace)
    assert counts(room, grace) == (4, {"Lille": 2, "Ghent": 1})
    client.post(f"{path}topics/{lille.pk}/read/", {"seq": 6})
    assert counts(room, grace) == (2, {"Lille": 0, "Ghent": 1})
    assert client.get(path).json()["mentions_unread"] == 2
    rows = {row["title"]: row["read_seq"] for row in client.get(f"{path}topics/").json()}
    assert rows == {"Lille": 6, "Ghent": 0}
    client.patch(f"{path}mine/", {"shares_seen": True})
    for seq, names in ((6, ["Grace"]), (5, []), (3, [])):
        assert [one["name"] for one in signed_in(ada).get(f"{path}seen/?seq={seq}").json()["members"]] == names
    assert client.post(f"{path}read/", {"seq": 3}).json() == {"unread": 1}
    assert counts(room, grace) == (1, {"Lille": 0, "Ghent": 1})
    said(room, grace, topic=ghent.pk)
    assert counts(room, grace) == (0, {"Lille": 0, "Ghent": 0})


def test_of_what_is_unread_one_hears_as_much_as_one_chose_for_the_room_and_each_topic() -> None:
    ada, grace = a_member("Ada"), a_member("Grace")
    room = a_room(ada, grace)
    loud, quiet = (actions.open_topic(room=room, by=ada, title=title, at=NOW) for title in ("Loud", "Quiet"))
    for topic in (None, None, loud.pk, loud.pk, loud.pk, quiet.pk):
        said(room, ada, topic=topic)
    said(room, ada, mentions=(grace.pk,))
    said(room, ada, topic=quiet.pk, mentions=(grace.pk,))
    path, client = f"/api/rooms/{room.pk}/", signed_in(grace)

    def wanted(level: str, **topics: str) -> int:
        client.patch(f"{path}mine/", {"level": level})
        for topic, name in ((loud, "loud"), (quiet, "quiet")):
            client.patch(f"{path}topics/{topic.pk}/mine/", {"level": topics.get(name, "")})
        (row,) = client.get("/api/rooms/").json()
        assert row["unread"] == 8
        assert row["topic_levels"] == {
            str({"loud": loud, "quiet": quiet}[name].pk): own for name, own in topics.items()
        }
        return int(row["wanted"])

    assert (wanted("everything"), wanted("mentions"), wanted("nothing")) == (8, 2, 0)
    assert wanted("everything", quiet="nothing") == 6
    assert wanted("mentions", loud="everything") == 5
    assert wanted("nothing", quiet="mentions") == 1


def test_what_is_unread_is_right_in_any_order_of_writing_and_reading() -> None:
    chance, people = random.Random(5), [a_member("Ada"), a_member("Grace")]
    room = a_room(*people)
    topics = [None, *(actions.open_topic(room=room, by=people[0], title=title, at=NOW).pk for title in "AB")]
    log: list[tuple[int, int | None]] = []
    read: list[set[int]] = [set(), set()]

    def has_read(who: int, topic: int | None, upto: int) -> None:
        read[who] |= {seq for seq, of in log if seq <= upto and (topic is None or of == topic)}

    for _ in range(40):
        who, topic = chance.randrange(2), chance.choice(topics)
        if chance.random() < 0.5:
            log.append((said(room, people[who], topic=topic).seq, topic))
            has_read(who, topic, log[-1][0])
        else:
            upto = chance.randint(1, 2 + len(log))
            actions.mark_read(room=room, member=people[who], seq=upto, topic=topic)
            has_read(who, topic, upto)
        for reader, seen in zip(people, read, strict=True):
            left = [of for seq, of in log if seq not in seen]
            assert counts(room, reader) == (len(left), {"A": left.count(topics[1]), "B": left.count(topics[2])})


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
