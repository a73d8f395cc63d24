"""`make run`: from a fresh clone to a running Compagnon with demo data.

`--throw-away` keeps the data in a temporary folder; `--log FILE` takes what the processes say, mails included. Browser tests use both.
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
    commands = {"web": processes.web(port), "worker": processes.worker()}
    if not chosen.throw_away:
        return start(commands, [port], ending="Ctrl-C stops everything; the data stays.", log=chosen.log)
    with tempfile.TemporaryDirectory(prefix="compagnon-") as folder:
        os.environ.update({"COMPAGNON_VAR": folder, "DATABASE_URL": "", "REDIS_URL": "", "SIGNUPS_A_MINUTE": "1000"})
        return start(commands, [port], ending="Ctrl-C stops everything; the data is thrown away.", log=chosen.log)


def start(commands: dict[str, list[str]], ports: list[int], *, ending: str, log: Path | None = None) -> int:
    """Prepare the data, then run the commands together; 0 when stopped by Ctrl-C, 1 when one of them ended by itself."""
    if subprocess.run([str(prepare.PYTHON), ".ci/data.py"], cwd=prepare.ROOT, check=False).returncode != 0:
        say.stop("The database could not be prepared; the reason stands above.")
    webs = sum(name.startswith("web") for name in commands)
    say.step(f"Starting {webs} web process{'es' if webs > 1 else ''} and the background worker …")

    def welcome() -> None:
        say.good(f"Compagnon is open at {' and '.join(f'http://localhost:{port}' for port in ports)}")
        asked = [str(prepare.PYTHON), ".ci/data.py", "--logins"]
        known = subprocess.run(asked, cwd=prepare.ROOT, capture_output=True, text=True, check=False)
        for words in known.stdout.splitlines():
            say.line(f"  {words}")
        say.line(f"  {ending}")

    return processes.live_together(commands, when_up=welcome, ports=ports, log=log)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
