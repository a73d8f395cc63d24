"""`docs/realtime.md` names everything that a client may meet, and everything bad that a client may send has a coded answer."""

import json
import re
import uuid
from pathlib import Path
from typing import Any

import pytest

from backend.conversations.models import Event
from realtime.limits import RESOURCES_PER_SOCKET, ROOMS_PER_SOCKET, Close
from realtime.shapes import FROM_BROWSER, TO_BROWSER
from realtime.threads import in_thread
from tests.conversations.cast import said
from tests.realtime.cast import Browser, a_room_of_two

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parent.parent.parent
WORDS = (ROOT / "docs" / "realtime.md").read_text()
# What judges a frame, a message and a reaction.
JUDGES = [
    *(f"realtime/{name}.py" for name in ("socket", "frames", "allowance", "poll")),
    *(f"backend/conversations/{name}.py" for name in ("posting", "batch", "text")),
]
REFUSING = re.compile(r'(?:field_error\("[a-z_]+", |(?:Refusal|Invalid|Conflict|NotAllowed|TooSoon)\(\s*)"([a-z_]+)"')


def tables() -> dict[str, str]:
    """The right side of each row of the document by every name in backticks on its left side."""
    rows = [line.split(" | ", 1) for line in WORDS.splitlines() if line.startswith(("| `", "| 1"))]
    found: dict[str, str] = {}
    for left, right in rows:
        for name in re.findall(r"`([^`]+)`", left) or [left]:
            found[name.split(" ")[0]] = f"{left} {right}"
    return found


def test_every_frame_is_described_with_all_its_fields() -> None:
    rows = tables()
    missing = [
        (kind, name)
        for kind, shape in (FROM_BROWSER | TO_BROWSER).items()
        for name in shape().fields.keys() - {"type", "ref"}
        if not re.search(rf"\b{name}\b", rows.get(kind, ""))
    ]
    assert missing == []


def test_every_event_every_code_of_an_error_and_every_code_of_a_close_is_described() -> None:
    rows = tables()
    assert [kind for kind in Event.Kind.values if kind not in rows] == []
    codes = {code for name in JUDGES for code in REFUSING.findall((ROOT / name).read_text())}
    codes |= {"not_found", "muted", "room_paused", "slow_mode", "topic_closed", "everyone_not_allowed", "try_again"}
    assert len(codes) > 20
    assert [code for code in sorted(codes) if f"`{code}`" not in WORDS] == []
    assert [code for code in Close if f"| {code}" not in WORDS and f", {code} |" not in WORDS] == []


# -- what nobody should send -------------------------------------------------------------------------------------------
def a_message(room_id: int, **more: Any) -> dict[str, Any]:
    return {"type": "message.post", "room": room_id, "client_id": str(uuid.uuid4()), "body": "Hello"} | more


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "fifty thousand characters": ({"body": "x" * 50_000}, "message_too_long"),
    "nothing that can be seen": ({"body": "\u200b\u2060\ufeff \u202e\u2066"}, "empty_message"),
    "a language that is none": ({"language": "xx"}, "bad_language"),
    "an answer to nothing": ({"reply_to": 99}, "reply_unknown"),
    "a topic of elsewhere": ({"topic": 99}, "topic_unknown"),
    "a file of somebody else": ({"attachments": ["x"]}, "attachment_unknown"),
    "a call to everyone by who may not": ({"everyone": True}, "everyone_not_allowed"),
    "a language of nobody": ({"language": "klingon!!"}, "bad_language"),
    "a file with a name too long": ({"attachments": ["x" * 99]}, "attachment_unknown"),
    "eleven files": ({"attachments": [f"x{number}" for number in range(11)]}, "too_many_attachments"),
    "fifty-one mentions": ({"mentions": list(range(1, 52))}, "too_many_mentions"),
    "a mention that is no number": ({"mentions": ["grace"]}, "invalid_frame"),
    "a room that is none": ({"room": 2**62}, "not_found"),
    "a room in quotes": ({"room": "999999999"}, "not_found"),
    "a client_id that is none": ({"client_id": "1"}, "invalid_frame"),
    "a body of half a character": ({"body": "\ud800"}, "not_json"),
    "a sign that no database stores": ({"body": "a\0b"}, "invalid_frame"),
}


@pytest.mark.parametrize(("more", "code"), BAD.values(), ids=BAD.keys())
async def test_a_bad_message_has_a_coded_answer_and_the_socket_stays_open(more: dict[str, Any], code: str) -> None:
    _ada, grace, room = await a_room_of_two()
    async with Browser(grace) as window:
        wish = a_message(room.pk, **more)
        window.say_text(json.dumps(wish))
        refusal = await window.hear("error")
        assert refusal["code"] == code
        # Whoever sent it knows which one it was, as far as it could be read.
        if code != "not_json" and "client_id" not in more:
            assert refusal["client_id"] == wish["client_id"]
        await window.pong()
    assert not await in_thread(Event.objects.exists)


async def test_tricks_with_the_direction_of_text_are_taken_out_and_what_is_seen_stays() -> None:
    _ada, grace, room = await a_room_of_two()
    async with Browser(grace) as window:
        await window.post(room, "pay \u202e100\u202c\u200b euro, שלום")
        await window.hear("ack")
    assert (await in_thread(Event.objects.get)).body == "pay 100 euro, שלום"


async def test_the_client_id_of_somebody_else_is_not_theirs_alone_and_tells_nothing() -> None:
    ada, grace, room = await a_room_of_two()
    async with Browser(ada) as one, Browser(grace) as other:
        wish = a_message(room.pk, body="mine")
        one.say_text(json.dumps(wish))
        assert (await one.hear("ack"))["seq"] == 1
        other.say_text(json.dumps(wish | {"body": "theirs"}))
        assert (await other.hear("ack"))["seq"] == 2
    assert await in_thread(lambda: list(Event.objects.values_list("author", "body"))) == [
        (ada.pk, "mine"), (grace.pk, "theirs"),
    ]  # fmt: skip


async def test_a_stranger_who_is_mentioned_is_told_nothing_and_it_is_no_error() -> None:
    ada, _grace, room = await a_room_of_two()
    async with Browser(ada) as window:
        window.say_text(json.dumps(a_message(room.pk, mentions=[999_999])))
        await window.hear("ack")
    assert (await in_thread(Event.objects.get)).data == {}


@pytest.mark.parametrize(
    ("more", "code"),
    [({"emoji": "x"}, "bad_emoji"), ({"emoji": "👍" * 40}, "bad_emoji"), ({"seq": 7}, "not_found")],
)
async def test_a_bad_reaction_has_a_coded_answer(more: dict[str, Any], code: str) -> None:
    ada, _grace, room = await a_room_of_two()
    await in_thread(said, room, ada)
    async with Browser(ada) as window:
        window.say_text(
            json.dumps({"type": "message.react", "room": room.pk, "seq": 1, "emoji": "👍", "on": True} | more)
        )
        assert (await window.hear("error"))["code"] == code
        await window.pong()


async def test_more_rooms_than_a_socket_has_are_refused_and_those_it_has_stay() -> None:
    ada, _grace, room = await a_room_of_two()
    async with Browser(ada) as window:
        await window.subscribe(room)
        many = {str(room.pk + number): None for number in range(1, ROOMS_PER_SOCKET + 1)}
        window.say("subscribe", rooms=many)
        assert (await window.hear("error"))["code"] == "too_many_rooms"
        window.say("subscribe", rooms=many | {str(room.pk): None})
        assert (await window.hear("error"))["code"] == "too_many_rooms"
        window.say("watch", resources=list(range(1, RESOURCES_PER_SOCKET + 2)))
        assert (await window.hear("error"))["code"] == "too_many_resources"
        assert (await window.pong())["heads"] == {str(room.pk): 0}


async def test_bytes_are_refused_and_the_socket_stays_open() -> None:
    ada, _grace, _room = await a_room_of_two()
    async with Browser(ada) as window:
        window.inbox.put_nowait({"type": "websocket.receive", "bytes": b"\x00\x01"})
        assert (await window.hear("error"))["code"] == "not_json"
        await window.pong()
