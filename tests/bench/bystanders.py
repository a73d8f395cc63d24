"""Clients that only listen to a room: `python -m tests.bench.bystanders`, spoken to as `listeners.py`.

Answers `ready` once all are in the room. Each line asks for the next message, and is answered once all have heard it by the moment at
which the last of them did, in seconds of `time.monotonic`.
"""

import asyncio
import json
import sys
import time

from tests.bench.dialects import DIALECTS
from tests.bench.wire import Ear, connect_all

PATIENCE_SECONDS = 60


async def main() -> None:
    asked = json.loads(sys.stdin.readline())
    dialect = DIALECTS[asked["kind"]]
    coming, heard = set[Ear](), 0
    everyone_is_in, moments = asyncio.Event(), asyncio.Queue[float]()

    def hear(ear: Ear, text: bytes) -> None:
        nonlocal heard
        if dialect.is_in(ear, text):
            coming.discard(ear)
            if not coming:
                everyone_is_in.set()
        elif b'"room.events"' in text:
            heard += 1
            if heard % len(rooms) == 0:
                moments.put_nowait(time.monotonic())

    rooms = {Ear(port, dialect.path.format(room=room), cookie, hear): room for port, room, cookie in asked["ears"]}
    await connect_all(list(rooms))
    coming.update(ear for ear, room in rooms.items() if not dialect.begin(ear, room, None))
    if coming:
        await asyncio.wait_for(everyone_is_in.wait(), PATIENCE_SECONDS)
    print("ready", flush=True)
    while await asyncio.to_thread(sys.stdin.readline):
        print(json.dumps({"at": await asyncio.wait_for(moments.get(), PATIENCE_SECONDS)}), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
