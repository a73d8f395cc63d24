"""The ten best guides among 1,000,000 members whose skills follow a Zipf law, beside SQL, a sparse product and a plain loop.

All answer the same questions in turn, with the ten and their reasons, and every answer is compared. Ours is asked 300 questions; for
the sake of time peers are asked 40 (their p99 is the slowest), the slowest of them 10, in SQL and as a product the first of those that ten people answer
exactly, which spares them the wider rungs. `ranking` is both without the reasons, which SQL does not say. CPU time is that of the
thread; what PostgreSQL spends is only in the wall time.
"""

import subprocess
import sys
import tempfile
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from matching import Explanation, Index, Nearness, Person, Rung, rarity
from matching.crowd import Crowd
from tests import servers
from tests.bench.beside import Beside, Questions, Ranking, Reasons, Spent, Timed, Top, beside
from tests.bench.figures import Row, percentile, row
from tests.bench.matching_loop import Loop, Naive
from tests.bench.matching_postgres import Postgres
from tests.bench.matching_sparse import Sparse
from tests.bench.matching_sqlite import Sqlite
from tests.bench.membership import TRACKS, Vocabulary, membership

MEMBERS = 1_000_000
QUESTIONS = 300
BESIDE, FEWER = 40, 10
FEW, MANY = 100, 1_000
K = 10
ROOT = Path(__file__).resolve().parent.parent.parent
ENGINE = "numpy"


def run() -> list[Row]:
    vocabulary = Vocabulary()
    near = vocabulary.nearness(seed=2)
    crowd = membership(MEMBERS, vocabulary, seed=1)
    near = near.weighed(rarities(crowd))
    index = Index.over(crowd, near)
    asking = questions(crowd, QUESTIONS)
    with tempfile.TemporaryDirectory(prefix="compagnon-crowd-") as folder:
        crowd.save(Path(folder))
        rows = [*suggested(index, asking), *kept(crowd, near, Path(folder)), *changed(near, Path(folder), asking)]
    exactly = [one for one in asking if answered_exactly(index, *one)][:BESIDE]
    rows += beside_sparse(index, crowd, exactly)
    rows += beside_sqlite(index, crowd, exactly)
    rows += beside_postgres(index, crowd, exactly)
    return rows + beside_loop(near, vocabulary)


def rarities(crowd: Crowd) -> dict[int, int]:
    count = np.bincount(crowd.offered, minlength=len(crowd.skills))
    return rarity(dict(zip(crowd.skills.tolist(), count.tolist(), strict=True)), len(crowd))


def questions(crowd: Crowd, count: int) -> Questions:
    chance = np.random.default_rng(5)
    slots, tracks = chance.integers(0, len(crowd), count), chance.choice(TRACKS, count)
    return [(crowd.person(slot), track) for slot, track in zip(slots.tolist(), tracks.tolist(), strict=True)]


def answered_exactly(index: Index, me: Person, track: str) -> bool:
    rungs = [one.rung for one in index.top(me, K, track=track)]
    return len(rungs) == K and max(rungs) == Rung.EXACT


def suggested(index: Index, asking: Questions) -> list[Row]:
    for me, track in asking:
        index.top(me, K, track=track)
    spent = [Timed(partial(index.top, me, K, track=track)) for me, track in asking]
    cpu, wall = [one.cpu_ms for one in spent], [one.wall_ms for one in spent]
    name = "matching.suggest.1m"
    return [
        row(name, "cpu_p50_ms", percentile(cpu, 50), engine=ENGINE, target=4),
        row(name, "cpu_p99_ms", percentile(cpu, 99), engine=ENGINE, target=13),
        row(name, "wall_p50_ms", percentile(wall, 50), engine=ENGINE),
        row(name, "wall_p99_ms", percentile(wall, 99), engine=ENGINE),
        row("matching.memory.1m", "bytes_per_member", index.nbytes / len(index), engine=ENGINE, target=140),
    ]


def kept(crowd: Crowd, near: Nearness, folder: Path) -> list[Row]:
    """Making the index from columns, and opening the files of one that was made."""
    build = median(Timed(lambda: Index.over(without_lists(crowd), near)).cpu_ms for _ in range(3))
    opened = median(Timed(lambda: Index.over(Crowd.open(folder), near)).cpu_ms for _ in range(5))
    name = "matching.build.1m"
    return [
        row(name, "cpu_s_per_million", build / 1000 / len(crowd) * 1_000_000, engine=ENGINE, target=3),
        row("matching.open.1m", "cpu_ms", opened, engine=ENGINE, peer="build", theirs=build, target=50),
        row(name, "process_peak_mib", peak_mib(folder, "built"), engine=ENGINE),
        row("matching.open.1m", "process_peak_mib", peak_mib(folder, "mapped"), engine=ENGINE),
    ]


def without_lists(crowd: Crowd) -> Crowd:
    """The same columns, whose lists are made anew."""
    none = np.empty(0, np.int32)
    return replace(crowd, lists_from=none, listed=none)


def changed(near: Nearness, folder: Path, asking: Questions) -> list[Row]:
    """Profiles with other skills, one after the other, and how long questions take once many are pending."""
    store = Crowd.open(folder)
    index, other = (Index.over(Crowd.open(folder), near) for _ in range(2))
    mine, whose = np.random.default_rng(6).integers(0, len(store), (2, MANY)).tolist()
    people = [replace(store.person(one), offers=store.person(two).offers) for one, two in zip(mine, whose, strict=True)]
    spent = [Timed(partial(other.put, person)).cpu_ms for person in people][:FEW]
    found = beside(top_of(index), top_of(other), asking)
    without, pending = percentile(found.ours.cpu, 50), percentile(found.theirs.cpu, 50)
    name = "matching.change.1m"
    return [
        row(name, "cpu_p50_ms", percentile(spent, 50), engine=ENGINE, target=1),
        row(name, "cpu_p99_ms", percentile(spent, 99), engine=ENGINE),
        row(name, "query_cpu_p50_ms", pending, engine=ENGINE, peer="none_pending", theirs=without, target=1 / 1.1),
    ]


def beside_sparse(index: Index, crowd: Crowd, asking: Questions) -> list[Row]:
    peer = Sparse(crowd, index.near)
    found = beside(top_of(index), lambda me, track: peer.top(me, K, track), asking)
    return found.rows("matching.suggest.1m", ENGINE, "scipy_product", cpu_p50_ms=4)


def beside_sqlite(index: Index, crowd: Crowd, asking: Questions) -> list[Row]:
    peer = Sqlite(crowd, index.near)
    found, bare = beside_sql(index, crowd, lambda me, track: peer.top(me, K, track), asking)
    peer.close()
    ours, theirs = (percentile(one.cpu, 50) for one in bare)
    name, who = "matching.suggest.1m", "sqlite"
    rows = found.rows(name, ENGINE, who, cpu_p50_ms=12)
    return [*rows, row(name, "ranking_cpu_p50_ms", ours, engine=ENGINE, peer=who, theirs=theirs)]


def beside_postgres(index: Index, crowd: Crowd, asking: Questions) -> list[Row]:
    name, who = "matching.suggest.1m", "postgresql"
    if servers.postgres_programs() is None:
        return [row(name, "wall_p50_ms", 0, engine=ENGINE, peer=f"{who}: not on this machine")]
    with servers.postgres() as url:
        peer = Postgres(url, crowd, index.near)
        found, bare = beside_sql(index, crowd, peer_top(peer), asking)
        both = [with_server(peer, Reasons(crowd, index.near).after(peer_top(peer)), *one) for one in asking]
        peer.close()
    ours, theirs = (percentile(one.wall, 50) for one in bare)
    mine = percentile(found.ours.cpu, 50)
    cpu = row(name, "cpu_p50_ms_with_the_server", mine, engine=ENGINE, peer=who, theirs=percentile(both, 50))
    rows = [one for one in found.rows(name, ENGINE, who, wall_p50_ms=25) if not one["figure"].startswith("cpu")]
    return [*rows, cpu, row(name, "ranking_wall_p50_ms", ours, engine=ENGINE, peer=who, theirs=theirs)]


def peer_top(peer: Postgres) -> Ranking:
    return lambda me, track: peer.top(me, K, track)


def with_server(peer: Postgres, top: Top, me: Person, track: str) -> float:
    """CPU milliseconds of one answer, here and in the server."""
    before = peer.cpu_ms()
    here = Timed(partial(top, me, track)).cpu_ms
    return here + peer.cpu_ms() - before


def beside_sql(index: Index, crowd: Crowd, ranking: Ranking, asking: Questions) -> tuple[Beside, list[Spent]]:
    """Both with the reasons of the ten, and what both spend without them."""
    reasons = Reasons(crowd, index.near)
    found = beside(top_of(index), reasons.after(ranking), asking)
    spent = reasons.spent(top_of(index), asking)
    return found, [found.ours.without(spent), found.theirs.without(spent)]


def beside_loop(near: Nearness, vocabulary: Vocabulary) -> list[Row]:
    """The target is for the loop as one writes it first; the tuned one, which is no longer naive, tells how much of that is the index."""
    crowd = membership(MEMBERS // 10, vocabulary, seed=1)
    near = near.weighed(rarities(crowd))
    people = [crowd.person(slot) for slot in range(len(crowd))]
    index, asking = Index.over(crowd, near), questions(crowd, BESIDE)
    rows: list[Row] = []
    for name, loop, some, targets in (
        ("naive_python", Naive(people, near), FEWER, {"cpu_p50_ms": 40}),
        ("tuned_python", Loop(people, near), BESIDE, {}),
    ):
        found = beside(top_of(index), partial(top_of_loop, loop), asking[:some])
        rows += found.rows("matching.suggest.100k", ENGINE, name, **targets)
    return rows


def top_of_loop(loop: Naive | Loop, me: Person, track: str) -> list[Explanation]:
    return loop.top(me, K, track)


def top_of(index: Index) -> Top:
    return lambda me, track: index.top(me, K, track=track)


PEAK = """
import sys
from pathlib import Path
from matching import Index
from matching.crowd import Crowd
from tests.bench.bench_suggestions import K, QUESTIONS, questions, rarities, remade
from tests.bench.membership import Vocabulary

crowd = (remade if sys.argv[2] == "built" else Crowd.open)(Path(sys.argv[1]))
index = Index.over(crowd, Vocabulary().nearness(seed=2).weighed(rarities(crowd)))
for me, track in questions(crowd, QUESTIONS):
    index.top(me, K, track=track)
print(int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]))
"""


def peak_mib(folder: Path, how: str) -> float:
    """The largest size of a process of its own that answers all questions: from lists `built` in it, or from `mapped` files."""
    command = [sys.executable, "-c", PEAK, str(folder), how]
    return int(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout) / 1024


def remade(folder: Path) -> Crowd:
    """The crowd of a folder in the memory of this process, with lists made anew."""
    mapped = Crowd.open(folder)
    copied: dict[str, Any] = {
        name: column.copy()
        for name, column in vars(mapped).items()
        if isinstance(column, np.ndarray) and len(column) and "list" not in name
    }
    return without_lists(replace(mapped, **copied))


if __name__ == "__main__":
    from tests.bench.__main__ import table

    print(table(run()))
