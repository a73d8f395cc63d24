"""What the socket makes of a database that is away, facts that get lost, and clients that want too much."""

import asyncio
from typing import Any

import pytest
from django.db import OperationalError

from backend.conversations import actions
from backend.conversations.facts import as_fact
from backend.conversations.models import Event, Room
from backend.members.actions import block
from backend.members.models import Member
from realtime import gathered, hub, limits, line, relay
from realtime.gathered import Gathered
from realtime.ring import Kept, Ring
from realtime.threads import in_thread
from tests.cast import a_member
from tests.conversations.cast import NOW, a_room, said
from tests.realtime.cast import Browser, Closed, until

pytestmark = pytest.mark.django_db(transaction=True)


async def two_in_a_room(**options: Any) -> tuple[Member, Member, Room]:
    def make() -> tuple[Member, Member, Room]:
        ada, grace = a_member("Ada"), a_member("Grace")
        return ada, grace, a_room(ada, grace, **options)

    return await in_thread(make)


def away(*args: Any, **kwargs: Any) -> Any:
    raise OperationalError("the database is away")


# -- the database is away ----------------------------------------------------------------------------------------------
async def test_a_room_that_could_not_be_opened_once_can_be_opened_again(monkeypatch: pytest.MonkeyPatch) -> None:
    ada, grace, room = await two_in_a_room()
    monkeypatch.setattr(line, "PROBE_SECONDS", 0.01)
    async with Browser(ada) as one, Browser(grace) as other:
        permissions = hub.here().permissions
        look_up, permissions.look_up = permissions.look_up, away
        one.say("subscribe", rooms={str(room.pk): 0})
        refused = await one.hear("error")
        assert (refused["code"], refused["wait_seconds"]) == ("try_again", 2)
        assert [(await window.hear("line"))["can_send"] for window in (one, other)] == [False, False]
        assert hub.here().rooms == {}
        permissions.look_up = look_up
        assert [(await window.hear("line"))["can_send"] for window in (one, other)] == [True, True]
        assert await one.subscribe(room, 0) == 0
        await in_thread(said, room, grace)
        assert [event["seq"] for event in await one.events()] == [1]


async def test_a_wish_that_fails_in_an_unforeseen_way_ends_the_socket_with_a_code_and_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ada, _grace, room = await two_in_a_room()
    async with Browser(ada) as window:
        await window.subscribe(room)
        here = hub.here()
        monkeypatch.setattr(here.pulse, "add", lambda socket: 1 / 0)
        window.say("ping")
        with pytest.raises(Closed) as closed:
            await window.hear()
        assert closed.value.code == 4500
        assert (here.sockets, here.rooms, here.listeners) == (set(), {}, {})
    assert "ZeroDivisionError" in caplog.text


async def test_who_cannot_be_recognised_now_is_asked_to_come_back() -> None:
    window = Browser(await in_thread(a_member, "Ada"))
    hub.here().members = Gathered(away)
    await window.open()
    with pytest.raises(Closed) as closed:
        await window.hear()
    assert closed.value.code == 4500
    await window.leave()


# -- facts that get lost -----------------------------------------------------------------------------------------------
async def test_who_left_hears_nothing_that_came_after_even_when_only_the_log_tells(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ada, grace, room = await two_in_a_room()
    async with Browser(grace) as gone, Browser(ada) as stays:
        await gone.subscribe(room)
        await stays.subscribe(room)
        tell = hub.Hub.tell
        monkeypatch.setattr(
            hub.Hub, "tell", lambda self, topic, fact: tell(self, topic, fact) if topic[0] == "room" else None
        )
        await in_thread(said, room, ada, "before")
        await in_thread(lambda: actions.leave_room(room=room, member=grace, at=NOW))
        await in_thread(said, room, ada, "after")
        assert [(await stays.events())[0]["seq"] for _ in range(3)] == [1, 2, 3]
        assert [event["body"] for event in await gone.events()] == ["before"]
        assert await gone.hear() == {"type": "room.revoked", "room": room.pk}
        assert (await gone.pong())["heads"] == {}


async def test_who_came_back_is_not_thrown_out_by_the_log_of_their_leaving() -> None:
    ada, grace, room = await two_in_a_room()
    async with Browser(ada) as stays, Browser(grace) as back:
        await stays.subscribe(room)
        facts: list[Kept] = []
        live = hub.here().rooms[room.pk]
        take, live.take = live.take, facts.extend  # type: ignore[method-assign, assignment]
        await in_thread(lambda: actions.leave_room(room=room, member=grace, at=NOW))
        await in_thread(lambda: actions.join_room(room=room, member=grace, at=NOW))
        assert {(await back.hear())["type"] for _ in range(2)} == {"room.revoked", "room.joined"}
        back.say("subscribe", rooms={str(room.pk): 2})
        live.take = take  # type: ignore[method-assign]
        await back.hear("room.subscribed")
        live.take(facts)
        await in_thread(said, room, ada, "welcome back")
        heard: list[str] = []
        while "message" not in heard:
            frame = await back.hear()
            heard += [event["kind"] for event in frame.get("events", [])]
            assert frame["type"] in ("room.events", "room.reset")


async def test_a_block_ends_a_talk_of_two_in_open_windows() -> None:
    ada, grace, room = await two_in_a_room(kind="direct")
    other = await in_thread(a_room, ada, grace)
    async with Browser(ada) as mine, Browser(grace) as theirs:
        for window in (mine, theirs):
            await window.subscribe(room)
            await window.subscribe(other)
        await in_thread(lambda: block(by=ada, whom=grace, at=NOW))
        for window in (mine, theirs):
            assert await window.hear() == {"type": "room.revoked", "room": room.pk}
            assert (await window.pong())["heads"] == {str(other.pk): 0}
        mine.say("subscribe", rooms={str(room.pk): 0})
        assert (await mine.hear("error"))["code"] == "not_found"


class Layer:
    """A channel layer that can be cut."""

    def __init__(self) -> None:
        self.queue: asyncio.Queue[Any] = asyncio.Queue()
        self.sent: list[str] = []
        self.is_cut = False

    async def new_channel(self) -> str:
        return "me"

    async def group_add(self, group: str, channel: str) -> None:
        if self.is_cut:
            raise ConnectionError

    async def group_discard(self, group: str, channel: str) -> None: ...

    async def flush(self) -> None: ...

    async def group_send(self, group: str, message: Any) -> None:
        if self.is_cut:
            raise ConnectionError
        self.sent += [f"{kind}.{pk}" for kind, pk, _parcel in message["facts"]]

    async def send(self, channel: str, message: Any) -> None:
        if not self.is_cut:
            self.queue.put_nowait(message)

    async def receive(self, channel: str) -> Any:
        return await self.queue.get()


async def test_while_the_layer_is_dead_a_lost_session_and_a_lost_room_are_noticed_without_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ada, grace, room = await two_in_a_room()
    layer = Layer()
    monkeypatch.setattr(relay, "layer", lambda: layer)
    for name in ("CALL_SECONDS", "LATE_SECONDS", "RETRY_SECONDS"):
        monkeypatch.setattr(relay, name, 0.02)
    monkeypatch.setattr(hub, "WATCH_SECONDS", 0.02)
    async with Browser(ada) as mine, Browser(grace) as theirs:
        await mine.subscribe(room)
        await theirs.subscribe(room)
        layer.is_cut = True
        found = hub.here().relay
        assert found is not None
        await until(lambda: not found.is_well)
        await in_thread(lambda: room.memberships.filter(member=grace).delete())
        assert await theirs.hear() == {"type": "room.revoked", "room": room.pk}
        await in_thread(lambda: Member.objects.filter(pk=grace.pk).update(password="another"))
        with pytest.raises(Closed) as closed:
            await theirs.hear()
        assert closed.value.code == 4401
        # Said by another process: nobody tells this one.
        await in_thread(_said_elsewhere, room, ada)
        assert [event["body"] for event in await mine.events()] == ["elsewhere"]
        layer.is_cut = False
        await until(lambda: found.is_well)


async def test_a_layer_that_is_away_for_half_a_minute_delays_nothing_here_and_loses_nothing_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ada, grace, room = await two_in_a_room()
    layer = Layer()
    monkeypatch.setattr(relay, "layer", lambda: layer)
    loop, passed = asyncio.get_running_loop(), 0.0
    clock = loop.time
    monkeypatch.setattr(loop, "time", lambda: clock() + passed)
    async with Browser(ada) as mine, Browser(grace) as theirs:
        await mine.subscribe(room)
        await theirs.subscribe(room)
        found = hub.here().relay
        assert found is not None
        layer.is_cut = True
        # In small steps, for what is planned meanwhile happens in its order.
        for step in range(25):
            passed += 0.6
            await mine.post(room, f"step {step}")
            assert [event["seq"] for event in await theirs.events()] == [2 * step + 1]
            await in_thread(_said_elsewhere, room, grace)
            assert {(await mine.hear())["type"] for _ in range(2)} == {"ack", "room.events"}
            passed += 0.6
            for window in (mine, theirs):
                assert [event["seq"] for event in await window.events()] == [2 * step + 2]
        assert not found.is_well
        assert len(found.unsent) == 25
        layer.is_cut = False
        passed += 1
        await until(lambda: found.is_well and not found.unsent and layer.sent != [])
        assert set(layer.sent) == {f"room.{room.pk}"}


async def test_what_takes_something_away_is_told_first_and_again_until_it_is_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(relay, "RETRY_SECONDS", 0.01)
    layer = Layer()
    layer.is_cut = True
    mouth = relay.Relay(layer, lambda topic, fact: None, lambda: None)
    for number in range(3):
        mouth.publish(("resource", number), {"type": "calendar.changed", "resources": []})
    mouth.publish(("member", 7), {"type": "session.ended"})
    await until(lambda: mouth.something.is_set())
    layer.is_cut = False
    await until(lambda: len(layer.sent) == 4)
    assert layer.sent[0] == "member.7" or layer.sent[1] == "member.7"
    await mouth.stop()


# -- bounds ------------------------------------------------------------------------------------------------------------
async def test_a_ring_has_room_for_so_many_bytes_whichever_way_they_come() -> None:
    def an_event(seq: int, body: str = "x" * 4000, **more: Any) -> Kept:
        event = {"seq": seq, "kind": "message", "target_seq": None, "author": None, "body": body}
        return Kept.of(event | more)

    ring = Ring()
    for seq in range(1001, 1101):
        ring.add(an_event(seq))
    assert ring.size == sum(kept.size for kept in ring.events) <= limits.RING_BYTES
    first = ring.events[0].seq
    ring.add_older([an_event(seq) for seq in range(first - 50, first)], first)
    assert ring.size == sum(kept.size for kept in ring.events) <= limits.RING_BYTES
    ring.add(an_event(1101, "", kind="message_deleted", target_seq=1100))
    assert ring.size == sum(kept.size for kept in ring.events)
    assert '"deleted":true' in ring.events[-2].text


async def test_many_who_come_back_from_many_places_leave_few_pieces_behind() -> None:
    ada, _grace, room = await two_in_a_room()

    def talk() -> None:
        for number in range(limits.CHUNKS_MAX + 8):
            said(room, ada, f"message {number}")

    await in_thread(talk)
    async with Browser(ada) as window:
        head = await window.subscribe(room)
        live = hub.here().rooms[room.pk]
        for cursor in range(head):
            chunk = await live.after(cursor)
            assert chunk is not None
            assert chunk[1] == head
        assert len(live.chunks) == limits.CHUNKS_MAX


async def test_many_questions_at_once_are_one_look_up_and_a_failure_is_that_of_those_who_asked() -> None:
    asked: list[set[int]] = []

    def look_up(keys: set[int]) -> dict[int, str]:
        asked.append(keys)
        if 99 in keys:
            raise OperationalError
        return {key: str(key) for key in keys if key % 2}

    questions: Gathered[int, str] = Gathered(look_up)
    answers = await asyncio.gather(*(questions.ask([number, number + 1]) for number in range(20)))
    assert answers[:2] == [{1: "1"}, {1: "1"}]
    assert len(asked) == 1
    with pytest.raises(OperationalError):
        await questions.ask([99])
    assert await questions.ask([7]) == {7: "7"}


async def test_after_a_crowd_the_next_look_up_waits_for_more_and_who_asks_alone_waits_for_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[set[int]] = []

    def look_up(keys: set[int]) -> dict[int, str]:
        asked.append(keys)
        return {}

    questions: Gathered[int, str] = Gathered(look_up)
    monkeypatch.setattr(gathered, "CROWD_SECONDS", 60)
    for number in range(3):
        await questions.ask([number])
    monkeypatch.setattr(gathered, "CROWD_SECONDS", 0.3)
    await asyncio.gather(*(questions.ask([number]) for number in range(gathered.CROWD)))
    early = asyncio.create_task(questions.ask([100]))
    for _ in range(3):
        await asyncio.sleep(0)
    await asyncio.gather(early, questions.ask([101]))
    assert asked[-1] == {100, 101}


def _said_elsewhere(room: Room, author: Member) -> None:
    head = Room.objects.get(pk=room.pk).last_seq + 1
    event = Event.objects.create(
        room=room, seq=head, kind="message", author=author, body="elsewhere", message_no=head, created_at=NOW
    )
    Room.objects.filter(pk=room.pk).update(last_seq=head)
    assert as_fact(event)["seq"] == head
