"""Sets up what the commands need: Python packages, Node packages, the built front end. Each step runs only when its input changed."""

import hashlib
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import say

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
FRONTEND = ROOT / "frontend"
BUILD = FRONTEND / "build"
NODE_MODULES = ROOT / "node_modules"
# The front end's own newer Node comes from npm for Linux and Windows; elsewhere the one on the machine builds it.
NODE_MINIMUM = 20 if sys.platform in ("linux", "win32") else 22


def check_node() -> None:
    if not shutil.which("node") or not shutil.which("npm"):
        say.stop(
            f"Compagnon needs Node {NODE_MINIMUM} or newer with npm (found none): install it from your system's packages."
        )
    version = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout.strip()
    found = re.match(r"v(\d+)", version)
    if not found or int(found[1]) < NODE_MINIMUM:
        say.stop(f"Compagnon needs Node {NODE_MINIMUM} or newer (found: {version or 'one that does not start'}).")


def check_port(port: int) -> None:
    with socket.socket() as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind(("127.0.0.1", port))
        except OSError:
            say.stop(f"Port {port} is taken: stop what uses it, or choose another one with PORT={port + 10}.")


def chosen_port() -> int:
    """The number in PORT, 8000 when it is not set."""
    words = os.environ.get("PORT", "").strip() or "8000"
    if not words.isdigit() or not 1 <= int(words) <= 65535:
        say.stop(f"PORT must be a number from 1 to 65535, not {words!r}.")
    return int(words)


def python_packages(*, dev: bool = False) -> None:
    """Make `.venv` and install exactly what the lock file names, checked by hash."""
    _make_venv()
    lock = ROOT / ("requirements-dev.txt" if dev else "requirements.txt")
    stamp = VENV / ".installed.json"
    locks = [f"{path.name} {_digest([path])}" for path in (lock, ROOT / "requirements.txt")]
    known = stamp.read_text().splitlines() if stamp.exists() else []
    if locks[0] in known:
        return
    say.step(f"Installing the Python packages of {lock.name} (a minute or two the first time) …")
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    done = subprocess.run([*pip, "--require-hashes", "-r", str(lock)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        say.line(done.stdout + done.stderr)
        if not any(shutil.which(name) for name in ("cc", "gcc", "clang")) and "Failed building wheel" in done.stderr:
            say.stop(
                "A Python package had to be compiled and there is no C compiler: install one (Debian: apt install build-essential)."
            )
        say.stop(
            f"The Python packages could not be installed; what pip said stands above. Python is {sys.version.split()[0]}."
        )
    stamp.write_text("\n".join(locks) + "\n")


def go_on_inside(*, dev: bool = False) -> None:
    """Start this same command again with the Python of `.venv`, once that has its packages; inside it, do nothing."""
    if os.environ.pop("COMPAGNON_INSIDE", ""):
        return
    python_packages(dev=dev)
    os.environ["COMPAGNON_INSIDE"] = "1"
    sys.stdout.flush()
    os.execv(PYTHON, [str(PYTHON), *sys.argv])


def _make_venv() -> None:
    """A venv of this Python; one whose Python has gone or is of another version is made anew."""
    if PYTHON.exists():
        asked = [str(PYTHON), "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]
        if subprocess.run(asked, capture_output=True, check=False).returncode == 0:
            return
    say.step("Making the Python environment .venv …")
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(VENV)], capture_output=True, text=True, check=False
    )
    if made.returncode != 0:
        shutil.rmtree(VENV, ignore_errors=True)
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        say.stop(
            f"Python {version} cannot make an environment here (Debian: apt install python{version}-venv). {made.stdout.strip()[-300:]}"
        )


def node_packages() -> None:
    """`npm ci` when the lock file changed."""
    check_node()
    lock = ROOT / "package-lock.json"
    stamp = NODE_MODULES / ".installed"
    digest = _digest([lock, ROOT / "package.json", FRONTEND / "package.json"])
    if stamp.exists() and stamp.read_text() == digest:
        return
    say.step("Installing the Node packages (about a minute the first time) …")
    done = subprocess.run(
        ["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        say.line(done.stdout + done.stderr)
        say.stop("The Node packages could not be installed; what npm said stands above.")
    stamp.write_text(digest)


def front_end() -> None:
    """Build the web app when one of its sources changed."""
    stamp = BUILD / ".built"
    digest = _digest([ROOT / "package.json", ROOT / "package-lock.json", *_sources(FRONTEND)])
    if stamp.exists() and stamp.read_text() == digest:
        return
    say.step("Building the web app (half a minute) …")
    done = subprocess.run(["npm", "run", "--silent", "build"], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0 or not BUILD.is_dir():
        say.line(done.stdout + done.stderr)
        say.stop("The web app could not be built; what the build said stands above.")
    stamp.write_text(digest)


def _sources(folder: Path) -> list[Path]:
    """All files but those that the build itself makes."""
    made = {folder / name for name in ("node_modules", "build", ".svelte-kit", "coverage", "static/i18n")}
    made |= {folder / "static/europe.svg", folder / "src/lib/i18n/catalogue.d.ts"}
    found = []
    for path, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if Path(path) / name not in made)
        found += [Path(path) / name for name in sorted(files)]
    return [path for path in found if path not in made]


def _digest(paths: Iterable[Path]) -> str:
    total = hashlib.sha256()
    for path in paths:
        if path.is_file():
            total.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()
