"""Who has a room in view and who types: told at most once a second, encoded once, and kept in no log."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from realtime.frames import written
from realtime.people import Person

if TYPE_CHECKING:
    from realtime.hub import Hub
    from realtime.socket import Socket

Fact = dict[str, Any]
TELL_SECONDS = 1.0
TYPING_SECONDS = 6.0
# Other processes say again who is there, and are forgotten when they do not.
AGAIN_SECONDS = 20.0
FORGET_SECONDS = 60.0
LISTED_MAX = 100


@dataclass(slots=True)
class Elsewhere:
    """Who has the room in view in another process."""

    people: dict[int, Fact]
    heard_at: float


@dataclass(slots=True)
class Scene:
    """One room as it is looked at in this process."""

    viewers: set[Socket] = field(default_factory=set)
    new: set[Socket] = field(default_factory=set)
    elsewhere: dict[str, Elsewhere] = field(default_factory=dict)
    typing: dict[int, tuple[Fact, float]] = field(default_factory=dict)
    told: dict[int, Fact] = field(default_factory=dict)
    told_typing: list[Fact] = field(default_factory=list)
    published: dict[int, Fact] | None = None
    published_at: float = 0.0
    typed: list[Fact] = field(default_factory=list)

    def here(self) -> dict[int, Fact]:
        people = (socket.person for socket in self.viewers)
        return {person.fact["id"]: person.fact for person in people if person is not None and person.shows}

    def everybody(self) -> dict[int, Fact]:
        found: dict[int, Fact] = {}
        for other in self.elsewhere.values():
            found |= other.people
        return found | self.here()


class Around:
    """The scenes of this process."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.scenes: dict[int, Scene] = {}
        self.is_planned = False

    # -- what happens here -------------------------------------------------------------------------------------------------
    def look(self, socket: Socket, pk: int | None) -> None:
        """This window shows that room now, or none."""
        if socket.looking == pk:
            return
        if socket.looking is not None and (scene := self.scenes.get(socket.looking)) is not None:
            scene.viewers.discard(socket)
            scene.new.discard(socket)
        socket.looking = pk
        if pk is not None:
            scene = self.scenes.setdefault(pk, Scene())
            if not scene.viewers:
                self._publish(pk, {"ask": True})
            scene.viewers.add(socket)
            scene.new.add(socket)
        self._plan()

    def type(self, pk: int, person: Person, topic: int | None) -> None:
        if not person.shows:
            return
        typist = {"id": person.fact["id"], "name": person.fact["name"], "topic": topic}
        scene = self.scenes.setdefault(pk, Scene())
        scene.typing[typist["id"]] = (typist, self.hub.loop.time() + TYPING_SECONDS)
        scene.typed.append(typist)
        self._plan()

    # -- what happens elsewhere --------------------------------------------------------------------------------------------
    def heard(self, pk: int, fact: Fact) -> None:
        """Another process tells who is there, or asks."""
        scene = self.scenes.get(pk)
        if scene is None:
            return
        now = self.hub.loop.time()
        if fact.get("ask"):
            scene.published = None
        if "people" in fact:
            scene.elsewhere[fact["process"]] = Elsewhere({one["id"]: one for one in fact["people"]}, now)
        elif "came" in fact and (other := scene.elsewhere.get(fact["process"])) is not None:
            other.heard_at = now
            other.people |= {one["id"]: one for one in fact["came"]}
            for member in fact["went"]:
                other.people.pop(member, None)
        for typist in fact.get("typing", ()):
            scene.typing[typist["id"]] = (typist, now + TYPING_SECONDS)
        self._plan()

    # -- once a second -----------------------------------------------------------------------------------------------------
    def _plan(self) -> None:
        if not self.is_planned:
            self.is_planned = True
            self.hub.loop.call_later(TELL_SECONDS, self._beat)

    def _beat(self) -> None:
        self.is_planned = False
        self.tell(self.hub.loop.time())
        if self.scenes:
            self._plan()

    def tell(self, now: float) -> None:
        """Tell the viewers and the other processes what has changed since the last time."""
        for pk, scene in list(self.scenes.items()):
            scene.elsewhere = {
                name: one for name, one in scene.elsewhere.items() if now - one.heard_at < FORGET_SECONDS
            }
            scene.typing = {member: one for member, one in scene.typing.items() if one[1] > now}
            self._tell_others(pk, scene, now)
            self._tell_viewers(pk, scene)
            if not scene.viewers and not scene.typing:
                del self.scenes[pk]

    def _tell_viewers(self, pk: int, scene: Scene) -> None:
        everybody = scene.everybody()
        typing = [typist for typist, _until in scene.typing.values()]
        for viewers, before, typed in (
            (scene.viewers - scene.new, scene.told, scene.told_typing),
            (scene.new, {}, None),
        ):
            shared = _frame(pk, before, everybody, typed, typing, frozenset())
            for socket in viewers:
                apart = socket.person.apart if socket.person else frozenset()
                frame = _frame(pk, before, everybody, typed, typing, apart) if apart else shared
                if frame is not None:
                    socket.tell_lightly(frame)
        scene.told, scene.told_typing, scene.new = everybody, typing, set()

    def _tell_others(self, pk: int, scene: Scene, now: float) -> None:
        here, typed = scene.here(), scene.typed
        scene.typed = []
        before = scene.published
        if before is None or now - scene.published_at > AGAIN_SECONDS:
            self._publish(pk, {"people": list(here.values()), "typing": typed})
        elif here.keys() != before.keys() or typed:
            came = [fact for member, fact in here.items() if member not in before]
            self._publish(pk, {"came": came, "went": [*(before.keys() - here.keys())], "typing": typed})
        else:
            return
        scene.published, scene.published_at = here, now

    def _publish(self, pk: int, words: Fact) -> None:
        if self.hub.relay:
            self.hub.relay.publish(("room", pk), {"type": "room.around", "process": self.hub.relay.name} | words)


def _frame(
    pk: int,
    before: dict[int, Fact],
    now: dict[int, Fact],
    typed: list[Fact] | None,
    typing: list[Fact],
    apart: frozenset[int],
) -> Fact | None:
    """What is different for those who are kept apart from these people; None when nothing is."""
    came = [fact for member, fact in now.items() if member not in before and member not in apart]
    went = [member for member in before if member not in now and member not in apart]
    types = [one for one in typing if one["id"] not in apart]
    if not came and not went and typed is not None and types == [one for one in typed if one["id"] not in apart]:
        return None
    text = written(
        {
            "type": "room.around",
            "room": pk,
            "here": len(now.keys() - apart),
            "came": came[:LISTED_MAX],
            "went": went,
            "typing": types,
        }
    )
    return {"type": "websocket.send", "text": text}
