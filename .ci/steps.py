"""A check as one step: it runs, is timed, is silent when all is well and shows everything when it is not."""

import os
import re
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import say
from prepare import NODE_MODULES, ROOT

LOGS = ROOT / "var" / "check"
ENDINGS = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


@dataclass(frozen=True)
class Step:
    name: str
    command: list[str]
    env: dict[str, str] = field(default_factory=dict)
    # How the runner counts, when it is a test runner: "pytest", "vitest" or "playwright".
    counts: str = ""


@dataclass(frozen=True)
class Result:
    step: Step
    ok: bool
    seconds: float
    output: str
    passed: int = 0
    failed: int = 0
    closing: str = ""


def run(step: Step) -> Result:
    begun = time.monotonic()
    # The Node of our own packages comes first, as in npm scripts.
    path = f"{NODE_MODULES / '.bin'}{os.pathsep}{os.environ['PATH']}"
    env = os.environ | {"PATH": path, "NO_COLOR": "1", "FORCE_COLOR": "0"} | step.env
    try:
        done = subprocess.run(
            step.command,
            cwd=ROOT,
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            check=False,
        )
        output, ok = ENDINGS.sub("", done.stdout.decode(errors="replace")), done.returncode == 0
    except OSError as error:
        output, ok = str(error), False
    passed, failed, closing = counted(step.counts, output)
    result = Result(step, ok, time.monotonic() - begun, output, passed, failed, closing)
    _report(result)
    return result


def run_all(steps: list[Step], *, at_once: int = 1) -> list[Result]:
    with ThreadPoolExecutor(at_once) as pool:
        return list(pool.map(run, steps))


def counted(runner: str, output: str) -> tuple[int, int, str]:
    """How many tests passed and failed, and the runner's own closing line."""
    lines = [line.strip(" =") for line in output.splitlines()]
    if runner == "pytest":
        closing = next(
            (x for x in reversed(lines) if re.search(r"\d+ (passed|failed|errors?|skipped).* in [\d.]+s", x)), ""
        )
    elif runner == "vitest":
        closing = next((x for x in reversed(lines) if re.match(r"Tests\s+\d", x)), "")
    elif runner == "playwright":
        ends = [x for x in lines if re.match(r"\d+ (passed|failed|flaky|skipped|did not run|interrupted)\b", x)]
        closing = ", ".join(ends)
    else:
        return 0, 0, ""
    passed = sum(int(n) for n in re.findall(r"(\d+) (?:passed|flaky)", closing))
    failed = sum(int(n) for n in re.findall(r"(\d+) (?:failed|errors?|interrupted|did not run)", closing))
    return passed, failed, closing


def _report(result: Result) -> None:
    LOGS.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"[^a-z0-9]+", "-", result.step.name.lower()).strip("-")
    log: Path = LOGS / f"{name}.log"
    log.write_text(result.output)
    words = f"{result.step.name}  {result.seconds:.1f} s" + (f"  ({result.closing})" if result.closing else "")
    if result.ok:
        say.good(words)
        return
    lines = result.output.splitlines()
    shown = lines[-400:]
    cut = (
        f"[{len(lines) - len(shown)} earlier lines are in {log.relative_to(ROOT)}]\n" if len(lines) > len(shown) else ""
    )
    say.bad(f"{words}\n{cut}" + "\n".join(f"    {line}" for line in shown))
