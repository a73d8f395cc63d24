"""Many messages in one transaction: each by the rules of one, and one fact for each room."""

import uuid
from dataclasses import replace
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext

from backend import events
from backend.conversations import actions
from backend.conversations.batch import post_batch
from backend.conversations.models import Event, Membership, Mention, Restriction, Room, SearchText
from backend.conversations.wishes import Wish
from backend.errors import Refusal
from backend.members.models import Block, Member
from realtime import hub, line, writer
from realtime.threads import in_thread
from tests.cast import a_member
from tests.conversations.cast import NOW, a_room, said, together
from tests.realtime.cast import Browser, until

pytestmark = pytest.mark.django_db(transaction=True)


def a_wish(room: Room, author: Member, body: str = "Hello", client_id: uuid.UUID | None = None, **more: Any) -> Wish:
    return Wish(room.pk, author.pk, client_id or uuid.uuid4(), body, **more)


def results(answers: list[Any]) -> list[Any]:
    return [answer.code if isinstance(answer, Refusal) else (answer.room_id, answer.seq) for answer in answers]


def test_each_wish_has_its_own_answer_and_the_rooms_count_on_without_gaps() -> None:
    ada, grace, stranger = a_member("Ada"), a_member("Grace"), a_member("Stranger")
    one, other = a_room(ada, grace), a_room(ada)
    said(one, grace, "before")
    again = a_wish(one, ada, "twice")
    wishes = [
        a_wish(one, ada, "first"),
        a_wish(other, ada, "elsewhere"),
        a_wish(one, stranger, "let me in"),
        again,
        again,
        a_wish(one, grace, "   "),
        a_wish(other, ada, "taken", again.client_id),
        a_wish(one, grace, "last", reply_to=1),
        a_wish(one, grace, "to nobody", reply_to=99),
    ]
    told: list[Any] = []
    events.listen(listener := lambda topic, fact: told.append((topic, fact)))
    try:
        answers = post_batch(wishes, NOW)
    finally:
        events.forget(listener)
    assert results(answers) == [
        (one.pk, 2), (other.pk, 1), "not_found", (one.pk, 3), (one.pk, 3), "invalid", "client_id_taken", (one.pk, 4), "invalid",
    ]  # fmt: skip
    facts = {topic: [event["seq"] for event in fact["events"]] for topic, fact in told if fact["type"] == "room.events"}
    assert facts == {("room", one.pk): [2, 3, 4], ("room", other.pk): [1]}
    assert list(Event.objects.filter(room=one).values_list("seq", "message_no")) == [(n, n) for n in range(1, 5)]
    assert Room.objects.values_list("last_seq", "message_count").get(pk=one.pk) == (4, 4)
    mine = Membership.objects.get(room=one, member=grace)
    assert (mine.read_seq, mine.read_count, mine.last_posted_at) == (4, 4, NOW)


def test_slow_mode_holds_inside_one_batch_too() -> None:
    ada = a_member("Ada")
    room = a_room(ada)
    Room.objects.filter(pk=room.pk).update(slow_seconds=60)
    Membership.objects.filter(room=room).update(role="member")
    assert results(post_batch([a_wish(room, ada), a_wish(room, ada)], NOW)) == [(room.pk, 1), "slow_mode"]


def test_whoever_may_not_speak_is_refused_in_a_batch_as_well() -> None:
    ada, muted, gone, blocking = (a_member(name) for name in ("Ada", "Muted", "Gone", "Blocking"))
    room, talk = a_room(ada, muted, gone), a_room(ada, blocking, kind="direct")
    wishes = [a_wish(room, muted), a_wish(room, gone), a_wish(talk, ada), a_wish(talk, blocking), a_wish(room, ada)]
    assert results(post_batch(wishes[:4], NOW)) == [(room.pk, 1), (room.pk, 2), (talk.pk, 1), (talk.pk, 2)]
    Restriction.objects.create(room=room, member=muted, kind="mute", rule="other", created_at=NOW)
    Member.objects.filter(pk=gone.pk).update(is_active=False)
    Block.objects.create(by=blocking, whom=ada, created_at=NOW)
    again = [replace(wish, client_id=uuid.uuid4()) for wish in wishes]
    assert results(post_batch(again, NOW)) == ["muted", "not_found", "not_found", "not_found", (room.pk, 3)]
    Restriction.objects.update(until=NOW)
    assert results(post_batch([replace(wishes[0], client_id=uuid.uuid4())], NOW)) == [(room.pk, 4)]


def test_more_messages_than_fit_into_one_statement_are_stored_with_their_words_and_marks() -> None:
    ada, grace = a_member("Ada"), a_member("Grace")
    room = a_room(ada, grace)
    wishes = [a_wish(room, ada, f"word{number}", mentions=(grace.pk,)) for number in range(100)]
    stored = post_batch(wishes, NOW)
    events = {event.pk: event for event in Event.objects.filter(room=room)}
    assert [events[one.pk].body for one in stored if not isinstance(one, Refusal)] == [wish.body for wish in wishes]
    assert {row.event_id: row.words for row in SearchText.objects.all()} == {pk: one.body for pk, one in events.items()}
    assert Mention.objects.filter(member=grace).count() == 100


def test_thirty_messages_take_as_many_queries_as_three() -> None:
    ada = a_member("Ada")
    rooms = [a_room(ada) for _ in range(3)]

    def queries(count: int) -> int:
        with CaptureQueriesContext(connection) as found:
            post_batch([a_wish(rooms[number % 3], ada) for number in range(count)], NOW)
        return len(found)

    assert queries(30) == queries(3) <= 16


def test_messages_that_are_posted_inside_another_transaction_are_taken_back_with_it() -> None:
    ada = a_member("Ada")
    room = a_room(ada)
    with transaction.atomic():
        assert results(post_batch([a_wish(room, ada)], NOW)) == [(room.pk, 1)]
        transaction.set_rollback(True)
    assert results(post_batch([a_wish(room, ada)], NOW)) == [(room.pk, 1)]
    assert Event.objects.count() == 1


def test_a_message_that_brings_more_is_stored_with_all_of_it_beside_one_that_does_not() -> None:
    ada, grace = a_member("Ada"), a_member("Grace")
    room = a_room(ada, grace)
    assert results(post_batch([a_wish(room, ada), a_wish(room, ada, mentions=(grace.pk,))], NOW)) == [
        (room.pk, 1), (room.pk, 2),
    ]  # fmt: skip
    assert list(Mention.objects.values_list("seq", flat=True)) == [2]


def test_two_processes_with_the_same_messages_store_each_once() -> None:
    ada = a_member("Ada")
    room = a_room(ada)
    wishes = [a_wish(room, ada, f"message {number}") for number in range(10)]
    both = together(lambda: post_batch(wishes, NOW), lambda: post_batch(wishes[::-1], NOW))
    assert results(both[0]) == results(both[1])[::-1]
    assert list(Event.objects.filter(room=room).values_list("seq", flat=True)) == list(range(1, 11))


async def test_what_waits_while_one_batch_is_written_is_the_next_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def make() -> tuple[list[Member], Room]:
        people = [a_member(f"Member {number}") for number in range(6)]
        return people, a_room(*people)

    people, room = await in_thread(make)
    sizes: list[int] = []

    def counted(wishes: Any, at: Any) -> Any:
        sizes.append(len(wishes))
        return post_batch(wishes, at)

    monkeypatch.setattr(writer, "post_batch", counted)
    told: list[Any] = []
    for member in people:
        hub.here().writer.submit(a_wish(room, member), told.append)
    await until(lambda: len(told) == 6)
    assert results(told) == [(room.pk, number) for number in range(1, 7)]
    assert sum(sizes) == 6
    assert len(sizes) <= 2


async def test_while_the_database_is_away_a_message_is_asked_for_again_and_stored_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def make() -> tuple[Member, Room]:
        ada = a_member("Ada")
        return ada, a_room(ada)

    def away(wishes: Any, at: Any) -> Any:
        raise OperationalError("gone")

    ada, room = await in_thread(make)
    monkeypatch.setattr(line, "PROBE_SECONDS", 3600)
    async with Browser(ada) as window:
        with monkeypatch.context() as patched:
            patched.setattr(writer, "post_batch", away)
            client_id = await window.post(room, "Hello")
            refused = await window.hear("error")
            assert (refused["code"], refused["client_id"], refused["wait_seconds"]) == ("try_again", client_id, 2)
            assert await window.hear() == {"type": "line", "can_send": False}
        for _ in range(2):
            window.say("message.post", room=room.pk, client_id=client_id, body="Hello")
            assert (await window.hear("ack"))["seq"] == 1


async def test_one_answer_that_cannot_be_told_keeps_back_no_other(caplog: pytest.LogCaptureFixture) -> None:
    def make() -> tuple[Member, Room]:
        ada = a_member("Ada")
        return ada, a_room(ada)

    ada, room = await in_thread(make)
    told: list[Any] = []

    def fails(answer: object) -> None:
        raise ZeroDivisionError

    for hear in (fails, told.append):
        hub.here().writer.submit(a_wish(room, ada), hear)
    await until(lambda: len(told) == 1)
    hub.here().writer.submit(a_wish(room, ada), told.append)
    await until(lambda: len(told) == 2)
    assert results(told) == [(room.pk, 2), (room.pk, 3)]
    assert "ZeroDivisionError" in caplog.text


async def test_facts_that_cannot_be_told_do_not_stop_the_writer(monkeypatch: pytest.MonkeyPatch) -> None:
    def make() -> tuple[Member, Room]:
        ada = a_member("Ada")
        return ada, a_room(ada)

    def fails(facts: object) -> None:
        raise ZeroDivisionError

    ada, room = await in_thread(make)
    told: list[Any] = []
    with monkeypatch.context() as patched:
        patched.setattr(hub.here().writer, "tell", fails)
        hub.here().writer.submit(a_wish(room, ada), told.append)
        await until(lambda: len(told) == 1)
    hub.here().writer.submit(a_wish(room, ada), told.append)
    await until(lambda: len(told) == 2)
    assert results(told) == [(room.pk, 1), (room.pk, 2)]


async def test_a_message_sent_by_socket_is_known_over_http_and_after_leaving() -> None:
    def make() -> tuple[Member, Room]:
        ada = a_member("Ada")
        return ada, a_room(ada, a_member("Grace"))

    ada, room = await in_thread(make)
    async with Browser(ada) as window:
        client_id = await window.post(room, "Hello")
        assert (await window.hear("ack"))["seq"] == 1
        known = await in_thread(said, room, ada, "Hello", client_id=uuid.UUID(client_id))
        assert known.seq == 1
        await in_thread(lambda: actions.leave_room(room=room, member=ada, at=NOW))
        await window.hear("room.revoked")
        window.say("message.post", room=room.pk, client_id=client_id, body="Hello")
        assert (await window.hear("ack"))["seq"] == 1
    assert await in_thread(Event.objects.filter(kind="message").count) == 1


def test_the_pace_follows_what_is_written_and_forgets() -> None:
    steady, alone = writer.Pace(), writer.Pace()
    assert 280 < [steady.of(3, 100 + number / 100) for number in range(300)][-1] < 320
    assert steady.of(1, 105.0) < 5
    assert max(alone.of(1, 100 + number / 60) for number in range(300)) < writer.BUSY
