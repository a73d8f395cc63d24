"""What a delivery costs in processor time, beside Node's `ws` and socket.io, and what an idle socket holds.

Every server is a process of its own on one core; `listeners.py` makes the load on another. The cost of a delivery is what the server spends
more for a message to many than for a message to one, so that storing (ours stores, the peers do not) is told apart: `stored` is all of it.
`BENCH_SOCKETS=50,500` chooses how many listen.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.utils import timezone

from backend.conversations import actions
from backend.conversations.models import Room
from backend.members.models import Member, Organisation
from tests import servers
from tests.bench.bench_rooms import ROOT, _processor_ms, _signed_in
from tests.bench.figures import Row, percentile, row

ENGINES = ("sqlite", "postgresql")
COUNTS = [int(number) for number in os.environ.get("BENCH_SOCKETS", "50,500,2000").split(",")]
MESSAGES = 50
PEERS = {"node_ws": "ws", "node_socketio": "socketio"}
# Times worse than the peer that we may be.
ALLOWED = {"node_ws": {500: 1.1}, "node_socketio": {500: 1.0}}
IDLE_KB = 30


class Heard(NamedTuple):
    """Processor microseconds of the server for each message, milliseconds until the last had it, kB for each idle socket."""

    processor_us: float
    last_ms: list[float]
    idle_kb: float


def run() -> list[Row]:
    organisation = Organisation.objects.create(name="Bench", slug="bench", country="BE")
    now = timezone.now()
    people = [
        Member.objects.create_user(f"{n}@example.org", name=f"Member {n}", organisation=organisation, onboarded_at=now)
        for n in range(max(COUNTS))
    ]
    room = actions.open_room(kind=Room.Kind.OPEN, title="Bench", purpose="", members=people, at=now)
    cookies = [f"{settings.SESSION_COOKIE_NAME}={_signed_in(member)}" for member in people]
    ours = {count: _measure("ours", room.pk, cookies[:count]) for count in (1, *COUNTS)}
    rows = []
    for count in COUNTS:
        cost = _each(ours[1], ours[count], count)
        rows.append(row(f"rooms.stored.{count}", "cpu_us_per_delivery", ours[count].processor_us / count))
        rows.append(row(f"rooms.idle.{count}", "kb_per_socket", max(ours[count].idle_kb, 0.1), target=IDLE_KB))
        for peer, kind in PEERS.items() if shutil.which("node", path=_node_path()) else ():
            one, many = (_measure(kind, 0, [""] * number) for number in (1, count))
            least = 1 / ALLOWED[peer].get(count, 1.3)
            rows.append(
                row(f"rooms.fanout.{count}", "cpu_us", cost, peer=peer, theirs=_each(one, many, count), target=least)
            )
            last = percentile(ours[count].last_ms, 99), percentile(many.last_ms, 99)
            rows.append(row(f"rooms.fanout.{count}", "last_heard_p99_ms", last[0], peer=peer, theirs=last[1]))
    return rows


def _each(one: Heard, many: Heard, count: int) -> float:
    return max(0.1, (many.processor_us - one.processor_us) / (count - 1))


def _node_path() -> str:
    return os.pathsep.join([str(ROOT / "node_modules" / ".bin"), os.environ["PATH"]])


def _pinned(core: int, command: list[str]) -> list[str]:
    cores = sorted(os.sched_getaffinity(0))
    taskset = shutil.which("taskset")
    return [taskset, "-c", str(cores[core % len(cores)]), *command] if taskset else command


def _measure(kind: str, room: int, cookies: list[str]) -> Heard:
    port = servers.free_port()
    peers = Path(__file__).parent / "peers"
    node = shutil.which("node", path=_node_path()) or "node"
    command = {
        "ours": [sys.executable, "manage.py", "serve", "--port", str(port), "-v", "0"],
        "ws": [node, str(peers / "node_ws.mjs"), str(port)],
        "socketio": [node, str(peers / "node_socketio.mjs"), str(port)],
    }[kind]
    path = {"ours": "/ws/", "ws": "/", "socketio": "/socket.io/?EIO=4&transport=websocket"}[kind]
    with subprocess.Popen(_pinned(0, command), cwd=ROOT, stdout=subprocess.DEVNULL) as server:
        try:
            if kind == "ours":
                servers.wait_until_up(server, port)
            else:
                servers._wait(server, port, "/nowhere")
            return _listened(server.pid, f"ws://127.0.0.1:{port}{path}", kind, room, cookies)
        finally:
            server.terminate()


def _listened(pid: int, url: str, kind: str, room: int, cookies: list[str]) -> Heard:
    command = _pinned(1, [sys.executable, "-m", "tests.bench.listeners", url, kind, str(MESSAGES)])
    empty = _memory_kb(pid)
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as load:
        assert load.stdin
        assert load.stdout
        print(json.dumps({"cookies": cookies, "room": room}), file=load.stdin, flush=True)
        load.stdout.readline()
        time.sleep(1)
        idle = (_memory_kb(pid) - empty) / len(cookies)
        before = _processor_ms(pid)
        print("go", file=load.stdin, flush=True)
        last: list[float] = json.loads(load.stdout.readline())
        return Heard(1000 * (_processor_ms(pid) - before) / MESSAGES, last, idle)


def _memory_kb(pid: int) -> float:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1000
