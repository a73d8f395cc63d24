"""`make lock`: renew the lock files from pyproject.toml and package.json. None of them names where packages are fetched from."""

import json
import subprocess
import sys
import venv

import prepare
import say

TOOLS = prepare.ROOT / "var" / "tools"
UV = TOOLS / prepare.PYTHON.relative_to(prepare.VENV).with_name("uv.exe" if sys.platform == "win32" else "uv")
COMPILE = [
    "pip",
    "compile",
    "pyproject.toml",
    "--quiet",
    "--universal",
    "--python-version",
    "3.11",
    "--generate-hashes",
]
PLAIN = ["--no-header", "--no-emit-index-url", "--no-emit-find-links", "--upgrade"]


def main() -> int:
    if not UV.exists():
        say.step("Installing uv in var/tools …")
        venv.create(TOOLS, with_pip=True)
        pip = [str(UV.with_name(prepare.PYTHON.name)), "-m", "pip"]
        subprocess.run([*pip, "install", "--quiet", "--disable-pip-version-check", "uv"], check=True)
    for name, extra in (("requirements.txt", []), ("requirements-dev.txt", ["--extra", "dev"])):
        say.step(f"Renewing {name} …")
        subprocess.run([str(UV), *COMPILE, *PLAIN, *extra, "--output-file", name], cwd=prepare.ROOT, check=True)
    prepare.check_node()
    say.step("Renewing package-lock.json …")
    subprocess.run(
        ["npm", "install", "--package-lock-only", "--no-audit", "--no-fund", "--loglevel=error"],
        cwd=prepare.ROOT,
        check=True,
    )
    lock = prepare.ROOT / "package-lock.json"
    content = json.loads(lock.read_text())
    for package in content["packages"].values():
        package.pop("resolved", None) if str(package.get("resolved", "")).startswith("http") else None
    lock.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
