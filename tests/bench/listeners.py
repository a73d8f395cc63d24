"""The load generator of the rooms, a process of its own: `python -m tests.bench.listeners` is spoken to in lines of JSON.

The first line names the server's kind (see `dialects.py`) and the ears: `{"kind": …, "ears": [[port, room, cookie], …]}`; it answers
`ready` when all are in their rooms. Each further line, `{"rate": messages a second, "messages": how many, "speakers": how many ears
speak, "characters": how long, "deaf": how many of the last ears read nothing from now on}`, is answered by what was heard, in milliseconds from the instant at which a message was *planned*: one that waits because
the server or we are late counts in full (no coordinated omission).
"""

import asyncio
import json
import sys
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from tests.bench.dialects import DIALECTS
from tests.bench.figures import percentile
from tests.bench.wire import Ear, connect_all

QUIET_SECONDS = 4.0
# A stride that is prime to any number of ears here, so that the speakers change rooms from one message to the next.
STRIDE = 7919


@dataclass
class Run:
    """One stretch of talking, as it is heard."""

    salt: str = ""
    planned: list[float] = field(default_factory=list)
    speakers: list[Ear] = field(default_factory=list)
    delivered: list[float] = field(default_factory=list)
    acknowledged: dict[int, float] = field(default_factory=dict)
    heard_at: float = 0.0


class Crowd:
    def __init__(self, kind: str, ears: list[tuple[int, int, str]]) -> None:
        self.dialect = DIALECTS[kind]
        self.loop = asyncio.get_running_loop()
        self.run = Run()
        self.runs = 0
        self.waiting: set[Ear] = set()
        self.everyone_is_in = asyncio.Event()
        self.rooms: dict[Ear, int] = {}
        for port, room, cookie in ears:
            path = self.dialect.path.format(room=room)
            self.rooms[Ear(port, path, cookie, self.heard)] = room

    async def enter(self) -> None:
        self.waiting = set(self.rooms)
        await connect_all(list(self.rooms))
        for ear, room in self.rooms.items():
            if self.dialect.begin(ear, room, None):
                self.waiting.discard(ear)
        if self.waiting:
            await asyncio.wait_for(self.everyone_is_in.wait(), 120)

    def heard(self, ear: Ear, text: bytes) -> None:
        now = self.loop.time()
        if numbers := self.dialect.marks.findall(text):
            self.run.heard_at = now
            for number in map(int, numbers):
                self.run.delivered.append(1000 * (now - self.run.planned[number]))
                if self.dialect.acks is None and self.run.speakers[number] is ear:
                    self.run.acknowledged[number] = 1000 * (now - self.run.planned[number])
        elif self.dialect.acks and (found := self.dialect.acks.match(text.replace(b" ", b""))):
            number = int(found[1], 16)
            self.run.acknowledged[number] = 1000 * (now - self.run.planned[number])
        elif self.dialect.is_in(ear, text):
            self.waiting.discard(ear)
            if not self.waiting:
                self.everyone_is_in.set()
        elif b'"type":"error"' in text:
            print(text.decode(), file=sys.stderr)

    async def talk(
        self, rate: float, messages: int, speakers: int | None = None, characters: int = 0, deaf: int = 0
    ) -> dict[str, Any]:
        """Say so many messages at this rate, whatever is heard meanwhile; wait until all is heard, or nothing more is."""
        stopped = list(self.rooms)[len(self.rooms) - deaf :]
        for ear in stopped:
            ear.transport.pause_reading()
        ears = list(self.rooms)[: speakers or len(self.rooms) - deaf]
        begun = self.loop.time() + 0.1
        self.runs += 1
        run = self.run = Run(f"{self.runs:08x}", [begun + number / rate for number in range(messages)])
        run.speakers = [ears[number * STRIDE % len(ears)] for number in range(messages)]
        run.heard_at = begun
        for number, ear in enumerate(run.speakers):
            if (early := run.planned[number] - self.loop.time()) > 0:
                await asyncio.sleep(early)
            ear.say(self.dialect.message(number, run.salt, self.rooms[ear], characters))
        sizes = Counter(self.rooms.values()) - Counter(self.rooms[ear] for ear in stopped)
        expected = sum(sizes[self.rooms[ear]] for ear in run.speakers)
        while len(run.delivered) < expected or len(run.acknowledged) < messages:
            if self.loop.time() - max(run.heard_at, run.planned[-1]) > QUIET_SECONDS:
                break
            await asyncio.sleep(0.02)
        return {
            "expected": expected,
            "delivered": len(run.delivered),
            "acknowledged": len(run.acknowledged),
            "seconds": run.heard_at - begun,
            "p50_ms": percentile(run.delivered or [0.0], 50),
            "p99_ms": percentile(run.delivered or [0.0], 99),
            "ack_p50_ms": percentile([*run.acknowledged.values()] or [0.0], 50),
            "ack_p99_ms": percentile([*run.acknowledged.values()] or [0.0], 99),
        }


async def main() -> None:
    asked = json.loads(sys.stdin.readline())
    crowd = Crowd(asked["kind"], [(port, room, cookie) for port, room, cookie in asked["ears"]])
    await crowd.enter()
    print("ready", flush=True)
    while line := await asyncio.to_thread(sys.stdin.readline):
        print(json.dumps(await crowd.talk(**json.loads(line))), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
