"""`make cluster`: Compagnon as it runs when it grows, on this machine: PostgreSQL, Redis, two web processes and a worker.

Everything is thrown away at the end. The two web processes share PORT: it is opened here, and each takes connections from it.
"""

import os
import socket
import sys
import tempfile

import prepare
import processes
import say

prepare.go_on_inside(dev=True)

import engines
import serve

from tests import servers


def main() -> int:
    port = prepare.chosen_port()
    prepare.check_port(port)
    engines.install()
    absent = [name for name in engines.missing() if name != "Chromium"]
    if absent:
        say.stop(f"A cluster needs {' and '.join(absent)}: {engines.how_to_get(absent)}")
    prepare.node_packages()
    prepare.front_end()
    say.step(f"Starting {engines.version('PostgreSQL')} and {engines.version('Redis')} …")
    with (
        tempfile.TemporaryDirectory(prefix="compagnon-") as folder,
        servers.postgres() as database,
        servers.redis() as redis,
        socket.create_server(("127.0.0.1", port), backlog=1024) as door,
    ):
        os.environ.update({"COMPAGNON_VAR": folder, "DATABASE_URL": database, "REDIS_URL": redis, "PORT": str(port)})
        say.line(f"  DATABASE_URL={database}")
        say.line(f"  REDIS_URL={redis}")
        commands = {f"web {number}": processes.web_on(door) for number in (1, 2)} | {"worker": processes.worker()}
        return serve.start(commands, [port], ending="Ctrl-C stops everything; the data is thrown away.")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
