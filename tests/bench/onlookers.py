"""Clients that look at one room, come, go and type there: `python -m tests.bench.onlookers`, spoken to as `listeners.py`.

Answers `ready` once all are in the room. A line `{"rate": a second, "acts": how many}` lets so many of them do something that the others see: type, or
in every fourth act go and come back. The naive server tells everybody of each act; the answer says how many frames a client heard, and how many
seconds were between the first and the last that anybody heard.
"""

import asyncio
import json
import sys
from collections import Counter
from typing import Any

from tests.bench.dialects import DIALECTS
from tests.bench.wire import Ear, connect_all

# Who types is forgotten after six seconds, and that is told, too.
QUIET_SECONDS = 8.0
# The naive server tells everybody of everything, however long that takes it.
PATIENCE_SECONDS = 120.0
STRIDE = 7919


class Onlookers:
    def __init__(self, kind: str, ears: list[tuple[int, int, str]]) -> None:
        self.kind, self.dialect = kind, DIALECTS[kind]
        self.loop = asyncio.get_running_loop()
        self.heard: Counter[Ear] = Counter()
        self.first_at = self.heard_at = 0.0
        self.waiting: set[Ear] = set()
        self.everyone_is_in = asyncio.Event()
        self.rooms = {
            Ear(port, self.dialect.path.format(room=room), cookie, self.hear): room for port, room, cookie in ears
        }

    async def enter(self) -> None:
        self.waiting = set(self.rooms)
        await connect_all(list(self.rooms))
        for ear, room in self.rooms.items():
            if self.dialect.begin(ear, room, None):
                self.waiting.discard(ear)
        if self.waiting:
            await asyncio.wait_for(self.everyone_is_in.wait(), 120)
        if self.kind == "ours":
            for ear, room in self.rooms.items():
                ear.say(json.dumps({"type": "look", "room": room}))
            await asyncio.sleep(QUIET_SECONDS)

    def hear(self, ear: Ear, text: bytes) -> None:
        if self.waiting and self.dialect.is_in(ear, text):
            self.waiting.discard(ear)
            if not self.waiting:
                self.everyone_is_in.set()
        elif self.kind != "ours" or b'"room.around"' in text[:30]:
            self.heard_at = self.loop.time()
            if not self.heard:
                self.first_at = self.heard_at
            self.heard[ear] += 1

    async def act(self, rate: float, acts: int) -> dict[str, Any]:
        """Until nothing more is heard."""
        ears = list(self.rooms)
        self.heard.clear()
        begun = self.heard_at = self.loop.time()
        for number in range(acts):
            await asyncio.sleep(max(0.0, begun + number / rate - self.loop.time()))
            ear = ears[number * STRIDE % len(ears)]
            room = self.rooms[ear]
            if self.kind != "ours":
                ear.say(json.dumps({"message": f"typing {number}"}))
            elif number % 4:
                ear.say(json.dumps({"type": "typing", "room": room}))
            else:
                ear.say(json.dumps({"type": "look", "room": None}))
                self.loop.call_later(2.0, ear.say, json.dumps({"type": "look", "room": room}))
        patience = QUIET_SECONDS if self.kind == "ours" else PATIENCE_SECONDS
        while self.loop.time() - self.heard_at < patience:
            if self.kind != "ours" and self.heard.total() >= acts * len(ears):
                break
            await asyncio.sleep(0.1)
        most = max(self.heard.values(), default=0)
        return {"most": most, "least": min(self.heard[ear] for ear in ears), "seconds": self.heard_at - self.first_at}


async def main() -> None:
    asked = json.loads(sys.stdin.readline())
    crowd = Onlookers(asked["kind"], [(port, room, cookie) for port, room, cookie in asked["ears"]])
    await crowd.enter()
    print("ready", flush=True)
    while line := await asyncio.to_thread(sys.stdin.readline):
        print(json.dumps(await crowd.act(**json.loads(line))), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
