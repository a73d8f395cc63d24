"""Cohorts of 10,000 mentees and 5,000 mentors, 50 candidates each, beside OR-Tools and HiGHS; and what fairness costs.

OR-Tools is timed on the bare question, numbers in and flows out; ours with reading, ties, certificate and figures. Both fill as many
seats with as much worth. HiGHS solves the same linear program, once. CPU time of the process.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Generic, TypeVar

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array, vstack

from matching.assignment import by_flow
from matching.certificate import Objective
from matching.cohorts import assign
from matching.goal import BONUS, Goal, fair_worth, graph_of
from matching.intake import Intake
from matching.market import Market
from matching.optimum import best
from matching.prices import Graph
from matching.verification import verify
from tests.bench.cohort_world import an_intake
from tests.bench.figures import Row, percentile, row

TIMES = 3
ROOT = Path(__file__).resolve().parent.parent.parent
T = TypeVar("T")


def run() -> list[Row]:
    intake = an_intake(10_000, 5_000)
    rows = [*compared("10k", intake), *beside_highs("10k", intake), *fairness(intake)]
    if find_spec("ortools"):
        rows += large(an_intake(50_000, 20_000))
    return rows


def compared(world: str, intake: Intake) -> list[Row]:
    found = Timed(lambda: assign(intake))
    checked = Timed(lambda: verify(intake, found.answer))
    cohort = found.answer
    name, engine = f"matching.cohort.{world}", "scipy"
    rows = [
        row(name, "gap", cohort.certificate.gap + len(checked.answer), engine=engine, target=0),
        row(name, "verify_cpu_ms", checked.cpu_ms, engine=engine, peer="assign", theirs=found.cpu_ms, target=8),
        row(name, "extra_mib", extra_mib(intake), engine=engine, target=100),
    ]
    if not find_spec("ortools"):
        print("  OR-Tools is not installed: not beside it")
        return rows
    graph = the_graph(intake)
    bare = Timed(lambda: by_flow(graph))
    used = bare.answer[bare.answer >= 0]
    worth = int(graph.key[used].sum()) - BONUS * len(used)
    apart = abs(len(used) - len(cohort.pairs)) + abs(worth - cohort.certificate.worth)
    unlike = len(set(assign(intake, solver="ortools").pairs) ^ set(cohort.pairs))
    return [
        row(name, "cpu_ms", found.cpu_ms, engine=engine, peer="ortools", theirs=bare.cpu_ms, target=1 / 3),
        row(name, "matched_or_worth_apart", apart, engine=engine, target=0),
        row(name, "pairs_unlike_with_ortools", unlike, engine=engine, target=0),
        *rows,
    ]


def large(intake: Intake) -> list[Row]:
    """50,000 mentees for 40,000 places, with OR-Tools inside, beside OR-Tools alone."""
    graph = the_graph(intake)
    bare = Timed(lambda: by_flow(graph), 1)
    found = Timed(lambda: assign(intake, solver="ortools"), 1)
    faults = len(verify(intake, found.answer))
    name, engine = "matching.cohort.50k", "ortools"
    return [
        row(name, "cpu_ms", found.cpu_ms, engine=engine, peer="ortools", theirs=bare.cpu_ms, target=1 / 1.5),
        row(name, "faults", faults, engine=engine, target=0),
    ]


def beside_highs(world: str, intake: Intake) -> list[Row]:
    graph = the_graph(intake)
    edges = np.arange(len(graph.key))
    ones = np.ones(len(edges))
    rules = vstack([csr_array((ones, (row, edges))) for row in (graph.seat, graph.group)])
    most = np.concatenate((np.ones(rules.shape[0] - len(graph.room)), graph.room))
    found = Timed(lambda: assign(intake))
    theirs = Timed(lambda: linprog(-graph.key, A_ub=rules, b_ub=most, bounds=(0, 1), method="highs"), 1)
    worth = round(-theirs.answer.fun) - BONUS * len(found.answer.pairs)
    name, engine = f"matching.cohort.{world}", "scipy"
    return [
        row(name, "cpu_ms", found.cpu_ms, engine=engine, peer="highs_lp", theirs=theirs.cpu_ms, target=15),
        row(name, "worth_apart_from_highs", abs(worth - found.answer.certificate.worth), engine=engine, target=0),
    ]


def fairness(intake: Intake) -> list[Row]:
    """The default objective, and the worst-off and stability on request, beside the plain largest total of as many seats."""
    market = Market.of(intake)
    plain = best(market, Goal(market.joint, market.open), "scipy")
    gains = market.for_mentee[plain.chosen[plain.chosen >= 0]].tolist()
    most, plain_fifth = int(market.joint[plain.chosen[plain.chosen >= 0]].sum()), percentile(gains, 5)
    rows = []
    for objective in (Objective.TOTAL, Objective.PROTECT_WORST_OFF, Objective.PREFER_STABILITY):
        figures = assign(intake, objective=objective).certificate.figures
        targets = (1.2, 0.995) if objective == Objective.TOTAL else (None, None)
        pairs = (("fifth_percentile", figures.fifth or 0, plain_fifth), ("points", figures.points, most))
        name = f"matching.cohort.fairness.{objective}"
        for (figure, ours, theirs), target in zip(pairs, targets, strict=True):
            rows.append(row(name, figure, ours, peer="largest_total", theirs=theirs, target=target, better="more"))
        rows.append(row(name, "seats_empty", len(market.mentee) - figures.matched))
        rows.append(row(name, "strongly_blocking", figures.strongly_blocking))
        rows.append(row(name, "worst_off", figures.worst_off or 0, better="more"))
    return rows


def the_graph(intake: Intake) -> Graph:
    market = Market.of(intake)
    return graph_of(market, Goal(fair_worth(market), market.open))


class Timed(Generic[T]):
    """What a deed answered, and its CPU time in all threads: the median of a few times."""

    def __init__(self, deed: Callable[[], T], times: int = TIMES) -> None:
        spent = []
        for _ in range(times):
            begun = time.process_time_ns()
            self.answer = deed()
            spent.append((time.process_time_ns() - begun) / 1e6)
        self.cpu_ms = median(spent)


MEMORY = """
import sys
from pathlib import Path
import numpy as np
from matching.cohorts import assign
from matching.intake import Candidates, Intake

def intake(columns):
    return Intake(*columns[:3], Candidates(*columns[3:]))

few = [np.arange(9), np.arange(9, 18), np.ones(9), np.arange(9), np.arange(9, 18), np.ones(9), np.ones(9)]
assign(intake(few))
with np.load(sys.argv[1]) as file:
    mine = intake([file[name] for name in file])

def kibibytes(name):
    return int(Path("/proc/self/status").read_text().split(name)[1].split()[0])

before = kibibytes("VmRSS:")
assign(mine)
print(kibibytes("VmHWM:") - before)
"""


def extra_mib(intake: Intake) -> float:
    """By how much an assignment makes a process of its own grow at its peak, beyond the intake and all that is imported."""
    given = intake.candidates
    columns = [intake.mentees, intake.mentors, intake.capacity]
    columns += [given.mentee, given.mentor, given.for_mentee, given.for_mentor]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "intake.npz"
        np.savez(path, *(np.asarray(column) for column in columns))
        command = [sys.executable, "-c", MEMORY, str(path)]
        answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return int(answer.stdout) / 1024


if __name__ == "__main__":
    from tests.bench.__main__ import table

    print(table(run()))
