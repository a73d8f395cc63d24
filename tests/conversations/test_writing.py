"""Writing in a room over HTTP: what is stored, what is refused, what comes back."""

import uuid
from typing import Any

import pytest

from backend.conversations.models import Event
from tests.cast import a_member, signed_in
from tests.conversations.cast import a_room, said

pytestmark = pytest.mark.django_db


def write(member: Any, room: Any, body: Any, client_id: Any = None) -> Any:
    wish = {"client_id": str(client_id or uuid.uuid4()), "body": body}
    return signed_in(member).post(f"/api/rooms/{room.pk}/messages/", wish)


def code(answer: Any) -> str:
    return str(answer.json()["fields"]["body"][0]["code"])


def test_messages_are_numbered_in_the_order_they_came() -> None:
    ada, grace = a_member("Ada"), a_member("Grace")
    room = a_room(ada, grace)
    answers = [write(who, room, body) for who, body in ((ada, "one"), (grace, "two"), (ada, "three"))]
    assert [answer.status_code for answer in answers] == [201, 201, 201]
    assert [answer.json()["seq"] for answer in answers] == [1, 2, 3]


def test_an_event_says_who_wrote_what_and_when() -> None:
    ada = a_member("Ada")
    room, client_id = a_room(ada), uuid.uuid4()
    event = write(ada, room, "Hello", client_id).json()
    assert event.pop("created_at").endswith("Z")
    assert event == {
        "room": room.pk,
        "seq": 1,
        "kind": "message",
        "author": {"id": ada.pk, "name": "Ada", "photo": None},
        "client_id": str(client_id),
        "body": "Hello",
        "html": None,
        "target_seq": None,
        "edited": False,
        "deleted": False,
        "topic": None,
        "reply_to": None,
        "language": "",
        "important": False,
        "attachments": [],
        "mentions": [],
        "everyone": False,
        "reactions": [],
        "pinned": False,
        "hidden": False,
        "acknowledged": 0,
        "emoji": "",
        "subject": None,
        "data": {},
    }


def test_sending_again_with_the_same_client_id_answers_what_was_stored_the_first_time() -> None:
    ada = a_member("Ada")
    room, client_id = a_room(ada), uuid.uuid4()
    first, again = write(ada, room, "Hello", client_id), write(ada, room, "Changed", client_id)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert Event.objects.filter(room=room).count() == 1


def test_a_client_id_that_went_to_another_room_is_refused_with_409() -> None:
    ada = a_member("Ada")
    here, there, client_id = a_room(ada), a_room(ada), uuid.uuid4()
    assert write(ada, here, "Hello", client_id).status_code == 201
    answer = write(ada, there, "Hello", client_id)
    assert (answer.status_code, answer.json()["code"]) == (409, "client_id_taken")


def test_two_authors_may_choose_the_same_client_id() -> None:
    ada, grace = a_member("Ada"), a_member("Grace")
    room, client_id = a_room(ada, grace), uuid.uuid4()
    assert [write(who, room, "Hello", client_id).status_code for who in (ada, grace)] == [201, 201]


@pytest.mark.parametrize("body", ["", "   \n\t "])
def test_a_message_without_words_is_refused(body: str) -> None:
    ada = a_member("Ada")
    answer = write(ada, a_room(ada), body)
    assert (answer.status_code, code(answer)) == (400, "empty_message")


def test_a_message_may_have_8000_characters_and_not_one_more() -> None:
    ada = a_member("Ada")
    room = a_room(ada)
    assert write(ada, room, "é" * 8000).status_code == 201
    answer = write(ada, room, "é" * 8001)
    assert (answer.status_code, code(answer)) == (400, "message_too_long")


def test_markup_is_kept_as_it_was_written() -> None:
    ada = a_member("Ada")
    body = "<script>alert('x')</script> & <b>bold</b> \U0001f9f0"
    assert write(ada, a_room(ada), body).json()["body"] == body


def test_only_those_in_a_room_can_see_it_or_write_in_it() -> None:
    ada, stranger = a_member("Ada"), a_member("Stranger")
    room = a_room(ada)
    said(room, ada)
    assert write(ada, room, "I can").status_code == 201
    paths = [f"/api/rooms/{room.pk}/", f"/api/rooms/{room.pk}/events/"]
    assert [signed_in(ada).get(path).status_code for path in paths] == [200, 200]
    assert [signed_in(stranger).get(path).status_code for path in paths] == [404, 404]
    assert write(stranger, room, "May I?").status_code == 404
    assert signed_in(stranger).post(f"/api/rooms/{room.pk}/read/", {"seq": 1}).status_code == 404


def test_an_administrator_who_is_not_in_the_room_cannot_read_it() -> None:
    ada, staff = a_member("Ada"), a_member("Staff", is_staff=True, is_superuser=True)
    room = a_room(ada)
    said(room, ada, "between us")
    assert signed_in(staff).get(f"/api/rooms/{room.pk}/events/").status_code == 404
    admin = signed_in(staff).get(f"/admin/conversations/room/{room.pk}/change/")
    assert admin.status_code == 200
    assert "between us" not in admin.content.decode()


def test_an_edit_puts_other_words_in_place_and_is_an_event_of_its_own() -> None:
    ada, grace = a_member("Ada"), a_member("Grace")
    room = a_room(ada, grace)
    event = said(room, ada, "Helo")
    path = f"/api/rooms/{room.pk}/messages/{event.seq}/"
    assert signed_in(grace).patch(path, {"body": "mine"}).status_code == 404
    answer = signed_in(ada).patch(path, {"body": "Hello"})
    assert (answer.status_code, answer.json()["kind"], answer.json()["target_seq"]) == (200, "message_edited", 1)
    events = signed_in(grace).get(f"/api/rooms/{room.pk}/events/").json()["events"]
    assert [(e["seq"], e["kind"], e["body"], e["edited"]) for e in events] == [
        (1, "message", "Hello", True),
        (2, "message_edited", "Hello", False),
    ]


def test_a_deleted_message_leaves_no_words_anywhere() -> None:
    ada, grace = a_member("Ada"), a_member("Grace")
    room = a_room(ada, grace)
    event = said(room, ada, "secret")
    path = f"/api/rooms/{room.pk}/messages/{event.seq}/"
    signed_in(ada).patch(path, {"body": "secret too"})
    assert signed_in(grace).delete(path).status_code == 404
    assert signed_in(ada).delete(path).json()["kind"] == "message_deleted"
    assert list(Event.objects.filter(room=room).values_list("body", flat=True)) == ["", "", ""]
    first = signed_in(grace).get(f"/api/rooms/{room.pk}/events/").json()["events"][0]
    assert (first["body"], first["deleted"]) == ("", True)
    again = signed_in(ada).delete(path)
    assert (again.status_code, again.json()["code"]) == (409, "already_deleted")


def test_the_sixty_first_message_in_a_minute_has_to_wait() -> None:
    ada = a_member("Ada")
    room, client = a_room(ada), signed_in(ada)
    for _ in range(60):
        wish = {"client_id": str(uuid.uuid4()), "body": "again"}
        assert client.post(f"/api/rooms/{room.pk}/messages/", wish).status_code == 201
    answer = write(ada, room, "too fast")
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_requests")
