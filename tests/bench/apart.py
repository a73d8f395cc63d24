"""Peers that live in an environment of their own, made at the first run: they or what they need would get in our way."""

import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def python_with(name: str, *packages: str) -> Path:
    """The Python of the environment `var/bench/NAME`, which has these packages. Raises OSError or CalledProcessError."""
    folder = ROOT / "var" / "bench" / name
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not python.exists():
        venv.create(folder, with_pip=True)
    quiet = ["--quiet", "--disable-pip-version-check"]
    subprocess.run([str(python), "-m", "pip", "install", *quiet, *packages], check=True, capture_output=True, text=True)
    return python
