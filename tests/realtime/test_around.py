"""Who is there and who types: told seldom, to those who look, and not of those who do not want it."""

from functools import partial
from typing import Any

import pytest

from backend.conversations.models import Room
from backend.members.actions import block, edit_profile
from backend.members.models import Member
from realtime import around, hub
from realtime.threads import in_thread
from tests.cast import a_member
from tests.conversations.cast import NOW, a_room
from tests.realtime.cast import Browser, Frame, until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _told_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(around, "TELL_SECONDS", 3600)


async def people(*names: str) -> tuple[list[Member], Room]:
    def make() -> tuple[list[Member], Room]:
        members = [a_member(name) for name in names]
        return members, a_room(*members)

    return await in_thread(make)


async def looks(window: Browser, room: Room | None, *, subscribed: bool = False) -> None:
    if room is not None and not subscribed:
        await window.subscribe(room)
    window.say("look", room=room.pk if room else None, ref="looked")
    await window.hear("done")


def a_second_passes(seconds: float = 0.0) -> None:
    here = hub.here()
    here.around.tell(here.loop.time() + seconds)


async def around_now(window: Browser) -> Frame:
    return await window.hear("room.around")


def ids(frame: Frame, key: str) -> list[int]:
    return sorted(one["id"] if isinstance(one, dict) else one for one in frame[key])


async def test_who_looks_is_told_who_is_there_and_then_only_what_changes() -> None:
    (ada, grace), room = await people("Ada", "Grace")
    async with Browser(ada) as one, Browser(grace) as other:
        await looks(one, room)
        a_second_passes()
        first = await around_now(one)
        assert (first["here"], ids(first, "came"), first["went"], first["typing"]) == (1, [ada.pk], [], [])
        await looks(other, room)
        a_second_passes()
        assert ids(await around_now(one), "came") == [grace.pk]
        assert ids(await around_now(other), "came") == [ada.pk, grace.pk]
        a_second_passes()
        await one.pong()  # Nothing changed, nothing is told.
        await looks(other, None)
        a_second_passes()
        gone = await around_now(one)
        assert (gone["here"], gone["came"], gone["went"]) == (1, [], [grace.pk])
        await other.pong()


async def test_typing_is_told_until_it_stops_and_to_those_who_look_only() -> None:
    (ada, grace, witness), room = await people("Ada", "Grace", "Witness")
    async with Browser(ada) as one, Browser(grace) as other, Browser(witness) as elsewhere:
        await looks(one, room)
        await other.subscribe(room)
        await elsewhere.subscribe(room)
        for _ in range(3):
            other.say("typing", room=room.pk, ref="typed")
            await other.hear("done")
        a_second_passes()
        assert (await around_now(one))["typing"] == [{"id": grace.pk, "name": "Grace", "topic": None}]
        a_second_passes(around.TYPING_SECONDS + 1)
        assert (await around_now(one))["typing"] == []
        await elsewhere.pong()


async def test_who_does_not_show_themselves_is_not_told_of() -> None:
    (ada, shy), room = await people("Ada", "Shy")
    await in_thread(lambda: Member.objects.filter(pk=shy.pk).update(shows_presence=False))
    async with Browser(ada) as one, Browser(shy) as hidden:
        await looks(hidden, room)
        await looks(one, room)
        hidden.say("typing", room=room.pk, ref="typed")
        await hidden.hear("done")
        a_second_passes()
        frame = await around_now(one)
        assert (frame["here"], ids(frame, "came"), frame["typing"]) == (1, [ada.pk], [])
        assert ids(await around_now(hidden), "came") == [ada.pk]


async def test_who_hides_while_they_are_there_is_gone_at_once_and_comes_back_when_they_show_themselves() -> None:
    (ada, shy), room = await people("Ada", "Shy")
    async with Browser(ada) as one, Browser(shy) as other:
        await looks(one, room)
        await looks(other, room)
        a_second_passes()
        assert ids(await around_now(one), "came") == [ada.pk, shy.pk]
        for is_shown, expected in ((False, ([], [shy.pk], 1)), (True, ([shy.pk], [], 2))):
            await in_thread(partial(edit_profile, member=shy, at=NOW, shows_presence=is_shown))
            await until(partial(_shows, shy.pk, is_shown))
            a_second_passes()
            frame = await around_now(one)
            assert (ids(frame, "came"), frame["went"], frame["here"]) == expected


async def test_those_who_block_each_other_are_not_told_of_each_other_also_when_they_do_so_later() -> None:
    (ada, grace, witness), room = await people("Ada", "Grace", "Witness")
    await in_thread(lambda: block(by=ada, whom=grace, at=NOW))
    async with Browser(ada) as one, Browser(grace) as other, Browser(witness) as third:
        for window in (one, other, third):
            await looks(window, room)
        one.say("typing", room=room.pk, ref="typed")
        await one.hear("done")
        a_second_passes()
        mine, theirs, thirds = [await around_now(window) for window in (one, other, third)]
        assert ids(mine, "came") == [ada.pk, witness.pk]
        assert (ids(theirs, "came"), theirs["typing"], theirs["here"]) == ([grace.pk, witness.pk], [], 2)
        assert (ids(thirds, "came"), ids(thirds, "typing")) == ([ada.pk, grace.pk, witness.pk], [ada.pk])
        await in_thread(lambda: block(by=witness, whom=grace, at=NOW))
        await until(lambda: _apart(grace.pk) == {ada.pk, witness.pk} and _apart(witness.pk) == {grace.pk})
        await looks(third, None, subscribed=True)
        a_second_passes()
        await other.pong()


def _shows(member: int, is_shown: bool) -> bool:
    return all(one.person and one.person.shows is is_shown for one in hub.here().sockets if one.member == member)


def _apart(member: int) -> set[int]:
    persons: list[Any] = [socket.person for socket in hub.here().sockets if socket.member == member]
    return {pk for person in persons for pk in person.apart}


async def test_nobody_looks_into_a_room_that_they_do_not_hear() -> None:
    (ada, _grace), room = await people("Ada", "Grace")
    stranger = await in_thread(a_member, "Stranger")
    async with Browser(stranger) as outside, Browser(ada) as inside:
        await looks(inside, room)
        for kind in ("look", "typing"):
            outside.say(kind, room=room.pk, ref="mine")
            refused = await outside.hear("error")
            assert (refused["code"], refused["ref"], refused["room"]) == ("not_found", "mine", room.pk)
        a_second_passes()
        assert (await around_now(inside))["here"] == 1


async def test_a_window_that_ends_is_no_longer_there_and_leaves_nothing_behind() -> None:
    (ada, grace), room = await people("Ada", "Grace")
    async with Browser(ada) as one:
        await looks(one, room)
        async with Browser(grace) as other:
            await looks(other, room)
            a_second_passes()
            await around_now(one)
        a_second_passes()
        assert (await around_now(one))["went"] == [grace.pk]
    a_second_passes()
    assert hub.here().around.scenes == {}


async def test_another_process_is_believed_for_a_minute_and_asked_when_somebody_looks() -> None:
    (ada, grace), room = await people("Ada", "Grace")
    there = {"id": grace.pk, "name": "Grace", "photo": None}
    async with Browser(ada) as one:
        await looks(one, room)
        tell = hub.here().tell
        tell(("room", room.pk), {"type": "room.around", "process": "other", "people": [there], "typing": []})
        a_second_passes()
        assert ids(await around_now(one), "came") == [ada.pk, grace.pk]
        a_second_passes(around.FORGET_SECONDS + 1)
        assert (await around_now(one))["went"] == [grace.pk]
