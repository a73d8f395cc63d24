"""Which servers and browsers the checks need, where they are, and how to get the ones that are missing."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import say

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests import servers

PACKAGES = {
    "Chromium": ["chromium", "fonts-noto-color-emoji"],
    "PostgreSQL": ["postgresql"],
    "Redis": ["redis-server"],
}


def chromium() -> str | None:
    """The browser for the tests; CHROMIUM= names another one."""
    named = os.environ.get("CHROMIUM", "")
    names = [named] if named else ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"]
    return next((found for name in names if (found := shutil.which(name))), None)


def missing() -> list[str]:
    found = {"Chromium": chromium(), "PostgreSQL": servers.postgres_programs(), "Redis": servers.redis_program()}
    return [name for name, place in found.items() if place is None]


def install() -> None:
    """Install what is missing where that is ours to do (apt, as root); it is not an error when it stays missing."""
    absent = missing()
    if not absent or os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    packages = [package for name in absent for package in PACKAGES[name]]
    say.step(f"Installing {' and '.join(absent)} with apt-get …")
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update", "-q"],
        ["apt-get", "install", "-y", "-q", "--no-install-recommends", *packages],
    ):
        done = subprocess.run(command, env=quiet, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            say.bad(f"{' '.join(command)} did not succeed:\n{done.stdout[-1500:]}{done.stderr[-1500:]}")
            return


def how_to_get(names: list[str]) -> str:
    """The one line to type for what is missing."""
    packages = [package for name in names for package in PACKAGES[name]]
    if sys.platform == "darwin":
        return f"brew install {' '.join(name.lower() for name in names)}"
    return f"sudo apt-get install {' '.join(packages)}"


def version(name: str) -> str:
    """`PostgreSQL 15.18`, as the program itself says."""
    programs = servers.postgres_programs()
    command = {
        "PostgreSQL": [str(programs / "postgres") if programs else "postgres", "--version"],
        "Redis": [servers.redis_program() or "redis-server", "--version"],
        "Chromium": [chromium() or "chromium", "--version"],
    }[name]
    words = subprocess.run(command, capture_output=True, text=True, check=False).stdout.split()
    number = next((word.removeprefix("v=") for word in words if word.removeprefix("v=")[:1].isdigit()), "")
    return f"{name} {number}".strip()
