"""Who may open a socket, and when it ends: rooms that are left, sessions that are over, windows that are silent or old."""

import pytest
from django.conf import settings

from backend.conversations import actions
from backend.members.models import Member
from realtime import hub
from realtime.threads import in_thread
from tests.cast import a_member, signed_in
from tests.conversations.cast import NOW, said
from tests.realtime.cast import Browser, Closed, a_room_of_two, closing_code, session_of

pytestmark = pytest.mark.django_db(transaction=True)


# -- opening -----------------------------------------------------------------------------------------------------------
async def test_a_signed_in_member_is_told_who_they_are_and_how_often_to_ping() -> None:
    ada = await in_thread(a_member, "Ada")
    browser = Browser(ada)
    await browser.open()
    assert await browser.hear() == {"type": "ready", "member": ada.pk, "heartbeat_seconds": 25}
    await browser.leave()


@pytest.mark.parametrize("session", ["", "nonsense"])
async def test_who_is_not_signed_in_is_told_so_with_4401(session: str) -> None:
    browser = Browser(session=session)
    await browser.open()
    assert await closing_code(browser) == 4401


async def test_a_closed_account_has_no_socket() -> None:
    ada = await in_thread(a_member, "Ada")
    session = await in_thread(session_of, ada)
    await in_thread(lambda: Member.objects.filter(pk=ada.pk).update(is_active=False))
    browser = Browser(ada, session=session)
    await browser.open()
    assert await closing_code(browser) == 4401


@pytest.mark.parametrize(
    ("origin", "is_let_in"),
    [
        ("http://testserver", True),
        ("http://evil.example", False),
        ("http://testserver.evil.example", False),
        ("null", False),
    ],
)
async def test_only_our_own_pages_may_open_a_socket(origin: str, is_let_in: bool) -> None:
    browser = Browser(await in_thread(a_member, "Ada"), origin=origin)
    if is_let_in:
        await browser.open()
        await browser.hear("ready")
    else:
        with pytest.raises(Closed):
            await browser.open()
    await browser.leave()


async def test_there_is_no_other_socket_address() -> None:
    browser = Browser(await in_thread(a_member, "Ada"))
    browser.path = "/ws/other/"
    with pytest.raises(Closed):
        await browser.open()


async def test_a_ninth_window_of_one_member_is_refused() -> None:
    ada = await in_thread(a_member, "Ada")
    windows = [Browser(ada) for _ in range(9)]
    for window in windows:
        await window.open()
    for window in windows[:8]:
        await window.hear("ready")
    assert await closing_code(windows[8]) == 4429
    for window in windows[:8]:
        await window.leave()


# -- leaving and ending ------------------------------------------------------------------------------------------------
async def test_who_leaves_a_room_hears_that_and_nothing_more() -> None:
    ada, grace, room = await a_room_of_two()
    async with Browser(grace) as window, Browser(ada) as witness:
        await window.subscribe(room)
        await witness.subscribe(room)
        await in_thread(said, room, ada, "one")
        assert [event["body"] for event in await window.events()] == ["one"]
        await in_thread(lambda: actions.leave_room(room=room, member=grace, at=NOW))
        assert await window.hear() == {"type": "room.revoked", "room": room.pk}
        await in_thread(said, room, ada, "two")
        heard = [(await witness.events())[0]["kind"] for _ in range(3)]
        assert heard == ["message", "member_left", "message"]
        assert (await window.pong())["heads"] == {}
        window.say("subscribe", rooms={str(room.pk): 1})
        assert (await window.hear("error"))["code"] == "not_found"


async def test_a_revocation_that_got_lost_is_made_good_by_the_next_heartbeat() -> None:
    ada, grace, room = await a_room_of_two()
    async with Browser(grace) as window:
        await window.subscribe(room)
        await in_thread(lambda: room.memberships.filter(member=grace).delete())
        window.say("ping")
        assert await window.hear() == {"type": "room.revoked", "room": room.pk}
        assert (await window.hear("pong"))["heads"] == {}
        await in_thread(said, room, ada, "two")
        await window.pong()


async def test_who_is_invited_into_a_room_hears_of_it() -> None:
    _ada, _grace, room = await a_room_of_two()
    newcomer = await in_thread(a_member, "Newcomer")
    async with Browser(newcomer) as window:
        await in_thread(lambda: actions.join_room(room=room, member=newcomer, at=NOW))
        assert await window.hear() == {"type": "room.joined", "room": room.pk}
        assert await window.subscribe(room, 0) == 1
        assert [event["kind"] for event in await window.events()] == ["member_joined"]


async def test_signing_out_closes_the_windows_of_that_session_only() -> None:
    ada = await in_thread(a_member, "Ada")
    client = await in_thread(signed_in, ada)
    async with Browser(ada, session=client.cookies[settings.SESSION_COOKIE_NAME].value) as gone, Browser(ada) as stays:
        await in_thread(client.logout)
        assert await closing_code(gone) == 4401
        await stays.pong()


async def test_a_new_password_closes_every_window() -> None:
    ada = await in_thread(a_member, "Ada")
    async with Browser(ada) as one, Browser(ada) as other:

        def change() -> None:
            ada.set_password("another correct horse")
            ada.save()

        await in_thread(change)
        assert [await closing_code(window) for window in (one, other)] == [4401, 4401]


async def test_an_ended_session_that_nobody_announced_ends_at_the_next_heartbeat() -> None:
    ada = await in_thread(a_member, "Ada")
    async with Browser(ada) as window:
        await window.pong()
        await in_thread(lambda: Member.objects.filter(pk=ada.pk).update(password="changed elsewhere"))
        window.say("ping")
        assert await closing_code(window) == 4401


async def test_a_silent_window_and_an_old_one_are_closed_and_others_are_not() -> None:
    ada, grace, _room = await a_room_of_two()
    async with Browser(ada) as silent, Browser(grace) as busy:
        here = hub.here()
        now = here.loop.time()
        for socket in here.sockets:
            if socket.member == grace.pk:
                socket.heard_at = now + 60
        here.tick(now + 66)
        assert await closing_code(silent) == 4408
        assert [socket.member for socket in here.sockets] == [grace.pk]
        next(iter(here.sockets)).heard_at = now + 14 * 3600
        here.tick(now + 14 * 3600)
        assert await closing_code(busy) == 4012


async def test_a_window_that_leaves_leaves_nothing_behind() -> None:
    ada, _grace, room = await a_room_of_two()
    async with Browser(ada) as window:
        await window.subscribe(room)
        here = hub.here()
        assert (len(here.sockets), list(here.rooms), list(here.listeners)) == (1, [room.pk], [("member", ada.pk)])
    assert (len(here.sockets), here.rooms, here.listeners) == (0, {}, {})
