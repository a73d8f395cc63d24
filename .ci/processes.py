"""Several processes that live and die together: the web processes and the background worker."""

import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import IO

import say
from prepare import PYTHON, ROOT

GRACE_SECONDS = 10
HEALTHY_WITHIN_SECONDS = 60


def web(port: int) -> list[str]:
    """The command of a web process on this port of the loopback."""
    return [str(PYTHON), "manage.py", "serve", "--host", "127.0.0.1", "--port", str(port), "-v", "0"]


def web_on(listener: socket.socket) -> list[str]:
    """The command of a web process that shares this open port with others; the kernel hands each connection to one of them."""
    os.set_inheritable(listener.fileno(), True)
    return [str(PYTHON), "manage.py", "serve", "--fd", str(listener.fileno()), "-v", "0"]


def worker() -> list[str]:
    return [str(PYTHON), "manage.py", "db_worker", "--queue-name", "*", "--no-reload", "-v", "0"]


def live_together(
    commands: dict[str, list[str]], *, when_up: Callable[[], None], ports: list[int], log: Path | None = None
) -> int:
    """Run all commands until Ctrl-C or SIGTERM (answer 0), or until one of them ends by itself (answer 1); then end the others.

    `when_up` is called once, when `/health/` answers 200 on every port.
    """
    stopping = False

    def stop(number: int, frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    known = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    if log:
        log.parent.mkdir(parents=True, exist_ok=True)
    output = log.open("wb") if log else None
    running: dict[str, subprocess.Popen[bytes]] = {}
    answer = 0
    try:
        for name, command in commands.items():
            running[name] = _start(command, output)
        waiting, until = list(ports), time.monotonic() + HEALTHY_WITHIN_SECONDS
        while not stopping:
            ended = next((name for name, process in running.items() if process.poll() is not None), None)
            if ended:
                say.bad(f"The {ended} process ended by itself (code {running[ended].returncode}); stopping the rest.")
                answer = 1
                break
            if waiting:
                waiting = [port for port in waiting if not is_healthy(port)]
                if not waiting:
                    when_up()
                elif time.monotonic() > until:
                    say.bad(f"http://localhost:{waiting[0]}/health/ does not answer 200: {health_words(waiting[0])}")
                    answer = 1
                    break
            time.sleep(0.2)
    finally:
        _end(running)
        for number, handler in known.items():
            signal.signal(number, handler)
        if output:
            output.close()
    return answer


def is_healthy(port: int) -> bool:
    try:
        with urllib.request.urlopen(_health(port), timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def health_words(port: int) -> str:
    """What `/health/` says, part by part; why it cannot be asked otherwise."""
    try:
        with urllib.request.urlopen(_health(port), timeout=5) as answer:
            body = answer.read()
    except urllib.error.HTTPError as error:
        body = error.read()
    except OSError as error:
        return str(error)
    try:
        return ", ".join(f"{part}: {state}" for part, state in json.loads(body).items())
    except ValueError:
        return str(body[:200].decode(errors="replace"))


def _health(port: int) -> urllib.request.Request:
    """The question as the proxy in front would pass it on: production answers to its own name and over https only."""
    host = urllib.parse.urlsplit(os.environ.get("PUBLIC_URL", "")).netloc or f"localhost:{port}"
    return urllib.request.Request(
        f"http://127.0.0.1:{port}/health/", headers={"Host": host, "X-Forwarded-Proto": "https"}
    )


def _start(command: list[str], output: IO[bytes] | None) -> subprocess.Popen[bytes]:
    # A session of its own: Ctrl-C reaches only this process, which then ends the others in order.
    return subprocess.Popen(
        command,
        cwd=ROOT,
        stdout=output,
        stderr=output,
        start_new_session=True,
        close_fds="--fd" not in command,
        preexec_fn=_end_with_parent if sys.platform == "linux" else None,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )


def _end_with_parent() -> None:
    """Linux: when this supervisor is killed outright, the kernel tells the process to end too."""
    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)


def _end(running: dict[str, subprocess.Popen[bytes]]) -> None:
    for process in running.values():
        if process.poll() is None:
            process.terminate()
    until = time.monotonic() + GRACE_SECONDS
    for process in running.values():
        try:
            process.wait(timeout=max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
