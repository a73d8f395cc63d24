"""A thousand who come back in the same moment: after a restart, or when a network is there again."""

import asyncio
import functools
import json
from typing import Any

import pytest

from backend.conversations.models import Room
from realtime import hub, limits, store
from realtime.threads import in_thread
from tests.cast import a_member
from tests.conversations.cast import a_room, said
from tests.realtime.cast import PATIENCE_SECONDS, Browser, session_of

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE, WINDOWS, MESSAGES = 200, 5, 50


def a_full_room() -> tuple[list[Browser], Room]:
    people = [a_member(f"Member {number}") for number in range(PEOPLE)]
    room = a_room(*people)
    for number in range(MESSAGES):
        said(room, people[0], f"message {number}")
    sessions = [session_of(member) for member in people]
    return [Browser(session=session) for session in sessions for _ in range(WINDOWS)], room


# Most are sent the very same text.
read = functools.lru_cache(json.loads)


async def come_back(window: Browser, room: Room, since: int) -> list[int]:
    """The numbers that are sent to this window, up to the newest."""
    await window.open()
    window.say("subscribe", rooms={str(room.pk): since})
    seqs: list[int] = []
    while not seqs or seqs[-1] < MESSAGES:
        frame = read((await asyncio.wait_for(window.outbox.get(), 6 * PATIENCE_SECONDS))["text"])
        assert frame["type"] in ("ready", "room.subscribed", "room.events")
        seqs += [event["seq"] for event in frame.get("events", [])]
    await window.leave()
    return seqs


async def test_a_thousand_who_come_back_in_the_same_moment_are_served_from_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    windows, room = await in_thread(a_full_room)
    asked: dict[str, int] = {}
    here = hub.here()

    def counted(name: str, work: Any) -> Any:
        def run(*args: Any) -> Any:
            asked[name] = asked.get(name, 0) + 1
            return work(*args)

        return run

    monkeypatch.setattr(store, "log_after", counted("log", store.log_after))
    here.members.look_up = counted("sessions", here.members.look_up)
    here.permissions.look_up = counted("permissions", here.permissions.look_up)
    places = [number % 7 for number in range(len(windows))]
    found = await asyncio.gather(
        *(come_back(*each) for each in zip(windows, [room] * len(windows), places, strict=True))
    )
    assert len(found) == 1000
    assert found == [list(range(since + 1, MESSAGES + 1)) for since in places]
    assert asked["log"] == 1
    # However many there are: as often as there was time for while the others waited.
    assert asked["sessions"] + asked["permissions"] <= 50
    assert limits.RING_EVENTS >= MESSAGES
