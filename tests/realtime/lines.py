"""Real servers, and raw connections to them that say and hear single bytes."""

import asyncio
import base64
import os
import struct
import subprocess
import sys
from typing import Any

from django.conf import settings

from backend.members.models import Member
from realtime.threads import in_thread
from tests import servers
from tests.realtime.cast import PATIENCE_SECONDS, session_of

TEXT, CONTINUATION, CLOSE, PING, PONG = 1, 0, 8, 9, 10


def masked(opcode: int, payload: bytes, *, is_last: bool = True, bits: int = 0) -> bytes:
    """A frame as a browser sends it (RFC 6455, section 5)."""
    head = bytes([(0x80 if is_last else 0) | bits | opcode])
    if len(payload) < 126:
        head += bytes([0x80 | len(payload)])
    elif len(payload) < 1 << 16:
        head += b"\xfe" + struct.pack(">H", len(payload))
    else:
        head += b"\xff" + struct.pack(">Q", len(payload))
    # A key of zeros is a key: the payload stays as it is.
    return head + bytes(4) + payload


class Raw:
    """A connection of this member, opened by hand."""

    def __init__(self, port: int, member: Member, *, offer: str = "") -> None:
        self.port, self.member, self.offer = port, member, offer

    async def __aenter__(self) -> "Raw":
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        session = await in_thread(session_of, self.member)
        lines = [
            "GET /ws/ HTTP/1.1",
            f"Host: 127.0.0.1:{self.port}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}",
            "Sec-WebSocket-Version: 13",
            f"Cookie: {settings.SESSION_COOKIE_NAME}={session}",
        ]
        if self.offer:
            lines.append(f"Sec-WebSocket-Extensions: {self.offer}")
        self.writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
        self.answer = (await self._read(self.reader.readuntil(b"\r\n\r\n"))).decode()
        assert self.answer.startswith("HTTP/1.1 101"), self.answer
        return self

    async def __aexit__(self, *exception: Any) -> None:
        self.writer.close()

    async def _read(self, reading: Any) -> Any:
        return await asyncio.wait_for(reading, PATIENCE_SECONDS)

    def send(self, *frames: bytes) -> None:
        self.writer.write(b"".join(frames))

    async def frame(self) -> tuple[int, int, bytes]:
        """The next frame: its first byte without the opcode, the opcode, the payload; a server masks nothing."""
        first, second = await self._read(self.reader.readexactly(2))
        assert second < 0x80
        length = second
        if second == 126:
            length = struct.unpack(">H", await self._read(self.reader.readexactly(2)))[0]
        elif second == 127:
            length = struct.unpack(">Q", await self._read(self.reader.readexactly(8)))[0]
        return first & 0xF0, first & 0x0F, await self._read(self.reader.readexactly(length))


class Server:
    """`async with Server(command)`: a process on a free port that shares the database of this test."""

    def __init__(self, *command: str, **more: str) -> None:
        self.port = servers.free_port()
        self.command = [sys.executable, *(word.format(port=self.port) for word in command)]
        self.env = (
            os.environ | servers.database_of_this_test() | {"REDIS_URL": "", "SECRET_KEY": settings.SECRET_KEY} | more
        )

    async def __aenter__(self) -> "Server":
        quiet = subprocess.DEVNULL
        self.process = subprocess.Popen(self.command, env=self.env, stdout=quiet, stderr=quiet, start_new_session=True)
        await in_thread(servers.wait_until_up, self.process, self.port)
        return self

    async def __aexit__(self, *exception: Any) -> None:
        self.process.terminate()
        await in_thread(self.process.wait, 20)


SERVE = ("manage.py", "serve", "--port", "{port}", "-v", "0")
