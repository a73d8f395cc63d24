"""`make run`: from a fresh clone to a running Compagnon with demo data.

`--throw-away` keeps the data in a temporary folder and writes what the processes say, mails included, to a file: for browser tests.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import prepare
import processes
import say


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--throw-away", action="store_true")
    options.add_argument("--log", type=Path)
    chosen = options.parse_args()
    port = prepare.chosen_port()
    prepare.check_port(port)
    os.environ["PORT"] = str(port)
    prepare.python_packages()
    prepare.node_packages()
    prepare.front_end()
    if not chosen.throw_away:
        return _serve(port, chosen.log)
    with tempfile.TemporaryDirectory(prefix="compagnon-") as folder:
        os.environ["COMPAGNON_VAR"] = folder
        for name in ("DATABASE_URL", "REDIS_URL"):
            os.environ.pop(name, None)
        return _serve(port, chosen.log)


def _serve(port: int, log: Path | None) -> int:
    if subprocess.run([str(prepare.PYTHON), ".ci/data.py"], cwd=prepare.ROOT, check=False).returncode != 0:
        say.stop("The database could not be prepared; the reason stands above.")
    say.step("Starting the web process and the background worker …")
    return processes.live_together(
        {"web": processes.web(port), "worker": processes.worker()},
        when_up=lambda: welcome([port]),
        ports=[port],
        log=log,
    )


def welcome(ports: list[int]) -> None:
    addresses = " and ".join(f"http://localhost:{port}" for port in ports)
    say.good(f"Compagnon is open at {addresses}")
    asked = [str(prepare.PYTHON), "-m", "backend.demo"]
    known = subprocess.run(asked, cwd=prepare.ROOT, capture_output=True, text=True, check=False)
    for words in known.stdout.splitlines():
        say.line(f"  {words}")
    say.line("  Ctrl-C stops everything; the data stays.")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
