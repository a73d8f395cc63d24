"""The files of a room: all of them in one list for those in it, found by name, taken out by who sent them or a steward."""

from typing import Any

import pytest
from django.core.files.storage import default_storage

from backend.collectives import actions as collectives
from backend.conversations import actions
from backend.conversations.models import Attachment, Membership, Room
from backend.members.models import Member
from tests.cast import a_member, signed_in
from tests.collectives.test_collectives import a_collective, with_member
from tests.conversations.cast import NOW, a_room, shown
from tests.conversations.test_files import a_picture, send, write

pytestmark = pytest.mark.django_db


def listed(member: Member, room: Room, **query: Any) -> list[str]:
    answer = signed_in(member).get(f"/api/rooms/{room.pk}/files/", query)
    assert answer.status_code == 200, answer.content
    return [row["file"]["name"] for row in answer.json()["results"]]


def remove(member: Member, room: Room, key: str) -> Any:
    return signed_in(member).delete(f"/api/rooms/{room.pk}/attachments/{key}/")


def sent(member: Member, room: Room, *names: str, body: str = "") -> list[str]:
    keys: list[str] = [send(member, room, name, b"a;b\n").json()["id"] for name in names]
    assert write(member, room, *keys, body=body).status_code == 201
    return keys


def test_what_was_sent_is_listed_the_newest_first_with_who_when_size_and_kind() -> None:
    ada, ben = a_member("Ada"), a_member("Ben")
    room = a_room(ada, ben)
    (key,) = sent(ada, room, "budget.csv")
    picture = send(ben, room, "van.png", a_picture(form="PNG")).json()
    send(ben, room, "not sent.txt", b"hello")
    message = write(ben, room, picture["id"], body="Look").json()
    assert listed(ada, room) == ["van.png", "budget.csv"]
    first, second = signed_in(ada).get(f"/api/rooms/{room.pk}/files/").json()["results"]
    assert (first["by"]["name"], first["seq"], first["sent_at"]) == ("Ben", message["seq"], message["created_at"])
    assert (first["file"], first["may_remove"]) == (picture, False)
    assert (second["file"]["id"], second["file"]["size"], second["may_remove"]) == (key, 4, True)


def test_files_are_found_by_words_of_their_name_whatever_the_accents() -> None:
    ada = a_member("Ada")
    room = a_room(ada)
    sent(ada, room, "Devis été Müller.csv", "Liste.csv")
    assert listed(ada, room, search="muller ETE") == ["Devis été Müller.csv"]
    assert listed(ada, room, search="csv") == ["Liste.csv", "Devis été Müller.csv"]
    for nothing in ("hiver", "%", "_", "\x00", "x" * 3000):
        assert listed(ada, room, search=nothing) == [], nothing


def test_who_sent_a_file_takes_it_out_and_what_was_said_with_it_stays(django_capture_on_commit_callbacks: Any) -> None:
    ada, ben = a_member("Ada"), a_member("Ben")
    room = a_room(ada, ben)
    first, second = sent(ada, room, "one.csv", "two.csv", body="Both")
    stored = str(Attachment.objects.get(key=first).file.name)
    assert (remove(ben, room, first).status_code, listed(ben, room)) == (403, ["two.csv", "one.csv"])
    assert default_storage.exists(stored)
    with django_capture_on_commit_callbacks(execute=True):
        assert remove(ada, room, first).status_code == 204
    assert (listed(ben, room), default_storage.exists(stored)) == (["two.csv"], False)
    assert signed_in(ben).get(f"/api/rooms/{room.pk}/attachments/{first}/").status_code == 404
    assert [file["id"] for file in shown(room, ben, 1)["attachments"]] == [second]
    told = shown(room, ben, 2)
    assert (told["kind"], told["target_seq"], told["data"], told["subject"]) == (
        "file_removed",
        1,
        {"key": first},
        None,
    )
    assert remove(ada, room, second).status_code == 204
    assert (shown(room, ben, 1)["body"], shown(room, ben, 1)["attachments"]) == ("Both", [])
    assert remove(ada, room, second).status_code == 404


def test_a_message_of_one_file_and_no_words_goes_with_it() -> None:
    ada = a_member("Ada")
    room = a_room(ada)
    (key,) = sent(ada, room, "one.csv")
    assert remove(ada, room, key).status_code == 204
    assert (shown(room, ada, 1)["deleted"], listed(ada, room)) == (True, [])


def test_a_steward_takes_out_any_file_and_that_is_on_record() -> None:
    ada, ben = a_member("Ada"), a_member("Ben")
    collective = a_collective(ada)
    with_member(collective, ada, ben)
    room = collective.room
    (key,) = sent(ben, room, "old.csv", body="Prices")
    (own,) = sent(ada, room, "own.csv", body="Mine")
    assert remove(ada, room, own).status_code == 204
    row = signed_in(ada).get(f"/api/rooms/{room.pk}/files/").json()["results"][0]
    assert (row["file"]["id"], row["may_remove"]) == (key, True)
    assert remove(ada, room, key).status_code == 204
    record = signed_in(ben).get(f"/api/rooms/{room.pk}/record/").json()["events"]
    assert [(row["kind"], row["author"]["name"], row["subject"]["name"]) for row in record][-1:] == [
        ("file_removed", "Ada", "Ben")
    ]
    assert [row["kind"] for row in record].count("file_removed") == 1


def test_files_of_a_covered_message_are_neither_listed_nor_removed() -> None:
    ada, ben = a_member("Ada"), a_member("Ben")
    room = a_room(ada, ben)
    Membership.objects.filter(room=room, member=ada).update(role="steward")
    (key,) = sent(ben, room, "rude.csv")
    assert listed(ada, room) == ["rude.csv"]
    actions.hide(room=room, seq=1, by=ada, rule="respect", at=NOW)
    assert (listed(ada, room), remove(ada, room, key).status_code) == ([], 404)


def test_who_is_not_in_a_collective_sees_nothing_of_its_files_nor_who_has_just_left() -> None:
    ada, ben, cleo = a_member("Ada"), a_member("Ben"), a_member("Cleo")
    collective = a_collective(ada)
    with_member(collective, ada, ben)
    room = collective.room
    (key,) = sent(ben, room, "plan.csv")
    collectives.invite(collective=collective, by=ada, guest=cleo, at=NOW)
    address, file = f"/api/rooms/{room.pk}/files/", f"/api/rooms/{room.pk}/attachments/{key}/"
    assert [signed_in(ben).get(url).status_code for url in (address, file)] == [200, 200]
    assert [signed_in(cleo).get(url).status_code for url in (address, file)] == [404, 404]
    collectives.leave(collective=collective, member=ben, at=NOW)
    assert [signed_in(ben).get(url).status_code for url in (address, file)] == [404, 404]
    assert remove(ben, room, key).status_code == 404
    assert listed(ada, room) == ["plan.csv"]


@pytest.mark.parametrize("rows", [1, 3])
def test_one_and_three_files_take_as_many_queries(rows: int, django_assert_num_queries: Any) -> None:
    room = a_room(ada := a_member("Ada"))
    for number in range(rows):
        sent(ada, room, f"{number}.csv")
    client = signed_in(ada)
    client.get(f"/api/rooms/{room.pk}/files/")
    with django_assert_num_queries(5):
        assert len(client.get(f"/api/rooms/{room.pk}/files/").json()["results"]) == rows
