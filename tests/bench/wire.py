"""A WebSocket client that costs next to nothing (RFC 6455): on a machine with few cores the load must not starve the server.

It says and hears unfragmented, uncompressed text; that is all that the servers measured here send.
"""

import asyncio
import base64
import os
import struct
from collections.abc import Callable
from typing import cast

CONNECTING_AT_ONCE = 40
TEXT, CLOSE, PING, PONG = 1, 8, 9, 10


def masked(opcode: int, payload: bytes) -> bytes:
    """One whole frame of a client. The mask is four zeros: it changes nothing and is as valid as any other."""
    length = len(payload)
    if length < 126:
        head = struct.pack("!BB", 0x80 | opcode, 0x80 | length)
    elif length < 1 << 16:
        head = struct.pack("!BBH", 0x80 | opcode, 0xFE, length)
    else:
        head = struct.pack("!BBQ", 0x80 | opcode, 0xFF, length)
    return head + bytes(4) + payload


def split(stream: bytes) -> tuple[list[tuple[int, bytes]], bytes]:
    """The whole frames of a server at the front, as opcode and payload, and the bytes of the one that is not whole yet."""
    frames, at, end = [], 0, len(stream)
    while end - at >= 2:
        opcode, length, start = stream[at] & 0x0F, stream[at + 1] & 0x7F, at + 2
        if length >= 126:
            start += 2 if length == 126 else 8
            if start > end:
                break
            length = int.from_bytes(stream[at + 2 : start], "big")
        if start + length > end:
            break
        frames.append((opcode, stream[start : start + length]))
        at = start + length
    return frames, stream[at:]


class Ear(asyncio.Protocol):
    """One connection. `heard` is called with each text; `code` is what the server closed with, 0 while it has not."""

    def __init__(self, port: int, path: str, cookie: str, heard: Callable[["Ear", bytes], None]) -> None:
        self.port, self.path, self.cookie, self.heard = port, path, cookie, heard
        self.rest = b""
        self.code = 0
        self.is_open = asyncio.get_running_loop().create_future()
        self.transport: asyncio.Transport

    async def connect(self) -> None:
        """Raises ConnectionError when the server does not want us."""
        await asyncio.get_running_loop().create_connection(lambda: self, "127.0.0.1", self.port)
        await self.is_open

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        lines = [
            f"GET {self.path} HTTP/1.1",
            f"Host: 127.0.0.1:{self.port}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}",
            "Sec-WebSocket-Version: 13",
            *([f"Cookie: {self.cookie}"] if self.cookie else []),
        ]
        self.transport.write("\r\n".join([*lines, "", ""]).encode())

    def data_received(self, data: bytes) -> None:
        stream = self.rest + data if self.rest else data
        if not self.is_open.done():
            head, whole, stream = stream.partition(b"\r\n\r\n")
            if not whole:
                self.rest = head
                return
            if b" 101 " not in head[:20]:
                self.is_open.set_exception(ConnectionError(head[:80].decode()))
                return
            self.is_open.set_result(None)
        frames, self.rest = split(stream)
        for opcode, payload in frames:
            if opcode == TEXT:
                self.heard(self, payload)
            elif opcode == PING:
                self.transport.write(masked(PONG, payload))
            elif opcode == CLOSE:
                self.code = int.from_bytes(payload[:2], "big")

    def connection_lost(self, error: Exception | None) -> None:
        if not self.is_open.done():
            self.is_open.set_exception(error or ConnectionError("closed before it was open"))

    def say(self, text: str) -> None:
        self.transport.write(masked(TEXT, text.encode()))


async def connect_all(ears: list[Ear]) -> None:
    """Open them, so many at once as a server's queue holds."""
    turn = asyncio.Semaphore(CONNECTING_AT_ONCE)

    async def one(ear: Ear) -> None:
        async with turn:
            await ear.connect()

    await asyncio.gather(*(one(ear) for ear in ears))
