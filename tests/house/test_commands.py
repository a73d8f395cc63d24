"""The commands of the Makefile say in one sentence why they cannot go on."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.append(str(ROOT / ".ci"))

import engines
import prepare
import processes
import steps


def test_an_old_python_gets_one_sentence(tmp_path: Path) -> None:
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\n[ \"$1\" = --version ] && echo 'Python 3.8.2' && exit 0\nexit 1\n")
    old.chmod(0o755)
    env = {"PATH": f"{tmp_path}:/bin", "PYTHON": str(old)}
    asked = subprocess.run(
        ["/bin/sh", str(ROOT / ".ci" / "python")], env=env, capture_output=True, text=True, check=False
    )
    assert asked.returncode == 1
    assert asked.stdout == ""
    assert asked.stderr == (
        "Compagnon needs Python 3.11 or newer (found: Python 3.8.2): install it, or name it with PYTHON=/path/to/python3.\n"
    )


@pytest.mark.parametrize("words", ["eight", "0", "70000", "-1"])
def test_a_port_that_is_none_is_refused(
    words: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PORT", words)
    with pytest.raises(SystemExit):
        prepare.chosen_port()
    assert capsys.readouterr().err == f"✗ PORT must be a number from 1 to 65535, not {words!r}.\n"


def test_a_taken_port_is_named_with_another_one(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
        with pytest.raises(SystemExit):
            prepare.check_port(port)
    assert (
        capsys.readouterr().err
        == f"✗ Port {port} is taken: stop what uses it, or choose another one with PORT={port + 10}.\n"
    )


@pytest.mark.parametrize("version", ["v18.19.0", ""])
def test_an_old_or_broken_node_gets_one_sentence(
    version: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("node", "npm"):
        (tmp_path / name).write_text(f"#!/bin/sh\necho {version}\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin")
    with pytest.raises(SystemExit):
        prepare.check_node()
    found = version or "one that does not start"
    assert capsys.readouterr().err == f"✗ Compagnon needs Node 20 or newer (found: {found}).\n"


def test_when_one_process_ends_the_others_are_ended_too(capsys: pytest.CaptureFixture[str]) -> None:
    stays = [sys.executable, "-c", "import signal; signal.pause()"]
    ends = [sys.executable, "-c", "raise SystemExit(3)"]
    answer = processes.live_together({"web": stays, "worker": ends}, when_up=lambda: None, ports=[])
    assert answer == 1
    assert "The worker process ended by itself (code 3); stopping the rest." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("runner", "output", "expected"),
    [
        ("pytest", "F.\n1 failed, 11 passed, 2 skipped in 3.21s", (11, 1)),
        ("pytest", "==== 2 passed, 1 error in 61.00s (0:01:01) ====", (2, 1)),
        ("vitest", " Test Files  1 failed | 2 passed (3)\n      Tests  1 failed | 18 passed (19)\n", (18, 1)),
        ("playwright", "  1 failed\n    a.spec.ts:3:1 › a story\n  2 did not run\n  7 passed (15.9s)\n", (7, 3)),
        ("", "all good", (0, 0)),
    ],
)
def test_tests_are_counted_as_their_runner_counts_them(runner: str, output: str, expected: tuple[int, int]) -> None:
    assert steps.counted(runner, output)[:2] == expected


def test_what_is_missing_is_one_line_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("CHROMIUM", "/nowhere/chromium")
    assert "Chromium" in engines.missing()
    assert (
        engines.how_to_get(["Chromium", "Redis"]) == "sudo apt-get install chromium fonts-noto-color-emoji redis-server"
    )


def test_a_missing_secret_stops_production(tmp_path: Path) -> None:
    env = {"PATH": os.environ["PATH"], "COMPAGNON_ENV": "production", "COMPAGNON_VAR": str(tmp_path)}
    started = subprocess.run(
        [sys.executable, "-c", "import backend.settings"],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert started.returncode != 0
    assert "SECRET_KEY must be set in production." in started.stderr
