"""The room of a collective that hides: for whoever is not in it, it is one that does not exist."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from backend.collectives import actions, notes
from backend.collectives.models import Collective
from backend.decisions import actions as decisions
from backend.members.models import Member
from realtime.threads import in_thread
from tests.cast import a_member
from tests.conversations.cast import said
from tests.realtime.cast import Browser, Frame

pytestmark = pytest.mark.django_db(transaction=True)
NOBODY = 999_999_999


def hidden(at: dt.datetime) -> tuple[Collective, Member, Member, Member]:
    """Ada and Ben are in it; Eve has an invitation, which makes her no member yet."""
    ada, ben, eve = a_member("Ada"), a_member("Ben"), a_member("Eve")
    ours = actions.found(member=ada, name="Zwaluwnest", purpose="Kievit", is_listed=False, at=at)
    for guest in (ben, eve):
        actions.invite(collective=ours, by=ada, guest=guest, at=at)
    actions.accept_invitation(collective=ours, member=ben, at=at)
    return ours, ada, ben, eve


def busy(ours: Collective, ada: Member, at: dt.datetime) -> None:
    """A word, a note and a proposal."""
    said(ours.room, ada, "Specht", at=at)
    notes.begin_note(collective=ours, by=ada, title="Merelzang", text="Lijster", at=at)
    proposal = decisions.propose(member=ada, collective=ours, title="Kwartelei", method="majority", at=at)
    decisions.discuss(proposal=proposal, by=ada, at=at)


async def refused(window: Browser, kind: str, **wish: Any) -> Frame:
    """How a wish for a room is refused, without the number that was asked about."""
    window.say(kind, **wish)
    answer = await window.hear("error")
    return {key: value for key, value in answer.items() if key != "room"}


async def test_an_invitation_alone_opens_no_hidden_room_and_who_is_put_out_hears_no_more() -> None:
    now = timezone.now()
    ours, ada, ben, eve = await in_thread(hidden, now)
    room = ours.room
    async with Browser(ben) as inside, Browser(eve) as outside:
        await inside.subscribe(room)
        for kind, wish in (
            ("look", {}),
            ("typing", {}),
            ("read", {"seq": 1}),
            ("message.react", {"seq": 1, "emoji": "👍", "on": True}),
        ):
            told = [await refused(outside, kind, room=pk, **wish) for pk in (room.pk, NOBODY)]
            assert told[0] == told[1], kind
            assert told[0]["code"] == "not_found", kind
        told = [await refused(outside, "subscribe", rooms={str(pk): 0}) for pk in (room.pk, NOBODY)]
        assert told[0] == told[1]
        await in_thread(busy, ours, ada, now)
        assert "Specht" in [event["body"] for event in await inside.events()]
        assert (await outside.pong())["heads"] == {}

        # Whoever joins hears all of it, and no more once they are put out.
        await in_thread(lambda: actions.accept_invitation(collective=ours, member=eve, at=now))
        assert await outside.hear() == {"type": "room.joined", "room": room.pk}
        assert await outside.subscribe(room, 0) > 1
        assert "Specht" in [event["body"] for event in await outside.events()]
        await in_thread(lambda: actions.remove(collective=ours, by=ada, member=eve, at=now))
        assert await outside.hear() == {"type": "room.revoked", "room": room.pk}
        assert (await outside.hear("notice"))["notice"]["kind"] == "collective_left"
        await in_thread(said, room, ada, "Fazant")
        assert (await outside.pong())["heads"] == {}
        assert (await refused(outside, "subscribe", rooms={str(room.pk): 1}))["code"] == "not_found"
