"""Deferred acceptance beside two packages that do the same: the same pairs, in how much CPU time.

The packages live in an environment of their own, made at the first run: one of them has the name of our engine. Where it
cannot be made, its figures are left out and said to be.
"""

import json
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from matching import agree, blocking_pairs
from tests.bench.apart import python_with
from tests.bench.figures import Row, row

PEERS = {"matching": ("matching==1.4.3", 1_000), "algmatch": ("algmatch==1.5.2", 5_000)}
LISTED = 20
SCRIPT = Path(__file__).resolve().parent / "peers" / "stable_matching.py"
World = tuple[dict[int, list[int]], dict[int, list[int]], dict[int, int]]


def run() -> list[Row]:
    rows = []
    for name, (package, size) in PEERS.items():
        world = a_world(size)
        ours = min(_timed(world) for _ in range(5))
        found = agree(*world)
        rows.append(
            row(
                f"matching.stable.{size}",
                "blocking_pairs",
                len(blocking_pairs(found.pairs, *world)),
                engine="python",
                target=0,
            )
        )
        try:
            theirs = _peer(name, package, world)
        except (OSError, subprocess.CalledProcessError) as error:
            print(f"  {package} could not be run: {getattr(error, 'stderr', '') or error}"[:500], file=sys.stderr)
            rows.append(row(f"matching.stable.{size}", "cpu_ms", ours, engine="python"))
            continue
        unlike = len({tuple(pair) for pair in theirs["pairs"]} ^ set(found.pairs))
        rows += [
            row(
                f"matching.stable.{size}",
                "cpu_ms",
                ours,
                engine="python",
                peer=name,
                theirs=1000 * theirs["seconds"],
                target=40,
            ),
            row(f"matching.stable.{size}", "pairs_unlike", unlike, engine="python", target=0),
        ]
    return rows


def a_world(size: int) -> World:
    """So many mentees with 20 mentors each, and half as many mentors with one to four places; some are liked by everyone."""
    chance = random.Random(size)
    mentors = list(range(size + 1, size + 1 + size // 2))
    mentees = {}
    for mentee in range(1, size + 1):
        liked = {mentors[int(len(mentors) * chance.random() ** 1.5)] for _ in range(LISTED)}
        mentees[mentee] = chance.sample(sorted(liked), len(liked))
    listed: dict[int, list[int]] = {mentor: [] for mentor in mentors}
    for mentee, mine in mentees.items():
        for mentor in mine:
            listed[mentor].append(mentee)
    everyone = {mentor: chance.sample(mine, len(mine)) for mentor, mine in listed.items() if mine}
    return mentees, everyone, {mentor: chance.randint(1, 4) for mentor in everyone}


def _timed(world: World) -> float:
    begun = time.thread_time_ns()
    agree(*world)
    return (time.thread_time_ns() - begun) / 1e6


def _peer(name: str, package: str, world: World) -> dict[str, Any]:
    python = python_with(name, package)
    done = subprocess.run(
        [str(python), str(SCRIPT), name],
        input=json.dumps(world),
        capture_output=True,
        text=True,
        check=True,
        cwd=python.parent,
    )
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


if __name__ == "__main__":
    from tests.bench.__main__ import table

    print(table(run()))
