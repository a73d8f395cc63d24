"""What two web processes of a machine take up together when both map the files of 1,000,000 members, and when each made its own arrays.

Every process answers the same questions first, so that all is touched that questions touch. PSS shares out what several processes
have mapped: the sum over processes is what the machine gives. What such a process takes up without any member is said beside.
"""

import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from tests.bench.bench_suggestions import MEMBERS, ROOT
from tests.bench.figures import Row, row
from tests.bench.membership import Vocabulary, membership

PROCESSES = 2
WORKER = """
import sys
from pathlib import Path
from matching import Index
from matching.crowd import Crowd
from tests.bench.bench_suggestions import K, QUESTIONS, questions, rarities, remade
from tests.bench.membership import Vocabulary

near, how = Vocabulary().nearness(seed=2), sys.argv[2]
if how != "nobody":
    crowd = (remade if how == "built" else Crowd.open)(Path(sys.argv[1]))
    index = Index.over(crowd, near.weighed(rarities(crowd)))
    for me, track in questions(crowd, QUESTIONS):
        index.top(me, K, track=track)
print("ready", flush=True)
sys.stdin.readline()
"""
FIGURES = ("Rss", "Pss", "Private_Dirty")


def run() -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="compagnon-crowd-") as folder:
        membership(MEMBERS, Vocabulary(), seed=1).save(Path(folder))
        alone, mapped, built = (taken_up(folder, how, PROCESSES) for how in ("nobody", "mapped", "built"))
    name = "matching.shared.1m"
    rows = [
        row(name, f"two_processes_{figure.lower()}_mib", mapped[figure], peer="each_its_own", theirs=built[figure])
        for figure in FIGURES
    ]
    return [*rows, row(name, "two_processes_without_members_pss_mib", alone["Pss"])]


def taken_up(folder: str, how: str, processes: int) -> dict[str, float]:
    """MiB of so many processes together, all of them alive and ready."""
    with ExitStack() as stack:
        workers = [
            stack.enter_context(
                subprocess.Popen(
                    [sys.executable, "-c", WORKER, folder, how],
                    cwd=ROOT,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                )
            )
            for _ in range(processes)
        ]
        for worker in workers:
            assert worker.stdout is not None
            if worker.stdout.readline() != "ready\n":
                raise RuntimeError(f"a process that was to answer from {how} ended")
        sizes = [_sizes(worker.pid) for worker in workers]
        for worker in workers:
            worker.communicate("\n")
    return {figure: sum(size[figure] for size in sizes) for figure in FIGURES}


def _sizes(pid: int) -> dict[str, float]:
    """MiB of one process by the kernel's own account."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    return {
        name: int(rest.split()[0]) / 1024 for name, rest in (line.split(":", 1) for line in lines) if name in FIGURES
    }


if __name__ == "__main__":
    from tests.bench.__main__ import table

    print(table(run()))
