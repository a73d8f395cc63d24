"""The servers of the rooms, ours and the peers, each a process on one core; what they spend and hold; and the load beside them.

Processor time is the process's own (all its threads, to the nanosecond), so other work on the machine does not count.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from tests import servers
from tests.bench.apart import ROOT, python_with

PEERS = ROOT / "tests" / "bench" / "peers"
PYTHON_SOCKETIO = ("python-socketio==5.18.1", "uvicorn==0.54.0", "websockets==17.4")
DAPHNE = ["-m", "daphne", "-v", "0", "-b", "127.0.0.1", "-p"]
Place = tuple[int, int, str]  # The port, the room and the cookie of one who listens.


class Served(NamedTuple):
    pid: int
    port: int

    def cpu_seconds(self) -> float:
        """Processor time of the process so far: `clock_getcpuclockid(3)`, written out."""
        return time.clock_gettime_ns((~self.pid << 3) | 2) / 1e9

    def memory_kb(self) -> float:
        """Resident memory; of Linux only."""
        return int(Path(f"/proc/{self.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1000


def node() -> str | None:
    """The project's newer Node, or the machine's."""
    return shutil.which("node", path=os.pathsep.join([str(ROOT / "node_modules" / ".bin"), os.environ["PATH"]]))


def known_peers(*wanted: str) -> list[str]:
    """Those of these that can be run here; says which cannot."""
    found = []
    for kind in wanted:
        try:
            _command(kind, 0)
            found.append(kind)
        except (OSError, subprocess.CalledProcessError) as error:
            print(f"  {kind} could not be run: {getattr(error, 'stderr', '') or error}"[:500], file=sys.stderr)
    return found


def _command(kind: str, port: int) -> list[str]:
    if kind.startswith("node_"):
        program = node()
        if program is None:
            raise OSError("Node is missing")
        return [program, str(PEERS / f"{kind}.mjs"), str(port)]
    if kind == "python_socketio":
        return [str(python_with("python-socketio", *PYTHON_SOCKETIO)), str(PEERS / "python_socketio.py"), str(port)]
    arguments = {
        "ours": ["manage.py", "serve", "-v", "0", "--port", str(port)],
        "unstored": ["-m", "tests.bench.peers.unstored", str(port)],
        "stock_channels": [*DAPHNE, str(port), "tests.bench.peers.stock_channels:application"],
        "tutorial": [*DAPHNE, str(port), "tests.bench.peers.tutorial:application"],
        "tutorial_stored": [*DAPHNE, str(port), "tests.bench.peers.tutorial:application"],
        "tutorial_unpooled": [*DAPHNE, str(port), "tests.bench.peers.tutorial:application"],
    }
    return [sys.executable, *arguments[kind]]


def _pinned(core: int, command: list[str]) -> list[str]:
    cores = sorted(os.sched_getaffinity(0))
    taskset = shutil.which("taskset")
    return [taskset, "-c", str(cores[core % len(cores)]), *command] if taskset else command


@contextmanager
def serving(kind: str, *, core: int = 0, **more: str) -> Iterator[Served]:
    """A server of this kind that accepts connections; `more` is added to its environment."""
    port = servers.free_port()
    stores, pools = kind in ("tutorial_stored", "tutorial_unpooled"), kind != "tutorial_unpooled"
    env = os.environ | {"TUTORIAL_STORES": str(int(stores)), "TUTORIAL_POOLS": str(int(pools))} | more
    with subprocess.Popen(
        _pinned(core, _command(kind, port)), cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            servers.wait_for_port(server, port)
            if kind in ("ours", "unstored", "stock_channels"):
                servers.wait_until_up(server, port)
            yield Served(server.pid, port)
        finally:
            server.kill()


class Load:
    """The load generator with its listeners in their rooms. Speak to it with `talk`."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process

    def talk(self, **wish: Any) -> dict[str, Any]:
        """What `listeners.py` answers to this line; raises RuntimeError when it is gone."""
        assert self.process.stdin
        print(json.dumps(wish), file=self.process.stdin, flush=True)
        heard: dict[str, Any] = json.loads(self.answer())
        return heard

    def answer(self) -> str:
        assert self.process.stdout
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("The load generator is gone.")
        return line


@contextmanager
def load(kind: str, ears: Sequence[Place], *, module: str = "listeners") -> Iterator[Load]:
    """Once all these listen; with another module of this folder in place of `listeners.py`, once it has answered."""
    command = _pinned(1, [sys.executable, "-m", f"tests.bench.{module}"])
    pipe = subprocess.PIPE
    with ExitStack() as stack:
        process = stack.enter_context(subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True))
        stack.callback(process.kill)
        assert process.stdin
        print(json.dumps({"kind": kind, "ears": ears}), file=process.stdin, flush=True)
        found = Load(process)
        found.answer()
        yield found
