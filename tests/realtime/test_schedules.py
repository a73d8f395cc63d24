"""The first promise, for any order of things: two processes and a layer between them that loses what it is given, sockets
that drop, clients that sleep, people who come and go. What each client shows in the end is what a fresh page shows, and what
was acknowledged is in the log once.
"""

import asyncio
import json
import random
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.conversations import actions
from backend.conversations.models import Event, Membership, Room
from backend.errors import Refusal
from backend.members.models import Member
from realtime import hub, relay
from realtime.threads import in_thread
from tests.cast import a_member, signed_in
from tests.conversations.cast import NOW, a_room, said
from tests.realtime.cast import PATIENCE_SECONDS, Browser, Frame, session_of
from tests.realtime.view import View

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE, ROOMS, PROCESSES = 3, 2, 2
who, where, process = st.integers(0, PEOPLE - 1), st.integers(0, ROOMS - 1), st.integers(0, PROCESSES - 1)
# What is done over HTTP to a message, in the process with this number; the last number chooses the message.
ACTS = ("say", "answer", "edit", "delete", "react", "hide", "show", "pin")
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("post"), who, where),
        st.tuples(st.sampled_from(ACTS), who, where, process, st.integers(0, 20)),
        st.tuples(st.sampled_from(["leave", "join"]), who, where, process),
        st.tuples(st.just("lose"), st.sampled_from([0.0, 0.5, 1.0])),
        st.tuples(st.sampled_from(["drop", "vanish"]), who, process),
        st.tuples(st.sampled_from(["stop", "go", "take", "ping"]), who),
        st.tuples(st.sampled_from(["restart", "kill"]), process),
    ),
    min_size=5,
    max_size=40,
)


@given(steps=STEPS, seed=st.integers(0, 1000))
@settings(max_examples=12, suppress_health_check=list(HealthCheck))
def test_in_any_order_of_things_each_client_ends_up_with_what_a_fresh_page_shows(
    steps: list[tuple[Any, ...]], seed: int
) -> None:
    asyncio.run(_story(steps, random.Random(seed)))


async def _story(steps: list[tuple[Any, ...]], chance: random.Random) -> None:
    people, rooms, sessions = await in_thread(_some_people_in_rooms)
    with _unsure(chance) as world:
        clients = [Client(world, person, rooms, session) for person, session in zip(people, sessions, strict=True)]
        try:
            for number, client in enumerate(clients):
                await client.connect(number % PROCESSES)
            for step in steps:
                await _take(step, world, clients, people, rooms)
            world.losing = 0.0
            # Who comes back last may still have something to say.
            for client in [*clients, *clients]:
                await client.catch_up()
        finally:
            for client in clients:
                await client.leave()
            await world.end()
    await in_thread(_check, clients, rooms)


def _some_people_in_rooms() -> tuple[list[Member], list[Room], list[str]]:
    people = [a_member(name) for name in ("Ada", "Grace", "Edsger")]
    rooms = [a_room(*people, stewards=people[:2]) for _ in range(ROOMS)]
    return people, rooms, [session_of(person) for person in people]


async def _take(step: tuple[Any, ...], world: "World", clients: list["Client"], people: Any, rooms: Any) -> None:
    what, first, *more = step
    if what == "lose":
        world.losing = first
    elif what == "restart":
        await world.restart(first)
    elif what == "kill":
        await world.kill(first, clients)
    elif what == "post":
        clients[first].post(rooms[more[0]])
    elif what in ("drop", "vanish"):
        if what == "drop":
            clients[first].read()
        await clients[first].connect(more[0])
    elif what in ("stop", "go"):
        reading = clients[first].window.reading
        reading.set() if what == "go" else reading.clear()
    elif what == "take":
        clients[first].read()
    elif what == "ping":
        clients[first].window.say("ping")
    else:
        with world.in_process(more[1]):
            await in_thread(_act, what, people[first], rooms[more[0]], more[2] if more[2:] else 0)


def _act(what: str, by: Member, room: Room, number: int) -> None:
    """Over HTTP; what is refused changes nothing."""
    messages = Event.objects.filter(room=room, kind="message").order_by("seq")
    found = messages[number % messages.count()] if messages.exists() else None
    seq = found.seq if found else 0
    common: Any = {"room": room, "by": by, "at": NOW}
    try:
        if what in ("join", "leave"):
            (actions.join_room if what == "join" else actions.leave_room)(room=room, member=by, at=NOW)
        elif what == "say" or found is None:
            said(room, by, f"words {number}")
        elif what == "answer":
            said(room, by, f"an answer {number}", reply_to=seq)
        elif what == "edit":
            actions.edit_message(seq=seq, body=f"better {number}", **common)
        elif what == "delete":
            actions.delete_message(seq=seq, **common)
        elif what in ("react", "pin"):
            is_on = number % 3 > 0
            more: Any = {"emoji": "🎉"} if what == "react" else {}
            (actions.react if what == "react" else actions.pin)(seq=seq, is_on=is_on, **more, **common)
        elif what == "hide":
            actions.hide(seq=seq, rule="respect", **common)
        else:
            actions.show(seq=seq, **common)
    except Refusal:
        return


def _check(clients: list["Client"], rooms: list[Room]) -> None:
    for room in rooms:
        log = list(Event.objects.filter(room=room).order_by("seq"))
        assert [event.seq for event in log] == list(range(1, len(log) + 1))
    for client in clients:
        assert client.unsent == {}
        stored = Event.objects.filter(author=client.member, client_id__in=client.acked)
        assert {str(event.client_id): event.seq for event in stored} == client.acked
        mine = set(Membership.objects.filter(member=client.member).values_list("room", flat=True))
        assert client.hears == mine
        for room in rooms:
            view, fresh = client.views[room.pk], View()
            if room.pk in mine:
                fresh.load(signed_in(client.member).get(f"/api/rooms/{room.pk}/events/?limit=300").json())
                assert (view.shown(), view.last) == (fresh.shown(), fresh.last)
            else:
                gone = Event.objects.filter(room=room, kind="member_left", subject=client.member).latest("seq")
                assert view.last < gone.seq


# -- two processes and what lies between them --------------------------------------------------------------------------
class World:
    """Hubs of this loop that hear each other through a layer; each fact is lost on its way with this chance."""

    def __init__(self, chance: random.Random) -> None:
        self.chance, self.losing = chance, 0.0
        self.doors: dict[str, Door] = {}
        self.hubs: list[hub.Hub] = []

    def a_hub(self) -> hub.Hub:
        return hub.Hub(asyncio.get_running_loop())

    def loses(self) -> bool:
        return self.chance.random() < self.losing

    @contextmanager
    def in_process(self, number: int) -> Iterator[None]:
        """What is announced and connected in here is so in this process."""
        while len(self.hubs) <= number:
            self.hubs.append(self.a_hub())
        hub._current = self.hubs[number]
        yield

    async def restart(self, number: int) -> None:
        """Browsers are asked to come back."""
        with self.in_process(number):
            await hub.close_all()
        self.hubs[number] = self.a_hub()

    async def end(self) -> None:
        for number in range(len(self.hubs)):
            with self.in_process(number):
                await hub.close_all()

    async def kill(self, number: int, clients: list["Client"]) -> None:
        """Nobody is told anything."""
        with self.in_process(number):
            dead, self.hubs[number] = self.hubs[number], self.a_hub()
        hub._current = self.hubs[number]
        there = [client.window.task for client in clients if client.window.is_in is dead]
        for task in there:
            task.cancel()
        if there:
            await asyncio.wait(there)
        for task in [*dead.errands, *(dead.relay.tasks if dead.relay else ())]:
            task.cancel()
        dead.sockets.clear()
        dead.rooms.clear()
        if dead.relay:
            await dead.relay.stop()
        await dead.writer.leave()


class Door:
    """One process's way to a layer, which keeps nothing."""

    def __init__(self, world: World) -> None:
        self.world, self.name = world, uuid.uuid4().hex
        self.groups: set[str] = set()
        self.queue: asyncio.Queue[Any] = asyncio.Queue()
        world.doors[self.name] = self

    async def new_channel(self) -> str:
        return self.name

    async def group_add(self, group: str, channel: str) -> None:
        self.groups.add(group)

    async def group_discard(self, group: str, channel: str) -> None:
        self.groups.discard(group)

    async def group_send(self, group: str, message: Any) -> None:
        for door in self.world.doors.values():
            if group in door.groups and not self.world.loses():
                door.queue.put_nowait(message)

    async def send(self, channel: str, message: Any) -> None:
        self.queue.put_nowait(message)

    async def receive(self, channel: str) -> Any:
        return await self.queue.get()

    async def flush(self) -> None:
        self.world.doors.pop(self.name, None)


@contextmanager
def _unsure(chance: random.Random) -> Iterator[World]:
    world = World(chance)
    tell, layer, grace = hub.Hub.tell, relay.layer, hub.GRACE_SECONDS

    def maybe(self: hub.Hub, topic: Any, fact: Any) -> None:
        if not world.loses():
            tell(self, topic, fact)

    hub.Hub.tell, relay.layer, hub.GRACE_SECONDS = maybe, lambda: Door(world), 0.0  # type: ignore[method-assign]
    try:
        yield world
    finally:
        hub.Hub.tell, relay.layer, hub.GRACE_SECONDS = tell, layer, grace  # type: ignore[method-assign]


# -- a client ----------------------------------------------------------------------------------------------------------
class Window(Browser):
    """A browser that knows in which process it is."""

    is_in: hub.Hub


class Client:
    """As docs/realtime.md tells it to be: it comes back, asks from where it was, and sends again what has no ack."""

    def __init__(self, world: World, member: Member, rooms: list[Room], session: str) -> None:
        self.world, self.member, self.session = world, member, session
        self.views = {room.pk: View() for room in rooms}
        self.hears = set(self.views)
        self.unsent: dict[str, tuple[int, str]] = {}
        self.acked: dict[str, int] = {}
        self.window: Any = None
        self.is_closed = True
        # Of each room that was answered with `room.subscribed`: what must come next, None for the first.
        self.next: dict[int, int | None] = {}

    async def connect(self, number: int) -> None:
        """Anew, in this process; what the old connection still had in it is lost."""
        await self.leave()
        with self.world.in_process(number):
            self.window = Window(session=self.session)
            await self.window.open()
            self.window.is_in = self.world.hubs[number]
        self.is_closed, self.next = False, {}
        self.subscribe(*self.hears)
        for client_id, (room, body) in self.unsent.items():
            self.window.say("message.post", room=room, client_id=client_id, body=body)

    async def leave(self) -> None:
        if self.window is not None and not self.window.task.done():
            await self.window.leave()

    def subscribe(self, *rooms: int) -> None:
        if rooms:
            self.window.say("subscribe", rooms={str(pk): self.views[pk].last for pk in rooms})

    def post(self, room: Room) -> None:
        client_id = str(uuid.UUID(int=self.world.chance.getrandbits(128), version=4))
        self.unsent[client_id] = (room.pk, f"from a window {client_id[:4]}")
        self.window.say("message.post", room=room.pk, client_id=client_id, body=self.unsent[client_id][1])

    def read(self) -> None:
        """Take in what has come so far."""
        while not self.window.outbox.empty():
            self._hear(self.window.outbox.get_nowait())

    def _hear(self, message: Frame) -> None:
        if message["type"] == "websocket.close":
            assert message["code"] == 4012
            self.is_closed = True
            return
        frame = json.loads(message["text"])
        room = frame.get("room", 0)
        if frame["type"] == "room.subscribed":
            self.next[room] = None
        elif frame["type"] == "room.events":
            first, last = frame["events"][0]["seq"], frame["events"][-1]["seq"]
            assert self.next[room] in (None, first), "sent twice, or not at all"
            self.next[room] = last + 1
            self.views[room].merge(frame["events"])
        elif frame["type"] == "room.joined":
            self.hears.add(room)
            self.subscribe(room)
        elif frame["type"] == "room.revoked" or (frame["type"] == "error" and "client_id" not in frame):
            assert frame.get("code", "not_found") == "not_found", frame
            self.hears.discard(room)
            self.next.pop(room, None)
        elif frame["type"] == "ack":
            self.acked[frame["client_id"]] = frame["seq"]
            self.unsent.pop(frame["client_id"], None)
        elif frame["type"] == "error":
            assert frame["code"] == "not_found", frame
            self.unsent.pop(frame["client_id"], None)
        else:
            assert frame["type"] in ("ready", "pong", "notice", "room.changed"), frame

    async def catch_up(self) -> None:
        """As a browser does that was woken: read on, ask the list of rooms, ping."""
        self.window.reading.set()
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                self.read()
                if self.is_closed or self.window.task.done():
                    await self.connect(0)
                heads = await in_thread(self._heads)
                missing = set(heads) - self.hears
                self.hears |= missing
                self.subscribe(*missing)
                has_all = all(self.views[pk].last >= head for pk, head in heads.items())
                if has_all and self.hears == set(heads) and not self.unsent:
                    return
                self.window.say("ping")
                self._hear(await self.window.outbox.get())

    def _heads(self) -> dict[int, int]:
        return dict(Membership.objects.filter(member=self.member).values_list("room", "room__last_seq"))
