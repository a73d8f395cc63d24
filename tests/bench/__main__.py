"""Runs the benchmarks: `python -m tests.bench [ROOM]`.

Every `bench_*.py` here has `run() -> list[Row]` and may say `ENGINES = ("sqlite", "postgresql")` (default: sqlite alone). Each run has
a process and an empty, migrated database of its own; `BENCH_ENGINE` in the environment names the engine.
"""

import importlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tests import servers
from tests.bench.figures import Row, problems

ROOT = Path(__file__).resolve().parent.parent.parent
HERE = Path(__file__).resolve().parent
RESULTS = ROOT / "bench" / "results.json"


def main(only: str) -> int:
    print(machine_words(), flush=True)
    names = [path.stem for path in sorted(HERE.glob("bench_*.py"))]
    chosen = [name for name in names if only == "" or f"{name}_".startswith(f"bench_{only}_")]
    if not chosen:
        known = ", ".join(name.removeprefix("bench_") for name in names) or "none yet"
        print(f"There is no benchmark {only!r}; known: {known}.", file=sys.stderr)
        return 1
    rows: list[Row] = []
    failed = []
    for name in chosen:
        for engine in _engines(name):
            if engine == "postgresql" and not (servers.postgres_programs() and servers.redis_program()):
                print(f"\n{name} on PostgreSQL: not run, PostgreSQL and Redis are not both on this machine.")
                continue
            print(f"\n{name.removeprefix('bench_')} on {engine} …", flush=True)
            found = _in_own_process(name, engine)
            if found is None:
                failed.append(f"{name} on {engine}")
                continue
            rows += found
            print(table(found), flush=True)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(rows, indent=2) + "\n")
    missed = [row for row in rows if not row["holds"]]
    print(f"\n{len(rows)} figures in {RESULTS.relative_to(ROOT)}; {len(missed)} miss their target.")
    for row in missed:
        print(f"  misses: {row['bench']} {row['figure']} on {row['engine']}")
    for words in failed:
        print(f"  failed: {words}", file=sys.stderr)
    return 1 if failed else 0


def machine_words() -> str:
    """The machine in one line."""
    cpu = "unknown processor"
    if Path("/proc/cpuinfo").exists():
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        cpu = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), cpu)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} × {cpu}, {memory:.0f} GiB, Python {sys.version.split()[0]}, {sys.platform}"


def table(rows: list[Row]) -> str:
    head = ("bench", "figure", "engine", "ours", "theirs", "peer", "ratio", "target", "")
    lines = [head, *(_cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    return "\n".join(
        "  "
        + "  ".join(
            cell.rjust(width) if 3 <= at <= 4 or 6 <= at <= 7 else cell.ljust(width) for at, (cell, width) in pairs
        ).rstrip()
        for pairs in (list(enumerate(zip(line, widths, strict=True))) for line in lines)
    )


def _cells(row: Row) -> tuple[str, ...]:
    def number(value: float | None) -> str:
        return "" if value is None else f"{value:,.4g}" if abs(value) < 10_000 else f"{value:,.0f}"

    ratio = f"{number(row['ratio'])}×" if row["ratio"] is not None else ""
    verdict = "" if row["target"] is None else "holds" if row["holds"] else "MISSES"
    names = (row["bench"], row["figure"], row["engine"], number(row["ours"]), number(row["theirs"]), row["peer"] or "")
    return (*names, ratio, number(row["target"]), verdict)


def _engines(name: str) -> tuple[str, ...]:
    """What the module says in `ENGINES`, read in a process of its own so that nothing of it stays in this one."""
    asked = f"import importlib; m = importlib.import_module('tests.bench.{name}'); print(*getattr(m, 'ENGINES', ('sqlite',)))"
    with tempfile.TemporaryDirectory() as folder:
        env = os.environ | {"DATABASE_URL": "", "REDIS_URL": "", "COMPAGNON_VAR": folder}
        code = f"import os, django; os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'backend.settings'); django.setup(); {asked}"
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, check=False
        )
    if done.returncode != 0:
        print(done.stderr, file=sys.stderr)
        return ("sqlite",)
    return tuple(done.stdout.split())


def _in_own_process(name: str, engine: str) -> list[Row] | None:
    """The rows of one benchmark on one engine; None when it failed."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="compagnon-bench-"))
        env = os.environ | {"COMPAGNON_VAR": folder, "DATABASE_URL": "", "REDIS_URL": "", "BENCH_ENGINE": engine}
        if engine == "postgresql":
            env |= {
                "DATABASE_URL": stack.enter_context(servers.postgres()),
                "REDIS_URL": stack.enter_context(servers.redis()),
            }
        answer = Path(folder, "rows.json")
        begun = time.monotonic()
        command = [sys.executable, "-m", "tests.bench", "--one", name, str(answer)]
        done = subprocess.run(command, cwd=ROOT, env=env, check=False)
        if done.returncode != 0 or not answer.exists():
            return None
        content: dict[str, Any] = json.loads(answer.read_text())
    print(f"  {time.monotonic() - begun:.0f} s, peak memory {content['peak_mib']:.0f} MiB")
    rows: list[Row] = content["rows"]
    return rows


def one(name: str, answer: Path) -> int:
    """Inside the process of one benchmark: prepare the empty database, run, write the rows."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    rows = importlib.import_module(f"tests.bench.{name}").run()
    for row in rows:
        if isinstance(row, dict):
            row["engine"] = row.get("engine") or os.environ["BENCH_ENGINE"]
        if wrong := problems(row):
            print(f"{name}: {row!r}: {wrong}", file=sys.stderr)
            return 1
    kibibytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    peak = kibibytes / 1024 if sys.platform != "darwin" else kibibytes / 1024**2
    answer.write_text(json.dumps({"rows": rows, "peak_mib": peak}))
    return 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        sys.exit(one(sys.argv[2], Path(sys.argv[3])))
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
