"""Whether the committed OpenAPI file and the front end's types are what the code says; `--write` makes them so."""

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import prepare

prepare.go_on_inside(dev=True)

ROOT = prepare.ROOT
COMMITTED = ROOT / "frontend" / "src" / "lib" / "api" / "openapi.json"
TYPES = COMMITTED.with_name("schema.d.ts")


def main() -> int:
    write = "--write" in sys.argv[1:]
    prepare.node_packages()
    with tempfile.TemporaryDirectory() as folder:
        schema, types = Path(folder, "openapi.json"), Path(folder, "schema.d.ts")
        arguments = ["--validate", "--fail-on-warn", "--format", "openapi-json", "--file", str(schema)]
        subprocess.run([str(prepare.PYTHON), "manage.py", "spectacular", *arguments], cwd=ROOT, check=True)
        # Sorted, so that the file changes only where the meaning does.
        fresh = json.dumps(json.loads(schema.read_text()), indent=2, ensure_ascii=False) + "\n"
        schema.write_text(fresh)
        _generate(schema, types)
        if write:
            COMMITTED.write_text(fresh)
            TYPES.write_text(types.read_text())
            return 0
        stale = [
            path
            for path, same in (
                (COMMITTED, COMMITTED.exists() and json.loads(COMMITTED.read_text()) == json.loads(fresh)),
                (TYPES, TYPES.exists() and _bare(TYPES.read_text()) == _bare(types.read_text())),
            )
            if not same
        ]
    for path in stale:
        print(f"{path.relative_to(ROOT)} is not what the code says: make types")
    return 1 if stale else 0


def _generate(schema: Path, types: Path) -> None:
    folder = next((f for f in (ROOT, ROOT / "frontend") if (f / "node_modules/.bin/openapi-typescript").exists()), ROOT)
    tools = folder / "node_modules" / ".bin"
    env = os.environ | {"PATH": f"{ROOT / 'node_modules/.bin'}{os.pathsep}{os.environ['PATH']}"}
    subprocess.run([str(tools / "openapi-typescript"), str(schema), "-o", str(types)], cwd=folder, env=env, check=True)


def _bare(text: str) -> str:
    """The types without what a formatter may change."""
    return re.sub(r"[\s;,\"'|]+", "", text)


if __name__ == "__main__":
    sys.exit(main())
