"""The protocol that writes at once, beside Daphne's own: the same bytes in, the same answers out."""

import json
import struct
import zlib
from typing import Any

import pytest

from realtime import limits
from realtime.threads import in_thread
from tests.cast import a_member
from tests.realtime.lines import CLOSE, CONTINUATION, PING, PONG, SERVE, TEXT, Raw, Server, masked

pytestmark = pytest.mark.django_db(transaction=True)
BOTH = pytest.mark.parametrize("server", ["1", "0"], indirect=True, ids=["ours", "daphne"])
NO_SUCH = b'{"type":"nothing"}'


@pytest.fixture
def server(request: pytest.FixtureRequest) -> Server:
    return Server(*SERVE, REALTIME_WRITE_THROUGH=request.param)


async def opened(line: Raw) -> None:
    _bits, opcode, payload = await line.frame()
    assert (opcode, json.loads(payload)["type"]) == (TEXT, "ready")


async def code_of(line: Raw) -> str:
    bits, opcode, payload = await line.frame()
    assert (bits, opcode) == (0x80, TEXT)
    return str(json.loads(payload)["code"])


async def closing(line: Raw) -> int:
    while True:
        _bits, opcode, payload = await line.frame()
        if opcode == CLOSE:
            return int(struct.unpack(">H", payload[:2])[0])


@BOTH
async def test_messages_in_pieces_with_a_ping_between_them_are_heard_whole(server: Server) -> None:
    ada = await in_thread(a_member, "Ada")
    async with server, Raw(server.port, ada, offer="permessage-deflate") as line:
        assert "sec-websocket-extensions" not in line.answer.lower()
        await opened(line)
        line.send(
            masked(TEXT, NO_SUCH[:5], is_last=False),
            masked(PING, b"are you there"),
            masked(CONTINUATION, NO_SUCH[5:9], is_last=False),
            masked(CONTINUATION, NO_SUCH[9:]),
        )
        assert await line.frame() == (0x80, PONG, b"are you there")
        assert await code_of(line) == "unknown_type"
        line.send(masked(TEXT, NO_SUCH), masked(TEXT, b"{"), masked(TEXT, NO_SUCH))
        assert [await code_of(line) for _ in range(3)] == ["unknown_type", "not_json", "unknown_type"]
        for byte in masked(TEXT, NO_SUCH):
            line.send(bytes([byte]))
        assert await code_of(line) == "unknown_type"
        # Two megabytes at once and in two pieces.
        half = b'"' + b"x" * 1_000_000
        line.send(masked(TEXT, half + half), masked(TEXT, half, is_last=False), masked(CONTINUATION, half))
        assert [await code_of(line) for _ in range(2)] == ["frame_too_large"] * 2
        line.send(masked(TEXT, NO_SUCH))
        assert await code_of(line) == "unknown_type"


VIOLATIONS = {
    "not utf-8": (1007, masked(TEXT, b"\xff\xfe")),
    "continues nothing": (1002, masked(CONTINUATION, b"x")),
    "unknown bit": (1002, masked(TEXT, b"x", bits=0x40)),
    "long ping": (1002, masked(PING, b"x" * 126)),
    "unknown opcode": (1002, masked(3, b"")),
    "eight megabytes and a byte": (1009, masked(TEXT, b"x" * (limits.FRAME_CUT_BYTES + 1))[:1000]),
    "the client's own": (3999, masked(CLOSE, struct.pack(">H", 3999))),
}


@BOTH
async def test_whoever_closes_or_breaks_the_protocol_is_closed_with_its_code(server: Server) -> None:
    ada = await in_thread(a_member, "Ada")
    found = {}
    async with server:
        for name, (_code, frame) in VIOLATIONS.items():
            async with Raw(server.port, ada) as line:
                await opened(line)
                line.send(frame)
                found[name] = await closing(line)
    assert found == {name: code for name, (code, _frame) in VIOLATIONS.items()}


# -- with compression, which only this test switches on ----------------------------------------------------------------
DEFLATING = """
import sys
from daphne.ws_protocol import WebSocketFactory
from autobahn.websocket.compress import PerMessageDeflateOffer, PerMessageDeflateOfferAccept
def accept(offers):
    for offer in offers:
        if isinstance(offer, PerMessageDeflateOffer):
            return PerMessageDeflateOfferAccept(offer)
options = WebSocketFactory.setProtocolOptions
def with_compression(self, **more):
    options(self, perMessageCompressionAccept=accept, **more)
WebSocketFactory.setProtocolOptions = with_compression
from django.core.management import execute_from_command_line
import os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")
execute_from_command_line(["manage.py", *sys.argv[1:]])
"""


def deflated(payload: bytes) -> bytes:
    squeezer = zlib.compressobj(wbits=-15)
    return (squeezer.compress(payload) + squeezer.flush(zlib.Z_SYNC_FLUSH))[:-4]


@pytest.mark.parametrize("write_through", ["1", "0"], ids=["ours", "daphne"])
async def test_with_compression_the_same_is_said_and_a_small_frame_holds_no_long_one(write_through: str) -> None:
    ada = await in_thread(a_member, "Ada")
    server = Server("-c", DEFLATING, *SERVE[1:], REALTIME_WRITE_THROUGH=write_through)
    async with server, Raw(server.port, ada, offer="permessage-deflate") as line:
        assert "permessage-deflate" in line.answer
        stretcher: Any = zlib.decompressobj(wbits=-15)

        async def said() -> Any:
            bits, opcode, payload = await line.frame()
            assert (bits, opcode) == (0xC0, TEXT)
            return json.loads(stretcher.decompress(payload + b"\x00\x00\xff\xff"))

        assert (await said())["type"] == "ready"
        line.send(masked(TEXT, deflated(NO_SUCH), bits=0x40))
        assert (await said())["code"] == "unknown_type"
        line.send(masked(TEXT, deflated(b'"' + b"x" * 1_000_000 + b'"'), bits=0x40))
        assert (await said())["code"] == "frame_too_large"
        line.send(masked(TEXT, deflated(NO_SUCH), bits=0x40))
        assert (await said())["code"] == "unknown_type"
