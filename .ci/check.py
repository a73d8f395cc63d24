"""`make test`: every check and every test, on each engine, after setting up all that they need.

It goes through all steps even when one fails, reports every failure, and says in its closing lines which engines and browsers ran.
"""

import argparse
import os
import sys
import time
from contextlib import ExitStack

import prepare
import say

prepare.go_on_inside(dev=True)

import engines
from steps import Result, Step, run, run_all

from tests import servers

PYTHON = str(prepare.PYTHON)
BIN = prepare.PYTHON.parent
REQUIRE_ALL = os.environ.get("REQUIRE_ALL", "") not in ("", "0")


def pytest(*arguments: str) -> list[str]:
    return [PYTHON, "-m", "pytest", "-n", "2", "--dist", "worksteal", *arguments]


STATIC = [
    Step("Python: format", [str(BIN / "ruff"), "format", "--check", "--output-format", "concise", "."]),
    Step("Python: lint", [str(BIN / "ruff"), "check", "."]),
    Step("Python: types", [str(BIN / "mypy"), "backend", "matching", "realtime", "tests", "manage.py", ".ci"]),
    Step("Python: import directions", [str(BIN / "lint-imports"), "--no-cache"]),
    Step("Migrations: none missing", [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"]),
    Step("Sentences: all translated and compiled", [PYTHON, ".ci/words.py", "--check"]),
    Step("Schema: committed OpenAPI and types are current", [PYTHON, ".ci/schema.py"], {"COMPAGNON_INSIDE": "1"}),
    Step("Front end: format", ["npm", "run", "--silent", "format:check"]),
    Step("Front end: lint", ["npm", "run", "--silent", "lint"]),
    Step("Front end: types", ["npm", "run", "--silent", "check"]),
    Step("Browser tests: types", ["tsc", "-p", "tests/e2e"]),
    Step("Front end: tests (vitest)", ["npm", "run", "--silent", "test"], counts="vitest"),
]


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--fast", nargs="?", const="", metavar="ROOM", help="one room's Python tests on SQLite")
    chosen = options.parse_args()
    if chosen.fast is not None:
        return fast(chosen.fast)
    begun = time.monotonic()
    engines.install()
    prepare.node_packages()
    prepare.front_end()
    results = run_all(STATIC, at_once=2)
    ran, left_out = ["SQLite with the in-memory layer"], []
    # What the person running this has set must not reach the tests of the embedded default.
    embedded = {"DATABASE_URL": "", "REDIS_URL": ""}
    results.append(run(Step("Tests on SQLite + in-memory layer", pytest(), embedded, counts="pytest")))

    absent = engines.missing()
    if "PostgreSQL" in absent or "Redis" in absent:
        left_out.append("PostgreSQL + Redis")
    else:
        results.append(_on_servers())
        ran.append(f"{engines.version('PostgreSQL')} + {engines.version('Redis')}")
    if "Chromium" in absent:
        left_out.append("browser tests")
    else:
        results.append(_in_browser())
        ran.append(engines.version("Chromium"))
    return _close(results, ran, left_out, absent, time.monotonic() - begun)


def fast(room: str) -> int:
    places = [f"tests/{room}"] if room else []
    if room and not (prepare.ROOT / places[0]).is_dir():
        say.stop(f"There is no folder tests/{room}.")
    os.environ.update({"DATABASE_URL": "", "REDIS_URL": ""})
    os.chdir(prepare.ROOT)
    os.execv(PYTHON, pytest(*places))


def _on_servers() -> Result:
    with ExitStack() as stack:
        urls = {
            "DATABASE_URL": stack.enter_context(servers.postgres()),
            "REDIS_URL": stack.enter_context(servers.redis()),
        }
        # The engine of matching and the rules of the house know no database.
        rooms = pytest("--ignore=tests/matching", "--ignore=tests/house")
        return run(Step("Tests on PostgreSQL + Redis", rooms, urls, counts="pytest"))


def _in_browser() -> Result:
    env = {"E2E_PORT": str(servers.free_port()), "CHROMIUM": engines.chromium() or "", "CI": "1"}
    return run(Step("Browser tests", ["playwright", "test", "--config", "tests/e2e"], env, counts="playwright"))


def _close(results: list[Result], ran: list[str], left_out: list[str], absent: list[str], seconds: float) -> int:
    failures = [result for result in results if not result.ok]
    for words in left_out:
        say.bad(f"{words}: not run. To have them: {engines.how_to_get(absent)}")
    failed = len(failures) + (len(left_out) if REQUIRE_ALL else 0)
    say.line("")
    for result in results:
        if result.closing:
            say.line(f"{result.step.name}: {result.closing}")
    say.line(f"Ran on: {', '.join(ran)}.")
    say.line(f"Did not run: {', '.join(left_out) or 'nothing'}.")
    if failures:
        say.line(f"Failed: {', '.join(result.step.name for result in failures)}.")
    if left_out and REQUIRE_ALL:
        say.line("REQUIRE_ALL is set: what did not run counts as failed.")
    say.line(f"{len(results)} steps, {len(failures)} failed, in {seconds / 60:.1f} minutes.")
    # A step that fails without naming a test counts as one.
    lost = sum(max(result.failed, 0 if result.ok else 1) for result in results) + (len(left_out) if REQUIRE_ALL else 0)
    say.line(f"{sum(result.passed for result in results)} passed, {lost} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
