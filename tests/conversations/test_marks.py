"""Reactions, pins, acknowledgements, earlier versions."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.conversations import actions
from backend.conversations.models import Event, Reaction
from tests.cast import a_member, signed_in
from tests.conversations.cast import NOW, a_room, refused, said, shown

pytestmark = pytest.mark.django_db


def path(room: Any, what: str, seq: int = 1) -> str:
    return f"/api/rooms/{room.pk}/messages/{seq}/{what}/"


def test_reactions_are_counted_by_emoji_and_given_once_each() -> None:
    ada, grace = a_member("Ada"), a_member("Grace")
    room = a_room(ada, grace)
    said(room, ada)
    for who in (ada, grace, grace):
        answer = signed_in(who).put(path(room, "reactions"), {"emoji": "👍"})
    signed_in(grace).put(path(room, "reactions"), {"emoji": "🎉"})
    assert answer.json()["reactions"] == [{"emoji": "👍", "count": 2, "members": [ada.pk, grace.pk]}]
    kinds = list(Event.objects.filter(room=room).values_list("kind", "emoji", "data"))
    assert kinds[1:] == [
        ("reaction_added", "👍", {"count": 1}),
        ("reaction_added", "👍", {"count": 2}),
        ("reaction_added", "🎉", {"count": 1}),
    ]
    gone = signed_in(ada).delete(path(room, "reactions"), {"emoji": "👍"}).json()
    assert [(row["emoji"], row["members"]) for row in gone["reactions"]] == [("👍", [grace.pk]), ("🎉", [grace.pk])]


def test_a_reaction_counts_as_no_unread_message() -> None:
    ada, grace = a_member("Ada"), a_member("Grace")
    room = a_room(ada, grace)
    said(room, ada)
    signed_in(grace).post(f"/api/rooms/{room.pk}/read/", {"seq": 1})
    actions.react(room=room, seq=1, by=ada, emoji="👍", is_on=True, at=NOW)
    assert signed_in(grace).get("/api/rooms/").json()[0]["unread"] == 0


def test_what_is_no_emoji_and_the_twenty_first_one_are_refused() -> None:
    ada = a_member("Ada")
    room, client = a_room(ada), signed_in(ada)
    said(room, ada)
    assert refused(client.put(path(room, "reactions"), {"emoji": "<b>"})) == "bad_emoji"
    for number in range(20):
        assert client.put(path(room, "reactions"), {"emoji": chr(0x1F600 + number)}).status_code == 200
    assert refused(client.put(path(room, "reactions"), {"emoji": "🚀"})) == "too_many_reactions"


def test_a_thousand_reactions_have_to_wait_and_shut_nobody_out() -> None:
    ada, grace = a_member("Ada"), a_member("Grace")
    room, client = a_room(ada, grace), signed_in(ada)
    said(room, ada)
    codes = [client.put(path(room, "reactions"), {"emoji": "👍"}).status_code for _ in range(121)]
    assert (codes[0], codes[-1], Reaction.objects.count()) == (200, 429, 1)
    assert signed_in(grace).put(path(room, "reactions"), {"emoji": "👍"}).status_code == 200


def test_strangers_and_what_is_no_message_get_no_reaction() -> None:
    ada, stranger = a_member("Ada"), a_member("Stranger")
    room = a_room(ada)
    said(room, ada)
    actions.react(room=room, seq=1, by=ada, emoji="👍", is_on=True, at=NOW)
    assert signed_in(stranger).put(path(room, "reactions"), {"emoji": "👍"}).status_code == 404
    assert signed_in(ada).put(path(room, "reactions", 2), {"emoji": "👍"}).status_code == 404


def test_a_steward_pins_and_the_pin_goes_with_the_message() -> None:
    ada, grace = a_member("Ada"), a_member("Grace")
    room = a_room(ada, grace, stewards=[ada])
    said(room, grace, "Rules")
    assert refused(signed_in(grace).put(path(room, "pin"))) == "not_a_steward"
    assert [signed_in(ada).put(path(room, "pin")).json()["pinned"] for _ in range(2)] == [True, True]
    assert [e.kind for e in Event.objects.filter(room=room)] == ["message", "message_pinned"]
    pins = signed_in(grace).get(f"/api/rooms/{room.pk}/pins/").json()
    assert [(row["event"]["body"], row["by"]["name"]) for row in pins] == [("Rules", "Ada")]
    actions.delete_message(room=room, seq=1, by=grace, at=NOW)
    assert signed_in(grace).get(f"/api/rooms/{room.pk}/pins/").json() == []


def test_an_important_message_is_acknowledged_once_by_each() -> None:
    ada, grace = a_member("Ada"), a_member("Grace")
    room = a_room(ada, grace)
    said(room, ada, important=True)
    said(room, ada)
    counts = [signed_in(who).put(path(room, "acknowledgement")).json()["acknowledged"] for who in (grace, grace, ada)]
    assert counts == [1, 1, 2]
    assert refused(signed_in(grace).put(path(room, "acknowledgement", 2))) == "not_important"


def test_a_page_tells_of_which_important_messages_i_have_taken_note() -> None:
    ada, grace = a_member("Ada"), a_member("Grace")
    room = a_room(ada, grace)
    for _ in range(3):
        said(room, ada, important=True)
    for seq in (3, 1):
        signed_in(grace).put(path(room, "acknowledgement", seq))
    pages = [signed_in(who).get(f"/api/rooms/{room.pk}/events/").json() for who in (grace, ada)]
    assert [page["noted"] for page in pages] == [[1, 3], []]
    assert signed_in(grace).get(f"/api/rooms/{room.pk}/events/?since=1&limit=1").json()["noted"] == []


def test_earlier_versions_can_be_read_until_the_message_is_deleted() -> None:
    ada, grace = a_member("Ada"), a_member("Grace")
    room = a_room(ada, grace)
    said(room, ada, "Monday")
    actions.edit_message(room=room, seq=1, by=ada, body="*Tuesday*", at=NOW)
    versions = signed_in(grace).get(path(room, "history")).json()
    assert [(v["body"], v["by"]["name"]) for v in versions] == [("Monday", "Ada"), ("*Tuesday*", "Ada")]
    actions.delete_message(room=room, seq=1, by=ada, at=NOW)
    assert signed_in(grace).get(path(room, "history")).json() == []


def test_a_deleted_message_takes_no_reaction_pin_or_edit() -> None:
    ada = a_member("Ada")
    room = a_room(ada, stewards=[ada])
    said(room, ada, important=True)
    actions.delete_message(room=room, seq=1, by=ada, at=NOW)
    client = signed_in(ada)
    answers = [
        client.put(path(room, "reactions"), {"emoji": "👍"}),
        client.put(path(room, "pin")),
        client.put(path(room, "acknowledgement")),
        client.patch(f"/api/rooms/{room.pk}/messages/1/", {"body": "again"}),
    ]
    assert [(answer.status_code, refused(answer)) for answer in answers] == [(409, "already_deleted")] * 4
    assert shown(room, ada, 1)["deleted"]


def test_pins_cost_the_same_queries_for_one_and_for_three() -> None:
    ada = a_member("Ada")
    room, client, counts = a_room(ada, stewards=[ada]), signed_in(ada), []
    for number in (1, 2, 3):
        event = said(room, ada, f"rule {number}")
        actions.pin(room=room, seq=event.seq, by=ada, is_on=True, at=NOW)
        with CaptureQueriesContext(connection) as queries:
            assert len(client.get(f"/api/rooms/{room.pk}/pins/").json()) == number
        counts.append(len(queries))
    assert counts[0] == counts[2]
