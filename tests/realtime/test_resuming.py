"""Coming back: what was missed is sent once and in order, whatever got lost on the way."""

import json

import pytest

from backend.conversations import actions
from backend.conversations.facts import as_fact
from backend.conversations.models import Event, Membership, Room
from backend.members.models import Member
from realtime import limits
from realtime.ring import Kept
from realtime.room import LiveRoom
from realtime.threads import in_thread
from tests.cast import a_member
from tests.conversations.cast import NOW, a_room, said
from tests.realtime.cast import Browser, Frame, until

pytestmark = pytest.mark.django_db(transaction=True)


async def a_room_with(messages: int) -> tuple[Member, Room]:
    def make() -> tuple[Member, Room]:
        ada = a_member("Ada")
        room = a_room(ada)
        for number in range(1, messages + 1):
            said(room, ada, f"message {number}")
        return ada, room

    return await in_thread(make)


async def seqs(window: Browser, last: int) -> list[int]:
    """The numbers that come in, up to this one."""
    found: list[int] = []
    while not found or found[-1] < last:
        found += [event["seq"] for event in await window.events()]
    return found


async def test_what_was_missed_comes_first_and_then_what_happens() -> None:
    ada, room = await a_room_with(5)
    async with Browser(ada) as window:
        assert await window.subscribe(room, 2) == 5
        assert await seqs(window, 5) == [3, 4, 5]
        await in_thread(said, room, ada)
        assert await seqs(window, 6) == [6]


async def test_who_is_up_to_date_is_sent_nothing_old() -> None:
    ada, room = await a_room_with(3)
    async with Browser(ada) as window:
        assert await window.subscribe(room, 3) == 3
        assert (await window.pong())["heads"] == {str(room.pk): 3}


async def test_one_frame_subscribes_to_many_rooms_each_from_its_own_place() -> None:
    ada, one = await a_room_with(2)
    other = await in_thread(a_room, ada)
    async with Browser(ada) as window:
        window.say("subscribe", rooms={str(one.pk): 1, str(other.pk): 0})
        heard = [await window.hear() for _ in range(3)]
        assert [(frame["type"], frame["room"]) for frame in heard] == [
            ("room.subscribed", one.pk),
            ("room.events", one.pk),
            ("room.subscribed", other.pk),
        ]
        assert (await window.pong())["heads"] == {str(one.pk): 2, str(other.pk): 0}


async def test_a_second_window_is_served_from_what_the_first_one_brought_up() -> None:
    ada, room = await a_room_with(4)
    async with Browser(ada) as one, Browser(ada) as other:
        await one.subscribe(room, 2)
        assert await seqs(one, 4) == [3, 4]
        await other.subscribe(room, 0)
        assert await seqs(other, 4) == [1, 2, 3, 4]


async def test_who_missed_too_much_is_told_to_start_over_and_hears_what_follows() -> None:
    ada, room = await a_room_with(1)
    await in_thread(lambda: _grow(room, ada, limits.RING_EVENTS + 10))
    async with Browser(ada) as window:
        head = await window.subscribe(room, 1)
        assert await window.hear() == {"type": "room.reset", "room": room.pk, "head": head}
        await in_thread(said, room, ada)
        assert await seqs(window, head + 1) == [head + 1]


async def test_a_number_that_was_never_given_is_answered_with_a_reset() -> None:
    ada, room = await a_room_with(2)
    async with Browser(ada) as window:
        await window.subscribe(room, 99)
        assert await window.hear() == {"type": "room.reset", "room": room.pk, "head": 2}


async def test_a_long_absence_is_sent_in_pieces() -> None:
    ada, room = await a_room_with(1)
    await in_thread(lambda: _grow(room, ada, 2 * limits.CHUNK_EVENTS))
    async with Browser(ada) as window:
        head = await window.subscribe(room, 0)
        sizes: list[int] = []
        while sum(sizes) < head:
            sizes.append(len(await window.events()))
        assert sizes == [limits.CHUNK_EVENTS, limits.CHUNK_EVENTS, 1]


async def test_words_that_were_deleted_are_not_sent_to_those_who_come_back() -> None:
    ada, room = await a_room_with(0)
    async with Browser(ada) as present, Browser(ada) as late:
        await present.subscribe(room)

        def say_and_take_back() -> None:
            event = said(room, ada, "secret")
            actions.edit_message(room=room, seq=event.seq, by=ada, body="secret too", at=NOW)
            actions.delete_message(room=room, seq=event.seq, by=ada, at=NOW)

        await in_thread(say_and_take_back)
        assert await seqs(present, 3) == [1, 2, 3]
        await late.subscribe(room, 0)
        events = await late.events()
        assert [(event["seq"], event["body"], event["deleted"]) for event in events] == [
            (1, "", True),
            (2, "", False),
            (3, "", False),
        ]


async def test_an_answer_does_not_quote_what_was_deleted_or_hidden_to_those_who_come_back() -> None:
    ada, room = await a_room_with(0)
    async with Browser(ada) as present, Browser(ada) as late:
        await present.subscribe(room)

        def answer_and_take_back() -> None:
            for words in ("secret", "nasty"):
                said(room, ada, f"about the {words}", reply_to=said(room, ada, words).seq)
            actions.delete_message(room=room, seq=1, by=ada, at=NOW)
            Membership.objects.filter(room=room).update(role=Membership.Role.STEWARD)
            actions.hide(room=room, seq=3, by=ada, rule="respect", at=NOW)

        await in_thread(answer_and_take_back)
        assert await seqs(present, 6) == [1, 2, 3, 4, 5, 6]
        await late.subscribe(room, 0)
        assert [event["reply_to"]["excerpt"] for event in await late.events() if event["reply_to"]] == ["", ""]


async def test_a_heartbeat_brings_what_no_announcement_brought() -> None:
    ada, room = await a_room_with(1)
    async with Browser(ada) as window:
        await window.subscribe(room, 1)
        await in_thread(lambda: _grow(room, ada, 2))
        window.say("ping")
        heard = [await window.hear(), await window.hear()]
        heard.sort(key=lambda frame: str(frame["type"]))
        assert heard[0] | {"unread_notices": 0} == {"type": "pong", "heads": {str(room.pk): 3}, "unread_notices": 0}
        assert [event["seq"] for event in heard[1]["events"]] == [2, 3]


async def test_who_does_not_read_costs_nothing_and_catches_up_in_order() -> None:
    ada, room = await a_room_with(0)
    async with Browser(ada) as slow, Browser(ada) as quick:
        await slow.subscribe(room)
        await quick.subscribe(room)
        slow.reading.clear()
        for _ in range(30):
            await in_thread(said, room, ada)
        assert await seqs(quick, 30) == list(range(1, 31))
        assert slow.outbox.qsize() == 1  # What was under way when it stopped; nothing more waits for it.
        slow.reading.set()
        assert await seqs(slow, 30) == list(range(1, 31))
        await in_thread(said, room, ada)
        assert await seqs(slow, 31) == [31]


async def test_who_lost_the_room_while_not_reading_is_sent_nothing_of_it_any_more() -> None:
    ada, room = await a_room_with(0)
    grace = await in_thread(a_member, "Grace")
    await in_thread(lambda: actions.join_room(room=room, member=grace, at=NOW))
    async with Browser(grace) as slow, Browser(ada) as quick:
        head = await slow.subscribe(room)
        await quick.subscribe(room)
        slow.reading.clear()
        await in_thread(said, room, ada, "one")
        await in_thread(lambda: actions.leave_room(room=room, member=grace, at=NOW))
        await in_thread(said, room, ada, "two")
        assert await seqs(quick, head + 3) == [head + 1, head + 2, head + 3]
        slow.reading.set()
        assert [event["body"] for event in await slow.events()] == ["one"]
        assert await slow.hear() == {"type": "room.revoked", "room": room.pk}
        assert (await slow.pong())["heads"] == {}


# -- the order in one room ---------------------------------------------------------------------------------------------
async def test_events_that_arrive_in_any_order_go_out_in_theirs() -> None:
    _ada, room = await a_room_with(4)
    facts = await in_thread(lambda: [Kept.of(as_fact(event)) for event in Event.objects.filter(room=room)])
    live, ear = LiveRoom(room.pk), Ear()
    live.live.add(ear)
    live.begin(0)
    for number in (2, 0, 0, 3, 1):
        live.take([facts[number]])
    assert ear.heard == [1, 2, 3, 4]


async def test_a_hole_that_does_not_close_is_filled_from_the_log() -> None:
    _ada, room = await a_room_with(3)
    third = await in_thread(lambda: Kept.of(as_fact(Event.objects.get(room=room, seq=3))))
    live, ear = LiveRoom(room.pk), Ear()
    live.live.add(ear)
    live.begin(0)
    live.take([third])
    assert ear.heard == []
    await until(lambda: ear.heard == [1, 2, 3])


class Ear:
    member = 0

    def __init__(self) -> None:
        self.heard: list[int] = []

    def push(self, frame: Frame) -> None:
        self.heard += [event["seq"] for event in json.loads(frame["text"])["events"]]

    def lose(self, pk: int) -> bool:
        return False


def _grow(room: Room, author: Member, count: int) -> None:
    """So many more messages that nobody announces."""
    at = Room.objects.get(pk=room.pk).last_seq
    Event.objects.bulk_create(
        Event(
            room=room,
            seq=at + n,
            kind="message",
            author=author,
            body=f"message {at + n}",
            message_no=at + n,
            created_at=NOW,
        )
        for n in range(1, count + 1)
    )
    Room.objects.filter(pk=room.pk).update(last_seq=at + count, message_count=at + count)
