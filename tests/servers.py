"""Throw-away PostgreSQL and Redis servers on free ports of the loopback, for tests, benchmarks and `make cluster`."""

import contextlib
import glob
import http.client
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

START_SECONDS = 60


class Missing(RuntimeError):
    """A program that is needed is not on this machine."""


def postgres_programs() -> Path | None:
    """The folder of `initdb` and `postgres`: the newest Debian one, else the one on the PATH."""
    debian = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"), key=lambda path: int(path.split("/")[4]))
    found = debian[-1] if debian else shutil.which("initdb")
    return Path(found).resolve().parent if found else None


def redis_program() -> str | None:
    return shutil.which("redis-server") or shutil.which("valkey-server")


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port: int = door.getsockname()[1]
        return port


def database_of_this_test() -> dict[str, str]:
    """The environment in which another process uses the database of this test."""
    from django.db import connection

    known = connection.settings_dict
    if connection.vendor == "sqlite":
        assert Path(known["NAME"]).name == "compagnon.sqlite3"
        return {"DATABASE_URL": "", "COMPAGNON_VAR": str(Path(known["NAME"]).parent)}
    who = f"{quote(known['USER'])}:{quote(known['PASSWORD'])}"
    return {"DATABASE_URL": f"postgresql://{who}@{known['HOST']}:{known['PORT']}/{known['NAME']}", "DATABASE_POOL": "3"}


def wait_until_up(server: "subprocess.Popen[bytes]", port: int) -> None:
    """Until the web process on this port says that it is well; RuntimeError when it does not within a minute."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and server.poll() is None:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        with contextlib.suppress(OSError), contextlib.closing(line):
            line.request("GET", "/health/", headers={"Host": "localhost"})
            if line.getresponse().status == 200:
                return
        time.sleep(0.1)
    raise RuntimeError("The server did not start.")


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """A new PostgreSQL cluster with an empty database `compagnon`; gives its DATABASE_URL. Raises Missing."""
    programs = postgres_programs()
    if programs is None:
        raise Missing("PostgreSQL")
    owner = _unprivileged()
    with tempfile.TemporaryDirectory(prefix="compagnon-pg-") as folder:
        data, password, port = Path(folder, "data"), secrets.token_urlsafe(16), free_port()
        Path(folder, "password").write_text(password)
        if owner:
            for path in (folder, f"{folder}/password"):
                shutil.chown(path, owner)
        who = ["-U", "compagnon", "--pwfile", f"{folder}/password", "-A", "scram-sha-256"]
        kind = ["-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        _run([str(programs / "initdb"), "-D", str(data), *who, *kind], owner, folder)
        # Nothing here survives a crash, so nothing waits for the disk.
        quick = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "200"}
        place = {
            "listen_addresses": "127.0.0.1",
            "port": str(port),
            "unix_socket_directories": folder,
            "timezone": "UTC",
        }
        options = [word for key, value in (quick | place).items() for word in ("-c", f"{key}={value}")]
        url = f"postgresql://compagnon:{password}@127.0.0.1:{port}/compagnon"
        with _process(
            [str(programs / "postgres"), "-D", str(data), *options], owner, folder, end=signal.SIGINT
        ) as server:
            _wait(server, port, folder)
            _create_database(url)
            yield url


@contextlib.contextmanager
def redis() -> Iterator[str]:
    """A new Redis that keeps nothing; gives its REDIS_URL. Raises Missing."""
    program = redis_program()
    if program is None:
        raise Missing("Redis")
    with tempfile.TemporaryDirectory(prefix="compagnon-redis-") as folder:
        password, port = secrets.token_urlsafe(16), free_port()
        place = ["--bind", "127.0.0.1", "--port", str(port), "--dir", folder, "--requirepass", password]
        with _process(
            [program, *place, "--save", "", "--appendonly", "no"], None, folder, end=signal.SIGTERM
        ) as server:
            _wait(server, port, folder)
            yield f"redis://:{password}@127.0.0.1:{port}/0"


def _create_database(url: str) -> None:
    import psycopg

    until = time.monotonic() + START_SECONDS
    while True:
        try:
            with psycopg.connect(url.rsplit("/", 1)[0] + "/postgres", autocommit=True) as connection:
                connection.execute("CREATE DATABASE compagnon")
                return
        except psycopg.OperationalError:
            # The port opens a moment before the server accepts connections.
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def _unprivileged() -> str | None:
    """PostgreSQL refuses to run as root: the name of another user to run it as, None when we are not root."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _run(command: list[str], owner: str | None, folder: str) -> None:
    done = subprocess.run(command, cwd=folder, user=owner, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]} failed: {done.stdout}{done.stderr}")


@contextlib.contextmanager
def _process(
    command: list[str], owner: str | None, folder: str, *, end: signal.Signals
) -> Iterator[subprocess.Popen[bytes]]:
    with Path(folder, "log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=folder, user=owner, stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True
        )
    try:
        yield process
    finally:
        process.send_signal(end)
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(server: subprocess.Popen[bytes], port: int, folder: str) -> None:
    """Until the server accepts a connection on its port."""
    try:
        wait_for_port(server, port)
    except RuntimeError as error:
        raise RuntimeError(f"{error} {Path(folder, 'log').read_text(errors='replace')[-2000:]}") from None


def wait_for_port(server: subprocess.Popen[bytes], port: int) -> None:
    """Until something accepts connections on this port; RuntimeError when it does not within a minute."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and server.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise RuntimeError(f"{server.args!r} did not start.")
