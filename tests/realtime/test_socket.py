"""One socket: what it answers and what it refuses."""

import json
import uuid

import pytest
from django.db import transaction

from backend.bookings.models import Place, Resource
from backend.conversations import actions
from backend.conversations.models import Event
from backend.events import announce
from backend.notices.actions import mark_read, tell
from backend.notices.models import Notice
from realtime import limits
from realtime.allowance import too_many
from realtime.threads import in_thread
from tests.cast import a_member, an_organisation, signed_in
from tests.conversations.cast import NOW, said
from tests.realtime.cast import Browser, a_room_of_two, closing_code

pytestmark = pytest.mark.django_db(transaction=True)


# -- writing -----------------------------------------------------------------------------------------------------------
async def test_a_message_is_acknowledged_when_it_is_stored_and_heard_by_all() -> None:
    ada, grace, room = await a_room_of_two()
    async with Browser(ada) as one, Browser(grace) as other:
        assert (await one.subscribe(room), await other.subscribe(room)) == (0, 0)
        client_id = await one.post(room, "<b>Hello</b>")
        heard = {frame["type"]: frame for frame in (await one.hear(), await one.hear())}
        assert heard["ack"] == {"type": "ack", "client_id": client_id, "room": room.pk, "seq": 1}
        events = await other.events()
        assert heard["room.events"]["events"] == events
        assert (events[0]["body"], events[0]["client_id"]) == ("<b>Hello</b>", client_id)
        over_http = await in_thread(lambda: signed_in(grace).get(f"/api/rooms/{room.pk}/events/").json()["events"])
        assert over_http == events


async def test_the_same_send_twice_is_acknowledged_twice_and_heard_once() -> None:
    ada, grace, room = await a_room_of_two()
    async with Browser(ada) as one, Browser(grace) as other:
        await other.subscribe(room)
        wish = {"room": room.pk, "client_id": str(uuid.uuid4()), "body": "Hello"}
        one.say("message.post", **wish)
        one.say("message.post", **wish)
        assert [(await one.hear("ack"))["seq"] for _ in range(2)] == [1, 1]
        assert [event["seq"] for event in await other.events()] == [1]
        await other.pong()


async def test_messages_of_one_window_keep_their_order() -> None:
    ada, grace, room = await a_room_of_two()
    async with Browser(ada) as one, Browser(grace) as other:
        await other.subscribe(room)
        for number in range(10):
            await one.post(room, str(number))
        bodies: list[str] = []
        while len(bodies) < 10:
            bodies += [event["body"] for event in await other.events()]
        assert bodies == [str(number) for number in range(10)]


@pytest.mark.parametrize(
    ("body", "code"), [("", "empty_message"), (" \n ", "empty_message"), ("x" * 8001, "message_too_long")]
)
async def test_a_refused_message_names_itself_and_the_rule(body: str, code: str) -> None:
    ada, _grace, room = await a_room_of_two()
    async with Browser(ada) as window:
        client_id = await window.post(room, body)
        error = await window.hear("error")
        assert (error["code"], error["client_id"], error["room"]) == (code, client_id, room.pk)
        await window.pong()


async def test_nobody_writes_or_hears_in_a_room_they_are_not_in() -> None:
    ada, _grace, room = await a_room_of_two()
    stranger = await in_thread(a_member, "Stranger")
    async with Browser(stranger) as outside, Browser(ada) as inside:
        await inside.subscribe(room)
        outside.say("subscribe", rooms={str(room.pk): 0, "999999": None})
        errors = [await outside.hear("error") for _ in range(2)]
        assert sorted((error["room"], error["code"]) for error in errors) == [
            (room.pk, "not_found"),
            (999999, "not_found"),
        ]
        await outside.post(room, "Let me in")
        assert (await outside.hear("error"))["code"] == "not_found"
        outside.say("read", room=room.pk, seq=1)
        assert (await outside.hear("error"))["code"] == "not_found"
        await in_thread(said, room, ada)
        assert len(await inside.events()) == 1
        assert (await outside.pong())["heads"] == {}
    assert await in_thread(lambda: list(Event.objects.values_list("author", flat=True))) == [ada.pk]


async def test_messages_by_socket_and_over_http_share_one_allowance() -> None:
    ada, _grace, room = await a_room_of_two()

    def fifty_nine() -> None:
        client = signed_in(ada)
        for _ in range(59):
            wish = {"client_id": str(uuid.uuid4()), "body": "Hello"}
            assert client.post(f"/api/rooms/{room.pk}/messages/", wish).status_code == 201

    await in_thread(fifty_nine)
    async with Browser(ada) as window:
        await window.post(room, "the last one")
        await window.hear("ack")
        await window.post(room, "one too many")
        error = await window.hear("error")
        assert error["code"] == "too_many_requests"
        assert 0 < error["wait_seconds"] <= 61


async def test_a_reaction_is_done_once_it_is_stored_and_heard_by_all() -> None:
    ada, grace, room = await a_room_of_two()
    await in_thread(said, room, ada)
    async with Browser(ada) as one, Browser(grace) as other:
        await one.subscribe(room)
        other.say("message.react", room=room.pk, seq=1, emoji="👍", on=True, ref="mine")
        assert await other.hear() == {"type": "done", "ref": "mine"}
        assert [(event["kind"], event["target_seq"], event["emoji"]) for event in await one.events()] == [
            ("reaction_added", 1, "👍")
        ]
        other.say("message.react", room=room.pk, seq=99, emoji="👍", on=True, ref="none")
        assert (await other.hear("error"))["ref"] == "none"


async def test_reactions_by_socket_and_over_http_share_one_allowance() -> None:
    ada, _grace, room = await a_room_of_two()
    await in_thread(said, room, ada)
    await in_thread(lambda: [too_many("reactions", ada.pk) for _ in range(119)])
    async with Browser(ada) as window:
        for ref in ("last", "too many"):
            window.say("message.react", room=room.pk, seq=1, emoji="👍", on=True, ref=ref)
        assert await window.hear() == {"type": "done", "ref": "last"}
        refused = await window.hear("error")
        assert (refused["code"], refused["ref"]) == ("too_many_requests", "too many")
        reactions = f"/api/rooms/{room.pk}/messages/1/reactions/"
        assert await in_thread(lambda: signed_in(ada).put(reactions, {"emoji": "🎉"}).status_code) == 429


async def test_reading_in_one_window_is_known_in_the_other() -> None:
    ada, grace, room = await a_room_of_two()
    topic = await in_thread(lambda: actions.open_topic(room=room, by=ada, title="Saws", at=NOW).pk)
    for place in (None, topic):
        await in_thread(said, room, ada, topic=place)
    async with Browser(grace) as one, Browser(grace) as other:
        for seq, place in ((3, topic), (2, None)):
            one.say("read", room=room.pk, seq=seq, topic=place)
            assert await other.hear() == {"type": "room.read", "room": room.pk, "seq": seq, "topic": place}
    assert (await in_thread(lambda: signed_in(grace).get("/api/rooms/").json()))[0]["unread"] == 0


# -- nonsense ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("hello", "not_json"),
        ("[1]", "unknown_type"),
        ('{"type": ["ping"]}', "unknown_type"),
        ('{"type": "room.events"}', "unknown_type"),
        ('{"type": "subscribe"}', "invalid_frame"),
        ('{"type": "subscribe", "rooms": {"x": 1}}', "invalid_frame"),
        ('{"type": "subscribe", "rooms": {"1": -1}}', "invalid_frame"),
        ('{"type": "watch", "resources": "all"}', "invalid_frame"),
        ('{"type": "message.post", "room": 1, "client_id": "x", "body": "y"}', "invalid_frame"),
        (json.dumps({"type": "ping", "padding": "x" * limits.FRAME_MAX_BYTES}), "frame_too_large"),
    ],
)
async def test_a_frame_that_makes_no_sense_is_refused_and_the_socket_stays_open(text: str, code: str) -> None:
    async with Browser(await in_thread(a_member, "Ada")) as window:
        window.say_text(text)
        assert (await window.hear("error"))["code"] == code
        await window.pong()


async def test_a_window_that_talks_nothing_but_nonsense_is_closed() -> None:
    async with Browser(await in_thread(a_member, "Ada")) as window:
        for _ in range(limits.BAD_FRAMES_MAX):
            window.say_text("hello")
        assert await closing_code(window) == 4400


async def test_a_window_that_talks_too_fast_is_closed() -> None:
    async with Browser(await in_thread(a_member, "Ada")) as window:
        for _ in range(limits.FRAMES_AT_ONCE + 30):
            window.say("unsubscribe", rooms=[])
        assert (await window.hear("error"))["code"] == "too_many_frames"
        assert await closing_code(window) == 4429


async def test_what_is_taken_without_waking_the_socket_is_a_plain_message_and_counts_like_any_frame() -> None:
    ada, _grace, room = await a_room_of_two()

    def message(**more: object) -> str:
        wish = {"room": room.pk, "client_id": str(uuid.uuid4()), "body": "Hello"}
        return json.dumps({"type": "message.post"} | wish | more)

    async with Browser(ada) as window:
        others = ['{"type":"ping"}', "hello", message(type="ping"), message(ref="mine"), message(room=0), message(x=1)]
        assert [window.take(text) for text in others] == [False] * 6
        assert window.take(message())
        assert (await window.hear("ack"))["seq"] == 1
        assert window.take(message(body=" "))
        assert (await window.hear("error"))["code"] == "empty_message"
        for _ in range(limits.FRAMES_AT_ONCE + 30):
            window.take(message(room=room.pk + 1))
        assert await closing_code(window) == 4429
        assert not window.take(message())


def test_the_bucket_lets_a_burst_through_and_then_the_rate() -> None:
    bucket = limits.LeakyBucket(rate=2, burst=3)
    assert [bucket.takes(100.0) for _ in range(4)] == [True, True, True, False]
    assert [bucket.takes(100.5), bucket.takes(100.5)] == [True, False]
    assert [bucket.takes(200.0) for _ in range(4)] == [True, True, True, False]


# -- notices and calendars ---------------------------------------------------------------------------------------------
async def test_notices_reach_the_windows_of_their_member_only() -> None:
    ada, grace, _room = await a_room_of_two()
    async with Browser(ada) as mine, Browser(grace) as other:
        data = {"booking": 1}
        notice = await in_thread(lambda: tell(member=ada, kind=Notice.Kind.BOOKING_MADE, data=data, at=NOW))
        frame = await mine.hear("notice")
        assert (frame["notice"]["id"], frame["notice"]["data"], frame["unread"]) == (notice.pk, data, 1)
        assert (await mine.pong())["unread_notices"] == 1
        await in_thread(lambda: mark_read(member=ada, at=NOW, up_to=notice.pk))
        assert await mine.hear() == {"type": "notices.read", "unread": 0}
        assert (await other.pong())["unread_notices"] == 0


async def test_a_watched_calendar_tells_of_its_changes_until_it_is_no_longer_watched() -> None:
    ada = await in_thread(a_member, "Ada")

    def make() -> list[int]:
        place = Place.objects.create(
            name="House", organisation=an_organisation(), country="BE", timezone="Europe/Brussels"
        )
        return [Resource.objects.create(place=place, kind="workspace", name=name).pk for name in ("one", "two")]

    one, two = await in_thread(make)

    def change(resource: int) -> None:
        announce(("resource", resource), {"type": "calendar.changed", "resources": [resource]})

    async with Browser(ada) as window:
        window.say("watch", resources=[one, 999999])
        await window.pong()
        await in_thread(change, two)
        await in_thread(change, one)
        assert await window.hear() == {"type": "calendar.changed", "resources": [one]}
        window.say("unwatch", resources=[one])
        await window.pong()
        await in_thread(change, one)
        await window.pong()


async def test_a_fact_whose_transaction_fails_is_told_to_nobody() -> None:
    ada, _grace, room = await a_room_of_two()
    async with Browser(ada) as window:
        await window.subscribe(room)

        def fail() -> None:
            with transaction.atomic():
                said(room, ada, "never said")
                transaction.set_rollback(True)

        await in_thread(fail)
        await in_thread(said, room, ada, "said")
        assert [(event["seq"], event["body"]) for event in await window.events()] == [(1, "said")]
