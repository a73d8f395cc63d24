"""What a message can carry: markup, a topic, an answer, a language, mentions; and what it can not."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.conversations import actions
from backend.conversations.models import Event, Mention, Room
from backend.members.actions import block
from backend.members.models import Member
from backend.notices.models import Notice
from tests.cast import a_member, signed_in
from tests.conversations.cast import NOW, a_room, refused, said, shown

pytestmark = pytest.mark.django_db


def write(member: Member, room: Room, body: str = "Hello", **more: Any) -> Any:
    wish = {"client_id": str(uuid.uuid4()), "body": body} | more
    return signed_in(member).post(f"/api/rooms/{room.pk}/messages/", wish)


def told(member: Member) -> list[str]:
    return [str(kind) for kind in Notice.objects.filter(member=member).order_by("pk").values_list("kind", flat=True)]


def test_markdown_is_stored_with_its_html_and_changes_with_an_edit() -> None:
    ada = a_member("Ada")
    room = a_room(ada)
    first = write(ada, room, "**now**").json()
    assert (first["body"], first["html"]) == ("**now**", '<p dir="auto"><strong>now</strong></p>\n')
    signed_in(ada).patch(f"/api/rooms/{room.pk}/messages/1/", {"body": "later"})
    assert (shown(room, ada, 1)["body"], shown(room, ada, 1)["html"]) == ("later", None)


def test_a_message_carries_its_topic_its_language_and_the_one_it_answers() -> None:
    ada, grace = a_member("Ada"), a_member("Grace")
    room = a_room(ada, grace)
    topic = actions.open_topic(room=room, by=ada, title="Lille", at=NOW)
    question = said(room, ada, "Qui vient ?", language="fr", topic=topic.pk)
    answer = write(grace, room, "Moi", topic=topic.pk, reply_to=question.seq, language="fr").json()
    assert (answer["topic"], answer["language"]) == (topic.pk, "fr")
    assert answer["reply_to"] == {"seq": question.seq, "author_name": "Ada", "excerpt": "Qui vient ?"}
    assert shown(room, ada, answer["seq"])["reply_to"] == answer["reply_to"]


def test_the_words_that_are_answered_go_when_their_message_is_deleted() -> None:
    ada = a_member("Ada")
    room = a_room(ada)
    said(room, ada, "secret")
    answer = said(room, ada, "yes", reply_to=1)
    assert shown(room, ada, answer.seq)["reply_to"]["excerpt"] == "secret"
    actions.delete_message(room=room, seq=1, by=ada, at=NOW)
    assert shown(room, ada, answer.seq)["reply_to"]["excerpt"] == ""


def test_what_is_not_there_or_belongs_elsewhere_cannot_be_named() -> None:
    ada = a_member("Ada")
    room, other = a_room(ada), a_room(ada)
    foreign = actions.open_topic(room=other, by=ada, title="Elsewhere", at=NOW)
    said(other, ada)
    assert refused(write(ada, room, topic=foreign.pk)) == "topic_unknown"
    assert refused(write(ada, room, reply_to=99)) == "reply_unknown"
    assert refused(write(ada, room, attachments=["nobody-has-this"])) == "attachment_unknown"
    assert refused(write(ada, room, language="xx")) == "bad_language"
    assert refused(write(ada, room, mentions=list(range(1, 52)))) == "too_many_mentions"
    assert refused(write(ada, room, attachments=[str(n) for n in range(11)])) == "too_many_attachments"
    assert Room.objects.get(pk=room.pk).last_seq == 0


def test_fifty_thousand_characters_are_refused() -> None:
    ada = a_member("Ada")
    assert refused(write(ada, a_room(ada), "x" * 50_000)) == "message_too_long"


def test_who_is_mentioned_is_told_and_finds_it_on_the_list() -> None:
    ada, grace = a_member("Ada"), a_member("Grace")
    room = a_room(ada, grace)
    event = write(ada, room, "@Grace look", mentions=[grace.pk]).json()
    assert (event["mentions"], told(grace), told(ada)) == ([grace.pk], ["mentioned"], [])
    found = signed_in(grace).get("/api/mentions/").json()["results"]
    assert [(row["room_title"], row["event"]["body"]) for row in found] == [("Carpenters", "@Grace look")]
    assert signed_in(grace).get("/api/rooms/").json()[0]["mentions_unread"] == 1
    signed_in(grace).post(f"/api/rooms/{room.pk}/read/", {"seq": 1})
    assert signed_in(grace).get("/api/rooms/").json()[0]["mentions_unread"] == 0


def test_a_mention_of_a_stranger_stays_text_and_tells_nobody() -> None:
    ada, stranger = a_member("Ada"), a_member("Stranger")
    answer = write(ada, a_room(ada), "@Stranger", mentions=[stranger.pk, 10**15])
    assert (answer.status_code, answer.json()["mentions"], told(stranger)) == (201, [], [])
    assert not Mention.objects.exists()


def test_a_mention_by_someone_one_has_blocked_is_not_told() -> None:
    ada, grace = a_member("Ada"), a_member("Grace")
    room = a_room(ada, grace)
    block(by=grace, whom=ada, at=NOW)
    write(ada, room, "@Grace", mentions=[grace.pk])
    assert told(grace) == []
    assert signed_in(grace).get("/api/mentions/").json()["results"] == []


def test_only_stewards_call_everyone() -> None:
    ada, grace = a_member("Ada"), a_member("Grace")
    room = a_room(ada, grace, stewards=[ada])
    assert refused(write(grace, room, "@everyone", everyone=True)) == "everyone_not_allowed"
    assert write(ada, room, "@everyone", everyone=True).json()["everyone"] is True
    assert (told(grace), told(ada)) == (["mentioned"], [])


def test_an_edit_tells_only_those_who_were_not_named_before() -> None:
    ada, grace, joan = a_member("Ada"), a_member("Grace"), a_member("Joan")
    room = a_room(ada, grace, joan)
    write(ada, room, "@Grace", mentions=[grace.pk])
    signed_in(ada).patch(f"/api/rooms/{room.pk}/messages/1/", {"body": "@Grace @Joan", "mentions": [grace.pk, joan.pk]})
    assert (told(grace), told(joan)) == (["mentioned"], ["mentioned"])
    assert shown(room, grace, 1)["mentions"] == [grace.pk, joan.pk]


def test_notices_obey_what_each_has_chosen_for_the_room_and_for_the_topic() -> None:
    ada, all_of_it, nothing, but_this = (a_member(name) for name in ("Ada", "All", "Nothing", "This"))
    room = a_room(ada, all_of_it, nothing, but_this)
    topic = actions.open_topic(room=room, by=ada, title="Lille", at=NOW)
    for who in (nothing, but_this):
        assert signed_in(who).patch(f"/api/rooms/{room.pk}/mine/", {"level": "nothing"}).json()["level"] == "nothing"
    path = f"/api/rooms/{room.pk}/topics/{topic.pk}/mine/"
    assert signed_in(but_this).patch(path, {"level": "mentions"}).json()["level"] == "mentions"
    everyone = [all_of_it.pk, nothing.pk, but_this.pk]
    said(room, ada, mentions=tuple(everyone), topic=topic.pk)
    said(room, ada, important=True)
    assert told(all_of_it) == ["mentioned", "message_important"]
    assert (told(nothing), told(but_this)) == ([], ["mentioned"])


def test_sending_again_answers_the_message_as_it_is_now() -> None:
    ada = a_member("Ada")
    room, client_id = a_room(ada), str(uuid.uuid4())
    write(ada, room, "one", client_id=client_id)
    signed_in(ada).patch(f"/api/rooms/{room.pk}/messages/1/", {"body": "two"})
    again = write(ada, room, "one", client_id=client_id)
    assert (again.status_code, again.json()["body"], again.json()["edited"]) == (200, "two", True)
    signed_in(ada).delete(f"/api/rooms/{room.pk}/messages/1/")
    gone = write(ada, room, "one", client_id=client_id).json()
    assert (gone["body"], gone["deleted"]) == ("", True)


def test_sending_again_after_leaving_is_told_that_it_was_stored() -> None:
    ada, grace = a_member("Ada"), a_member("Grace")
    room, client_id = a_room(ada, grace), str(uuid.uuid4())
    write(ada, room, "Hello", client_id=client_id)
    actions.leave_room(room=room, member=ada, at=NOW)
    actions.react(room=room, seq=1, by=grace, emoji="👍", is_on=True, at=NOW)
    again = write(ada, room, "Hello", client_id=client_id)
    assert (again.status_code, again.json()["seq"], again.json()["reactions"]) == (200, 1, [])
    assert write(ada, room, "Hello").status_code == 404


def test_the_same_client_id_of_someone_else_is_not_mine() -> None:
    ada, grace = a_member("Ada"), a_member("Grace")
    room, client_id = a_room(ada, grace), str(uuid.uuid4())
    assert [write(who, room, client_id=client_id).status_code for who in (ada, grace)] == [201, 201]


def test_slow_mode_says_how_long_to_wait_and_stewards_need_not() -> None:
    ada, grace = a_member("Ada"), a_member("Grace")
    room = a_room(ada, grace, stewards=[ada])
    actions.change_room(room=room, by=ada, slow_seconds=30, at=NOW)
    assert write(grace, room).status_code == 201
    answer = write(grace, room)
    assert (answer.status_code, answer.json()["code"]) == (429, "slow_mode")
    assert 1 <= answer.json()["wait_seconds"] <= 31
    assert [write(ada, room).status_code for _ in range(2)] == [201, 201]


def test_a_page_costs_the_same_queries_for_one_message_and_for_three() -> None:
    ada, grace = a_member("Ada"), a_member("Grace")
    room = a_room(ada, grace, stewards=[ada])
    client, counts = signed_in(ada), []
    for number in (1, 2, 3):
        event = said(room, grace, f"**{number}**", reply_to=None if number == 1 else 1, important=True)
        actions.react(room=room, seq=event.seq, by=ada, emoji="👍", is_on=True, at=NOW)
        actions.pin(room=room, seq=event.seq, by=ada, is_on=True, at=NOW)
        actions.acknowledge(room=room, seq=event.seq, by=ada, at=NOW)
        if number != 2:
            with CaptureQueriesContext(connection) as queries:
                page = client.get(f"/api/rooms/{room.pk}/events/").json()
            counts.append(len(queries))
    assert len([event for event in page["events"] if event["kind"] == "message"]) == 3
    # The first page has no answers to look up: three queries of `reply_facts` ask for nothing and cost nothing.
    assert counts[1] - counts[0] <= 3


def test_a_message_that_was_refused_leaves_no_gap() -> None:
    ada, grace = a_member("Ada"), a_member("Grace")
    room = a_room(ada, grace)
    said(room, ada)
    assert refused(write(grace, room, topic=12345)) == "topic_unknown"
    said(room, ada, at=NOW + dt.timedelta(minutes=1))
    assert list(Event.objects.filter(room=room).values_list("seq", flat=True)) == [1, 2]
