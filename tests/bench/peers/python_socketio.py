"""Rooms as python-socketio makes them, under uvicorn, in an environment of its own: `python python_socketio.py PORT`."""

import sys
from typing import Any
from urllib.parse import parse_qs

import socketio  # type: ignore[import-not-found, import-untyped, unused-ignore]
import uvicorn

server = socketio.AsyncServer(async_mode="asgi", transports=["websocket"])
rooms: dict[str, str] = {}


@server.event  # type: ignore[untyped-decorator, unused-ignore]
async def connect(sid: str, environ: dict[str, Any]) -> None:
    rooms[sid] = parse_qs(environ["QUERY_STRING"])["room"][0]
    await server.enter_room(sid, rooms[sid])


@server.event  # type: ignore[untyped-decorator, unused-ignore]
async def message(sid: str, words: str) -> None:
    await server.emit("message", words, room=rooms[sid])


@server.event  # type: ignore[untyped-decorator, unused-ignore]
async def disconnect(sid: str, reason: str) -> None:
    del rooms[sid]


if __name__ == "__main__":
    uvicorn.run(socketio.ASGIApp(server), host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")
