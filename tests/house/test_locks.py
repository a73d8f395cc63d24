"""The lock files pin everything by hash and never say where packages are fetched from."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_a_python_lock_has_a_hash_for_every_package_and_no_address(name: str) -> None:
    lines = (ROOT / name).read_text().splitlines()
    pins = [number for number, line in enumerate(lines) if re.match(r"[A-Za-z0-9]", line)]
    assert len(pins) > 20
    assert [lines[number] for number in pins if "--hash=sha256:" not in lines[number + 1]] == []
    assert [line for line in lines if re.search(r"https?://|-index-url|--find-links| @ ", line)] == []


def test_what_make_run_installs_is_what_the_tests_installed() -> None:
    run, dev = (_pins(ROOT / name) for name in ("requirements.txt", "requirements-dev.txt"))
    assert len(run) > 20
    assert {name: version for name, version in run.items() if dev.get(name) != version} == {}


def test_the_node_lock_names_no_registry() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert len(packages) > 20
    assert [name for name, package in packages.items() if str(package.get("resolved", "")).startswith("http")] == []
    assert [
        name for name, package in packages.items() if name.startswith("node_modules/") and not _is_pinned(package)
    ] == []


def _is_pinned(package: dict[str, object]) -> bool:
    return "integrity" in package or bool(package.get("link")) or bool(package.get("inBundle"))


def _pins(path: Path) -> dict[str, str]:
    return dict(re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==(\S+)", path.read_text(), re.MULTILINE))
