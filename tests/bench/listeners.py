"""The load generator of the rooms, a process of its own: `python -m tests.bench.listeners URL KIND MESSAGES` reads what to say as JSON.

KIND is `ours` (cookies and a room on the standard input), `ws` or `socketio`. Says `ready` when all listen, waits for a line, has so many
messages delivered to everyone, one after the other, and answers how long each took until the last had it, in milliseconds.
"""

import asyncio
import json
import os
import sys
import time
import uuid
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

BODY = "Shall we meet at nine in the workshop? " * 4
MARK = {"ours": '"type":"room.events"', "ws": BODY[:20], "socketio": '42["message"'}


async def main(url: str, kind: str, messages: int) -> None:
    asked = json.loads(sys.stdin.readline())
    ears = []
    for cookie in asked["cookies"]:
        headers = {"Cookie": cookie} if cookie else {}
        ears.append(await connect(url, additional_headers=headers, compression=None, ping_interval=None))
    for ear in ears:
        await _enter(ear, kind, asked["room"])
    heard: asyncio.Queue[int] = asyncio.Queue()
    tasks = [asyncio.create_task(_listen(ear, kind, heard)) for ear in ears]
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    took = []
    for number in range(messages):
        begun = time.perf_counter()
        await ears[number % len(ears)].send(_words(kind, asked["room"]))
        for _ear in ears:
            await asyncio.wait_for(heard.get(), 30)
        took.append(1000 * (time.perf_counter() - begun))
    print(json.dumps(took), flush=True)
    for task in tasks:
        task.cancel()
    os._exit(0)


async def _enter(ear: ClientConnection, kind: str, room: int) -> None:
    if kind == "ours":
        await ear.send(json.dumps({"type": "subscribe", "rooms": {str(room): None}}))
    elif kind == "socketio":
        await ear.recv()
        await ear.send("40")
    if kind != "ws":
        while not str(await ear.recv()).startswith(("40", '{"type":"room.subscribed"')):
            pass


async def _listen(ear: ClientConnection, kind: str, heard: "asyncio.Queue[int]") -> None:
    async for frame in ear:
        if MARK[kind] in str(frame):
            heard.put_nowait(1)
        elif kind == "socketio" and frame == "2":
            await ear.send("3")


def _words(kind: str, room: int) -> str:
    if kind == "ws":
        return BODY
    if kind == "socketio":
        return "42" + json.dumps(["message", BODY])
    wish: dict[str, Any] = {"type": "message.post", "room": room, "client_id": str(uuid.uuid4()), "body": BODY}
    return json.dumps(wish)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
