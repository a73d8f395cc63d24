"""Clients that come back in the same second, each some messages behind: `python -m tests.bench.comebacks`, spoken to as `listeners.py`.

Answers `ready`; the line `{"since": number, "head": number, "together": bool}` opens all connections, spread over a second, and waits until each
has heard every message from one number to the other. The answer says how long that took and how many messages came twice.
"""

import asyncio
import json
import re
import sys
from collections import Counter
from typing import Any

from tests.bench.dialects import DIALECTS
from tests.bench.wire import Ear

PATIENCE_SECONDS = 180
ATTEMPTS = 8
_NUMBER = re.compile(rb'"seq": ?(\d+)')


async def main() -> None:
    asked = json.loads(sys.stdin.readline())
    print("ready", flush=True)
    line = await asyncio.to_thread(sys.stdin.readline)
    print(json.dumps(await come_back(asked["kind"], asked["ears"], **json.loads(line))), flush=True)
    await asyncio.to_thread(sys.stdin.readline)


async def come_back(
    kind: str, ears: list[list[Any]], *, since: int, head: int, together: bool = False
) -> dict[str, Any]:
    dialect, loop = DIALECTS[kind], asyncio.get_running_loop()
    heard: dict[Ear, Counter[int]] = {}
    missing = len(ears)
    all_here = asyncio.Event()

    def hear(ear: Ear, text: bytes) -> None:
        nonlocal missing
        if kind == "ours" and b'"room.events"' not in text[:30]:
            return
        mine = heard[ear]
        was = len(mine)
        mine.update(map(int, _NUMBER.findall(text)))
        if was < head - since <= len(mine):
            missing -= 1
            if not missing:
                all_here.set()

    async def one(number: int, port: int, room: int, cookie: str) -> None:
        await asyncio.sleep(number / len(ears))
        path = dialect.path.format(room=room)
        if kind != "ours":
            path += f"?since={since}&together={int(together)}"
        for attempt in range(ATTEMPTS):
            ear = Ear(port, path, cookie, hear)
            heard[ear] = Counter()
            try:
                await ear.connect()
            except OSError:  # A server that is too busy drops whom it has not greeted within seconds.
                await asyncio.sleep(1 + attempt)
                continue
            dialect.begin(ear, room, since)
            return

    begun = loop.time()
    await asyncio.gather(*(one(number, *ear) for number, ear in enumerate(ears)))
    try:
        await asyncio.wait_for(all_here.wait(), PATIENCE_SECONDS)
    except TimeoutError:
        print(f"{missing} were not caught up", file=sys.stderr)
    doubled = sum(count - 1 for mine in heard.values() for count in mine.values())
    return {"seconds": loop.time() - begun, "missing": missing, "doubled": doubled}


if __name__ == "__main__":
    asyncio.run(main())
